/** What Next gives a page: the address's parts and its query. */
export interface PageProps<Params = unknown> {
  params: Promise<Params>;
  searchParams: Promise<SearchParams>;
}

export type SearchParams = Record<string, string | string[] | undefined>;

/** One value of a query's name, or null; of a repeated one the first. NUL is left out: PostgreSQL has no such text. */
export function one(value: string | string[] | undefined): string | null {
  const first = (Array.isArray(value) ? value[0] : value)?.replaceAll("\0", "");
  return first === undefined || first === "" ? null : first;
}

/** Which rows a page of a list shows: `page` of the query counts from 1, and what is no number is the first page. */
export function readPage(query: SearchParams, size: number): { page: number; skip: number; take: number } {
  const asked = Number.parseInt(one(query.page) ?? "1", 10) || 1;
  const page = Math.min(Math.max(1, asked), 1_000_000);
  return { page, skip: (page - 1) * size, take: size };
}

/** The query of the same page at another part of its list. */
export function withPage(query: SearchParams, page: number): string {
  const parts = Object.keys(query).map((name) => [name, one(query[name]) ?? ""]);
  return `?${new URLSearchParams([...parts.filter(([name]) => name !== "page"), ["page", String(page)]])}`;
}

/** A part of an address as it was meant; one that cannot be decoded stays as it is. */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What Next gives a page: the address's parts and its query. */
export interface PageProps<Params = unknown> {
  params: Promise<Params>;
  searchParams: Promise<SearchParams>;
}

export type SearchParams = Record<string, string | string[] | undefined>;

/** One value of a query's name, or null; of a repeated one the first. */
export function one(value: string | string[] | undefined): string | null {
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined || first === "" ? null : first;
}

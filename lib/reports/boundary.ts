/** A parameter of Content-Type (RFC 2045 §5.1), or a piece of one (RFC 2231 §3); a text in quotes may hold quoted pairs. */
const BOUNDARY = /;\s*boundary(?:\*(\d{1,2}))?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.){1,200})"|([^\s;"]{1,200}))/gis;

/** The boundary between the parts of a mail, from its Content-Type; null where it names none. */
export function boundaryOf(contentType: string): string | null {
  if (!/^multipart\//i.test(contentType)) return null;
  const pieces = new Map<number, string>();
  for (const [, index, encoded, quoted, token] of contentType.matchAll(BOUNDARY)) {
    const text = quoted?.replace(/\\(.)/gs, "$1") ?? token ?? "";
    const value = encoded ? decoded(text, Number(index ?? 0) === 0) : text;
    // A boundary in one piece is what the mail means, whatever else it says.
    if (index === undefined) return value;
    pieces.set(Number(index), value);
  }
  // RFC 2231 §3: the pieces are numbered from zero, in any order, without a gap.
  let joined = "";
  for (let i = 0; pieces.has(i); i++) joined += pieces.get(i);
  return joined || null;
}

/** RFC 2231 §4: percent-encoded, and the first piece names a character set and a language before it. */
function decoded(text: string, isFirst: boolean): string {
  const value = isFirst ? (/^[^']*'[^']*'(.*)$/s.exec(text)?.[1] ?? text) : text;
  return value.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

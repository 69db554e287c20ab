/** A path of this site to go to after signing in; anything that could lead elsewhere becomes "/". */
export function safePath(next: unknown): string {
  if (typeof next !== "string" || !/^\/(?![/\\])/.test(next)) return "/";
  const target = new URL(next, "http://site.invalid");
  return target.host === "site.invalid" ? target.pathname + target.search : "/";
}

const HERE = "http://site.invalid";

/** A path of this site to go to after signing in; anything that could lead elsewhere becomes "/". */
export function safePath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/") || !URL.canParse(next, HERE)) return "/";
  const { origin, pathname, search } = new URL(next, HERE);
  // "/.//elsewhere" is of this site, and its path is "//elsewhere", which is not.
  return origin === HERE && !pathname.startsWith("//") ? pathname + search : "/";
}

/** How a host stands to the `mx` patterns of a policy. */
export type MxMatch =
  | { matched: true; pattern: string }
  | {
      matched: false;
      /** `too-deep`: more than one label stands where `*` is; `apex`: none; `none`: no pattern is near. */
      why: "too-deep" | "apex" | "none";
      /** The pattern that almost matched, or null. */
      nearest: string | null;
    };

/** True when a host name is covered by one `mx` pattern of a policy (RFC 8461 §4.1; M47, M60, M61). */
export function matchesMxPattern(pattern: string, host: string): boolean {
  const name = plain(host);
  const wanted = pattern.toLowerCase();
  if (!wanted.startsWith("*.")) return wanted === name && isName(wanted);
  // RFC 8461 §4.1 (M61): `*` stands for exactly one label, the left-most. (M47) Nothing else may be a wildcard.
  const dot = name.indexOf(".");
  return dot > 0 && isName(wanted.slice(2)) && name.slice(dot + 1) === wanted.slice(2);
}

/** Finds the pattern that covers a host, or says why none does. */
export function matchMx(patterns: readonly string[], host: string): MxMatch {
  const name = plain(host);
  const pattern = patterns.find((candidate) => matchesMxPattern(candidate, host));
  if (pattern !== undefined) return { matched: true, pattern };
  const wildcards = patterns.filter((candidate) => candidate.startsWith("*.") && isName(candidate.slice(2)));
  const tooDeep = wildcards.find((candidate) => name.endsWith(candidate.slice(1).toLowerCase()));
  if (tooDeep !== undefined) return { matched: false, why: "too-deep", nearest: tooDeep };
  const apex = wildcards.find((candidate) => name === candidate.slice(2).toLowerCase());
  if (apex !== undefined) return { matched: false, why: "apex", nearest: apex };
  return { matched: false, why: "none", nearest: null };
}

function isName(text: string): boolean {
  return text !== "" && !text.includes("*") && text.split(".").every((label) => label !== "");
}

/** Host names are compared without regard to case (M49), and a root dot says nothing. */
function plain(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

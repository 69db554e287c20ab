import { domainToASCII } from "node:url";
import { isHostName, looksLikeAddress } from "./host-grammar.ts";

export type MxPatternFault =
  | "sts-policy-mx-empty"
  | "sts-policy-mx-list"
  | "sts-policy-mx-unicode"
  | "sts-policy-mx-trailing-dot"
  | "sts-policy-mx-address"
  | "sts-policy-mx-wildcard"
  | "sts-policy-mx-not-a-name";

/** True for a full host name, or `*.` and a host name (RFC 8461 §3.2, M47). */
export function isMxPattern(value: string): boolean {
  return isHostName(value.replace(/^\*\./, ""));
}

/** What is wrong with the value of an `mx` line, and what was probably meant; null when it is a pattern. */
export function faultOfMxPattern(value: string): { code: MxPatternFault; suggestion?: string } | null {
  if (isMxPattern(value)) return null;
  if (value === "") return { code: "sts-policy-mx-empty" };
  // Nothing to guess in so long a text.
  if (value.length > 2000) return { code: "sts-policy-mx-not-a-name" };
  // RFC 8461 §3.2 (M46): each pattern has a line of its own.
  const items = value.split(/[,;\s]+/).filter((item) => item !== "");
  if (items.length > 1 && items.every(isMxPattern)) {
    return { code: "sts-policy-mx-list", suggestion: items.map((item) => `mx: ${item}`).join("\n") };
  }
  const asText = (code: MxPatternFault, pattern: string) =>
    isMxPattern(pattern) ? { code, suggestion: `mx: ${pattern}` } : { code };
  // RFC 8461 §3.2 (M48): internationalised names as A-labels.
  if (!/^[\0-\x7f]*$/.test(value)) return asText("sts-policy-mx-unicode", asciiPattern(value));
  if (value.endsWith(".") && isMxPattern(value.slice(0, -1))) {
    return asText("sts-policy-mx-trailing-dot", value.slice(0, -1));
  }
  if (looksLikeAddress(value)) return { code: "sts-policy-mx-address" };
  // Before the RFC, drafts wrote `.example.com` for `*.example.com`.
  if (value.startsWith(".")) return asText("sts-policy-mx-wildcard", `*${value}`);
  if (value.includes("*")) return { code: "sts-policy-mx-wildcard" };
  const bare = value
    .replace(/^["'<]+|["'>]+$/g, "")
    .replace(/^\d+\s+/, "")
    .replace(/^[a-z][a-z0-9+.-]*:(?:\/\/)?/i, "")
    .replace(/^.*@/, "")
    .replace(/[:/].*$/, "")
    .replace(/\.$/, "");
  return asText("sts-policy-mx-not-a-name", bare);
}

function asciiPattern(value: string): string {
  const [, wildcard = "", rest = ""] = /^(\*\.)?(.*)$/.exec(value) ?? [];
  return /[\s:/%?#@]/.test(rest) ? "" : wildcard + domainToASCII(rest).replace(/\.$/, "");
}

import { textOfOctets } from "./octets.ts";
import { type FieldCode, type Mode, readPolicyFields } from "./policy-fields.ts";
import { type LineCode, readPolicyLines } from "./policy-lines.ts";
import { error, hasErrors, type Problem } from "./problem.ts";

export { MAX_MAX_AGE, MODES, type Mode } from "./policy-fields.ts";

/** A policy as a conformant sender uses it. */
export interface StsPolicy {
  mode: Mode;
  /** Seconds that a sender may keep the policy. */
  maxAge: number;
  /** Patterns as sent: host names, or `*.` and a name. */
  mx: string[];
  extensions: { name: string; value: string }[];
}

export type StsPolicyCode =
  | LineCode
  | FieldCode
  | "sts-policy-html"
  | "sts-policy-empty"
  | "sts-policy-bom"
  | "sts-policy-not-utf8";

export interface StsPolicyReading {
  /** Null when a conformant sender cannot use the text. */
  value: StsPolicy | null;
  /** What could be read, to show it even where the whole is invalid. */
  parts: { mode: Mode | null; maxAge: number | null; mx: string[] };
  problems: Problem<StsPolicyCode>[];
}

/** Reads the body of a policy, given as octets carried as one char each (RFC 8461 §3.2). */
export function readStsPolicy(body: string): StsPolicyReading {
  const { text, utf8 } = textOfOctets(body);
  const unmarked = text.replace(/^(?:\ufeff|\xef\xbb\xbf)/, "");
  const nothing = { value: null, parts: { mode: null, maxAge: null, mx: [] } };
  if (looksLikeHtml(unmarked)) return { ...nothing, problems: [error("sts-policy-html", firstLine(unmarked))] };
  if (unmarked.trim() === "") return { ...nothing, problems: [error("sts-policy-empty", "")] };

  const { lines, problems: ofLines } = readPolicyLines(unmarked);
  const { problems: ofFields, ...fields } = readPolicyFields(lines);
  const problems: Problem<StsPolicyCode>[] = [...ofLines, ...ofFields];
  // M51: a byte order mark becomes part of the first key.
  if (unmarked !== text) {
    problems.push(error("sts-policy-bom", firstLine(unmarked), { line: 1, text: firstLine(unmarked) }));
  }
  // RFC 8461 §3.2 (M51): sts-policy-vchar is ASCII or UTF-8.
  if (!utf8) problems.push(error("sts-policy-not-utf8", ""));
  problems.sort((a, b) => (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER));

  const { mode, maxAge, mx, extensions } = fields;
  const usable = !hasErrors(problems) && mode !== null && maxAge !== null;
  return { value: usable ? { mode, maxAge, mx, extensions } : null, parts: { mode, maxAge, mx }, problems };
}

/** True for a web page, an error page for example, in the place of a policy. */
export function looksLikeHtml(text: string): boolean {
  return /^[\s\ufeff]*<(?:!doctype|!--|\?xml|[a-z][a-z0-9]*[\s/>])/i.test(text);
}

function firstLine(text: string): string {
  return text.trimStart().split(/[\r\n]/, 1)[0] ?? "";
}

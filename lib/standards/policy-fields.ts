import { faultOfMxPattern, type MxPatternFault } from "./mx-pattern.ts";
import type { PolicyLine } from "./policy-lines.ts";
import { error, note, type Problem, warning } from "./problem.ts";

export const MODES = ["enforce", "testing", "none"] as const;
export type Mode = (typeof MODES)[number];

/** RFC 8461 §3.2 (M44): one year, the largest max_age. */
export const MAX_MAX_AGE = 31_557_600;

export type FieldCode =
  | MxPatternFault
  | "sts-policy-version-missing"
  | "sts-policy-version-invalid"
  | "sts-policy-version-not-first"
  | "sts-policy-mode-missing"
  | "sts-policy-mode-invalid"
  | "sts-policy-max-age-missing"
  | "sts-policy-max-age-invalid"
  | "sts-policy-max-age-too-large"
  | "sts-policy-mx-missing"
  | "sts-policy-key-misspelt"
  | "sts-policy-key-similar"
  | "sts-policy-repeated-key"
  | "sts-policy-unknown-key"
  | "sts-policy-extension-invalid";

export interface PolicyFields {
  mode: Mode | null;
  maxAge: number | null;
  mx: string[];
  extensions: { name: string; value: string }[];
  problems: Problem<FieldCode>[];
}

type Known = "version" | "mode" | "max_age" | "mx";
const KNOWN: readonly Known[] = ["version", "mode", "max_age", "mx"];

// RFC 8461 §3.2, sts-policy-ext-value (M51): printable characters, blanks only between them.
const EXTENSION_VALUE = /^[\x21-\x7e\x80-\u{10ffff}](?:[\x20-\x7e\x80-\u{10ffff}]*[\x21-\x7e\x80-\u{10ffff}])?$/u;

/** What the lines of a policy say, each problem noted where it stands. */
export function readPolicyFields(lines: readonly PolicyLine[]): PolicyFields {
  const first = new Map<string, PolicyLine>();
  const read: PolicyFields = { mode: null, maxAge: null, mx: [], extensions: [], problems: [] };
  for (const line of lines) {
    const earlier = first.get(line.key);
    if (earlier === undefined) first.set(line.key, line);
    if (line.key === "mx") readMx(line, read);
    else if (earlier !== undefined) {
      // RFC 8461 §3.2 at its end (M50): the first of a repeated key wins, `mx` excepted.
      const extras = { ...at(line), effective: earlier.text.trim() };
      read.problems.push(warning("sts-policy-repeated-key", line.text.trim(), extras));
    } else if (!KNOWN.some((known) => known === line.key)) readExtension(line, read);
  }
  judgeVersion(first.get("version"), lines[0], read.problems);
  read.mode = judgeMode(first.get("mode"), read.problems);
  read.maxAge = judgeMaxAge(first.get("max_age"), read.problems);
  for (const line of first.values()) judgeSimilarKey(line, first, read);
  for (const known of KNOWN) {
    // RFC 8461 §3.2 (M42 to M44) and (M46, M52): at least one `mx`, except in mode none.
    const isNeeded = known !== "mx" || read.mode !== "none";
    if (isNeeded && !first.has(known) && ![...first.keys()].some((key) => keyMeant(key) === known)) {
      read.problems.push(error(MISSING[known], ""));
    }
  }
  return read;
}

const MISSING = {
  version: "sts-policy-version-missing",
  mode: "sts-policy-mode-missing",
  max_age: "sts-policy-max-age-missing",
  mx: "sts-policy-mx-missing",
} as const;

function readMx(line: PolicyLine, read: PolicyFields): void {
  const fault = faultOfMxPattern(line.value);
  if (fault === null) {
    read.mx.push(line.value);
    return;
  }
  const meant = fault.suggestion === undefined ? {} : { suggestion: fault.suggestion };
  read.problems.push(error(fault.code, line.value, { ...at(line), ...meant }));
}

/** RFC 8461 §3.2 (M50, M51): an unknown key is ignored when it is well-formed. */
function readExtension(line: PolicyLine, read: PolicyFields): void {
  if (!EXTENSION_VALUE.test(line.value)) {
    read.problems.push(error("sts-policy-extension-invalid", line.text.trim(), at(line)));
    return;
  }
  read.extensions.push({ name: line.key, value: line.value });
  if (keyMeant(line.key) === null) {
    read.problems.push(note("sts-policy-unknown-key", line.text.trim(), at(line)));
  }
}

/** RFC 8461 §3.2 (M42): exactly `STSv1`. The grammar lets it stand anywhere; Google asks for the first line. */
function judgeVersion(
  line: PolicyLine | undefined,
  firstLine: PolicyLine | undefined,
  problems: Problem<FieldCode>[],
): void {
  if (line === undefined) return;
  if (line.value !== "STSv1") {
    problems.push(error("sts-policy-version-invalid", line.value, { ...at(line), suggestion: "version: STSv1" }));
  } else if (line !== firstLine) {
    problems.push(warning("sts-policy-version-not-first", line.text.trim(), at(line)));
  }
}

/** RFC 8461 §3.2 (M43): one of three words, in lower case. */
function judgeMode(line: PolicyLine | undefined, problems: Problem<FieldCode>[]): Mode | null {
  if (line === undefined) return null;
  const mode = MODES.find((one) => one === line.value);
  if (mode !== undefined) return mode;
  const meant = MODES.find((one) => one === line.value.toLowerCase().replace(/[^a-z]/g, ""));
  const suggestion = meant === undefined ? {} : { suggestion: `mode: ${meant}` };
  problems.push(error("sts-policy-mode-invalid", line.value, { ...at(line), ...suggestion }));
  return null;
}

/** RFC 8461 §3.2 (M44): 1 to 10 digits, at most one year; read as a big integer, since ten digits pass 2^32. */
function judgeMaxAge(line: PolicyLine | undefined, problems: Problem<FieldCode>[]): number | null {
  if (line === undefined) return null;
  const isDigits = /^[0-9]+$/.test(line.value);
  if (isDigits && BigInt(line.value) > BigInt(MAX_MAX_AGE)) {
    const extras = { ...at(line), suggestion: `max_age: ${MAX_MAX_AGE}` };
    problems.push(error("sts-policy-max-age-too-large", line.value, extras));
    return null;
  }
  if (isDigits && line.value.length <= 10) return Number(line.value);
  problems.push(error("sts-policy-max-age-invalid", line.value, at(line)));
  return null;
}

/** M49: keys are case-sensitive, so `Mode` or `max-age` is an unknown key: fatal where the right one is missing. */
function judgeSimilarKey(line: PolicyLine, first: ReadonlyMap<string, PolicyLine>, read: PolicyFields): void {
  const meant = keyMeant(line.key);
  if (meant === null) return;
  const extras = { ...at(line), suggestion: `${meant}: ${line.value}` };
  const isMissed = !first.has(meant) && !(meant === "mx" && read.mode === "none");
  read.problems.push(
    isMissed ? error("sts-policy-key-misspelt", line.key, extras) : warning("sts-policy-key-similar", line.key, extras),
  );
}

/** The known key that a wrong one stands for, or null. */
function keyMeant(key: string): Known | null {
  const letters = key.toLowerCase().replace(/[^a-z]/g, "");
  const meant = KNOWN.find((known) => known.replace("_", "") === letters);
  return meant === undefined || meant === key ? null : meant;
}

function at(line: PolicyLine): { line: number; text: string } {
  return { line: line.number, text: line.text };
}

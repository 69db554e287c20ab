import { isBlank, trimBlanks } from "./blanks.ts";
import { error, type Problem, warning } from "./problem.ts";

export type LineCode =
  | "sts-policy-bare-cr"
  | "sts-policy-blank-line"
  | "sts-policy-comment"
  | "sts-policy-leading-blank"
  | "sts-policy-blank-before-colon"
  | "sts-policy-control-character"
  | "sts-policy-line-malformed"
  | "sts-policy-key-invalid";

/** One `key: value` of a policy, and where it stands. */
export interface PolicyLine {
  number: number;
  text: string;
  key: string;
  value: string;
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROL = /[\0-\x08\x0b-\x1f\x7f]/g;

/** The lines of a policy text and what is wrong with their form, whatever they say (RFC 8461 §3.2; M40, M41). */
export function readPolicyLines(body: string): { lines: PolicyLine[]; problems: Problem<LineCode>[] } {
  const lines: PolicyLine[] = [];
  const problems: Problem<LineCode>[] = [];
  // M40: a line ends with LF or CRLF. A CR alone ends none, but is taken for an end here, to read on.
  const texts = body.replaceAll("\r\r\n", "\r\n").split(/\r\n|\n|\r/);
  // M40: the last terminator is optional.
  if (texts.at(-1) === "") texts.pop();
  const withoutCrlf = body.replaceAll("\r\n", "\n");
  if (withoutCrlf.includes("\r")) {
    const number = withoutCrlf.slice(0, withoutCrlf.indexOf("\r")).split("\n").length;
    const text = texts[number - 1] ?? "";
    problems.push(error("sts-policy-bare-cr", text, { line: number, text }));
  }
  for (const [i, text] of texts.entries()) {
    const line = readLine(text, i + 1, problems);
    if (line !== null) lines.push(line);
  }
  return { lines, problems };
}

function readLine(sent: string, number: number, problems: Problem<LineCode>[]): PolicyLine | null {
  const where = { line: number, text: sent };
  // M51: no control characters. They are left out to read on.
  const text = sent.replace(CONTROL, "");
  if (text !== sent) problems.push(error("sts-policy-control-character", sent, where));
  // M41: blank lines, comments and leading blanks are outside the grammar.
  if (text.trim() === "") {
    if (text === sent) problems.push(warning("sts-policy-blank-line", sent, where));
    return null;
  }
  const trimmed = trimBlanks(text);
  if (/^(?:#|;|\/\/)/.test(trimmed)) {
    problems.push(warning("sts-policy-comment", trimmed, where));
    return null;
  }
  if (isBlank(text[0])) problems.push(warning("sts-policy-leading-blank", trimmed, where));

  const colon = trimmed.indexOf(":");
  if (colon < 0) {
    const [, key = "", value = ""] = /^([\w.-]+)\s*[= ]\s*(.+)$/.exec(trimmed) ?? [];
    const meant = key === "" ? {} : { suggestion: `${key}: ${value}` };
    problems.push(error("sts-policy-line-malformed", trimmed, { ...where, ...meant }));
    return null;
  }
  const key = trimBlanks(trimmed.slice(0, colon));
  if (!KEY.test(key)) {
    problems.push(error("sts-policy-key-invalid", trimmed.slice(0, colon), where));
    return null;
  }
  if (key.length !== colon) problems.push(warning("sts-policy-blank-before-colon", trimmed.slice(0, colon + 1), where));
  return { number, text: sent, key, value: trimBlanks(trimmed.slice(colon + 1)) };
}

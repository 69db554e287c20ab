import { stripVTControlCharacters, styleText } from "node:util";
import type { Status, Verdict } from "#lib/checks/verdict.ts";
import { displayName } from "#lib/standards/domain-name.ts";

type Style = "green" | "yellow" | "red" | "blue" | "gray";

const LOOKS: Record<Status, { mark: string; word: string; style: Style }> = {
  pass: { mark: "✓", word: "pass", style: "green" },
  info: { mark: "i", word: "note", style: "blue" },
  skipped: { mark: "-", word: "not tested", style: "gray" },
  warn: { mark: "!", word: "attention", style: "yellow" },
  error: { mark: "?", word: "could not check", style: "gray" },
  fail: { mark: "✗", word: "problem", style: "red" },
};
const WIDTH = 100;

/** What is shown of a lookup. */
interface Lookup {
  domain: string;
  checkedAt: string;
  worst: Status;
  verdicts: readonly Verdict[];
}

/** A lookup as a table for the terminal: a row per verdict, and below it what to do where there is something. */
export function lookupTable({ domain, checkedAt, worst, verdicts }: Lookup): string {
  const name = displayName(domain);
  const lines = [`${styleText("bold", name)}${name === domain ? "" : ` (${domain})`}  ${label(worst)}  ${checkedAt}`];
  for (const verdict of verdicts) {
    const subject = verdict.subject === domain ? "" : ` [${verdict.subject}]`;
    lines.push(`  ${label(verdict.status)} ${verdict.check.padEnd(22)} ${verdict.title}${subject}`);
    const acts = verdict.status === "fail" || verdict.status === "warn" || verdict.status === "error";
    if (!acts) continue;
    lines.push(...wrapped(verdict.detail, "      "));
    if (verdict.fix) lines.push(...wrapped(`To do: ${verdict.fix}`, "      "));
    if (verdict.reference) lines.push(`      ${styleText("gray", verdict.reference)}`);
  }
  return `${lines.join("\n")}\n\n`;
}

function label(status: Status): string {
  const { mark, word, style } = LOOKS[status];
  return styleText(style, `${mark} ${word}`.padEnd(17));
}

function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of stripVTControlCharacters(text).split(/\s+/)) {
    if (line !== "" && line.length + word.length >= WIDTH - indent.length) {
      lines.push(indent + line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, indent + line];
}

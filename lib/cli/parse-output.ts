import type { ReadTlsReport } from "#lib/reports/json.ts";
import type { Decoded } from "#lib/reports/place.ts";
import { visibleText } from "#lib/standards/visible-text.ts";

/** A result as one line of JSON. All keys are there in each; `reason` only where there is no report. */
export function jsonLine(file: string, result: Decoded): string {
  if (result.outcome === "report") return `${JSON.stringify({ file, outcome: "report", ...keysOf(result.report) })}\n`;
  const { outcome, reason } = result;
  return `${JSON.stringify({ file, outcome, reason, ...NO_REPORT })}\n`;
}

const NO_REPORT = {
  organization: null,
  reportId: null,
  contact: null,
  begin: null,
  end: null,
  day: null,
  policies: [],
  quirks: [],
} satisfies Record<keyof ReadTlsReport, null | []>;

function keysOf(report: ReadTlsReport): ReadTlsReport {
  const { organization, reportId, contact, begin, end, day, policies, quirks } = report;
  return { organization, reportId, contact, begin, end, day, policies, quirks };
}

/** A result for a person to read. */
export function textOf(file: string, result: Decoded): string {
  if (result.outcome !== "report") return block([`${file}: ${result.outcome}, ${result.reason}`]);
  const { organization, begin, end, policies, quirks } = result.report;
  const lines = [`${file}: report of ${organization ?? "an unnamed organisation"}, ${begin} to ${end}`];
  for (const policy of policies) {
    const { successes, failures } = policy;
    const domain = policy.domain ?? "an unnamed domain";
    lines.push(`  ${policy.type} for ${domain}: ${plural(successes, "session")} successful, ${count(failures)} failed`);
    for (const { resultType, cause, sessions, mx, reason } of policy.details) {
      const what = cause === resultType ? (resultType ?? "no result type") : `${cause} (${resultType})`;
      lines.push(
        `    ${count(sessions)} × ${what}${mx === null ? "" : ` at ${mx}`}${reason === null ? "" : `: ${reason}`}`,
      );
    }
  }
  if (quirks.length > 0) lines.push(`  quirks: ${quirks.join(", ")}`);
  return block(lines);
}

/** How many of each outcome there were. */
export function summary(files: number, counts: Record<Decoded["outcome"], number>): string {
  const parts = [
    plural(counts.report, "report"),
    `${count(counts["not-a-report"])} not a report`,
    `${count(counts.rejected)} rejected`,
  ];
  return block([`${plural(files, "file")}: ${parts.join(", ")}.`]);
}

// What comes out of a report was written by a stranger: no control character of theirs reaches the terminal.
function block(lines: string[]): string {
  return lines.map((line) => `${visibleText(line)}\n`).join("");
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

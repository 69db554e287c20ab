import type { OverviewRow } from "#lib/db/domain-overview.ts";
import { displayName } from "#lib/standards/domain-name.ts";
import { visibleText } from "#lib/standards/visible-text.ts";

/** A team's domains as a table for spreadsheets (RFC 4180): what is not known is an empty cell, never 0. */
export function domainsCsv(rows: readonly OverviewRow[]): string {
  const head = [
    ...["domain", "name", "state", "problems", "warnings", "last_lookup", "policy_mode"],
    ...["sessions_7_days", "failed_sessions_7_days", "last_report", "sample"],
  ];
  const lines = rows.map((row) => [
    ...[row.name, displayName(row.name), row.worst, row.problems, row.warnings],
    ...[row.checkedAt?.toISOString() ?? null, row.mode],
    row.successes === null || row.failures === null ? null : row.successes + row.failures,
    ...[row.failures, row.lastReport, row.sample ? "yes" : "no"],
  ]);
  return [head, ...lines].map(csvLine).join("");
}

/**
 * One row of a CSV file, with its line break. A cell that a spreadsheet would run as a formula gets a quote before it, and
 * what cannot be seen stands there as its code: texts of ours come from the DNS, from reports and from whoever writes policies.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

/**
 * The beginnings of formulas, those of full width too, which some spreadsheets take for the same; and behind a semicolon, at
 * which a spreadsheet of many languages begins another cell, quotes or not.
 */
const FORMULA = /(^|;)(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

function cellOf(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = visibleText(value).replace(FORMULA, "$1'");
  // RFC 4180 §2.6: what holds a separator or a quote is quoted, and a quote inside is written twice.
  return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

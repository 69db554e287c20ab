import { meaningOf } from "#lib/standards/token-meanings.ts";
import { type DayPoint, sharpestRise, sumUp } from "./series.ts";

/** Failed sessions of one day by cause and MX host. */
export interface DayFailure {
  day: string;
  cause: string;
  mx: string;
  sessions: number;
}

/** The sentence that a chart of sessions tells; `day` writes a day for people. */
export function headline(
  points: readonly DayPoint[],
  details: readonly DayFailure[],
  day: (day: string) => string,
): string {
  const totals = sumUp(points);
  if (totals.successes === null || totals.failures === null) return "No report came in for this period.";
  const days = totals.daysReported === 1 ? "the one day" : `the ${totals.daysReported} days`;
  if (totals.failures === 0) return `No session failed on ${days} with a report.`;
  const rise = sharpestRise(points);
  if (rise !== null) {
    const because = mostly(details.filter((detail) => detail.day === rise.day));
    return `Failures rose from ${count(rise.before)} to ${count(rise.after)} on ${day(rise.day)}${because}.`;
  }
  const sessions = totals.successes + totals.failures;
  return `${count(totals.failures)} of ${count(sessions)} sessions failed on ${days} with a report${mostly(details)}.`;
}

/** The sentence of a chart that shows only what a filter leaves of the failure details. */
export function detailsHeadline(details: readonly DayFailure[]): string {
  const sessions = details.reduce((sum, detail) => sum + detail.sessions, 0);
  if (sessions === 0) return "No failure detail of this kind was reported.";
  return `${count(sessions)} failed ${sessions === 1 ? "session is" : "sessions are"} counted under this${mostly(details)}.`;
}

/** ", mostly: Certificate had expired at mx2.example.org", or nothing when no cause stands out. */
function mostly(details: readonly DayFailure[]): string {
  const sums = new Map<string, DayFailure>();
  for (const detail of details) {
    const key = `${detail.cause} ${detail.mx}`;
    sums.set(key, { ...detail, sessions: detail.sessions + (sums.get(key)?.sessions ?? 0) });
  }
  const all = [...sums.values()].reduce((sum, detail) => sum + detail.sessions, 0);
  const [top] = [...sums.values()].sort((a, b) => b.sessions - a.sessions);
  if (top === undefined || top.sessions * 2 <= all) return "";
  const at = top.mx === "" ? "" : ` at ${top.mx}`;
  return `, ${top.sessions === all ? "all" : "mostly"}: ${meaningOf(top.cause)}${at}`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}

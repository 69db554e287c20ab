import { addDays, daysOf, type Period } from "./period.ts";

/** Sessions of one day; null on a day without a report: no report and no failures are opposite facts. */
export interface DayPoint {
  day: string;
  successes: number | null;
  failures: number | null;
  reports: number;
}

interface Counted {
  day: string;
  reports: number;
  successes: number;
  failures: number;
}

/** Lays what was reported on the days of a period. */
export function daySeries(rows: readonly Counted[], period: Period): DayPoint[] {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  return daysOf(period).map((day) => {
    const row = byDay.get(day);
    return row === undefined
      ? { day, successes: null, failures: null, reports: 0 }
      : { day, successes: row.successes, failures: row.failures, reports: row.reports };
  });
}

/** The sums of a period; null when there was no report at all. */
export interface Totals {
  reports: number;
  successes: number | null;
  failures: number | null;
  /** Days with at least one report. */
  daysReported: number;
}

export function sumUp(points: readonly DayPoint[]): Totals {
  const reported = points.filter((point) => point.reports > 0);
  const sum = (pick: (point: DayPoint) => number | null) =>
    reported.length === 0 ? null : reported.reduce((total, point) => total + (pick(point) ?? 0), 0);
  return {
    reports: reported.reduce((total, point) => total + point.reports, 0),
    successes: sum((point) => point.successes),
    failures: sum((point) => point.failures),
    daysReported: reported.length,
  };
}

/** The day on which failures stand out most against the ones before it, for a chart's sentence; null when nothing does. */
export function sharpestRise(points: readonly DayPoint[]): { day: string; before: number; after: number } | null {
  const reported = points.filter((point): point is DayPoint & { failures: number } => point.failures !== null);
  let best: { day: string; before: number; after: number } | null = null;
  for (const [index, point] of reported.entries()) {
    const before = reported[index - 1]?.failures;
    if (before === undefined) continue;
    // A handful more is noise; a rise is at least ten sessions and threefold.
    const rise = point.failures - before;
    if (rise >= 10 && point.failures >= before * 3 && rise > (best ? best.after - best.before : 0)) {
      best = { day: point.day, before, after: point.failures };
    }
  }
  return best;
}

/** A reporter that had reported regularly and then stopped within the period. */
export interface SilentReporter {
  organization: string;
  lastDay: string;
}

/** At least this many days without a report from somebody who used to send one on most days (standards.md B2.7). */
const SILENT_DAYS = 7;

/** Reporters that fell silent: with a report on several days of the period, and none for the last week of it. */
export function silentReporters(
  reporters: readonly { organization: string; reports: number; lastDay: string }[],
  period: Period,
): SilentReporter[] {
  const limit = addDays(period.to, -SILENT_DAYS);
  return reporters
    .filter((reporter) => reporter.reports >= SILENT_DAYS && reporter.lastDay < limit)
    .map(({ organization, lastDay }) => ({ organization, lastDay }));
}

/** At least this many reports, each of one session, before it is more than little traffic. */
const ECHO_REPORTS = 5;

/**
 * Reporters whose every report is about a single session that went well: most likely the one that carried the report before
 * it, which some servers report in turn, day after day (quirk 40). That is no traffic.
 */
export function echoingReporters(
  reporters: readonly { organization: string; reports: number; successes: number; failures: number }[],
): string[] {
  return reporters
    .filter(({ reports, successes, failures }) => reports >= ECHO_REPORTS && successes === reports && failures === 0)
    .map(({ organization }) => organization);
}

import {
  failureDetailsByDay,
  failuresByCause,
  failuresByReporter,
  policyVersions,
  sessionsByDay,
  sessionsByPolicyType,
  sessionsByReporter,
} from "#lib/db/read-totals.ts";
import { detailsHeadline, headline } from "#lib/failures/headline.ts";
import { addDays, type Period, readPeriod } from "#lib/failures/period.ts";
import { policyMarks } from "#lib/failures/policy-marks.ts";
import { type DayPoint, daySeries, echoingReporters, silentReporters, sumUp } from "#lib/failures/series.ts";

/** What a domain's overview is asked for; null: all, or for the policy type the one that says most. */
export interface FiguresQuery {
  period: Period;
  policyType: string | null;
  organization: string | null;
  resultType: string | null;
  cause: string | null;
  mx: string | null;
}

/** How far before the period a policy is looked for that was applied already, and so is no change. */
const POLICY_DAYS_BEFORE = 30;
/** Silence is judged over this many days up to today, whatever period is shown. */
const SILENCE_DAYS = 90;

/**
 * All figures of a domain's overview for one period, one policy type and the filters in force. `narrowed` says that a filter
 * is in force that successes know nothing of: then only failure details are counted.
 */
export async function reportFigures(domainId: string, query: FiguresQuery, now: Date, day: (day: string) => string) {
  const { period } = query;
  const lately = readPeriod({ period: String(SILENCE_DAYS) }, now);
  const types = await sessionsByPolicyType(domainId, period.from, period.to);
  const policyType = query.policyType ?? types[0]?.policyType ?? "sts";
  const filter = { ...query, policyType, from: period.from, to: period.to };
  const [days, reporters, failing, causes, details, versions, heard] = await Promise.all([
    sessionsByDay(domainId, filter),
    sessionsByReporter(domainId, filter),
    failuresByReporter(domainId, filter),
    failuresByCause(domainId, filter),
    failureDetailsByDay(domainId, filter),
    policyVersions(domainId, addDays(period.from, -POLICY_DAYS_BEFORE), period.to),
    sessionsByReporter(domainId, { ...filter, from: lately.from, to: lately.to }),
  ]);
  const narrowed = query.resultType !== null || query.cause !== null || query.mx !== null;
  const all = daySeries(days, period);
  return {
    ...{ types, policyType, causes, narrowed, totals: sumUp(all) },
    points: narrowed ? all.map((point) => detailsOnly(point, details)) : all,
    detailSessions: details.reduce((sum, detail) => sum + detail.sessions, 0),
    reporters: narrowed
      ? failing.map(({ organization, sessions }) => ({ organization, failures: sessions, sessions: null }))
      : reporters.map(({ organization, failures, successes }) => ({
          organization,
          failures,
          sessions: successes + failures,
        })),
    silent: silentReporters(heard, lately),
    echoing: echoingReporters(heard),
    marks: policyMarks(versions, period.from),
    sentence: narrowed ? detailsHeadline(details) : headline(all, details, day),
  };
}

function detailsOnly(point: DayPoint, details: readonly { day: string; sessions: number }[]): DayPoint {
  if (point.failures === null) return point;
  const ofDay = details.filter((detail) => detail.day === point.day);
  return { ...point, successes: 0, failures: ofDay.reduce((sum, detail) => sum + detail.sessions, 0) };
}

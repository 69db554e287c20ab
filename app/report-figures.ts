import {
  failureDetailsByDay,
  failuresByCause,
  policyVersions,
  sessionsByDay,
  sessionsByPolicyType,
  sessionsByReporter,
} from "#lib/db/read-totals.ts";
import { addDays, readPeriod } from "#lib/failures/period.ts";
import { policyMarks } from "#lib/failures/policy-marks.ts";
import { type DayPoint, daySeries, silentReporters, sumUp } from "#lib/failures/series.ts";
import type { ReportQuery } from "./report-query.ts";

/** How far before the period a policy is looked for that was applied already, and so is no change. */
const POLICY_DAYS_BEFORE = 30;

/** Silence is judged over this many days up to today, whatever period is shown. */
const SILENCE_DAYS = 90;

/** All figures of a domain's overview for one period, one policy type and the filters in force. */
export async function reportFigures(domainId: string, query: ReportQuery, now: Date) {
  const { period } = query;
  const lately = readPeriod({ period: String(SILENCE_DAYS) }, now);
  const types = await sessionsByPolicyType(domainId, period.from, period.to);
  const policyType = query.policyType ?? types[0]?.policyType ?? "sts";
  const filter = { ...query, policyType, from: period.from, to: period.to };
  const [days, reporters, causes, details, versions, heard] = await Promise.all([
    sessionsByDay(domainId, filter),
    sessionsByReporter(domainId, filter),
    failuresByCause(domainId, filter),
    failureDetailsByDay(domainId, filter),
    policyVersions(domainId, addDays(period.from, -POLICY_DAYS_BEFORE), period.to),
    sessionsByReporter(domainId, { ...filter, from: lately.from, to: lately.to }),
  ]);
  // Successes are not told apart by result type or host: with such a filter only failures can be counted.
  const narrowed = query.resultType !== null || query.cause !== null || query.mx !== null;
  const all = daySeries(days, period);
  const points = narrowed ? all.map((point) => failuresOnly(point, details)) : all;
  return {
    ...{ types, policyType, reporters, causes, details, narrowed, points },
    totals: sumUp(all),
    silent: silentReporters(heard, lately),
    marks: policyMarks(versions, period.from),
  };
}

function failuresOnly(point: DayPoint, details: readonly { day: string; sessions: number }[]): DayPoint {
  if (point.failures === null) return point;
  const ofDay = details.filter((detail) => detail.day === point.day);
  return { ...point, successes: 0, failures: ofDay.reduce((sum, detail) => sum + detail.sessions, 0) };
}

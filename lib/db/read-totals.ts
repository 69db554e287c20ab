import { sql } from "./client.ts";

/** What a chart shows: days from `from` to `to` (YYYY-MM-DD, UTC, both included) of one policy type, perhaps narrowed. */
export interface TotalsFilter {
  from: string;
  to: string;
  policyType: string;
  organization: string | null;
  resultType: string | null;
  cause: string | null;
  mx: string | null;
}

export interface SessionsOfDay {
  day: string;
  reports: number;
  successes: number;
  failures: number;
}

export interface SessionsOfReporter {
  organization: string;
  reports: number;
  successes: number;
  failures: number;
  /** Last day of the period with a report. */
  lastDay: string;
}

/** Sessions per day with a report; a day without one is not among them. */
export async function sessionsByDay(domainId: string, filter: TotalsFilter): Promise<SessionsOfDay[]> {
  const rows = await sql<Record<keyof SessionsOfDay, string>>(
    `SELECT day::text, sum(reports)::text AS reports, sum(successes)::text AS successes, sum(failures)::text AS failures
     FROM day_totals
     WHERE domain_id = $1 AND day BETWEEN $2 AND $3 AND policy_type = $4 AND ($5::text IS NULL OR organization = $5)
     GROUP BY day ORDER BY day`,
    [domainId, filter.from, filter.to, filter.policyType, filter.organization],
  );
  return rows.map(({ day, ...numbers }) => ({ day, ...counts(numbers) }));
}

/** Sessions per reporter, most failures first. */
export async function sessionsByReporter(domainId: string, filter: TotalsFilter): Promise<SessionsOfReporter[]> {
  const rows = await sql<Record<keyof SessionsOfReporter, string>>(
    `SELECT organization, sum(reports)::text AS reports, sum(successes)::text AS successes,
            sum(failures)::text AS failures, max(day)::text AS "lastDay"
     FROM day_totals
     WHERE domain_id = $1 AND day BETWEEN $2 AND $3 AND policy_type = $4 AND ($5::text IS NULL OR organization = $5)
     GROUP BY organization ORDER BY sum(failures) DESC, sum(successes) DESC, organization`,
    [domainId, filter.from, filter.to, filter.policyType, filter.organization],
  );
  return rows.map(({ organization, lastDay, ...numbers }) => ({ organization, lastDay, ...counts(numbers) }));
}

/** Failed sessions by what the reporters call them and what we infer; each `sessions` is a sum of failure details. */
export async function failuresByCause(domainId: string, filter: TotalsFilter) {
  const rows = await sql<{ resultType: string; cause: string; sessions: string; reporters: number }>(
    `SELECT result_type AS "resultType", cause, sum(sessions)::text AS sessions, count(DISTINCT organization)::int AS reporters
     FROM failure_totals WHERE ${FAILURES}
     GROUP BY result_type, cause ORDER BY sum(sessions) DESC, result_type, cause`,
    failureParameters(domainId, filter),
  );
  return rows.map((row) => ({ ...row, sessions: Number(row.sessions) }));
}

/** Failed sessions by reporter, as the failure details count them, most first. */
export async function failuresByReporter(domainId: string, filter: TotalsFilter) {
  const rows = await sql<{ organization: string; sessions: string }>(
    `SELECT organization, sum(sessions)::text AS sessions FROM failure_totals WHERE ${FAILURES}
     GROUP BY organization ORDER BY sum(sessions) DESC, organization`,
    failureParameters(domainId, filter),
  );
  return rows.map((row) => ({ ...row, sessions: Number(row.sessions) }));
}

/** Failed sessions by the MX host that the reporters name, most first; "" where they name none. */
export async function failuresByMx(domainId: string, filter: TotalsFilter) {
  const rows = await sql<{ mx: string; sessions: string }>(
    `SELECT mx, sum(sessions)::text AS sessions FROM failure_totals WHERE ${FAILURES}
     GROUP BY mx ORDER BY sum(sessions) DESC, mx`,
    failureParameters(domainId, filter),
  );
  return rows.map((row) => ({ ...row, sessions: Number(row.sessions) }));
}

/** Failed sessions per day, cause and MX host, as the failure details count them; the most first within a day. */
export async function failureDetailsByDay(domainId: string, filter: TotalsFilter) {
  const rows = await sql<{ day: string; cause: string; mx: string; sessions: string }>(
    `SELECT day::text, cause, mx, sum(sessions)::text AS sessions FROM failure_totals WHERE ${FAILURES}
     GROUP BY day, cause, mx ORDER BY day, sum(sessions) DESC`,
    failureParameters(domainId, filter),
  );
  return rows.map((row) => ({ ...row, sessions: Number(row.sessions) }));
}

/** The versions of the MTA-STS policy that reporters applied in a period, with the first day of each, in order. */
export async function policyVersions(domainId: string, from: string, to: string) {
  return sql<{ strings: string[]; firstDay: string }>(
    `SELECT p.strings, min(p.day)::text AS "firstDay"
     FROM policy_results p
     JOIN reports r ON r.domain_id = p.domain_id AND r.id = p.report_id AND r.counted
     WHERE p.domain_id = $1 AND r.domain_id = $1 AND p.day BETWEEN $2 AND $3 AND p.policy_type = 'sts' AND p.strings <> '{}'
     GROUP BY p.strings ORDER BY min(p.day)`,
    [domainId, from, to],
  );
}

/** Sessions of each policy type in a period; never added up, since one session can appear under several (B2.4). */
export async function sessionsByPolicyType(domainId: string, from: string, to: string) {
  const rows = await sql<{ policyType: string; reports: string; successes: string; failures: string }>(
    `SELECT policy_type AS "policyType", sum(reports)::text AS reports, sum(successes)::text AS successes,
            sum(failures)::text AS failures
     FROM day_totals WHERE domain_id = $1 AND day BETWEEN $2 AND $3
     GROUP BY policy_type
     ORDER BY array_position(ARRAY['sts', 'tlsa', 'no-policy-found'], policy_type) NULLS LAST, policy_type`,
    [domainId, from, to],
  );
  return rows.map(({ policyType, ...numbers }) => ({ policyType, ...counts(numbers) }));
}

/** First and last day with a report, and the last arrival; nulls before the first report. */
export async function reportSpan(domainId: string) {
  const rows = await sql<{ first: string | null; last: string | null; lastArrival: Date | null; reports: string }>(
    `SELECT min(day)::text AS first, max(day)::text AS last, max(received_at) AS "lastArrival", count(*) AS reports
     FROM reports WHERE domain_id = $1 AND counted`,
    [domainId],
  );
  const { first = null, last = null, lastArrival = null, reports = "0" } = rows[0] ?? {};
  return { first, last, lastArrival, reports: Number(reports) };
}

const FAILURES = `domain_id = $1 AND day BETWEEN $2 AND $3 AND policy_type = $4
  AND ($5::text IS NULL OR organization = $5) AND ($6::text IS NULL OR result_type = $6)
  AND ($7::text IS NULL OR cause = $7) AND ($8::text IS NULL OR mx = $8)`;

function failureParameters(domainId: string, filter: TotalsFilter): unknown[] {
  const { from, to, policyType, organization, resultType, cause, mx } = filter;
  return [domainId, from, to, policyType, organization, resultType, cause, mx];
}

function counts(row: { reports: string; successes: string; failures: string }) {
  return { reports: Number(row.reports), successes: Number(row.successes), failures: Number(row.failures) };
}

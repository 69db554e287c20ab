import type { PoolClient } from "pg";

/** What one total row sums up: a domain's reports of one reporter on one day. */
export interface TotalSlot {
  domainId: string;
  /** YYYY-MM-DD, UTC. */
  day: string;
  organization: string;
}

// Distinct as the database sees them: a slot that stands there twice would count twice.
const SLOTS =
  "(SELECT DISTINCT * FROM unnest($1::uuid[], $2::date[], $3::text[]) AS s (domain_id, day, organization)) s";

const parametersFor = (slots: readonly TotalSlot[]) => [
  slots.map((slot) => slot.domainId),
  slots.map((slot) => slot.day),
  slots.map((slot) => slot.organization),
];

/** Makes the totals of these days and reporters anew from the reports that count; doing it twice is harmless. */
export async function recomputeTotals(client: PoolClient, slots: readonly TotalSlot[]): Promise<void> {
  if (slots.length === 0) return;
  await startAnew(client, slots);
  await sumUp(client, slots);
}

/** What was thinned has no rows any more to be counted again: its part stays as it is, and all else goes. */
async function startAnew(client: PoolClient, slots: readonly TotalSlot[]): Promise<void> {
  const ofSlot = "t.domain_id = s.domain_id AND t.day = s.day AND t.organization = s.organization";
  await client.query(
    `WITH gone AS (DELETE FROM day_totals t USING ${SLOTS} WHERE ${ofSlot} AND t.kept_reports = 0),
     gone_failures AS (DELETE FROM failure_totals t USING ${SLOTS} WHERE ${ofSlot} AND t.kept_sessions = 0),
     kept AS (
       UPDATE day_totals t SET reports = kept_reports, successes = kept_successes, failures = kept_failures
       FROM ${SLOTS} WHERE ${ofSlot} AND t.kept_reports <> 0
     )
     UPDATE failure_totals t SET sessions = kept_sessions FROM ${SLOTS} WHERE ${ofSlot} AND t.kept_sessions <> 0`,
    parametersFor(slots),
  );
}

// Domain and day are repeated for the joined table: that is what lets it be found by its index.
async function sumUp(client: PoolClient, slots: readonly TotalSlot[]): Promise<void> {
  await client.query(
    `WITH days AS (
       INSERT INTO day_totals AS t (domain_id, day, policy_type, organization, reports, successes, failures)
       SELECT p.domain_id, p.day, p.policy_type, p.organization,
              count(DISTINCT p.report_id), sum(p.successes), sum(p.failures)
       FROM ${SLOTS}
       JOIN policy_results p ON p.domain_id = s.domain_id AND p.day = s.day AND p.organization = s.organization
       JOIN reports r ON r.domain_id = p.domain_id AND r.id = p.report_id AND r.counted
       GROUP BY p.domain_id, p.day, p.policy_type, p.organization
       ON CONFLICT (domain_id, day, policy_type, organization) DO UPDATE
       SET reports = t.kept_reports + excluded.reports, successes = t.kept_successes + excluded.successes,
           failures = t.kept_failures + excluded.failures
     )
     INSERT INTO failure_totals AS t (domain_id, day, policy_type, organization, result_type, cause, mx, sessions)
     SELECT f.domain_id, f.day, f.policy_type, f.organization, f.result_type, f.cause, coalesce(f.mx, ''), sum(f.sessions)
     FROM ${SLOTS}
     JOIN failures f ON f.domain_id = s.domain_id AND f.day = s.day AND f.organization = s.organization
     JOIN reports r ON r.domain_id = f.domain_id AND r.id = f.report_id AND r.counted
     GROUP BY f.domain_id, f.day, f.policy_type, f.organization, f.result_type, f.cause, coalesce(f.mx, '')
     ON CONFLICT (domain_id, day, policy_type, organization, result_type, cause, mx) DO UPDATE
     SET sessions = t.kept_sessions + excluded.sessions`,
    parametersFor(slots),
  );
}

/**
 * The statement that adds to the totals what another one inserts into `policy_results`: in one go, since reading the rows
 * again would take a fifth of the time of storing them. `held` is its parameter with the ids of reports that do not count.
 */
export const countingResults = (insertion: string, held: string) =>
  `results AS (${insertion} RETURNING domain_id, day, policy_type, organization, report_id, successes, failures)
   INSERT INTO day_totals AS t (domain_id, day, policy_type, organization, reports, successes, failures)
   SELECT domain_id, day, policy_type, organization, count(DISTINCT report_id), sum(successes), sum(failures)
   FROM results WHERE report_id <> ALL (${held}::uuid[])
   GROUP BY domain_id, day, policy_type, organization
   ON CONFLICT (domain_id, day, policy_type, organization) DO UPDATE
   SET reports = t.reports + excluded.reports, successes = t.successes + excluded.successes,
       failures = t.failures + excluded.failures`;

/** The same for `failures`. */
export const countingFailures = (insertion: string, held: string) =>
  `WITH added AS (${insertion}
     RETURNING domain_id, day, policy_type, organization, result_type, cause, mx, report_id, sessions)
   INSERT INTO failure_totals AS t (domain_id, day, policy_type, organization, result_type, cause, mx, sessions)
   SELECT domain_id, day, policy_type, organization, result_type, cause, coalesce(mx, ''), sum(sessions)
   FROM added WHERE report_id <> ALL (${held}::uuid[])
   GROUP BY domain_id, day, policy_type, organization, result_type, cause, coalesce(mx, '')
   ON CONFLICT (domain_id, day, policy_type, organization, result_type, cause, mx) DO UPDATE
   SET sessions = t.sessions + excluded.sessions`;

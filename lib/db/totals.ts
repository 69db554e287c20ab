import type { PoolClient } from "pg";

/** What one total row sums up: a domain's reports of one reporter on one day. */
export interface TotalSlot {
  domainId: string;
  /** YYYY-MM-DD, UTC. */
  day: string;
  organization: string;
}

/** Makes the totals of these days and reporters anew from the reports that count; doing it twice is harmless. */
export async function recomputeTotals(client: PoolClient, slots: readonly TotalSlot[]): Promise<void> {
  const parameters = [
    slots.map((slot) => slot.domainId),
    slots.map((slot) => slot.day),
    slots.map((slot) => slot.organization),
  ];
  // Distinct as the database sees them: a slot that stands there twice would count twice.
  const SLOTS =
    "(SELECT DISTINCT * FROM unnest($1::uuid[], $2::date[], $3::text[]) AS s (domain_id, day, organization)) s";
  // What was thinned has no rows any more to be counted again: its part stays as it is.
  await client.query(
    `DELETE FROM day_totals t USING ${SLOTS}
     WHERE t.domain_id = s.domain_id AND t.day = s.day AND t.organization = s.organization AND t.kept_reports = 0`,
    parameters,
  );
  await client.query(
    `DELETE FROM failure_totals t USING ${SLOTS}
     WHERE t.domain_id = s.domain_id AND t.day = s.day AND t.organization = s.organization AND t.kept_sessions = 0`,
    parameters,
  );
  await client.query(
    `UPDATE day_totals t SET reports = kept_reports, successes = kept_successes, failures = kept_failures FROM ${SLOTS}
     WHERE t.domain_id = s.domain_id AND t.day = s.day AND t.organization = s.organization`,
    parameters,
  );
  await client.query(
    `UPDATE failure_totals t SET sessions = kept_sessions FROM ${SLOTS}
     WHERE t.domain_id = s.domain_id AND t.day = s.day AND t.organization = s.organization`,
    parameters,
  );
  // Domain and day are repeated for the joined table: that is what lets it be found by its index.
  await client.query(
    `INSERT INTO day_totals AS t (domain_id, day, policy_type, organization, reports, successes, failures)
     SELECT p.domain_id, p.day, p.policy_type, p.organization, count(DISTINCT p.report_id), sum(p.successes), sum(p.failures)
     FROM ${SLOTS}
     JOIN policy_results p ON p.domain_id = s.domain_id AND p.day = s.day AND p.organization = s.organization
     JOIN reports r ON r.domain_id = p.domain_id AND r.id = p.report_id AND r.counted
     GROUP BY p.domain_id, p.day, p.policy_type, p.organization
     ON CONFLICT (domain_id, day, policy_type, organization) DO UPDATE
     SET reports = t.reports + excluded.reports, successes = t.successes + excluded.successes,
         failures = t.failures + excluded.failures`,
    parameters,
  );
  await client.query(
    `INSERT INTO failure_totals AS t (domain_id, day, policy_type, organization, result_type, cause, mx, sessions)
     SELECT f.domain_id, f.day, f.policy_type, f.organization, f.result_type, f.cause, coalesce(f.mx, ''), sum(f.sessions)
     FROM ${SLOTS}
     JOIN failures f ON f.domain_id = s.domain_id AND f.day = s.day AND f.organization = s.organization
     JOIN reports r ON r.domain_id = f.domain_id AND r.id = f.report_id AND r.counted
     GROUP BY f.domain_id, f.day, f.policy_type, f.organization, f.result_type, f.cause, coalesce(f.mx, '')
     ON CONFLICT (domain_id, day, policy_type, organization, result_type, cause, mx) DO UPDATE
     SET sessions = t.sessions + excluded.sessions`,
    parameters,
  );
}

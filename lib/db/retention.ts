import { NotFound } from "#lib/errors.ts";
import { type Actor, audit } from "./audit.ts";
import { inTransaction, prisma, sql, transact } from "./client.ts";

/** For how many days a team keeps what. Totals stay for good. */
export interface Retention {
  /** What is in the reports, counted from the day that they are about. */
  detailDays: number;
  /** The bytes as they arrived, counted from their arrival. */
  rawDays: number;
}

/** What a team has chosen. @throws NotFound */
export async function retentionOf(teamId: string): Promise<Retention> {
  const select = { detailDays: true, rawDays: true } as const;
  const team = await prisma().team.findUnique({ where: { id: teamId }, select });
  if (team === null) throw new NotFound("This team");
  return team;
}

/** Changes it; what is over is removed with the next nightly run. */
export async function changeRetention(teamId: string, retention: Retention, by: Actor): Promise<void> {
  await transact(async (transaction) => {
    const select = { detailDays: true, rawDays: true } as const;
    const before = await transaction.team.findUniqueOrThrow({ where: { id: teamId }, select });
    await transaction.team.update({ where: { id: teamId }, data: retention });
    const change = { teamId, action: "team.retention-changed", subject: "how long reports are kept" };
    await audit(transaction, by, { ...change, before, after: { ...retention } });
  });
}

/** What a choice would remove that is there now. */
export interface RetentionPreview {
  /** Reports whose details would go, and the first day that stays. */
  reports: number;
  firstDay: string;
  /** Files whose bytes would go, those in quarantine included, and their size. */
  files: number;
  bytes: number;
}

/** What would be removed from a team's domains if it chose so. */
export async function previewRetention(teamId: string, { detailDays, rawDays }: Retention): Promise<RetentionPreview> {
  const [row] = await sql<{ reports: string; firstDay: string; files: string; bytes: string }>(
    `WITH ours AS (SELECT id FROM domains WHERE team_id = $1), files AS (
       SELECT size FROM raw_files WHERE domain_id IN (SELECT id FROM ours) AND bytes IS NOT NULL
         AND received_at < now() - make_interval(days => $3)
       UNION ALL
       SELECT size FROM quarantined WHERE domain_id IN (SELECT id FROM ours) AND bytes IS NOT NULL
         AND received_at < now() - make_interval(days => $3)
     )
     SELECT (SELECT count(*) FROM reports WHERE domain_id IN (SELECT id FROM ours) AND NOT thinned AND day < first.day)
              AS reports,
            first.day::text AS "firstDay", (SELECT count(*) FROM files) AS files,
            (SELECT coalesce(sum(size), 0) FROM files) AS bytes
     FROM (SELECT (now() AT TIME ZONE 'UTC')::date - $2::int AS day) first`,
    [teamId, detailDays, rawDays],
  );
  const { reports = "0", firstDay = "", files = "0", bytes = "0" } = row ?? {};
  return { reports: Number(reports), firstDay, files: Number(files), bytes: Number(bytes) };
}

/** A domain, and up to where its team keeps what. */
interface Horizon {
  domainId: string;
  /** The first day whose details stay, YYYY-MM-DD. */
  firstDay: string;
  /** Bytes that came before are removed. */
  rawBefore: Date;
}

/** Each domain with its team's horizon. */
export function horizons(): Promise<Horizon[]> {
  return sql<Horizon>(
    `SELECT d.id AS "domainId", ((now() AT TIME ZONE 'UTC')::date - t.detail_days)::text AS "firstDay",
            now() - make_interval(days => t.raw_days) AS "rawBefore"
     FROM domains d JOIN teams t ON t.id = d.team_id ORDER BY d.id`,
    [],
  );
}

/** Small: a batch holds the domain's lock, and a sender may wait for it. */
const REPORTS_AT_ONCE = 200;
const FILES_AT_ONCE = 500;

/**
 * Removes a batch of bytes that are past their time; that they were there, their size and their hash stay.
 * @returns how many files that were: fewer than there may be more
 */
export async function removeOldBytes({ domainId, rawBefore }: Horizon): Promise<number> {
  let removed = 0;
  for (const [table, key] of [
    ["raw_files", "hash"],
    ["quarantined", "id"],
  ] as const) {
    const rows = await sql(
      `UPDATE ${table} SET bytes = NULL WHERE domain_id = $1 AND ${key} IN (
         SELECT ${key} FROM ${table} WHERE domain_id = $1 AND received_at < $2 AND bytes IS NOT NULL LIMIT $3
       ) RETURNING 1`,
      [domainId, rawBefore, FILES_AT_ONCE],
    );
    removed += rows.length;
  }
  return removed;
}

/**
 * Removes what is in a batch of reports that are past their time. That they came stays, so that none is counted twice, and so
 * does their part of the totals.
 * @returns how many reports that were
 */
export async function thinOldReports({ domainId, firstDay }: Horizon): Promise<number> {
  return inTransaction(async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [domainId]);
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM reports WHERE domain_id = $1 AND day < $2 AND NOT thinned ORDER BY day, id LIMIT $3`,
      [domainId, firstDay, REPORTS_AT_ONCE],
    );
    if (rows.length === 0) return 0;
    const which = [domainId, rows.map(({ id }) => id)];
    await client.query(
      `UPDATE day_totals t SET kept_reports = t.kept_reports + k.reports,
              kept_successes = t.kept_successes + k.successes, kept_failures = t.kept_failures + k.failures
       FROM (
         SELECT p.day, p.policy_type, p.organization, count(DISTINCT p.report_id) AS reports,
                sum(p.successes) AS successes, sum(p.failures) AS failures
         FROM policy_results p JOIN reports r ON r.domain_id = p.domain_id AND r.id = p.report_id AND r.counted
         WHERE p.domain_id = $1 AND r.domain_id = $1 AND p.report_id = ANY ($2::uuid[])
         GROUP BY p.day, p.policy_type, p.organization
       ) k
       WHERE t.domain_id = $1 AND t.day = k.day AND t.policy_type = k.policy_type AND t.organization = k.organization`,
      which,
    );
    await client.query(
      `UPDATE failure_totals t SET kept_sessions = t.kept_sessions + k.sessions
       FROM (
         SELECT f.day, f.policy_type, f.organization, f.result_type, f.cause, coalesce(f.mx, '') AS mx,
                sum(f.sessions) AS sessions
         FROM failures f JOIN reports r ON r.domain_id = f.domain_id AND r.id = f.report_id AND r.counted
         WHERE f.domain_id = $1 AND r.domain_id = $1 AND f.report_id = ANY ($2::uuid[])
         GROUP BY f.day, f.policy_type, f.organization, f.result_type, f.cause, coalesce(f.mx, '')
       ) k
       WHERE t.domain_id = $1 AND t.day = k.day AND t.policy_type = k.policy_type AND t.organization = k.organization
         AND t.result_type = k.result_type AND t.cause = k.cause AND t.mx = k.mx`,
      which,
    );
    await client.query("DELETE FROM failures WHERE domain_id = $1 AND report_id = ANY ($2::uuid[])", which);
    await client.query("DELETE FROM policy_results WHERE domain_id = $1 AND report_id = ANY ($2::uuid[])", which);
    // What was not counted by then never will be.
    await client.query(
      "UPDATE reports SET thinned = true, held = false WHERE domain_id = $1 AND id = ANY ($2::uuid[])",
      which,
    );
    return rows.length;
  });
}

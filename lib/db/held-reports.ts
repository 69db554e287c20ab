import type { PoolClient } from "pg";
import { type Actor, auditRow } from "./audit.ts";
import { inTransaction, sql } from "./client.ts";
import { isId } from "./new-id.ts";
import { countLatestOnly } from "./store-reports.ts";
import { recomputeTotals } from "./totals.ts";

/** How many reports of a domain wait for a person, by reporter; the most first. */
export async function heldReporters(domainId: string): Promise<{ organization: string; reports: number }[]> {
  const rows = await sql<{ organization: string; reports: string }>(
    `SELECT organization, count(*) AS reports FROM reports WHERE domain_id = $1 AND held
     GROUP BY organization ORDER BY reports DESC, organization LIMIT 100`,
    [domainId],
  );
  return rows.map(({ organization, reports }) => ({ organization, reports: Number(reports) }));
}

/** Counts one held report from now on. @returns how many that were: 0 when it is not there, or not held any more */
export async function countHeldReport(domain: Named, id: string, by: Actor): Promise<number> {
  if (!isId(id)) return 0;
  return inTransaction(async (client) => {
    const released = await release(client, [domain.id], "r.id = $2::uuid", id);
    const [report] = released;
    if (report) {
      const subject = `${report.organization}, ${report.day}`;
      await client.query(...auditRow(by, { teamId: domain.teamId, action: "report.counted", subject }));
    }
    return released.length;
  });
}

/**
 * Counts a reporter's mail from now on without a valid signature, and all of it that is held in the team's domains.
 * @returns how many reports were held
 */
export async function trustReporter(teamId: string, organization: string, by: Actor): Promise<number> {
  return inTransaction(async (client) => {
    const added = await client.query(
      `INSERT INTO trusted_reporters (team_id, organization, trusted_by, created_at) VALUES ($1, $2, $3, now())
       ON CONFLICT DO NOTHING`,
      [teamId, organization, by.label],
    );
    const { rows } = await client.query<{ id: string }>(
      `SELECT d.id FROM domains d WHERE d.team_id = $1
       AND EXISTS (SELECT 1 FROM reports r WHERE r.domain_id = d.id AND r.held AND r.organization = $2) ORDER BY d.id`,
      [teamId, organization],
    );
    const ids = rows.map(({ id }) => id);
    const released = await release(client, ids, "r.organization = $2", organization);
    if (added.rowCount === 1) {
      const after = { reports: released.length };
      await client.query(...auditRow(by, { teamId, action: "reporter.trusted", subject: organization, after }));
    }
    return released.length;
  });
}

/** A reporter's mail without a valid signature is held again from now on. */
export async function distrustReporter(teamId: string, organization: string, by: Actor): Promise<void> {
  await inTransaction(async (client) => {
    const gone = await client.query("DELETE FROM trusted_reporters WHERE team_id = $1 AND organization = $2", [
      teamId,
      organization,
    ]);
    if (gone.rowCount === 1) {
      await client.query(...auditRow(by, { teamId, action: "reporter.distrusted", subject: organization }));
    }
  });
}

/** The reporters that a team trusts, by name. */
export async function trustedReporters(teamId: string) {
  return sql<{ organization: string; trustedBy: string; createdAt: Date }>(
    `SELECT organization, trusted_by AS "trustedBy", created_at AS "createdAt" FROM trusted_reporters
     WHERE team_id = $1 ORDER BY organization`,
    [teamId],
  );
}

interface Named {
  id: string;
  teamId: string;
}

interface Released {
  domainId: string;
  identityHash: string;
  organization: string;
  day: string;
}

/** Sets held reports free, and counts them; `condition` is about the report `r` and the value $2. */
async function release(
  client: PoolClient,
  domainIds: readonly string[],
  condition: "r.id = $2::uuid" | "r.organization = $2",
  value: string,
): Promise<Released[]> {
  for (const id of domainIds) await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [id]);
  const { rows } = await client.query<Released>(
    `UPDATE reports r SET held = false WHERE r.domain_id = ANY ($1::uuid[]) AND ${condition} AND r.held
     RETURNING r.domain_id AS "domainId", r.identity_hash AS "identityHash", r.organization, r.day::text AS day`,
    [domainIds, value],
  );
  if (rows.length > 0) await recomputeTotals(client, [...rows, ...(await countLatestOnly(client, rows))]);
  return rows;
}

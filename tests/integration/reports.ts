import { randomBytes } from "node:crypto";
import { sql } from "#lib/db/client.ts";
import { createDomain, type DomainRow, newDomain } from "#lib/db/domains.ts";
import { type Arrival, type ReceiveOutcome, receive } from "#lib/reports/receive.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import type { Person } from "./people.ts";

/** A registered domain of a team, under a name that is nobody else's. */
export function makeDomain(owner: Person, name = `d-${randomBytes(6).toString("hex")}.example`): Promise<DomainRow> {
  return createDomain(newDomain(owner.team.id, name, false), owner.user);
}

export type MadeReport = ReturnType<typeof makeReport>;

/** A plain report about a domain, as JSON. */
export function reportAbout(domain: string, change: Parameters<typeof makeReport>[0] = {}): MadeReport {
  return makeReport({ policies: [makePolicy({ domain })], ...change });
}

/** Any JSON as a file. */
export function file(json: unknown, fileName: string | null = "report.json"): Arrival {
  return { bytes: Buffer.from(JSON.stringify(json)), fileName };
}

/** Receives files into a domain's inbox by upload; their outcomes in one list. */
export async function upload(domain: DomainRow, files: Arrival[], now = new Date()): Promise<ReceiveOutcome[]> {
  return (await receive(files, { domain, teamId: domain.teamId, door: "upload" }, now)).flat();
}

/** What each outcome is called. */
export const kinds = (outcomes: readonly ReceiveOutcome[]) => outcomes.map(({ outcome }) => outcome);

/** How many rows each table holds for a domain, tables without any left out. */
export async function rowsOf(domainId: string): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'domain_id' ORDER BY table_name`,
    [],
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await sql<{ count: string }>(`SELECT count(*) FROM ${name} WHERE domain_id = $1`, [domainId]);
    if (row?.count !== "0") counts[name] = Number(row?.count);
  }
  return counts;
}

/** The totals as they stand, and as the counted rows add up to; the two must always be the same. */
export async function totalsOf(domainId: string) {
  const [standing, summed] = await Promise.all([
    sql(
      `SELECT day::text, policy_type, organization, reports::text, successes::text, failures::text
       FROM day_totals WHERE domain_id = $1 ORDER BY 1, 2, 3`,
      [domainId],
    ),
    sql(
      `SELECT r.day::text, p.policy_type, r.organization, count(DISTINCT r.id)::text AS reports,
              sum(p.successes)::text AS successes, sum(p.failures)::text AS failures
       FROM reports r JOIN policy_results p ON p.domain_id = r.domain_id AND p.report_id = r.id
       WHERE r.counted AND r.domain_id = $1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      [domainId],
    ),
  ]);
  const [standingFailures, summedFailures] = await Promise.all([
    sql(
      `SELECT day::text, policy_type, organization, result_type, cause, mx, sessions::text
       FROM failure_totals WHERE domain_id = $1 ORDER BY 1, 2, 3, 4, 5, 6`,
      [domainId],
    ),
    sql(
      `SELECT r.day::text, f.policy_type, r.organization, f.result_type, f.cause, coalesce(f.mx, '') AS mx,
              sum(f.sessions)::text AS sessions
       FROM reports r JOIN failures f ON f.domain_id = r.domain_id AND f.report_id = r.id
       WHERE r.counted AND r.domain_id = $1 GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`,
      [domainId],
    ),
  ]);
  return { standing: [standing, standingFailures], summed: [summed, summedFailures] };
}

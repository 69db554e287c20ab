import type { Actor } from "./audit.ts";
import { sql } from "./client.ts";
import type { DomainRow } from "./domains.ts";
import { newId } from "./new-id.ts";

/**
 * Registers many domains of one team in one statement, each with its row in the audit trail. One that the team has already
 * stays as it is.
 * @returns the names that were added
 */
export async function createDomains(teamId: string, domains: readonly DomainRow[], by: Actor): Promise<string[]> {
  // Sorted, so that two lists with the same names lock them in the same order.
  const sorted = domains.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rows = await sql<{ name: string }>(
    `WITH given AS (
       SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::uuid[])
         AS g (id, name, inbox_token, created_at, event_id)
     ), added AS (
       INSERT INTO domains (id, team_id, name, inbox_token, sample, created_at)
       SELECT id, $1, name, inbox_token, false, created_at FROM given
       ON CONFLICT (team_id, name) DO NOTHING
       RETURNING id, name, sample
     ), trail AS (
       INSERT INTO audit_events (id, team_id, at, user_id, actor, action, subject, after)
       SELECT g.event_id, $1, g.created_at, $7::uuid, $8, 'domain.added', a.name,
              jsonb_build_object('name', a.name, 'sample', a.sample)
       FROM added a JOIN given g USING (id)
     )
     SELECT name FROM added ORDER BY name`,
    [
      teamId,
      sorted.map(({ id }) => id),
      sorted.map(({ name }) => name),
      sorted.map(({ inboxToken }) => inboxToken),
      sorted.map(({ createdAt }) => createdAt),
      sorted.map(() => newId()),
      by.userId,
      by.label,
    ],
  );
  return rows.map(({ name }) => name);
}

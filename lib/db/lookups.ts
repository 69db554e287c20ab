import type { Facts } from "#lib/checks/gather.ts";
import type { Verdict } from "#lib/checks/verdict.ts";
import { sql } from "./client.ts";
import { newId } from "./new-id.ts";
import { storableJson } from "./storable-json.ts";

/** One look at a domain, as it was stored. */
export interface StoredLookup {
  id: string;
  checkedAt: Date;
  worst: string;
  mode: string | null;
  facts: Facts;
  verdicts: Verdict[];
}

/** What is kept of a look at a domain. */
export type NewLookup = Omit<StoredLookup, "id">;

/** The statement that keeps a lookup, with its parameters; it does nothing once the domain is gone. */
export function insertLookup(domainId: string, lookup: NewLookup): [text: string, values: unknown[]] {
  const { checkedAt, worst, mode, facts, verdicts } = lookup;
  return [
    `INSERT INTO lookups (domain_id, id, checked_at, worst, mode, facts, verdicts)
     SELECT id, $2::uuid, $3, $4, $5, $6::jsonb, $7::jsonb FROM domains WHERE id = $1 FOR KEY SHARE`,
    [domainId, newId(), checkedAt, worst, mode, storableJson(facts), storableJson(verdicts)],
  ];
}

/** Keeps a lookup of a registered domain: facts and verdicts, so that old facts can be judged again. */
export async function keepLookup(domainId: string, lookup: NewLookup): Promise<void> {
  await sql(...insertLookup(domainId, lookup));
}

/** The last lookup of a domain, or null before the first one. */
export async function latestLookup(domainId: string): Promise<StoredLookup | null> {
  // Written by keepLookup only; a form that has changed since is judged again by the reader.
  const rows = await sql<StoredLookup>(
    `SELECT id, checked_at AS "checkedAt", worst, mode, facts, verdicts FROM lookups
     WHERE domain_id = $1 ORDER BY checked_at DESC, id DESC LIMIT 1`,
    [domainId],
  );
  return rows[0] ?? null;
}

/** Registered domains whose last lookup is older than `hours`, or that have none; the longest waiting first. */
export async function domainsToLookUp(hours: number, limit: number): Promise<{ id: string; name: string }[]> {
  return sql(
    `SELECT d.id, d.name FROM domains d
     LEFT JOIN LATERAL (SELECT max(checked_at) AS at FROM lookups WHERE domain_id = d.id) l ON true
     WHERE NOT d.sample AND (l.at IS NULL OR l.at < now() - make_interval(hours => $1))
     ORDER BY l.at NULLS FIRST LIMIT $2`,
    [hours, limit],
  );
}

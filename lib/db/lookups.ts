import type { PoolClient } from "pg";
import type { Facts } from "#lib/checks/gather.ts";
import type { Verdict } from "#lib/checks/verdict.ts";
import type { Change } from "#lib/lookups/compare.ts";
import type { Seen } from "#lib/lookups/compare-seen.ts";
import { insertChanges } from "./changes.ts";
import { inTransaction, sql } from "./client.ts";
import { isId, newId } from "./new-id.ts";
import { enterPolicies, type PolicyToKeep } from "./policy-ledger.ts";
import { type Page, pageWithTotals } from "./read-reports.ts";
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

/** What a lookup of an earlier version did not ask for. */
const NOT_ASKED_BEFORE = {
  ...{ signedNames: [], mailHosts: [], smtp: [], outward: null, policyFetches: [], policyAgents: [] },
  ...{ policyHostCaa: null, earlierPolicy: null, subdomains: [], mistakenTlsRptTxt: [] },
} satisfies Partial<Facts>;
const WHOLE = `id, checked_at AS "checkedAt", worst, mode, verdicts,
  '${JSON.stringify(NOT_ASKED_BEFORE)}'::jsonb || facts AS facts`;

/** What a lookup is compared by; `seen` is null for one that was stored before there was a history. */
export type LookupToCompare = Pick<StoredLookup, "id" | "checkedAt" | "worst" | "facts"> & { seen: Seen | null };

/** What is kept of a look at a domain. */
export interface NewLookup extends Omit<StoredLookup, "id"> {
  policies: readonly PolicyToKeep[];
  /** What was last seen of everything with this lookup, and what has changed since the one before; null for the first. */
  follow(before: LookupToCompare | null): { seen: Seen; changes: Change[] };
}

/**
 * Keeps a lookup of a registered domain: facts and verdicts, so that old facts can be judged again, with the policies that it
 * saw and what has changed. Does nothing once the domain is gone.
 */
export async function keepLookup(domainId: string, lookup: NewLookup): Promise<void> {
  await inTransaction((client) => addLookup(client, domainId, lookup));
}

/** As `keepLookup`, inside a transaction. */
export async function addLookup(client: PoolClient, domainId: string, lookup: NewLookup): Promise<void> {
  // One lookup of a domain at a time, so that each is compared with the one before; reports can be stored meanwhile.
  const domain = await client.query("SELECT 1 FROM domains WHERE id = $1 FOR NO KEY UPDATE", [domainId]);
  if (domain.rowCount === 0) return;
  const { checkedAt, worst, mode, facts, verdicts, policies } = lookup;
  const before = await client.query<LookupToCompare>(
    `SELECT ${TO_COMPARE} FROM lookups WHERE domain_id = $1 AND checked_at <= $2
     ORDER BY checked_at DESC, id DESC LIMIT 1`,
    [domainId, checkedAt],
  );
  const later = await client.query("SELECT 1 FROM lookups WHERE domain_id = $1 AND checked_at > $2 LIMIT 1", [
    ...[domainId, checkedAt],
  ]);
  const { seen, changes } = lookup.follow(before.rows[0] ?? null);
  const id = newId();
  await client.query(
    `INSERT INTO lookups (domain_id, id, checked_at, worst, mode, facts, verdicts, seen)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [domainId, id, checkedAt, worst, mode, storableJson(facts), storableJson(verdicts), storableJson(seen)],
  );
  await enterPolicies(client, domainId, checkedAt, policies);
  // A lookup that began later was stored first, and has told what changed up to then: nothing is told twice.
  if (later.rowCount === 0) await insertChanges(client, { domainId, lookupId: id, at: checkedAt }, changes);
}

/** The facts are large, and of use only where nothing else says what was seen. */
const TO_COMPARE = `id, checked_at AS "checkedAt", worst, seen, CASE WHEN seen IS NULL THEN facts END AS facts`;

/** The last lookup of a domain, or null before the first one. */
export async function latestLookup(domainId: string): Promise<StoredLookup | null> {
  const rows = await sql<StoredLookup>(
    `SELECT ${WHOLE} FROM lookups
     WHERE domain_id = $1 ORDER BY checked_at DESC, id DESC LIMIT 1`,
    [domainId],
  );
  return rows[0] ?? null;
}

/** One lookup of a domain as it was stored, or null. */
export async function storedLookup(domainId: string, id: string): Promise<StoredLookup | null> {
  if (!isId(id)) return null;
  const rows = await sql<StoredLookup>(
    `SELECT ${WHOLE} FROM lookups
     WHERE domain_id = $1 AND id = $2::uuid`,
    [domainId, id],
  );
  return rows[0] ?? null;
}

/** What was seen up to one lookup of a domain, and up to its last one; null when there is no such lookup. */
export async function lookupsToCompare(domainId: string, id: string) {
  if (!isId(id)) return null;
  const rows = await sql<LookupToCompare>(
    `(SELECT ${TO_COMPARE} FROM lookups WHERE domain_id = $1 AND id = $2::uuid)
     UNION ALL
     (SELECT ${TO_COMPARE} FROM lookups WHERE domain_id = $1 ORDER BY checked_at DESC, id DESC LIMIT 1)`,
    [domainId, id],
  );
  const [one, last] = rows;
  return one && last ? { one, last } : null;
}

/** One lookup in a list. */
export interface LookupRow {
  id: string;
  checkedAt: Date;
  worst: string;
  mode: string | null;
  /** Verdicts of each status, and changes that it saw first. */
  fail: number;
  warn: number;
  error: number;
  pass: number;
  changes: number;
}

/** A page of a domain's lookups, the latest first, how many there are in all, and since when. */
export async function lookupsOf(
  domainId: string,
  page: Page,
): Promise<{ lookups: LookupRow[]; total: number; since: Date | null }> {
  const { rows, totals } = await pageWithTotals(page, ({ skip, take }) =>
    sql<LookupRow & { total: string; since: Date }>(
      `SELECT l.id, l.checked_at AS "checkedAt", l.worst, l.mode, v.*, c.changes, l.total, l.since
       FROM (
         SELECT id, checked_at, worst, mode, verdicts, count(*) OVER () AS total, min(checked_at) OVER () AS since
         FROM lookups WHERE domain_id = $1 ORDER BY checked_at DESC, id DESC OFFSET $2 LIMIT $3
       ) l
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE status = 'fail')::int AS fail, count(*) FILTER (WHERE status = 'warn')::int AS warn,
                count(*) FILTER (WHERE status = 'error')::int AS error, count(*) FILTER (WHERE status = 'pass')::int AS pass
         FROM jsonb_to_recordset(l.verdicts) AS verdict (status text)
       ) v
       CROSS JOIN LATERAL (
         SELECT count(*)::int AS changes FROM changes WHERE domain_id = $1 AND lookup_id = l.id
       ) c
       ORDER BY l.checked_at DESC, l.id DESC`,
      [domainId, skip, take],
    ),
  );
  const lookups = rows.map(({ total: _, since: __, ...row }) => row);
  return { lookups, total: Number(totals?.total ?? 0), since: totals?.since ?? null };
}

/**
 * The last lookup of a domain by whichever team shows its badge to everybody: null before the first one.
 * @returns undefined when no team does
 */
export async function lookupForBadge(name: string): Promise<StoredLookup | null | undefined> {
  const rows = await sql<StoredLookup | { id: null }>(
    `SELECT l.* FROM domains d
     LEFT JOIN LATERAL (
       SELECT ${WHOLE} FROM lookups
       WHERE domain_id = d.id ORDER BY checked_at DESC, id DESC LIMIT 1
     ) l ON true
     WHERE d.name = $1 AND d.badge AND NOT d.sample
     ORDER BY l."checkedAt" DESC NULLS LAST LIMIT 1`,
    [name],
  );
  const [found] = rows;
  return found?.id === null ? null : found;
}

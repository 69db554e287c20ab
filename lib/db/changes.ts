import type { PoolClient } from "pg";
import type { Change } from "#lib/lookups/compare.ts";
import { sql } from "./client.ts";
import { newId } from "./new-id.ts";
import { type Page, pageWithTotals } from "./read-reports.ts";
import { storableJson } from "./storable-json.ts";

/** A change as it was stored. */
export interface StoredChange extends Change {
  id: string;
  /** The lookup that saw it first, and when that began. */
  lookupId: string;
  at: Date;
}

/** Keeps what a lookup found changed, in the order given. */
export async function insertChanges(
  client: PoolClient,
  { domainId, lookupId, at }: { domainId: string; lookupId: string; at: Date },
  changes: readonly Change[],
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((change) => ({ id: newId(), ...change }));
  await client.query(
    `INSERT INTO changes (domain_id, id, lookup_id, at, kind, subject, before, after)
     SELECT $1, id, $2, $3, kind, subject, nullif(before, 'null'), nullif(after, 'null')
     FROM jsonb_to_recordset($4::jsonb) AS c (id uuid, kind text, subject text, before jsonb, after jsonb)`,
    [domainId, lookupId, at, storableJson(rows)],
  );
}

/** A page of a domain's changes, the latest first, and how many there are in all. */
export async function changesOf(domainId: string, page: Page): Promise<{ changes: StoredChange[]; total: number }> {
  const { rows, totals } = await pageWithTotals(page, ({ skip, take }) =>
    sql<StoredChange & { total: string }>(
      `SELECT id, lookup_id AS "lookupId", at, kind, subject, before, after, count(*) OVER () AS total
       FROM changes WHERE domain_id = $1 ORDER BY at DESC, lookup_id DESC, id OFFSET $2 LIMIT $3`,
      [domainId, skip, take],
    ),
  );
  return { changes: rows.map(({ total: _, ...change }) => change), total: Number(totals?.total ?? 0) };
}

import { inTransaction, sql } from "./client.ts";
import { countLatestOnly } from "./store-reports.ts";
import { recomputeTotals } from "./totals.ts";

/** A held report whose signature could not be checked. */
export interface Undecided {
  domainId: string;
  id: string;
  rawHash: string;
  contentHash: string;
  receivedAt: Date;
}

/**
 * Held reports of the last days whose key nobody answered for, those first that were tried longest ago. They are marked as tried
 * in the run that began at `run`, and do not come again in it.
 */
export function undecidedReports(days: number, limit: number, run: Date): Promise<Undecided[]> {
  return sql<Undecided>(
    `WITH next AS (
       UPDATE reports SET dkim_tried_at = $3 WHERE (domain_id, id) IN (
         SELECT r.domain_id, r.id
         FROM reports r JOIN raw_files w ON w.domain_id = r.domain_id AND w.hash = r.raw_hash
         WHERE r.held AND r.dkim = 'temporary' AND r.received_at > now() - make_interval(days => $1)
           AND w.bytes IS NOT NULL AND (r.dkim_tried_at IS NULL OR r.dkim_tried_at < $3)
         ORDER BY coalesce(r.dkim_tried_at, r.received_at) LIMIT $2
         FOR UPDATE OF r SKIP LOCKED
       )
       RETURNING domain_id, id, raw_hash, content_hash, received_at
     )
     SELECT domain_id AS "domainId", id, raw_hash AS "rawHash", content_hash AS "contentHash", received_at AS "receivedAt"
     FROM next`,
    [days, limit, run],
  );
}

/** Writes down what the signature of a report says now; one that is valid lets the report count. */
export async function decideSender(
  { domainId, id }: Pick<Undecided, "domainId" | "id">,
  { verdict, signer, reason }: { verdict: string; signer: string | null; reason: string },
): Promise<void> {
  await inTransaction(async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [domainId]);
    const { rows } = await client.query<{ domainId: string; identityHash: string; organization: string; day: string }>(
      `UPDATE reports SET dkim = $3, dkim_signer = $4, dkim_reason = $5, held = held AND $3 <> 'pass'
       WHERE domain_id = $1 AND id = $2 AND held
       RETURNING domain_id AS "domainId", identity_hash AS "identityHash", organization, day::text AS day`,
      [domainId, id, verdict, signer, reason],
    );
    if (verdict !== "pass") return;
    await recomputeTotals(client, [...rows, ...(await countLatestOnly(client, rows))]);
  });
}

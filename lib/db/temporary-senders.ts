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
 * Some held reports of the last days whose key nobody answered for. Chance says which: many whose keys nobody will ever
 * answer for keep no others waiting.
 */
export function undecidedReports(days: number, limit: number): Promise<Undecided[]> {
  return sql<Undecided>(
    `SELECT r.domain_id AS "domainId", r.id, r.raw_hash AS "rawHash", r.content_hash AS "contentHash",
            r.received_at AS "receivedAt"
     FROM reports r JOIN raw_files w ON w.domain_id = r.domain_id AND w.hash = r.raw_hash
     WHERE r.held AND r.dkim = 'temporary' AND r.received_at > now() - make_interval(days => $1) AND w.bytes IS NOT NULL
     ORDER BY random() LIMIT $2`,
    [days, limit],
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

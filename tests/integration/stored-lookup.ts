import { sql } from "#lib/db/client.ts";
import { newId } from "#lib/db/new-id.ts";
import { storableJson } from "#lib/db/storable-json.ts";
import { makeSampleFacts } from "#prisma/sample-facts.ts";

/** Stores a lookup of a domain as one that was made at that time, without its history. */
export async function storeLookup(
  domainId: string,
  { checkedAt = new Date(), worst = "pass", mode = null as string | null, verdicts = [] as readonly object[] } = {},
): Promise<void> {
  await sql(
    `INSERT INTO lookups (domain_id, id, checked_at, worst, mode, facts, verdicts)
     VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb)`,
    [domainId, newId(), checkedAt, worst, mode, storableJson(makeSampleFacts(checkedAt)), storableJson(verdicts)],
  );
}

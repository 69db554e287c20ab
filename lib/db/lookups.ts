import type { Facts } from "#lib/checks/gather.ts";
import type { Verdict } from "#lib/checks/verdict.ts";
import { prisma, sql } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
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

/** Keeps a lookup of a registered domain: facts and verdicts, so that old facts can be judged again. */
export async function keepLookup(
  domainId: string,
  lookup: { checkedAt: Date; worst: string; mode: string | null; facts: Facts; verdicts: Verdict[] },
): Promise<void> {
  const json = (value: unknown): Prisma.InputJsonValue => JSON.parse(storableJson(value));
  const { checkedAt, worst, mode, facts, verdicts } = lookup;
  await prisma().lookup.create({
    data: { domainId, id: newId(), checkedAt, worst, mode, facts: json(facts), verdicts: json(verdicts) },
  });
}

/** The last lookup of a domain, or null before the first one. */
export async function latestLookup(domainId: string): Promise<StoredLookup | null> {
  const row = await prisma().lookup.findFirst({ where: { domainId }, orderBy: { checkedAt: "desc" } });
  if (row === null) return null;
  // Written by keepLookup only; a form that has changed since is judged again by the reader.
  return { ...row, facts: row.facts as unknown as Facts, verdicts: row.verdicts as unknown as Verdict[] };
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

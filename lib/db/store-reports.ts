import type { PoolClient } from "pg";
import type { Failure, TlsReport } from "#lib/standards/report.ts";
import type { Statement } from "./insert-rows.ts";
import { newId } from "./new-id.ts";
import { contentStatements, storingStatements } from "./report-statements.ts";
import { recomputeTotals, type TotalSlot } from "./totals.ts";

/** A report with its causes, ready to be stored for a domain. */
export interface ReportToStore {
  domainId: string;
  report: TlsReport<Failure & { cause: string | null }>;
  /** Never empty: the reporter's domain where the report names no organisation. */
  organization: string;
  door: string;
  receivedAt: Date;
  /** What makes two reports the same report (standards.md P24), and what makes them equal; hex SHA-256. */
  identityHash: string;
  contentHash: string;
  raw: { hash: string; bytes: Buffer; fileName: string | null };
  /** What the signature of the mail around says; null when it came in no mail. */
  sender: { verdict: string; signer: string | null; reason: string } | null;
  /** Waits for a person, and is not counted until then. */
  held: boolean;
}

/** `duplicate`: this very content is stored already; `revision`: same identity, other content, the latest counts. */
export interface StoreOutcome {
  outcome: "stored" | "revision" | "duplicate";
  id: string;
}

/** Reports to store, and what can be made ready for that before a transaction keeps others waiting. */
export interface Prepared {
  items: readonly ReportToStore[];
  /** For each content the one that is stored, should it not be there yet. */
  first: Map<string, ReportToStore>;
  fresh: Fresh[];
  /** What stores all of `fresh`; null when that is large, and better made piece by piece. */
  statements: Statement[] | null;
}

/** A report with the id that it has or will have. */
export interface Fresh {
  item: ReportToStore;
  id: string;
}

/** What may wait in memory as statements too: a usual batch, and not the largest of reports. */
const MOST_PREPARED = { failures: 5_000, bytes: 4 * 1024 * 1024 };

/** Makes reports ready for `storeReports`. */
export function prepareReports(items: readonly ReportToStore[]): Prepared {
  // The same report twice in one batch: one is stored, the other is its duplicate.
  const first = new Map<string, ReportToStore>();
  for (const item of items) if (!first.has(keyOf(item))) first.set(keyOf(item), item);
  // A copy that is proven or vouched for comes before one that is not.
  for (const item of items) if (trustIn(item) > trustIn(first.get(keyOf(item)) ?? item)) first.set(keyOf(item), item);
  const fresh = [...first.values()].map((item) => ({ item, id: newId() }));
  return { items, first, fresh, statements: isSmall(fresh) ? [...storingStatements(fresh)] : null };
}

/** Proven by a signature, let in unproven, held. */
function trustIn({ held, sender }: ReportToStore): number {
  if (held) return 0;
  return sender?.verdict === "pass" ? 2 : 1;
}

function isSmall(fresh: readonly Fresh[]): boolean {
  let failures = 0;
  let bytes = 0;
  for (const { item } of fresh) {
    bytes += item.raw.bytes.length;
    for (const { details } of item.report.policies) failures += details.length;
  }
  return failures <= MOST_PREPARED.failures && bytes <= MOST_PREPARED.bytes;
}

/**
 * Stores reports, their raw bytes and the day totals that they change, in a transaction that has locked their domains.
 * @returns an outcome for each report in turn
 */
export async function storeReports(client: PoolClient, prepared: Prepared): Promise<StoreOutcome[]> {
  const { items, first } = prepared;
  if (items.length === 0) return [];
  const known = await knownReports(client, [...first.values()]);
  const fresh = prepared.fresh.filter(({ item }) => !known.ids.has(keyOf(item)));
  const isAll = fresh.length === prepared.fresh.length;
  for (const { text, values } of (isAll && prepared.statements) || storingStatements(fresh)) {
    await client.query(text, values);
  }
  const vouched = await releaseVouched(client, items, known.ids);
  const others = [...revised(fresh, known.identities), ...vouched.changed];
  if (others.length > 0) await recomputeTotals(client, await countLatestOnly(client, others));
  const freshIds = new Map(fresh.map(({ item, id }) => [keyOf(item), id]));
  return items.map((item) => {
    const id = freshIds.get(keyOf(item)) ?? known.ids.get(keyOf(item)) ?? "";
    if (vouched.items.includes(item)) return { outcome: "stored", id };
    if (known.ids.has(keyOf(item)) || first.get(keyOf(item)) !== item) return { outcome: "duplicate", id };
    const outcome = known.identities.has(identityOf(item)) ? "revision" : "stored";
    known.identities.add(identityOf(item));
    return { outcome, id };
  });
}

const keyOf = (of: { domainId: string; contentHash: string }) => `${of.domainId} ${of.contentHash}`;
const identityOf = (of: { domainId: string; identityHash: string }) => `${of.domainId} ${of.identityHash}`;

/** Which of these contents are stored already, with the reports' ids, and of which identities there is a report. */
async function knownReports(client: PoolClient, items: readonly ReportToStore[]) {
  // Each key is looked for by itself: in a domain with few reports when the statistics were taken, PostgreSQL would otherwise
  // rather read all of its reports, however many there are by now.
  const { rows } = await client.query<{ position: number; id: string | null; known: boolean | null }>(
    `SELECT k.position::int, c.id, i.known
     FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY
       AS k (domain_id, content_hash, identity_hash, position)
     LEFT JOIN LATERAL (
       SELECT id FROM reports WHERE domain_id = k.domain_id AND content_hash = k.content_hash LIMIT 1
     ) c ON true
     LEFT JOIN LATERAL (
       SELECT true AS known FROM reports WHERE domain_id = k.domain_id AND identity_hash = k.identity_hash LIMIT 1
     ) i ON true
     WHERE c.id IS NOT NULL OR i.known`,
    [items.map((item) => item.domainId), items.map((item) => item.contentHash), items.map((item) => item.identityHash)],
  );
  const ids = new Map<string, string>();
  const identities = new Set<string>();
  for (const { position, id, known } of rows) {
    const item = items[position - 1];
    if (item === undefined) continue;
    if (id !== null) ids.set(keyOf(item), id);
    if (known) identities.add(identityOf(item));
  }
  return { ids, identities };
}

/** Those of which there is another revision, stored or in the same batch; each other one counts as it was inserted. */
function revised(fresh: readonly Fresh[], identities: ReadonlySet<string>): ReportToStore[] {
  const times = Map.groupBy(fresh, ({ item }) => identityOf(item));
  return fresh.flatMap(({ item }) => {
    const identity = identityOf(item);
    return identities.has(identity) || (times.get(identity)?.length ?? 0) > 1 ? [item] : [];
  });
}

/** Stores what is in reports whose own rows are there. */
export async function insertContents(client: PoolClient, fresh: readonly Fresh[]): Promise<void> {
  for (const { text, values } of contentStatements(fresh)) await client.query(text, values);
}

/**
 * A report that is held, and comes again so that it need not be: it counts from now on. One that was let in unproven, and
 * comes again with its reporter's signature, is proven from now on: nothing unproven can replace it then.
 * @returns the items that set a held one free, and the reports that changed
 */
async function releaseVouched(
  client: PoolClient,
  items: readonly ReportToStore[],
  ids: ReadonlyMap<string, string>,
): Promise<{ items: ReportToStore[]; changed: Pick<ReportToStore, "domainId" | "identityHash">[] }> {
  const again = items.filter((item) => !item.held && ids.has(keyOf(item)));
  if (again.length === 0) return { items: [], changed: [] };
  const { rows } = await client.query<{ id: string; wasHeld: boolean; domainId: string; identities: string[] }>(
    `UPDATE reports r SET held = false, door = k.door, identity_hash = k.identity_hash,
            dkim = k.dkim, dkim_signer = k.signer, dkim_reason = k.reason
     FROM (
       SELECT DISTINCT ON (domain_id, content_hash) * FROM unnest(
         $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]
       ) AS k (domain_id, content_hash, door, identity_hash, dkim, signer, reason)
       ORDER BY domain_id, content_hash, dkim = 'pass' DESC NULLS LAST
     ) k
     JOIN reports was ON was.domain_id = k.domain_id AND was.content_hash = k.content_hash
     WHERE r.domain_id = was.domain_id AND r.id = was.id
       AND (was.held OR (k.dkim = 'pass' AND was.dkim IS DISTINCT FROM 'pass'))
     RETURNING r.id, was.held AS "wasHeld", r.domain_id AS "domainId",
               ARRAY[was.identity_hash, r.identity_hash] AS identities`,
    [
      ...[again.map((item) => item.domainId), again.map((item) => item.contentHash), again.map((item) => item.door)],
      again.map((item) => item.identityHash),
      again.map((item) => item.sender?.verdict ?? null),
      again.map((item) => item.sender?.signer ?? null),
      again.map((item) => item.sender?.reason ?? null),
    ],
  );
  const changed = rows.flatMap(({ domainId, identities }) =>
    identities.map((identityHash) => ({ domainId, identityHash })),
  );
  const released = new Set(rows.flatMap(({ id, wasHeld }) => (wasHeld ? [id] : [])));
  return { items: again.filter((item) => released.delete(ids.get(keyOf(item)) ?? "")), changed };
}

/**
 * Of several revisions of one report the latest that is not held counts, and one that its reporter has signed before any that
 * nothing proves (standards.md P24); one that was thinned is in the totals for good.
 * @returns the reports for which that changes something
 */
export async function countLatestOnly(
  client: PoolClient,
  reports: readonly Pick<ReportToStore, "domainId" | "identityHash">[],
): Promise<TotalSlot[]> {
  const changed = await client.query<TotalSlot>(
    `UPDATE reports r SET counted = (r.id IS NOT DISTINCT FROM latest.counted_id)
     FROM (
       SELECT DISTINCT ON (a.domain_id, a.identity_hash) a.domain_id, a.identity_hash,
              CASE WHEN a.held OR (a.thinned AND NOT a.counted) THEN NULL ELSE a.id END AS counted_id
       FROM reports a
       JOIN (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[]) AS k (domain_id, identity_hash)) k
         USING (domain_id, identity_hash)
       ORDER BY a.domain_id, a.identity_hash, a.held OR (a.thinned AND NOT a.counted), a.thinned DESC,
                a.dkim = 'pass' DESC NULLS LAST, a.received_at DESC, a.id DESC
     ) latest
     WHERE r.domain_id = latest.domain_id AND r.identity_hash = latest.identity_hash
       AND r.counted IS DISTINCT FROM (r.id IS NOT DISTINCT FROM latest.counted_id)
     RETURNING r.domain_id AS "domainId", r.day::text AS day, r.organization`,
    [reports.map((report) => report.domainId), reports.map((report) => report.identityHash)],
  );
  return changed.rows;
}

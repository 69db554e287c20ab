import type { PoolClient } from "pg";
import { type Actor, auditRow } from "./audit.ts";
import { inTransaction, sql } from "./client.ts";
import { isId, newId } from "./new-id.ts";
import { type Page, pageWithTotals } from "./read-reports.ts";
import { storableText } from "./storable-json.ts";

/** Bytes that could not be taken. */
export interface ToQuarantine {
  domainId: string;
  /** Hex SHA-256 of the bytes. */
  hash: string;
  fileName: string | null;
  code: string;
  reason: string;
  bytes: Buffer;
  door: string;
  receivedAt: Date;
}

/** A file's entry; `known` when these bytes lay there for this reason already. */
export interface Quarantined {
  id: string;
  known: boolean;
}

/**
 * Keeps bytes with the reason why they were not taken; the same bytes for the same reason are kept once.
 * @returns for each its entry
 */
export async function quarantine(client: PoolClient, items: readonly ToQuarantine[]): Promise<Quarantined[]> {
  if (items.length === 0) return [];
  // A damaged archive can give the same reason hundreds of times; its bytes go over once for each.
  const distinct = [...Map.groupBy(items, keyOf).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, reason: joinReasons([first, ...others]) }],
  );
  const { rows } = await client.query<Quarantined & { domainId: string; hash: string; code: string }>(
    `INSERT INTO quarantined (domain_id, id, hash, file_name, code, reason, bytes, size, door, received_at)
     SELECT domain_id, id, hash, file_name, code, reason, bytes, octet_length(bytes), door, received_at
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[],
                 $9::timestamptz[]) AS q (domain_id, id, hash, file_name, code, reason, bytes, door, received_at)
     ON CONFLICT (domain_id, hash, code) DO UPDATE SET received_at = excluded.received_at, bytes = excluded.bytes
     RETURNING id, domain_id AS "domainId", hash, code, xmax <> 0 AS known`, // a new row has no xmax
    [
      distinct.map(({ domainId }) => domainId),
      distinct.map(() => newId()),
      distinct.map(({ hash }) => hash),
      distinct.map(({ fileName }) => fileName && storableText(fileName)),
      distinct.map(({ code }) => code),
      distinct.map(({ reason }) => storableText(reason)),
      distinct.map(({ bytes }) => bytes),
      distinct.map(({ door }) => door),
      distinct.map(({ receivedAt }) => receivedAt),
    ],
  );
  const entries = new Map(rows.map((row) => [keyOf(row), { id: row.id, known: row.known }]));
  return items.map((item) => entries.get(keyOf(item)) ?? { id: "", known: false });
}

/** Several things in one file can be wrong in the same way, and a person wants to know of each. */
function joinReasons(items: readonly ToQuarantine[]): string {
  const reasons = [...new Set(items.map(({ reason }) => reason))];
  const more = reasons.length - MOST_REASONS;
  return `${reasons.slice(0, MOST_REASONS).join(" ")}${more > 0 ? ` And ${more} more of this kind.` : ""}`;
}
const MOST_REASONS = 5;

const keyOf = ({ domainId, hash, code }: Pick<ToQuarantine, "domainId" | "hash" | "code">) =>
  `${domainId} ${hash} ${code}`;

/** One row of the quarantine, without its bytes. */
export interface QuarantineRow {
  id: string;
  fileName: string | null;
  code: string;
  reason: string;
  size: number;
  door: string;
  receivedAt: Date;
  /** False once the team's time for raw bytes is over. */
  hasBytes: boolean;
}

/** Reports that name none of the domains that they could belong to; a person says where they go, or that they go nowhere. */
export const UNCLAIMED_CODES = ["other-domain", "several-teams"];

/** Which part of the quarantine: what cannot be read, or what nobody has claimed. */
export type Tray = "quarantine" | "unclaimed";

/** A page of one of a domain's trays, newest first, and how many rows there are in all. */
export async function quarantineOf(domainId: string, tray: Tray, page: Page) {
  const { rows, totals } = await pageWithTotals(page, ({ skip, take }) =>
    sql<QuarantineRow & { total: string }>(
      `SELECT id, file_name AS "fileName", code, reason, size, door, received_at AS "receivedAt",
            bytes IS NOT NULL AS "hasBytes", count(*) OVER () AS total
     FROM quarantined WHERE domain_id = $1 AND (code = ANY ($4::text[])) = $5
     ORDER BY received_at DESC, id DESC OFFSET $2 LIMIT $3`,
      [domainId, skip, take, UNCLAIMED_CODES, tray === "unclaimed"],
    ),
  );
  return { rows: rows.map(({ total: _, ...row }) => row), total: Number(totals?.total ?? 0) };
}

/** How many files of a domain lie in each of its trays. */
export async function quarantineCounts(domainId: string): Promise<Record<Tray, number>> {
  const rows = await sql<{ all: string; unclaimed: string }>(
    `SELECT count(*) AS all, count(*) FILTER (WHERE code = ANY ($2::text[])) AS unclaimed
     FROM quarantined WHERE domain_id = $1`,
    [domainId, UNCLAIMED_CODES],
  );
  const unclaimed = Number(rows[0]?.unclaimed ?? 0);
  return { quarantine: Number(rows[0]?.all ?? 0) - unclaimed, unclaimed };
}

/** The bytes of one quarantined file, and how they came; null when there are none, or not any more. */
export async function quarantinedFile(domainId: string, id: string) {
  if (!isId(id)) return null;
  const rows = await sql<Pick<ToQuarantine, "bytes" | "fileName" | "code" | "hash" | "door" | "receivedAt">>(
    `SELECT bytes, file_name AS "fileName", code, hash, door, received_at AS "receivedAt"
     FROM quarantined WHERE domain_id = $1 AND id = $2::uuid AND bytes IS NOT NULL`,
    [domainId, id],
  );
  return rows[0] ?? null;
}

/** Takes one file out of the quarantine, with its row in the audit trail. @returns false when it is not there (any more) */
export async function removeQuarantined(
  domain: { id: string; teamId: string; name: string },
  id: string,
  change: { action: string; after?: Record<string, string | number> },
  by: Actor,
): Promise<boolean> {
  if (!isId(id)) return false;
  return inTransaction(async (client) => {
    const { rows } = await client.query<{ fileName: string | null; code: string; hash: string }>(
      `DELETE FROM quarantined WHERE domain_id = $1 AND id = $2::uuid RETURNING file_name AS "fileName", code, hash`,
      [domain.id, id],
    );
    const [gone] = rows;
    if (gone === undefined) return false;
    const subject = `${gone.fileName ?? "a file without a name"} of ${domain.name}`;
    const before = { code: gone.code, sha256: gone.hash };
    await client.query(...auditRow(by, { teamId: domain.teamId, subject, before, ...change }));
    return true;
  });
}

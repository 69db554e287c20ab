import type { PoolClient } from "pg";
import { sql } from "./client.ts";
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

/** Keeps bytes with the reason why they were not taken; the same bytes for the same reason are kept once. @returns the id */
export async function quarantine(client: PoolClient, item: ToQuarantine): Promise<string> {
  const { domainId, hash, fileName, code, reason, bytes, door, receivedAt } = item;
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO quarantined (domain_id, id, hash, file_name, code, reason, bytes, size, door, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7::bytea, octet_length($7::bytea), $8, $9)
     ON CONFLICT (domain_id, hash, code) DO UPDATE SET received_at = excluded.received_at
     RETURNING id`,
    [
      ...[domainId, newId(), hash, fileName && storableText(fileName), code, storableText(reason)],
      ...[bytes, door, receivedAt],
    ],
  );
  return rows[0]?.id ?? "";
}

/** One row of the quarantine, without its bytes. */
export interface QuarantineRow {
  id: string;
  fileName: string | null;
  code: string;
  reason: string;
  size: number;
  door: string;
  receivedAt: Date;
}

/** A page of a domain's quarantine, newest first, and how many rows there are in all. */
export async function quarantineOf(domainId: string, page: Page) {
  const { rows, totals } = await pageWithTotals(page, ({ skip, take }) =>
    sql<QuarantineRow & { total: string }>(
      `SELECT id, file_name AS "fileName", code, reason, size, door, received_at AS "receivedAt", count(*) OVER () AS total
     FROM quarantined WHERE domain_id = $1 ORDER BY received_at DESC, id DESC OFFSET $2 LIMIT $3`,
      [domainId, skip, take],
    ),
  );
  return { rows: rows.map(({ total: _, ...row }) => row), total: Number(totals?.total ?? 0) };
}

/** How many files of a domain lie in the quarantine. */
export async function quarantineCount(domainId: string): Promise<number> {
  const rows = await sql<{ count: string }>("SELECT count(*) FROM quarantined WHERE domain_id = $1", [domainId]);
  return Number(rows[0]?.count ?? 0);
}

/** The bytes of one quarantined file, or null. */
export async function quarantinedFile(domainId: string, id: string) {
  if (!isId(id)) return null;
  const rows = await sql<{ bytes: Buffer; fileName: string | null }>(
    'SELECT bytes, file_name AS "fileName" FROM quarantined WHERE domain_id = $1 AND id = $2::uuid',
    [domainId, id],
  );
  return rows[0] ?? null;
}

import { inTransaction, sql } from "./client.ts";
import { failureRows, policyRows, reportRow } from "./report-rows.ts";
import { storableJson } from "./storable-json.ts";
import { countLatestOnly, type Fresh, insertContents, type ReportToStore } from "./store-reports.ts";
import { recomputeTotals, type TotalSlot } from "./totals.ts";

/** Bytes as they arrived, with how they came. */
export interface KeptFile {
  hash: string;
  bytes: Buffer;
  fileName: string | null;
  receivedAt: Date;
  door: string;
}

/** The next files of a domain whose bytes are kept, in the order of their hashes. */
export function keptFiles(domainId: string, after: string, limit: number): Promise<KeptFile[]> {
  return sql<KeptFile>(
    `SELECT w.hash, w.bytes, w.file_name AS "fileName", w.received_at AS "receivedAt",
            coalesce((SELECT r.door FROM reports r WHERE r.domain_id = w.domain_id AND r.raw_hash = w.hash LIMIT 1),
                     'upload') AS door
     FROM raw_files w WHERE w.domain_id = $1 AND w.hash > $2 AND w.bytes IS NOT NULL ORDER BY w.hash LIMIT $3`,
    [domainId, after, limit],
  );
}

/** Files of a domain that lie in its trays and whose bytes are kept. */
export function keptAside(domainId: string) {
  return sql<{ id: string; fileName: string | null; reason: string }>(
    `SELECT id, file_name AS "fileName", reason FROM quarantined WHERE domain_id = $1 AND bytes IS NOT NULL
     ORDER BY received_at, id`,
    [domainId],
  );
}

type Row = Record<string, unknown>;

/** A report as its rows stand in the database, or would. */
export interface Rows {
  id: string;
  contentHash: string;
  rawHash: string;
  report: Row;
  policies: Row[];
  failures: Row[];
}

/** What the parser has a say in; door, arrival and signature are what they were. */
const PARSED = ["organization", "report_id", "contact", "begin_at", "end_at", "day", "quirks", "identity_hash"];
const IN_TIME = ["begin_at", "end_at"];

/** The rows of the reports of some files. A report whose contents were removed has none to compare, and is left out. */
export async function rowsOfFiles(domainId: string, hashes: readonly string[]): Promise<Rows[]> {
  const rows = await sql<{ report: Row; policies: Row[]; failures: Row[] }>(
    `SELECT to_jsonb(r) AS report,
       (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.position), '[]') FROM policy_results p
        WHERE p.domain_id = $1 AND p.report_id = r.id) AS policies,
       (SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f.policy, f.position), '[]') FROM failures f
        WHERE f.domain_id = $1 AND f.report_id = r.id) AS failures
     FROM reports r WHERE r.domain_id = $1 AND r.raw_hash = ANY ($2::text[]) AND NOT r.thinned`,
    [domainId, hashes],
  );
  return rows.map(({ report, policies, failures }) => ({
    ...{ id: String(report.id), contentHash: String(report.content_hash), policies, failures },
    ...{ rawHash: String(report.raw_hash), report: parsedPart(report) },
  }));
}

/** Those of some contents that a domain has a report of already, whatever file it came in. */
export async function knownContents(domainId: string, contentHashes: readonly string[]): Promise<Set<string>> {
  if (contentHashes.length === 0) return new Set();
  const rows = await sql<{ hash: string }>(
    "SELECT content_hash AS hash FROM reports WHERE domain_id = $1 AND content_hash = ANY ($2::text[])",
    [domainId, contentHashes],
  );
  return new Set(rows.map(({ hash }) => hash));
}

/** The same for a report that was just read. */
export function rowsOfItem(item: ReportToStore, id: string): Rows {
  const made = [reportRow(item, id), policyRows(item, id), [...failureRows(item, id)]];
  const [report, policies, failures] = JSON.parse(storableJson(made)) as [Row, Row[], Row[]];
  const { contentHash, raw } = item;
  return { id, contentHash, rawHash: raw.hash, report: parsedPart(report), policies, failures };
}

function parsedPart(report: Row): Row {
  return Object.fromEntries(
    PARSED.map((name) => [name, IN_TIME.includes(name) ? Date.parse(String(report[name])) : (report[name] ?? null)]),
  );
}

/** Writes reports anew that are read differently now: their contents, their causes, and the totals that they change. */
export async function rewriteReports(domainId: string, reports: readonly Fresh[]): Promise<void> {
  await inTransaction(async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [domainId]);
    const ids = reports.map(({ id }) => id);
    const { rows: there } = await client.query<TotalSlot & { id: string; identityHash: string }>(
      `SELECT domain_id AS "domainId", id, day::text AS day, organization, identity_hash AS "identityHash"
       FROM reports WHERE domain_id = $1 AND id = ANY ($2::uuid[]) AND NOT thinned`,
      [domainId, ids],
    );
    // One that was thinned or removed meanwhile stays as it is.
    const left = reports.filter(({ id }) => there.some((row) => row.id === id));
    await client.query("DELETE FROM failures WHERE domain_id = $1 AND report_id = ANY ($2::uuid[])", [domainId, ids]);
    await client.query("DELETE FROM policy_results WHERE domain_id = $1 AND report_id = ANY ($2::uuid[])", [
      domainId,
      ids,
    ]);
    await client.query(
      `UPDATE reports r SET organization = n.organization, report_id = n.report_id, contact = n.contact,
              begin_at = n.begin_at, end_at = n.end_at, day = n.day, quirks = n.quirks, identity_hash = n.identity_hash
       FROM jsonb_to_recordset($2::jsonb) AS n (id uuid, organization text, report_id text, contact text,
         begin_at timestamptz, end_at timestamptz, day date, quirks text[], identity_hash text)
       WHERE r.domain_id = $1 AND r.id = n.id`,
      [domainId, storableJson(left.map(({ item, id }) => reportRow(item, id)))],
    );
    await insertContents(client, left);
    const recounted = await countLatestOnly(client, [...there, ...left.map(({ item }) => item)]);
    const now = left.map(({ item: { organization, report } }) => ({ domainId, organization, day: report.day }));
    await recomputeTotals(client, [...there, ...now, ...recounted]);
  });
}

import { sql } from "./client.ts";
import { isId } from "./new-id.ts";

/** Which reports or failures a list shows; null means "all". Days are YYYY-MM-DD (UTC), both included. */
export interface RowFilter {
  from: string | null;
  to: string | null;
  policyType: string | null;
  organization: string | null;
  resultType: string | null;
  cause: string | null;
  mx: string | null;
}

/** The same for reports, which come through a door. */
export interface ReportFilter extends RowFilter {
  door: string | null;
  outcome: string | null;
}

/** What has become of a report; of one whose details were removed, that is said whatever it was before. */
export type ReportState = "counted" | "held" | "replaced" | "thinned";

/** The same in SQL, of the row `r`. */
export const REPORT_STATE = `CASE WHEN r.thinned THEN 'thinned' WHEN r.held THEN 'held' WHEN r.counted THEN 'counted'
  ELSE 'replaced' END`;

export interface Page {
  skip: number;
  take: number;
}

/**
 * The rows of one page, and a row that carries what is counted over all of them: beyond the last page, one of the first page.
 */
export async function pageWithTotals<Row>(page: Page, read: (page: Page) => Promise<Row[]>) {
  const rows = await read(page);
  const [totals] = rows.length > 0 || page.skip === 0 ? rows : await read({ skip: 0, take: 1 });
  return { rows, totals };
}

export interface ReportRow {
  id: string;
  organization: string;
  reportId: string | null;
  day: string;
  receivedAt: Date;
  door: string;
  quirks: string[];
  counted: boolean;
  outcome: ReportState;
  dkim: string | null;
  dkimSigner: string | null;
  contact: string | null;
  /** In the report's order. */
  policyTypes: string[];
  /** Null once the details were removed. */
  successes: number | null;
  failures: number | null;
}

/**
 * A page of a domain's reports, the latest day first, and how many match in all. Sessions are those of the filter's policy
 * type; without one, of the report's first type, since types must not be added up. A report whose details were removed has
 * no type any more, and stands in the list of each.
 */
export async function reportsOf(domainId: string, filter: ReportFilter, page: Page) {
  const { rows, totals } = await pageWithTotals(page, ({ skip, take }) =>
    sql<Record<string, unknown>>(
      `SELECT r.id, r.organization, r.report_id, r.day::text AS day, r.received_at, r.door, r.quirks, r.counted,
            ${REPORT_STATE} AS outcome, r.dkim, r.dkim_signer, r.contact, p.types, p.successes, p.failures,
            count(*) OVER () AS total
     FROM reports r
     JOIN LATERAL (
       SELECT array_agg(policy_type ORDER BY position) AS types,
              sum(successes) FILTER (WHERE policy_type = shown) AS successes,
              sum(failures) FILTER (WHERE policy_type = shown) AS failures
       FROM (
         SELECT q.policy_type, q.position, q.successes, q.failures,
                coalesce($4::text, first_value(q.policy_type) OVER (ORDER BY q.position)) AS shown
         FROM policy_results q WHERE q.domain_id = r.domain_id AND q.report_id = r.id
       ) q
     ) p ON true
     WHERE r.domain_id = $1 AND ($2::date IS NULL OR r.day >= $2) AND ($3::date IS NULL OR r.day <= $3)
       AND ($4::text IS NULL OR $4 = ANY (p.types) OR r.thinned) AND ($5::text IS NULL OR r.organization = $5)
       AND ($6::text IS NULL OR r.door = $6) AND ($7::text IS NULL OR ${REPORT_STATE} = $7)
     ORDER BY r.day DESC, r.id DESC OFFSET $8 LIMIT $9`,
      [
        ...[domainId, filter.from, filter.to, filter.policyType, filter.organization],
        ...[filter.door, filter.outcome, skip, take],
      ],
    ),
  );
  const reports = rows.map(
    (row): ReportRow => ({
      id: String(row.id),
      organization: String(row.organization),
      reportId: row.report_id as string | null,
      day: String(row.day),
      receivedAt: row.received_at as Date,
      door: String(row.door),
      quirks: row.quirks as string[],
      counted: row.counted === true,
      outcome: row.outcome as ReportState,
      dkim: row.dkim as string | null,
      dkimSigner: row.dkim_signer as string | null,
      contact: row.contact as string | null,
      policyTypes: [...new Set(row.types as string[] | null)],
      successes: row.successes === null ? null : Number(row.successes),
      failures: row.failures === null ? null : Number(row.failures),
    }),
  );
  return { reports, total: Number(totals?.total ?? 0) };
}

export interface FailureRow {
  reportId: string;
  organization: string;
  day: string;
  policyType: string;
  resultType: string;
  cause: string;
  mx: string | null;
  sendingIp: string | null;
  receivingIp: string | null;
  sessions: number;
  reason: string | null;
}

/** A page of a domain's failures from counted reports, the most sessions first within the latest day; and how many match. */
export async function failuresOf(domainId: string, filter: RowFilter, page: Page) {
  const { rows, totals } = await pageWithTotals(page, ({ skip, take }) =>
    sql<Omit<FailureRow, "sessions"> & { sessions: string; total: string; sum: string }>(
      `SELECT f.report_id AS "reportId", f.organization, f.day::text AS day, f.policy_type AS "policyType",
            f.result_type AS "resultType", f.cause, f.mx, f.sending_ip AS "sendingIp", f.receiving_ip AS "receivingIp",
            f.sessions::text AS sessions, f.reason, count(*) OVER () AS total, (sum(f.sessions) OVER ())::text AS sum
     FROM failures f
     JOIN reports r ON r.domain_id = f.domain_id AND r.id = f.report_id AND r.counted
     WHERE f.domain_id = $1 AND r.domain_id = $1 AND ($2::date IS NULL OR f.day >= $2) AND ($3::date IS NULL OR f.day <= $3)
       AND ($4::text IS NULL OR f.policy_type = $4) AND ($5::text IS NULL OR f.organization = $5)
       AND ($6::text IS NULL OR f.result_type = $6) AND ($7::text IS NULL OR f.cause = $7)
       AND ($8::text IS NULL OR coalesce(f.mx, '') = $8)
     ORDER BY f.day DESC, f.sessions DESC, f.report_id, f.policy, f.position OFFSET $9 LIMIT $10`,
      [
        ...[domainId, filter.from, filter.to, filter.policyType, filter.organization],
        ...[filter.resultType, filter.cause, filter.mx, skip, take],
      ],
    ),
  );
  const failures = rows.map(
    ({ total: _, sum: __, ...row }): FailureRow => ({ ...row, sessions: Number(row.sessions) }),
  );
  return { failures, total: Number(totals?.total ?? 0), sessions: Number(totals?.sum ?? 0) };
}

/** Whether the domain has any report, counted or not. */
export async function hasReports(domainId: string): Promise<boolean> {
  return (await sql("SELECT 1 FROM reports WHERE domain_id = $1 LIMIT 1", [domainId])).length > 0;
}

/** Failure details that one page shows: a report may hold 100,000. */
export const MOST_DETAILS = 1_000;

/** One report with all that is in it, but of very many failure details; null when the domain has none with this id. */
export async function reportWithAll(domainId: string, id: string) {
  if (!isId(id)) return null;
  const [heads, policies, failures] = await Promise.all([
    sql<ReportHead>(
      `SELECT r.id, r.organization, r.report_id AS "reportId", r.contact, r.begin_at AS "beginAt", r.end_at AS "endAt",
              r.day::text AS day, r.received_at AS "receivedAt", r.door, r.quirks, r.counted, r.held, r.thinned,
              r.dkim, r.dkim_signer AS "dkimSigner", r.dkim_reason AS "dkimReason", r.raw_hash AS "rawHash",
              r.content_hash AS "contentHash",
              w.bytes IS NOT NULL AS "hasBytes", w.file_name AS "fileName", w.size,
              (SELECT n.id FROM reports n WHERE n.domain_id = r.domain_id AND n.identity_hash = r.identity_hash
               AND n.counted AND n.id <> r.id LIMIT 1) AS "replacedBy",
              ARRAY(SELECT n.id FROM reports n WHERE n.domain_id = r.domain_id AND n.identity_hash = r.identity_hash
               AND r.counted AND NOT n.counted AND NOT n.held AND n.id <> r.id
               ORDER BY n.received_at DESC, n.id DESC LIMIT 20) AS replaces
       FROM reports r JOIN raw_files w ON w.domain_id = r.domain_id AND w.hash = r.raw_hash
       WHERE r.domain_id = $1 AND r.id = $2::uuid`,
      [domainId, id],
    ),
    sql<PolicyRow & { successes: string; failures: string }>(
      `SELECT position, policy_type AS type, policy_domain AS domain, strings, mx,
              successes::text AS successes, failures::text AS failures
       FROM policy_results WHERE domain_id = $1 AND report_id = $2::uuid ORDER BY position`,
      [domainId, id],
    ),
    // Those with the most sessions of each policy in turn, so that none is left with nothing while another has hundreds.
    sql<DetailRow & { sessions: string; inAll: string }>(
      `SELECT policy, result_type AS "resultType", cause, sending_ip AS "sendingIp", mx, helo, receiving_ip AS "receivingIp",
              f.sessions::text AS sessions, reason, additional, "inAll"
       FROM (
         SELECT *, row_number() OVER (PARTITION BY policy ORDER BY sessions DESC, position) AS rank,
                count(*) OVER (PARTITION BY policy)::text AS "inAll"
         FROM failures WHERE domain_id = $1 AND report_id = $2::uuid
       ) f
       ORDER BY rank, policy LIMIT $3`,
      [domainId, id, MOST_DETAILS],
    ),
  ]);
  const head = heads[0];
  if (head === undefined) return null;
  const ofPolicies = Map.groupBy(failures, ({ policy }) => policy);
  return {
    ...head,
    policies: policies.map((policy) => {
      const details = ofPolicies.get(policy.position) ?? [];
      return {
        ...policy,
        successes: Number(policy.successes),
        failures: Number(policy.failures),
        details: details.map(({ inAll: _, ...failure }) => ({ ...failure, sessions: Number(failure.sessions) })),
        /** With those that are not among `details`. */
        detailsInAll: Number(details[0]?.inAll ?? 0),
      };
    }),
  };
}

interface ReportHead {
  id: string;
  organization: string;
  reportId: string | null;
  contact: string | null;
  beginAt: Date;
  endAt: Date;
  day: string;
  receivedAt: Date;
  door: string;
  quirks: string[];
  counted: boolean;
  /** Waits for a person. */
  held: boolean;
  /** What was in it was removed after the team's time for details. */
  thinned: boolean;
  /** "pass", "fail", "none" or "temporary"; null when it came in no mail. */
  dkim: string | null;
  dkimSigner: string | null;
  dkimReason: string | null;
  rawHash: string;
  /** False once the team's time for raw bytes is over. */
  hasBytes: boolean;
  fileName: string | null;
  size: number;
  contentHash: string;
  /** The revision that counts in its place; a held report has one too when another counts. */
  replacedBy: string | null;
  /** Revisions in whose place it counts, the latest first. */
  replaces: string[];
}

interface PolicyRow {
  position: number;
  type: string;
  domain: string | null;
  strings: string[];
  mx: string[];
}

interface DetailRow {
  policy: number;
  resultType: string;
  cause: string;
  sendingIp: string | null;
  mx: string | null;
  helo: string | null;
  receivingIp: string | null;
  reason: string | null;
  additional: string | null;
}

/** The bytes as they arrived of one report; null when there are none, or not any more. */
export async function rawFileOfReport(domainId: string, id: string) {
  if (!isId(id)) return null;
  const rows = await sql<{ bytes: Buffer; fileName: string | null }>(
    `SELECT w.bytes, w.file_name AS "fileName" FROM reports r
     JOIN raw_files w ON w.domain_id = r.domain_id AND w.hash = r.raw_hash
     WHERE r.domain_id = $1 AND r.id = $2::uuid AND w.bytes IS NOT NULL`,
    [domainId, id],
  );
  return rows[0] ?? null;
}

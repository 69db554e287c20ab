import { sql } from "./client.ts";
import { REPORT_STATE, type ReportFilter, type ReportState, type RowFilter } from "./read-reports.ts";

/** One policy result with what its report says of itself. */
export interface ExportedReport {
  id: string;
  day: string;
  organization: string;
  reportId: string | null;
  contact: string | null;
  receivedAt: Date;
  door: string;
  outcome: ReportState;
  dkim: string | null;
  dkimSigner: string | null;
  quirks: string[];
  /** Null, as all that follows, once the report's details were removed. */
  policyType: string | null;
  policyDomain: string | null;
  successes: string | null;
  failures: string | null;
}

/** Behind which report the next rows begin; null at the beginning. */
export type AfterReport = { day: string; id: string } | null;

/**
 * The policy results of the next `take` reports, the latest day first; fewer reports than that are the last ones. What comes in
 * meanwhile moves nothing.
 */
export function exportReports(domainId: string, filter: ReportFilter, after: AfterReport, take: number) {
  return sql<ExportedReport>(
    `WITH next AS (
       SELECT r.* FROM reports r
       WHERE r.domain_id = $1 AND ($2::date IS NULL OR r.day >= $2) AND ($3::date IS NULL OR r.day <= $3)
         AND ($4::text IS NULL OR r.thinned OR EXISTS (
           SELECT 1 FROM policy_results q WHERE q.domain_id = $1 AND q.report_id = r.id AND q.policy_type = $4))
         AND ($5::text IS NULL OR r.organization = $5) AND ($6::text IS NULL OR r.door = $6)
         AND ($7::text IS NULL OR ${REPORT_STATE} = $7) AND ($8::date IS NULL OR (r.day, r.id) < ($8::date, $9::uuid))
       ORDER BY r.day DESC, r.id DESC LIMIT $10
     )
     SELECT r.id, r.day::text AS day, r.organization, r.report_id AS "reportId", r.contact, r.received_at AS "receivedAt",
            r.door, ${REPORT_STATE} AS outcome, r.dkim, r.dkim_signer AS "dkimSigner", r.quirks,
            p.policy_type AS "policyType", p.policy_domain AS "policyDomain", p.successes::text, p.failures::text
     FROM next r LEFT JOIN policy_results p
       ON p.domain_id = $1 AND p.report_id = r.id AND ($4::text IS NULL OR p.policy_type = $4)
     ORDER BY r.day DESC, r.id DESC, p.position`,
    [
      ...[domainId, filter.from, filter.to, filter.policyType, filter.organization, filter.door, filter.outcome],
      ...[after?.day ?? null, after?.id ?? null, take],
    ],
  );
}

/** One failure of a counted report. */
export interface ExportedFailure {
  reportId: string;
  policy: number;
  position: number;
  day: string;
  organization: string;
  policyType: string;
  resultType: string;
  cause: string;
  mx: string | null;
  helo: string | null;
  sendingIp: string | null;
  receivingIp: string | null;
  sessions: string;
  reason: string | null;
  additional: string | null;
}

/** Behind which failure the next rows begin; null at the beginning. */
export type AfterFailure = Pick<ExportedFailure, "day" | "reportId" | "policy" | "position"> | null;

/** The next `take` failures of counted reports, the latest day first. */
export function exportFailures(domainId: string, filter: RowFilter, after: AfterFailure, take: number) {
  return sql<ExportedFailure>(
    `SELECT f.report_id AS "reportId", f.policy, f.position, f.day::text AS day, f.organization,
            f.policy_type AS "policyType", f.result_type AS "resultType", f.cause, f.mx, f.helo,
            f.sending_ip AS "sendingIp", f.receiving_ip AS "receivingIp", f.sessions::text, f.reason, f.additional
     FROM failures f JOIN reports r ON r.domain_id = f.domain_id AND r.id = f.report_id AND r.counted
     WHERE f.domain_id = $1 AND r.domain_id = $1 AND ($2::date IS NULL OR f.day >= $2) AND ($3::date IS NULL OR f.day <= $3)
       AND ($4::text IS NULL OR f.policy_type = $4) AND ($5::text IS NULL OR f.organization = $5)
       AND ($6::text IS NULL OR f.result_type = $6) AND ($7::text IS NULL OR f.cause = $7)
       AND ($8::text IS NULL OR coalesce(f.mx, '') = $8)
       AND ($9::date IS NULL OR (f.day, f.report_id, f.policy, f.position) < ($9::date, $10::uuid, $11::int, $12::int))
     ORDER BY f.day DESC, f.report_id DESC, f.policy DESC, f.position DESC LIMIT $13`,
    [
      ...[domainId, filter.from, filter.to, filter.policyType, filter.organization],
      ...[filter.resultType, filter.cause, filter.mx],
      ...[after?.day ?? null, after?.reportId ?? null, after?.policy ?? null, after?.position ?? null, take],
    ],
  );
}

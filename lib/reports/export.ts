import {
  type AfterFailure,
  type AfterReport,
  type ExportedFailure,
  type ExportedReport,
  exportFailures,
  exportReports,
} from "#lib/db/export-reports.ts";
import type { ReportFilter, RowFilter } from "#lib/db/read-reports.ts";
import { csvLine } from "#lib/domains/csv.ts";

/** Reports or failures of one part of a file: what is in memory at a time. */
const AT_ONCE = 1_000;

const REPORT_COLUMNS = [
  ...["day", "reporter", "report_id", "contact", "received", "door", "outcome", "dkim", "dkim_signer", "quirks"],
  ...["policy_type", "policy_domain", "successful_sessions", "failed_sessions"],
];

/** A domain's reports as CSV, a row for each policy result, since types must not be added up; in parts. */
export async function* reportsCsv(domainId: string, filter: ReportFilter): AsyncGenerator<string> {
  yield csvLine(REPORT_COLUMNS);
  let after: AfterReport = null;
  for (;;) {
    const rows: ExportedReport[] = await exportReports(domainId, filter, after, AT_ONCE);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(reportLine).join("");
    after = { day: last.day, id: last.id };
  }
}

function reportLine(row: ExportedReport): string {
  return csvLine([
    ...[row.day, row.organization, row.reportId, row.contact, row.receivedAt.toISOString(), row.door, row.outcome],
    ...[row.dkim, row.dkimSigner, row.quirks.join(" "), row.policyType, row.policyDomain],
    ...[row.successes, row.failures],
  ]);
}

const FAILURE_COLUMNS = [
  ...["day", "reporter", "policy_type", "result_type", "cause", "mail_host", "helo", "sending_ip", "receiving_ip"],
  ...["failed_sessions", "reason", "additional_information", "report"],
];

/** The failures of a domain's counted reports as CSV; in parts. */
export async function* failuresCsv(domainId: string, filter: RowFilter): AsyncGenerator<string> {
  yield csvLine(FAILURE_COLUMNS);
  let after: AfterFailure = null;
  for (;;) {
    const rows: ExportedFailure[] = await exportFailures(domainId, filter, after, AT_ONCE);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(failureLine).join("");
    after = last;
  }
}

function failureLine(row: ExportedFailure): string {
  return csvLine([
    ...[row.day, row.organization, row.policyType, row.resultType, row.cause, row.mx, row.helo],
    ...[row.sendingIp, row.receivingIp, row.sessions, row.reason, row.additional, row.reportId],
  ]);
}

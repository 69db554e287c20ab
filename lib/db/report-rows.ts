import type { Columns } from "./insert-rows.ts";
import type { ReportToStore } from "./store-reports.ts";

/** Tokens and host names stand in keys of the totals, which hold about 2,700 bytes; what is longer is no name. */
const TOKEN_LENGTH = 64;
const NAME_LENGTH = 253;

/** The row of the bytes that a report came in, in `raw_files`. */
export function fileRow({ domainId, raw, receivedAt }: ReportToStore) {
  const { hash, bytes, fileName } = raw;
  return { domain_id: domainId, hash, bytes, size: bytes.length, file_name: fileName, received_at: receivedAt };
}

export const FILE_COLUMNS: Columns<ReturnType<typeof fileRow>> = {
  ...{ domain_id: "uuid", hash: "text", bytes: "bytea", size: "int", file_name: "text", received_at: "timestamptz" },
};

/** The row of a report in the table `reports`. */
export function reportRow({ report, ...item }: ReportToStore, id: string) {
  return {
    ...{ domain_id: item.domainId, id, organization: item.organization, report_id: report.reportId },
    ...{ contact: report.contact, begin_at: report.begin, end_at: report.end, day: report.day },
    ...{ received_at: item.receivedAt, door: item.door, quirks: report.quirks, raw_hash: item.raw.hash },
    ...{ identity_hash: item.identityHash, content_hash: item.contentHash, held: item.held },
    counted: !item.held,
    ...{ dkim: item.sender?.verdict ?? null, dkim_signer: item.sender?.signer ?? null },
    dkim_reason: item.sender?.reason ?? null,
  };
}

export const REPORT_COLUMNS: Columns<ReturnType<typeof reportRow>> = {
  ...{ domain_id: "uuid", id: "uuid", organization: "text", report_id: "text", contact: "text" },
  ...{ begin_at: "timestamptz", end_at: "timestamptz", day: "date", received_at: "timestamptz", door: "text" },
  ...{ quirks: "text[]", raw_hash: "text", identity_hash: "text", content_hash: "text", held: "boolean" },
  ...{ counted: "boolean", dkim: "text", dkim_signer: "text", dkim_reason: "text" },
};

/** Its rows in `policy_results`. */
export function policyRows({ domainId, organization, report }: ReportToStore, id: string) {
  return report.policies.map((policy, position) => ({
    ...{ domain_id: domainId, report_id: id, position, day: report.day, organization },
    ...{ policy_type: policy.type.slice(0, TOKEN_LENGTH), policy_domain: policy.domain },
    ...{ strings: policy.strings ?? [], mx: policy.mx ?? [], successes: policy.successes, failures: policy.failures },
  }));
}

export const POLICY_COLUMNS: Columns<ReturnType<typeof policyRows>[number]> = {
  ...{ domain_id: "uuid", report_id: "uuid", position: "int", day: "date", organization: "text", policy_type: "text" },
  ...{ policy_domain: "text", strings: "text[]", mx: "text[]", successes: "bigint", failures: "bigint" },
};

/** Its rows in `failures`, made one by one: all of the largest report's at once would be as large as the report. */
export function* failureRows({ domainId, organization, report }: ReportToStore, id: string) {
  for (const [policyPosition, policy] of report.policies.entries()) {
    for (const [position, detail] of policy.details.entries()) {
      yield {
        ...{ domain_id: domainId, report_id: id, policy: policyPosition, position, day: report.day, organization },
        ...{ policy_type: policy.type.slice(0, TOKEN_LENGTH) },
        result_type: (detail.resultType ?? "").slice(0, TOKEN_LENGTH),
        ...{ cause: (detail.cause ?? "").slice(0, TOKEN_LENGTH), mx: detail.mx?.slice(0, NAME_LENGTH) ?? null },
        ...{ sending_ip: detail.sendingIp, helo: detail.helo, receiving_ip: detail.receivingIp },
        ...{ sessions: detail.sessions, reason: detail.reason, additional: detail.additional },
      };
    }
  }
}

export type FailureRow = ReturnType<typeof failureRows> extends Generator<infer Row> ? Row : never;

export const FAILURE_COLUMNS: Columns<FailureRow> = {
  ...{ domain_id: "uuid", report_id: "uuid", policy: "int", position: "int", day: "date", organization: "text" },
  ...{ policy_type: "text", result_type: "text", cause: "text", mx: "text", sending_ip: "text", helo: "text" },
  ...{ receiving_ip: "text", sessions: "bigint", reason: "text", additional: "text" },
};

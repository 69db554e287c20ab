import type { ReportToStore } from "./store-reports.ts";

/** Tokens and host names stand in keys of the totals, which hold about 2,700 bytes; what is longer is no name. */
const TOKEN_LENGTH = 64;
const NAME_LENGTH = 253;

/** The row of a report in the table `reports`. */
export function reportRow({ report, ...item }: ReportToStore, id: string) {
  return {
    ...{ domain_id: item.domainId, id, organization: item.organization, report_id: report.reportId },
    ...{ contact: report.contact, begin_at: report.begin, end_at: report.end, day: report.day },
    ...{ received_at: item.receivedAt, door: item.door, quirks: report.quirks, raw_hash: item.raw.hash },
    ...{ identity_hash: item.identityHash, content_hash: item.contentHash, held: item.held },
    ...{ dkim: item.sender?.verdict ?? null, dkim_signer: item.sender?.signer ?? null },
    dkim_reason: item.sender?.reason ?? null,
  };
}

/** Its rows in `policy_results`. */
export function policyRows({ domainId, organization, report }: ReportToStore, id: string) {
  return report.policies.map((policy, position) => ({
    ...{ domain_id: domainId, report_id: id, position, day: report.day, organization },
    ...{ policy_type: policy.type.slice(0, TOKEN_LENGTH), policy_domain: policy.domain },
    ...{ strings: policy.strings ?? [], mx: policy.mx ?? [], successes: policy.successes, failures: policy.failures },
  }));
}

/** Its rows in `failures`. */
export function failureRows({ domainId, organization, report }: ReportToStore, id: string) {
  return report.policies.flatMap((policy, policyPosition) =>
    policy.details.map((detail, position) => ({
      ...{ domain_id: domainId, report_id: id, policy: policyPosition, position, day: report.day, organization },
      ...{ policy_type: policy.type.slice(0, TOKEN_LENGTH) },
      result_type: (detail.resultType ?? "").slice(0, TOKEN_LENGTH),
      ...{ cause: (detail.cause ?? "").slice(0, TOKEN_LENGTH), mx: detail.mx?.slice(0, NAME_LENGTH) ?? null },
      ...{ sending_ip: detail.sendingIp, helo: detail.helo, receiving_ip: detail.receivingIp },
      ...{ sessions: detail.sessions, reason: detail.reason, additional: detail.additional },
    })),
  );
}

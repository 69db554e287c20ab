import { mailHostsOf } from "#lib/checks/answers.ts";
import type { Facts } from "#lib/checks/gather.ts";
import { readStsPolicy } from "#lib/standards/sts-policy.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";
import { readTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";

/** What a lookup's facts come to, for pages that do not show each verdict; null is "not there" or "not seen". */
export interface FactSummary {
  /** Hosts that receive the domain's mail, the most preferred first; null when they could not be seen. */
  mailHosts: string[] | null;
  /** The policy that senders use. */
  policy: { mode: "enforce" | "testing" | "none"; maxAge: number; mx: string[] } | null;
  policyId: string | null;
  /** Destinations of the TLS-RPT record. */
  rua: string[];
}

/** Reads the facts of a stored lookup. */
export function summarise(facts: Facts): FactSummary {
  const mail = mailHostsOf(facts.mx, facts.domainAddresses);
  const mailHosts =
    mail.kind === "hosts"
      ? mail.hosts.map((host) => host.exchange)
      : mail.kind === "implicit"
        ? [facts.domain]
        : mail.kind === "unknown"
          ? null
          : [];
  const http = facts.policyFetch?.http;
  const policy = http?.status === 200 ? readStsPolicy(http.body).value : null;
  const record = facts.stsTxt.result.ok ? readStsRecord(facts.stsTxt.result.records).value : null;
  const tlsRpt = facts.tlsRptTxt.result.ok ? readTlsRptRecord(facts.tlsRptTxt.result.records).value : null;
  return {
    mailHosts,
    policy: policy && { mode: policy.mode, maxAge: policy.maxAge, mx: policy.mx },
    policyId: record?.id ?? null,
    rua: tlsRpt?.rua.map((destination) => destination.uri) ?? [],
  };
}

import type { PolicyHost } from "./policy-host.ts";
import { DNS_DOMAINS } from "./world-dns.ts";
import { LOOPBACK, REPORTS_HOST, type WorldDomain } from "./world-domain.ts";
import { HTTP_DOMAINS } from "./world-http.ts";
import { MX_DOMAINS } from "./world-mx.ts";
import { NAME_DOMAINS } from "./world-names.ts";
import { POLICY_DOMAINS } from "./world-policy.ts";
import { POLICY_VALUE_DOMAINS } from "./world-policy-values.ts";
import { RECORD_DOMAINS } from "./world-record.ts";
import { TLS_DOMAINS } from "./world-tls.ts";
import { TLS_RPT_DOMAINS } from "./world-tls-rpt.ts";
import type { Zone, ZoneRecords } from "./zone.ts";

/** Every domain of the lab, with what a lookup has to say about it. */
export const WORLD: readonly WorldDomain[] = [
  ...MX_DOMAINS,
  ...RECORD_DOMAINS,
  ...TLS_DOMAINS,
  ...HTTP_DOMAINS,
  ...POLICY_DOMAINS,
  ...POLICY_VALUE_DOMAINS,
  ...TLS_RPT_DOMAINS,
  ...NAME_DOMAINS,
  ...DNS_DOMAINS,
];

// Names that belong to no domain of the table: where reports go, and a provider.
const SURROUNDINGS: [string, ZoneRecords][] = [
  ["reports.test", { MX: [[10, REPORTS_HOST]] }],
  [REPORTS_HOST, { A: [LOOPBACK] }],
  ["backup.provider.test", { A: [LOOPBACK] }],
];

/** All names of these domains in one zone. */
export function zoneOf(domains: readonly WorldDomain[]): Zone {
  return {
    names: new Map([...SURROUNDINGS, ...domains.flatMap(({ names }) => [...names])]),
    switches: new Map(domains.flatMap(({ switches }) => [...switches])),
  };
}

/** The policy hosts of these domains by name. */
export function policyHostsOf(domains: readonly WorldDomain[]): Map<string, PolicyHost> {
  return new Map(domains.flatMap(({ name, policyHost }) => (policyHost ? [[`mta-sts.${name}`, policyHost]] : [])));
}

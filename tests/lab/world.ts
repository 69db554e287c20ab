import { isDeepStrictEqual } from "node:util";
import { WELL_KNOWN_MAIL_HOSTS } from "#lib/probes/outward.ts";
import type { MailAddress } from "./mail-host.ts";
import type { PolicyHost } from "./policy-host.ts";
import { DANE_DOMAINS } from "./world-dane.ts";
import { DNS_DOMAINS } from "./world-dns.ts";
import { LOOPBACK, REPORTS_HOST, type WorldDomain } from "./world-domain.ts";
import { HTTP_DOMAINS } from "./world-http.ts";
import { MX_DOMAINS } from "./world-mx.ts";
import { NAME_DOMAINS } from "./world-names.ts";
import { POLICY_DOMAINS } from "./world-policy.ts";
import { POLICY_VALUE_DOMAINS } from "./world-policy-values.ts";
import { RECORD_DOMAINS } from "./world-record.ts";
import { SMTP_DOMAINS } from "./world-smtp.ts";
import { SMTP_TLS_DOMAINS } from "./world-smtp-tls.ts";
import { TLS_DOMAINS } from "./world-tls.ts";
import { TLS_RPT_DOMAINS } from "./world-tls-rpt.ts";
import { type Switches, type Zone, ZoneNames, type ZoneRecords } from "./zone.ts";

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
  ...SMTP_DOMAINS,
  ...SMTP_TLS_DOMAINS,
  ...DANE_DOMAINS,
];

// The zones whose signatures tell whether a resolver validates.
const SIGNED_ZONES = ["", "com", "org"];
const SIGNED_SOA = { mname: "ns.lab.test", rname: "hostmaster.lab.test", serial: 1, minimum: 60 };

// Names that belong to no domain of the table: where reports go, a provider, and the world outside.
const SURROUNDINGS: [string, ZoneRecords][] = [
  ["reports.test", { MX: [[10, REPORTS_HOST]] }],
  [REPORTS_HOST, { A: [LOOPBACK] }],
  ...SIGNED_ZONES.map((name): [string, ZoneRecords] => [name, { SOA: SIGNED_SOA }]),
  ...WELL_KNOWN_MAIL_HOSTS.map((name): [string, ZoneRecords] => [name, { A: [LOOPBACK] }]),
];
const SURROUNDING_SWITCHES = SIGNED_ZONES.map((name): [string, Switches] => [name, { authenticated: true }]);

/** All names of these domains in one zone. */
export function zoneOf(domains: readonly WorldDomain[]): Zone {
  return {
    names: new ZoneNames([...SURROUNDINGS, ...domains.flatMap(({ names }) => [...names])]),
    switches: new Map([...SURROUNDING_SWITCHES, ...domains.flatMap(({ switches }) => [...switches])]),
  };
}

/**
 * The addresses of the mail hosts of these domains, each once.
 * @throws Error when two hosts have the same
 */
export function mailAddressesOf(domains: readonly WorldDomain[]): MailAddress[] {
  const found = new Map<string, MailAddress>();
  for (const at of domains.flatMap(({ mailAddresses }) => mailAddresses)) {
    const known = found.get(at.address);
    if (known && !isDeepStrictEqual(known, at)) throw new Error(`${at.address} is for ${known.name} and ${at.name}`);
    found.set(at.address, at);
  }
  return [...found.values()];
}

/** The policy hosts of these domains by name. */
export function policyHostsOf(domains: readonly WorldDomain[]): Map<string, PolicyHost> {
  return new Map(
    domains.flatMap(({ name, policyHost, webHosts }) => [
      ...(policyHost ? ([[`mta-sts.${name}`, policyHost]] as const) : []),
      ...webHosts,
    ]),
  );
}

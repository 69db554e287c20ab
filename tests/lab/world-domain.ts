import { CATALOGUE } from "#lib/checks/catalogue.ts";
import type { CheckName, Status } from "#lib/checks/verdict.ts";
import type { CertificateKind } from "./authority.ts";
import { type MailAddress, type MailHost, mailAddress } from "./mail-host.ts";
import type { HttpAnswer, PolicyHost } from "./policy-host.ts";
import type { TlsaSet, TlsaSpec } from "./tlsa.ts";
import type { Switches, ZoneRecords } from "./zone.ts";

/** One domain of the lab: how it is, and what a lookup has to say about it. */
export interface WorldDomain {
  /** Under .test. */
  name: string;
  /** A sentence on what is special. */
  about: string;
  /** Rows of the requirements that it stands for, such as M10 or T3. */
  rows: string[];
  names: Map<string, ZoneRecords>;
  switches: Map<string, Switches>;
  policyHost: PolicyHost | null;
  /** Web hosts besides, such as those that take TLS reports. */
  webHosts: Map<string, PolicyHost>;
  /** Each address of its mail hosts. */
  mailAddresses: MailAddress[];
  tlsa: TlsaSet[];
  expect: Record<CheckName, Status>;
  /** Code of the finding that tells what is special; null where all is well. */
  finding: string | null;
}

/** What differs from a domain on which all is well. An "@" in a name or pattern, and "{domain}" in a TXT, stand for the domain. */
export interface Differences {
  /** Preference and host. Null: no MX at all. */
  mx?: [number, string][] | null;
  /** TXT records at _mta-sts, each one string or several. Null: none. */
  record?: string | (string | string[])[] | null;
  /** TXT records at _smtp._tls, likewise. */
  tlsRpt?: string | (string | string[])[] | null;
  /** The policy: its fields, its whole text, or a change to the text of a good one. */
  policy?: Fields | string | ((good: string) => string);
  /** How the host answers; with the policy unless it says otherwise. */
  answer?: Partial<HttpAnswer>;
  host?: Omit<PolicyHost, "answer">;
  /**
   * How its mail hosts behave, by name, one for each of their addresses, which they get of themselves. The hosts of its MX
   * records are well without an entry here.
   */
  mail?: Record<string, MailHost | MailHost[]>;
  /** TLSA records of its mail hosts, by the name of the host, or of where its aliases end. */
  tlsa?: Record<string, { specs: TlsaSpec[]; certificate?: CertificateKind; host?: string; ttl?: number }>;
  /** Web hosts by name, at 127.0.0.1. */
  web?: Record<string, PolicyHost>;
  /** Addresses of the policy host. */
  addresses?: { A?: string[]; AAAA?: string[] };
  /** Names with what they hold instead. Null removes. */
  names?: Record<string, ZoneRecords | null>;
  /** Switches for names and all that is below them. */
  switches?: Record<string, Switches>;
}

/** Fields of a policy, with values as they are to be written. */
export interface Fields {
  version?: string;
  mode?: string;
  maxAge?: string | number;
  mx?: string[];
  /** Lines after the others. */
  more?: string[];
}

export const LOOPBACK = "127.0.0.1";
/** Takes the reports of all domains. */
export const REPORTS_HOST = "mail.reports.test";

/** No policy host can be reached, so nothing that follows is tested. */
export const AFTER_HOST = {
  "mta-sts-certificate": "skipped",
  "mta-sts-fetch": "skipped",
  "mta-sts-policy": "skipped",
  "mta-sts-mode": "skipped",
  "mta-sts-max-age": "skipped",
  "mta-sts-mx": "skipped",
} as const;

/** The domain has no DNSSEC, and all that comes with it; and a few checks have nothing to say but that. */
const USUAL: Partial<Record<CheckName, Status>> = {
  dnssec: "info",
  "dane-records": "info",
  "dane-match": "info",
  "mta-sts-id": "info",
  "tls-rpt-hosts": "info",
};

const MAIL_HOST_CHECKS: CheckName[] = [
  ...(["mx-address", "starttls", "mx-certificate", "mx-tls"] as const),
  ...(["dane-records", "dane-match", "tls-rpt-hosts"] as const),
];

/** What is said of each check where a row does not say otherwise: after a check that is not well others are skipped. */
function expectations(expected: Partial<Record<CheckName, Status>>): WorldDomain["expect"] {
  const found: Partial<Record<CheckName, Status>> = {};
  const stops = (name: CheckName) => ["fail", "error", "skipped"].includes(found[name] ?? "");
  for (const { check, needs } of CATALOGUE.filter((entry) => entry.check !== "outcome")) {
    const isSkipped = needs.some(stops) || (MAIL_HOST_CHECKS.includes(check) && stops("mx"));
    found[check] = expected[check] ?? (isSkipped ? "skipped" : (USUAL[check] ?? "pass"));
  }
  // Without a policy that is in force, senders encrypt of their own accord.
  const isFree = POLICY_CHECKS.some(stops) || found["mta-sts-mode"] !== "pass";
  found.outcome = expected.outcome ?? (stops("mx") ? "skipped" : isFree ? "info" : "pass");
  return found as WorldDomain["expect"];
}

const POLICY_CHECKS = [
  ...["mta-sts-record", "mta-sts-host", "mta-sts-certificate"],
  ...["mta-sts-fetch", "mta-sts-policy", "mta-sts-mode"],
] as CheckName[];

const MONTH = 30 * 24 * 60 * 60;

/**
 * A domain that is well but for its differences, and passes every check but for those named and those that need DNSSEC or
 * an earlier lookup.
 * @param label name without ".test"
 */
export function domain(
  label: string,
  about: string,
  rows: string[],
  differences: Differences = {},
  expected: Partial<Record<CheckName, Status>> = {},
  finding: string | null = null,
): WorldDomain {
  const name = `${label}.test`;
  const mailAddresses = mailAddressesOf(name, differences);
  return {
    name,
    about,
    rows,
    names: namesOf(name, differences, mailAddresses),
    switches: new Map(Object.entries(differences.switches ?? {}).map(([below, value]) => [full(below, name), value])),
    policyHost: { ...differences.host, answer: { body: bodyOf(name, differences.policy), ...differences.answer } },
    webHosts: new Map(Object.entries(differences.web ?? {}).map(([host, how]) => [full(host, name), how])),
    mailAddresses,
    tlsa: Object.entries(differences.tlsa ?? {}).map(([base, { host = base, certificate = "good", ...others }]) => {
      return { ...others, at: `_25._tcp.${full(base, name)}`, host: full(host, name), certificate };
    }),
    expect: expectations(expected),
    finding,
  };
}

/** The text of a policy, lines ended by CRLF. */
function policyText(name: string, fields: Fields): string {
  const { version = "STSv1", mode = "enforce", maxAge = MONTH, mx = ["mx1.@"], more = [] } = fields;
  const patterns = mx.map((pattern) => `mx: ${full(pattern, name)}`);
  return [`version: ${version}`, `mode: ${mode}`, ...patterns, `max_age: ${maxAge}`, ...more, ""].join("\r\n");
}

const USUAL_MX: [number, string][] = [[10, "mx1.@"]];

/** Under .test, each mail host has addresses of its own. */
function mailAddressesOf(name: string, { mx = USUAL_MX, mail = {} }: Differences): MailAddress[] {
  const hosts = new Map<string, MailHost[]>((mx ?? []).map(([, host]) => [full(host, name), [{}]]));
  for (const [host, how] of Object.entries(mail)) hosts.set(full(host, name), [how].flat());
  const ours = [...hosts].filter(([host]) => host.endsWith(".test"));
  return ours.flatMap(([host, hows]) => {
    return hows.map((how, number) => ({ address: mailAddress(host, number), name: host, host: how }));
  });
}

function namesOf(
  name: string,
  differences: Differences,
  mailAddresses: readonly MailAddress[],
): Map<string, ZoneRecords> {
  const { mx = USUAL_MX, record = "v=STSv1; id=20261001T120000;" } = differences;
  const { addresses = { A: [LOOPBACK] } } = differences;
  const { tlsRpt = "v=TLSRPTv1; rua=mailto:tls-reports@reports.{domain}" } = differences;
  const names = new Map<string, ZoneRecords>();
  names.set(name, mx === null ? {} : { MX: mx.map(([preference, host]) => [preference, full(host, name)]) });
  for (const { name: at, address, host } of mailAddresses) {
    const records = names.get(at) ?? {};
    const { A = [], AAAA = [] } = records;
    names.set(
      at,
      host.ipv6 ? { ...records, AAAA: [...AAAA, `::ffff:${address}`] } : { ...records, A: [...A, address] },
    );
  }
  if (record !== null) names.set(`_mta-sts.${name}`, { TXT: strings(record, name) });
  if (tlsRpt !== null) {
    names.set(`_smtp._tls.${name}`, { TXT: strings(tlsRpt, name) });
    names.set(`reports.${name}`, { MX: [[10, REPORTS_HOST]] });
  }
  names.set(`mta-sts.${name}`, addresses);
  for (const host of Object.keys(differences.web ?? {})) {
    const at = full(host, name);
    names.set(at, { ...names.get(at), A: [LOOPBACK] });
  }
  for (const [below, records] of Object.entries(differences.names ?? {})) {
    if (records === null) names.delete(full(below, name));
    else names.set(full(below, name), inFull(records, name));
  }
  return names;
}

function strings(records: string | (string | string[])[], name: string): string[][] {
  return [records].flat().map((one) => [one].flat().map((text) => text.replaceAll("{domain}", name)));
}

function bodyOf(name: string, policy: Differences["policy"] = {}): string {
  if (typeof policy === "string") return policy;
  return typeof policy === "function" ? policy(policyText(name, {})) : policyText(name, policy);
}

function inFull(records: ZoneRecords, name: string): ZoneRecords {
  const { CNAME, MX, TXT } = records;
  return {
    ...records,
    ...(TXT === undefined ? {} : { TXT: strings(TXT, name) }),
    ...(CNAME === undefined ? {} : { CNAME: full(CNAME, name) }),
    ...(MX === undefined ? {} : { MX: MX.map(([preference, host]) => [preference, full(host, name)]) }),
  };
}

function full(text: string, name: string): string {
  return text.replaceAll("@", name);
}

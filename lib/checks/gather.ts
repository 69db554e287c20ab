import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import type { DnsFact, MxRecord, TxtRecord } from "#lib/probes/dns-fact.ts";
import type { CaaRecord, SoaRecord, TlsaRecord } from "#lib/probes/dns-rdata.ts";
import type { HttpsDestinationFact } from "#lib/probes/https-destination.ts";
import type { PolicyAgentFact, PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import type { OutwardFact, SmtpFact } from "#lib/probes/smtp-fact.ts";
import { mistakenTlsRptNames, policyHost, stsRecordName, tlsRptRecordName } from "#lib/standards/record-names.ts";
import type { ReportDestination } from "#lib/standards/report-destination.ts";
import { readTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";
import { askMailHosts, askSmtp, type MailHostFact } from "./mail-host-facts.ts";
import { asOneSender, fetchFromEach } from "./policy-fetches.ts";
import { withoutThrows } from "./probe-failures.ts";

export interface AddressFacts {
  a: DnsFact<string>;
  aaaa: DnsFact<string>;
}

/** Whether the domain of a `mailto:` destination accepts mail. */
export interface DestinationFact {
  domain: string;
  mx: DnsFact<MxRecord>;
  /** Asked for only where there is no MX; otherwise null. */
  addresses: AddressFacts | null;
}

/** An `https:` destination of TLS reports (T13). */
export interface WebDestinationFact {
  url: string;
  /** Null where the URL names an address itself. */
  addresses: AddressFacts | null;
  /** Null where its host has no address. */
  seen: HttpsDestinationFact | null;
}

/** A name below the domain that may receive mail, and whether it has a policy of its own (M36). */
export interface SubdomainFact {
  name: string;
  mx: DnsFact<MxRecord>;
  /** Asked for only where there is an MX; otherwise null. */
  stsTxt: DnsFact<TxtRecord> | null;
}

/** The policy that an earlier lookup of this domain saw, from the policy ledger. */
export interface EarlierPolicy {
  /** Null where there was no valid record beside it. */
  id: string | null;
  /** The body as it was served, octets as latin1 chars. */
  body: string;
  /** When it was last seen, ISO 8601 in UTC. */
  seenAt: string;
}

/** All that a lookup saw of a domain: plain values, stored as JSON, and judged again when a rule is corrected. */
export interface Facts {
  domain: string;
  /** When the lookup began, ISO 8601 in UTC. */
  checkedAt: string;
  mx: DnsFact<MxRecord>;
  /** For the implicit MX (RFC 5321 §5.1): asked for only where there is no MX; otherwise null. */
  domainAddresses: AddressFacts | null;
  /** The SOA records of names that are known to be signed: answers without the AD bit come from a resolver that does not validate. */
  signedNames: DnsFact<SoaRecord>[];
  /** The most preferred first; none where no mail host is known. */
  mailHosts: MailHostFact[];
  /** One for each address of each mail host. */
  smtp: SmtpFact[];
  /** Null when some mail host answered, or there is none. */
  outward: OutwardFact | null;
  stsTxt: DnsFact<TxtRecord>;
  policyHostAddresses: AddressFacts;
  /** Null when the policy host has no address. */
  policyFetch: PolicyFetchFact | null;
  /** The same from each address of the policy host, one by one; empty when there is only one. */
  policyFetches: PolicyFetchFact[];
  /** How the policy host answers others than Sealpost; empty when the policy was not fetched. */
  policyAgents: PolicyAgentFact[];
  /** The CAA records that hold for the policy host: at its name or at the closest above it that has some (RFC 8659 §3). */
  policyHostCaa: DnsFact<CaaRecord> | null;
  /** Null where none was seen before, or nobody keeps account. */
  earlierPolicy: EarlierPolicy | null;
  /** Names below the domain that often receive mail, those that do; and one that nobody would use, for a wildcard. */
  subdomains: SubdomainFact[];
  tlsRptTxt: DnsFact<TxtRecord>;
  /** The names at which the TLS-RPT record is found by mistake: asked only where the right one has none. */
  mistakenTlsRptTxt: DnsFact<TxtRecord>[];
  destinations: DestinationFact[];
  webDestinations: WebDestinationFact[];
}

/** The facts of a lookup, each on its way. None of the promises rejects. */
export type Gathering = {
  [Name in keyof Facts]: Name extends "domain" | "checkedAt" ? Facts[Name] : Promise<Facts[Name]>;
};

/** What asks the network; a parameter, so that a test is a table of answers. */
export interface Probes {
  resolveMx(name: string): Promise<DnsFact<MxRecord>>;
  resolveTxt(name: string): Promise<DnsFact<TxtRecord>>;
  resolveAddresses(name: string): Promise<AddressFacts>;
  resolveTlsa(name: string): Promise<DnsFact<TlsaRecord>>;
  resolveSoa(name: string): Promise<DnsFact<SoaRecord>>;
  resolveCaa(name: string): Promise<DnsFact<CaaRecord>>;
  fetchPolicy(host: string, address: string): Promise<PolicyFetchFact>;
  askPolicyAgents(host: string, address: string): Promise<PolicyAgentFact[]>;
  askHttpsDestination(url: string, addresses: string[]): Promise<HttpsDestinationFact>;
  /** @param base the TLSA base, where it is another name than the host's own */
  speakSmtp(host: string, address: string, base: string | null): Promise<SmtpFact>;
  reachOutward(): Promise<OutwardFact>;
}

/** A record may name any number of destinations; a lookup looks at no more mail domains than these. */
export const MAX_DESTINATIONS = 8;

/** Zones that are signed since long before this program: the root, and two of its largest (RFC 9364). */
const SIGNED_NAMES = ["", "com", "org"];

/** Labels below which newsletters, lists and services receive mail of their own (M36). */
const MAIL_LABELS = ["mail", "email", "news", "newsletter", "lists", "support", "info", "bounce"];

/** Asks for all facts of a domain, side by side as far as one does not depend on another. Judges nothing. */
export function gather(domain: string, given: Probes, now: Date): Gathering {
  const probes = withoutThrows(given);
  const mx = probes.resolveMx(domain);
  const domainAddresses = mx.then((fact) => askAddressesWithoutMx(probes, fact));
  const policyHostAddresses = probes.resolveAddresses(policyHost(domain));
  const tlsRptTxt = probes.resolveTxt(tlsRptRecordName(domain));
  const mailHosts = Promise.all([mx, domainAddresses]).then(([hosts, own]) => askMailHosts(probes, domain, hosts, own));
  const smtp = mailHosts.then((hosts) => askSmtp(probes, hosts));
  // RFC 8461 §8.1 (M74): the body is published before the record, so the fetch does not wait for the record.
  const fetches = policyHostAddresses.then((found) => fetchFromEach(probes, policyHost(domain), recordsOfBoth(found)));
  const policyFetch = fetches.then(asOneSender);
  return {
    domain,
    checkedAt: now.toISOString(),
    mx,
    domainAddresses,
    signedNames: Promise.all(SIGNED_NAMES.map((name) => probes.resolveSoa(name))),
    mailHosts,
    smtp,
    outward: smtp.then((spoken) => (isSilent(spoken) ? probes.reachOutward() : null)),
    stsTxt: probes.resolveTxt(stsRecordName(domain)),
    policyHostAddresses,
    policyFetch,
    policyFetches: fetches.then((each) => (each.length < 2 ? [] : Promise.all(each))),
    policyAgents: policyFetch.then((fetched) => askAgents(probes, fetched)),
    policyHostCaa: askCaa(probes, policyHost(domain)),
    // A lookup is shared by all who ask; what a team has seen before is put in when it is kept.
    earlierPolicy: Promise.resolve(null),
    subdomains: askSubdomains(probes, domain),
    tlsRptTxt,
    mistakenTlsRptTxt: tlsRptTxt.then((fact) =>
      isWithoutTlsRpt(fact) ? Promise.all(mistakenTlsRptNames(domain).map((name) => probes.resolveTxt(name))) : [],
    ),
    destinations: tlsRptTxt.then((fact) =>
      Promise.all(mailDomains(fact).map((name) => askDestination(probes, name, domain, mx, domainAddresses))),
    ),
    webDestinations: tlsRptTxt.then((fact) =>
      Promise.all(webDestinations(fact).map((one) => askWebDestination(probes, one))),
    ),
  };
}

/** Waits for all facts. */
export async function collect(gathering: Gathering): Promise<Facts> {
  return {
    domain: gathering.domain,
    checkedAt: gathering.checkedAt,
    mx: await gathering.mx,
    domainAddresses: await gathering.domainAddresses,
    signedNames: await gathering.signedNames,
    mailHosts: await gathering.mailHosts,
    smtp: await gathering.smtp,
    outward: await gathering.outward,
    stsTxt: await gathering.stsTxt,
    policyHostAddresses: await gathering.policyHostAddresses,
    policyFetch: await gathering.policyFetch,
    policyFetches: await gathering.policyFetches,
    policyAgents: await gathering.policyAgents,
    policyHostCaa: await gathering.policyHostCaa,
    earlierPolicy: await gathering.earlierPolicy,
    subdomains: await gathering.subdomains,
    tlsRptTxt: await gathering.tlsRptTxt,
    mistakenTlsRptTxt: await gathering.mistakenTlsRptTxt,
    destinations: await gathering.destinations,
    webDestinations: await gathering.webDestinations,
  };
}

/** True when the answer is known and holds nothing that was meant as a TLS-RPT record (T1). */
function isWithoutTlsRpt(fact: DnsFact<TxtRecord>): boolean {
  return isAbsent(fact) || (fact.result.ok && !readTlsRptRecord(fact.result.records).attempted);
}

/** The domains of the `mailto:` destinations that a lookup looks at, each once. */
function mailDomains(fact: DnsFact<TxtRecord>): string[] {
  const reading = readTlsRptRecord(fact.result.ok ? fact.result.records : []);
  const mail = reading.value?.rua.filter((destination) => destination.scheme === "mailto") ?? [];
  return [...new Set(mail.map((destination) => destination.domain))].slice(0, MAX_DESTINATIONS);
}

/** The `https:` destinations that a lookup looks at, each once. */
function webDestinations(fact: DnsFact<TxtRecord>): ReportDestination[] {
  const reading = readTlsRptRecord(fact.result.ok ? fact.result.records : []);
  const web = reading.value?.rua.filter((destination) => destination.scheme === "https") ?? [];
  return [...new Map(web.map((destination) => [destination.uri, destination])).values()].slice(0, MAX_DESTINATIONS);
}

async function askWebDestination(probes: Probes, { uri: url, domain }: ReportDestination): Promise<WebDestinationFact> {
  if (isIP(domain.replace(/^\[|\]$/g, "")) !== 0) {
    return { url, addresses: null, seen: await probes.askHttpsDestination(url, []) };
  }
  const addresses = await probes.resolveAddresses(domain);
  const found = recordsOfBoth(addresses);
  return { url, addresses, seen: found.length === 0 ? null : await probes.askHttpsDestination(url, found) };
}

async function askDestination(
  probes: Probes,
  name: string,
  domain: string,
  ownMx: Promise<DnsFact<MxRecord>>,
  ownAddresses: Promise<AddressFacts | null>,
): Promise<DestinationFact> {
  if (name === domain) return { domain: name, mx: await ownMx, addresses: await ownAddresses };
  const mx = await probes.resolveMx(name);
  return { domain: name, mx, addresses: await askAddressesWithoutMx(probes, mx) };
}

async function askAddressesWithoutMx(probes: Probes, mx: DnsFact<MxRecord>): Promise<AddressFacts | null> {
  const isNoName = !mx.result.ok && mx.result.failure === "no-such-name";
  return isAbsent(mx) && !isNoName ? probes.resolveAddresses(mx.name) : null;
}

async function askAgents(probes: Probes, fetched: PolicyFetchFact | null): Promise<PolicyAgentFact[]> {
  if (fetched === null || fetched.address === null || fetched.http === null) return [];
  return probes.askPolicyAgents(fetched.host, fetched.address);
}

/** RFC 8659 §3: the closest name, from the host upwards, that has CAA records. */
async function askCaa(probes: Probes, host: string): Promise<DnsFact<CaaRecord> | null> {
  const labels = host.split(".");
  for (let from = 0; from < labels.length - 1; from++) {
    const fact = await probes.resolveCaa(labels.slice(from).join("."));
    if (!isAbsent(fact)) return fact;
  }
  return null;
}

async function askSubdomains(probes: Probes, domain: string): Promise<SubdomainFact[]> {
  const asked = [...MAIL_LABELS, `sealpost-${randomBytes(6).toString("hex")}`].map(async (label) => {
    const name = `${label}.${domain}`;
    const mx = await probes.resolveMx(name);
    return { name, mx, stsTxt: isAbsent(mx) ? null : await probes.resolveTxt(stsRecordName(name)) };
  });
  return (await Promise.all(asked)).filter(({ stsTxt }) => stsTxt !== null);
}

function isSilent(spoken: readonly SmtpFact[]): boolean {
  return spoken.length > 0 && spoken.every(({ greeting }) => greeting === null);
}

function isAbsent(fact: DnsFact<unknown>): boolean {
  if (fact.result.ok) return fact.result.records.length === 0;
  return fact.result.failure === "no-such-name" || fact.result.failure === "no-data";
}

function recordsOfBoth(found: AddressFacts): string[] {
  return [found.a, found.aaaa].flatMap((fact) => (fact.result.ok ? fact.result.records : []));
}

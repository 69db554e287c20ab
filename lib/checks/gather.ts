import type { DnsFact, DnsType, MxRecord, TxtRecord } from "#lib/probes/dns-fact.ts";
import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import {
  mistakenTlsRptNames,
  policyHost,
  policyUrl,
  stsRecordName,
  tlsRptRecordName,
} from "#lib/standards/record-names.ts";
import { readTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";

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

/** All that a lookup saw of a domain: plain values, stored as JSON, and judged again when a rule is corrected. */
export interface Facts {
  domain: string;
  /** When the lookup began, ISO 8601 in UTC. */
  checkedAt: string;
  mx: DnsFact<MxRecord>;
  /** For the implicit MX (RFC 5321 §5.1): asked for only where there is no MX; otherwise null. */
  domainAddresses: AddressFacts | null;
  stsTxt: DnsFact<TxtRecord>;
  policyHostAddresses: AddressFacts;
  /** Null when the policy host has no address. */
  policyFetch: PolicyFetchFact | null;
  tlsRptTxt: DnsFact<TxtRecord>;
  /** The names at which the TLS-RPT record is found by mistake: asked only where the right one has none. */
  mistakenTlsRptTxt: DnsFact<TxtRecord>[];
  destinations: DestinationFact[];
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
  fetchPolicy(host: string, addresses: string[]): Promise<PolicyFetchFact>;
}

/** A record may name any number of destinations; a lookup looks at no more mail domains than these. */
export const MAX_DESTINATIONS = 8;

/** Asks for all facts of a domain, side by side as far as one does not depend on another. Judges nothing. */
export function gather(domain: string, probes: Probes, now: Date): Gathering {
  const mx = askMx(probes, domain);
  const domainAddresses = mx.then((fact) => askAddressesWithoutMx(probes, fact));
  const policyHostAddresses = askAddresses(probes, policyHost(domain));
  const tlsRptTxt = askTxt(probes, tlsRptRecordName(domain));
  return {
    domain,
    checkedAt: now.toISOString(),
    mx,
    domainAddresses,
    stsTxt: askTxt(probes, stsRecordName(domain)),
    policyHostAddresses,
    // RFC 8461 §8.1 (M74): the body is published before the record, so the fetch does not wait for the record.
    policyFetch: policyHostAddresses.then((found) => fetchPolicy(probes, domain, recordsOfBoth(found))),
    tlsRptTxt,
    mistakenTlsRptTxt: tlsRptTxt.then((fact) =>
      isWithoutTlsRpt(fact) ? Promise.all(mistakenTlsRptNames(domain).map((name) => askTxt(probes, name))) : [],
    ),
    destinations: tlsRptTxt.then((fact) =>
      Promise.all(mailDomains(fact).map((name) => askDestination(probes, name, domain, mx, domainAddresses))),
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
    stsTxt: await gathering.stsTxt,
    policyHostAddresses: await gathering.policyHostAddresses,
    policyFetch: await gathering.policyFetch,
    tlsRptTxt: await gathering.tlsRptTxt,
    mistakenTlsRptTxt: await gathering.mistakenTlsRptTxt,
    destinations: await gathering.destinations,
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

async function askDestination(
  probes: Probes,
  name: string,
  domain: string,
  ownMx: Promise<DnsFact<MxRecord>>,
  ownAddresses: Promise<AddressFacts | null>,
): Promise<DestinationFact> {
  if (name === domain) return { domain: name, mx: await ownMx, addresses: await ownAddresses };
  const mx = await askMx(probes, name);
  return { domain: name, mx, addresses: await askAddressesWithoutMx(probes, mx) };
}

async function askAddressesWithoutMx(probes: Probes, mx: DnsFact<MxRecord>): Promise<AddressFacts | null> {
  const isNoName = !mx.result.ok && mx.result.failure === "no-such-name";
  return isAbsent(mx) && !isNoName ? askAddresses(probes, mx.name) : null;
}

async function fetchPolicy(probes: Probes, domain: string, addresses: string[]): Promise<PolicyFetchFact | null> {
  if (addresses.length === 0) return null;
  const host = policyHost(domain);
  try {
    return await probes.fetchPolicy(host, addresses);
  } catch (cause) {
    const failure = { code: "network-unreachable", detail: messageOf(cause) } as const;
    const nothing = { address: null, attempts: [], tls: null, legacyVersions: null, http: null };
    return { url: policyUrl(domain), host, ...nothing, failure, milliseconds: 0 };
  }
}

function askMx(probes: Probes, name: string): Promise<DnsFact<MxRecord>> {
  return orFailure(name, "MX", () => probes.resolveMx(name));
}

function askTxt(probes: Probes, name: string): Promise<DnsFact<TxtRecord>> {
  return orFailure(name, "TXT", () => probes.resolveTxt(name));
}

async function askAddresses(probes: Probes, name: string): Promise<AddressFacts> {
  try {
    return await probes.resolveAddresses(name);
  } catch (cause) {
    return { a: failure(name, "A", cause), aaaa: failure(name, "AAAA", cause) };
  }
}

async function orFailure<T>(name: string, type: DnsType, ask: () => Promise<DnsFact<T>>): Promise<DnsFact<T>> {
  try {
    return await ask();
  } catch (cause) {
    return failure(name, type, cause);
  }
}

/** A probe that throws has not looked: that is a fact too, and never an answer. */
function failure(name: string, type: DnsType, cause: unknown): DnsFact<never> {
  const result = { ok: false, failure: "network", detail: messageOf(cause) } as const;
  return { name, type, chain: [], authenticated: false, resolver: "", milliseconds: 0, result };
}

function isAbsent(fact: DnsFact<unknown>): boolean {
  if (fact.result.ok) return fact.result.records.length === 0;
  return fact.result.failure === "no-such-name" || fact.result.failure === "no-data";
}

function recordsOfBoth(found: AddressFacts): string[] {
  return [found.a, found.aaaa].flatMap((fact) => (fact.result.ok ? fact.result.records : []));
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

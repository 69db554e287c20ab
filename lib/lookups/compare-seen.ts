import { type Answer, addressesOf, answerOf, mailHostsOf } from "#lib/checks/answers.ts";
import type { AddressFacts, Facts } from "#lib/checks/gather.ts";
import type { MailHostFact } from "#lib/checks/mail-host-facts.ts";
import { resolverValidates, type Security, securityOf } from "#lib/checks/security.ts";
import { isStatus, type Status } from "#lib/checks/verdict.ts";
import { storableJson } from "#lib/db/storable-json.ts";
import type { MxRecord, TxtRecord } from "#lib/probes/dns-fact.ts";
import type { PolicyFetchFact, ServedCertificate } from "#lib/probes/policy-fact.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { policyHost } from "#lib/standards/record-names.ts";
import { readStsPolicy, type StsPolicy } from "#lib/standards/sts-policy.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";
import { readTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";

export type SeenCertificate = Pick<ServedCertificate, "issuer" | "notAfter"> & { fingerprint: string };
export type SeenPolicy = Pick<StsPolicy, "mode" | "maxAge" | "mx">;

/** What can change, and how each is remembered; null is "seen not to be there". */
export interface SeenValues {
  mx: MxRecord[];
  a: string[];
  aaaa: string[];
  certificate: SeenCertificate | null;
  tlsa: string[];
  "sts-id": string | null;
  policy: SeenPolicy | null;
  "tls-rpt-record": string | null;
  dnssec: Security;
  worst: Status;
}
export type SeenKind = keyof SeenValues;

/** The addresses that a host answered with lately, in one family. */
export interface AddressPool {
  /** When one of them last came back, where that was lately: the host rotates its addresses. */
  rotates: string | null;
  addresses: PooledAddress[];
}

export interface PooledAddress {
  address: string;
  /** When it was last seen. */
  seenAt: string;
  /** What the history says of it; "slow" is there, after it had been told as gone too early. */
  told: "there" | "gone" | "slow";
  /** The last certificate at an address that is away. */
  certificate?: SeenCertificate | null;
}

/** One thing that was seen of the domain; what could not be seen has no entry. */
export interface SeenEntry<Kind extends SeenKind = SeenKind> {
  kind: Kind;
  /** The domain, a host, "host [address]", or the name of a TLSA record. */
  subject: string;
  /** The mail host or policy host that it belongs to; null where it is the domain's own. */
  host: string | null;
  /** The address that it was seen at, where it belongs to one. */
  address: string | null;
  value: SeenValues[Kind];
  /** Beside addresses that were compared with earlier ones; older versions kept none. */
  pool?: AddressPool;
}
export type Seen = { [Kind in SeenKind]: SeenEntry<Kind> }[SeenKind][];

/** A lookup as it was stored, by whichever version: older ones did not ask for all that is asked for now. */
export interface ToCompare {
  facts: Pick<Facts, "domain"> & Partial<Facts>;
  worst: string;
}

/** Everything that one lookup saw and that can change, as it comes back from the database. */
export function seenIn({ facts, worst }: ToCompare): Seen {
  const { domain, mx, signedNames = [], mailHosts = [], smtp = [] } = facts;
  const seen: Seen = [];
  const own = { subject: domain, host: null, address: null };
  const hosts = mx && mailHostsSeen(facts);
  if (hosts) seen.push({ kind: "mx", ...own, value: hosts });
  const validates = mx ? resolverValidates({ signedNames, mx, mailHosts }) : null;
  const security = mx ? securityOf(mx, validates) : "indeterminate";
  if (security !== "indeterminate") seen.push({ kind: "dnssec", ...own, value: security });
  for (const host of mailHosts) seen.push(...mailHostSeen(host, validates));
  for (const dialogue of smtp) seen.push(...certificateOfDialogue(dialogue));
  seen.push(...policyHostSeen(facts));
  const id = facts.stsTxt && recordSeen(answerOf(facts.stsTxt), (records) => readStsRecord(records).value?.id ?? null);
  if (id !== undefined) seen.push({ kind: "sts-id", ...own, value: id });
  const policy = policySeen(facts);
  if (policy !== undefined) seen.push({ kind: "policy", ...own, value: policy });
  const tlsRpt = facts.tlsRptTxt && recordSeen(answerOf(facts.tlsRptTxt), tlsRptText);
  if (tlsRpt !== undefined) seen.push({ kind: "tls-rpt-record", ...own, value: tlsRpt });
  // A lookup that could not look at everything does not know its worst status.
  if (isStatus(worst) && worst !== "error") seen.push({ kind: "worst", ...own, value: worst });
  // Names and texts of strangers hold what the database cannot: the next lookup is compared with what was stored.
  return JSON.parse(storableJson(seen)) as Seen;
}

/** Where mail goes; undefined when that could not be seen. The null MX is the empty name (RFC 7505 §3). */
function mailHostsSeen({ domain, mx, domainAddresses = null }: ToCompare["facts"]): MxRecord[] | undefined {
  if (mx === undefined) return undefined;
  const mail = mailHostsOf(mx, domainAddresses);
  if (mail.kind === "unknown") return undefined;
  if (mail.kind === "hosts") return mail.hosts;
  if (mail.kind === "none") return [];
  return [{ exchange: mail.kind === "implicit" ? domain : "", preference: 0 }];
}

function mailHostSeen({ name, addresses, tlsa }: MailHostFact, validates: boolean | null): Seen {
  const seen: Seen = addressesSeen(name, addresses);
  const both = [addresses.a, addresses.aaaa].map((fact) => securityOf(fact, validates));
  const security = (["bogus", "indeterminate", "insecure"] as const).find((one) => both.includes(one)) ?? "secure";
  const own = { host: name, address: null };
  if (security !== "indeterminate") seen.push({ kind: "dnssec", subject: name, ...own, value: security });
  for (const { base, records } of tlsa) {
    const answer = answerOf(records);
    if (answer.kind !== "records" && answer.kind !== "absent") continue;
    const texts = (answer.kind === "records" ? answer.records : []).map(
      ({ usage, selector, matchingType, data }) => `${usage} ${selector} ${matchingType} ${data}`,
    );
    seen.push({ kind: "tlsa", subject: base, ...own, value: texts });
  }
  return seen;
}

function addressesSeen(host: string, addresses: AddressFacts): Seen {
  return (["a", "aaaa"] as const).flatMap((kind): Seen => {
    const answer = answerOf(addresses[kind]);
    if (answer.kind !== "records" && answer.kind !== "absent") return [];
    const value = answer.kind === "records" ? answer.records : [];
    return [{ kind, subject: host, host, address: null, value }];
  });
}

function certificateOfDialogue({ host, address, starttls, tls }: SmtpFact): Seen {
  const leaf = tls?.chain[0];
  // A host that offers no TLS has no certificate; one that fails at it may have.
  if (leaf === undefined && starttls?.state !== "not-offered") return [];
  return [certificateAt(host, address, leaf)];
}

function policyHostSeen({ domain, policyHostAddresses, policyFetch, policyFetches = [] }: ToCompare["facts"]): Seen {
  const host = policyHost(domain);
  const seen = policyHostAddresses ? addressesSeen(host, policyHostAddresses) : [];
  const served = new Map<string, ServedCertificate>();
  for (const { address, tls } of [...policyFetches, ...(policyFetch ? [policyFetch] : [])]) {
    const leaf = tls?.chain[0];
    if (address !== null && leaf !== undefined) served.set(address, leaf);
  }
  for (const [address, leaf] of served) seen.push(certificateAt(host, address, leaf));
  return seen;
}

function certificateAt(host: string, address: string, leaf: ServedCertificate | undefined): SeenEntry<"certificate"> {
  const value = leaf ? { fingerprint: leaf.fingerprint256, issuer: leaf.issuer, notAfter: leaf.notAfter } : null;
  return { kind: "certificate", subject: `${host} [${address}]`, host, address, value };
}

/** What a record says, null where there is none; undefined when nobody answered. */
function recordSeen<Value>(answer: Answer<TxtRecord>, read: (records: TxtRecord[]) => Value): Value | null | undefined {
  if (answer.kind === "records") return read(answer.records);
  return answer.kind === "absent" ? null : undefined;
}

function tlsRptText(records: TxtRecord[]): string | null {
  const { attempted, text } = readTlsRptRecord(records);
  return attempted ? text : null;
}

/** The policy that senders find, null where they find none; undefined when the policy host could not be asked. */
function policySeen({ policyHostAddresses, policyFetch }: ToCompare["facts"]): SeenPolicy | null | undefined {
  if (policyFetch) return policyServed(policyFetch);
  if (policyHostAddresses === undefined) return undefined;
  const { addresses, unanswered, loop } = addressesOf(policyHostAddresses);
  return addresses.length === 0 && unanswered.length === 0 && loop === null ? null : undefined;
}

function policyServed({ http }: PolicyFetchFact): SeenPolicy | null | undefined {
  // A server that is out of order, or tired of us, does not say that there is no policy.
  if (http === null || http.status >= 500 || http.status === 429) return undefined;
  const policy = http.status === 200 && !http.tooLarge ? readStsPolicy(http.body).value : null;
  return policy && { mode: policy.mode, maxAge: policy.maxAge, mx: policy.mx };
}

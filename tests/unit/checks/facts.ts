import type { AddressFacts, Facts } from "#lib/checks/gather.ts";
import type { MailHostFact } from "#lib/checks/mail-host-facts.ts";
import type { DnsFact, DnsFailure, DnsType, MxRecord, TxtRecord } from "#lib/probes/dns-fact.ts";
import type { FetchFailure, HttpFact, PolicyFetchFact, ServedCertificate, TlsFact } from "#lib/probes/policy-fact.ts";
import type { SmtpFact, SmtpFailure } from "#lib/probes/smtp-fact.ts";

/** The domain of these tests, and the moment of the lookup. */
export const DOMAIN = "example.org";
export const HOST = `mta-sts.${DOMAIN}`;
export const NOW = "2026-11-22T08:00:00.000Z";
export const POLICY = "version: STSv1\nmode: enforce\nmx: mx1.example.org\nmx: mx2.example.org\nmax_age: 7776000\n";
export const STS = "v=STSv1; id=20261122;";
export const RPT = "v=TLSRPTv1; rua=mailto:tls@reports.example.net";

function fact<T>(name: string, type: DnsType, chain: string[], result: DnsFact<T>["result"]): DnsFact<T> {
  return { name, type, chain, authenticated: false, resolver: "127.0.0.1:53", milliseconds: 12, result };
}

/** An answer with records. */
export function found<T>(name: string, type: DnsType, records: T[], ttl = 3600, chain: string[] = []): DnsFact<T> {
  return fact(name, type, chain, { ok: true, records, ttl });
}

/** An answer without records, or none. */
export function failed(name: string, type: DnsType, failure: DnsFailure, chain: string[] = []): DnsFact<never> {
  return fact<never>(name, type, chain, { ok: false, failure, detail: `test: ${failure}` });
}

export function mxOf(...exchanges: (string | [number, string])[]): DnsFact<MxRecord> {
  const records = exchanges.map((one, i) =>
    typeof one === "string" ? { preference: 10 * (i + 1), exchange: one } : { preference: one[0], exchange: one[1] },
  );
  return found(DOMAIN, "MX", records);
}

export function txtOf(name: string, texts: string[], ttl = 3600, chain: string[] = []): DnsFact<TxtRecord> {
  const records = texts.map((text) => ({ strings: [text], ttl }));
  return found(name, "TXT", records, ttl, chain);
}

export const stsOf = (...texts: string[]) => txtOf(`_mta-sts.${DOMAIN}`, texts);
export const rptOf = (...texts: string[]) => txtOf(`_smtp._tls.${DOMAIN}`, texts);

/** Addresses of both families; an empty list is an answer without data. */
export function addressesAt(name: string, a: string[], aaaa: string[] = [], chain: string[] = []): AddressFacts {
  const answer = (type: "A" | "AAAA", list: string[]) =>
    list.length > 0 ? found(name, type, list, 3600, chain) : failed(name, type, "no-data", chain);
  return { a: answer("A", a), aaaa: answer("AAAA", aaaa) };
}

export function noAddressesAt(name: string, failure: DnsFailure, chain: string[] = []): AddressFacts {
  return { a: failed(name, "A", failure, chain), aaaa: failed(name, "AAAA", failure, chain) };
}

export function certificate(changes: Partial<ServedCertificate> = {}): ServedCertificate {
  return {
    subject: `CN=${HOST}`,
    issuer: "CN=Test Issuing CA",
    dnsNames: [HOST],
    commonName: HOST,
    notBefore: "2026-10-23T08:00:00.000Z",
    notAfter: "2027-01-21T08:00:00.000Z",
    serialNumber: "01",
    fingerprint256: "AB:CD",
    pem: "",
    ...changes,
  };
}

const ISSUER = certificate({ subject: "CN=Test Issuing CA", issuer: "CN=Test Root", dnsNames: [], commonName: null });

export function tlsWith(changes: Partial<TlsFact> & { leaf?: Partial<ServedCertificate> } = {}): TlsFact {
  const { leaf = {}, ...rest } = changes;
  const chain = [certificate(leaf), ISSUER];
  return { version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", chain, chainError: null, ...rest };
}

export function httpWith(changes: Partial<HttpFact> = {}): HttpFact {
  return { status: 200, location: null, contentType: "text/plain", body: POLICY, tooLarge: false, ...changes };
}

/** A fetch that came to an answer. */
export function fetched(changes: Partial<PolicyFetchFact> = {}): PolicyFetchFact {
  return {
    url: `https://${HOST}/.well-known/mta-sts.txt`,
    host: HOST,
    address: "192.0.2.10",
    attempts: [],
    tls: tlsWith(),
    legacyVersions: [],
    http: httpWith(),
    failure: null,
    milliseconds: 120,
    ...changes,
  };
}

/** A fetch whose answer was this policy. */
export const served = (body: string) => fetched({ http: httpWith({ body }) });

/** A fetch whose certificate is not accepted, so that nothing was asked for. */
export const withTls = (tls: TlsFact, changes: Partial<PolicyFetchFact> = {}) =>
  fetched({ tls, http: null, ...changes });

/** A fetch that ended before TLS was up. */
export function notReached(code: FetchFailure, changes: Partial<PolicyFetchFact> = {}): PolicyFetchFact {
  const attempts = [{ address: "192.0.2.10", failure: code, detail: `test: ${code}` }];
  const failure = { code, detail: `test: ${code}` };
  return fetched({ address: null, attempts, tls: null, legacyVersions: null, http: null, failure, ...changes });
}

/** A fetch that ended after TLS was up. */
export const brokenOff = (code: FetchFailure) => fetched({ http: null, failure: { code, detail: `test: ${code}` } });

/** The same answer, vouched for by a resolver that validates. */
export function secure<T>(answer: DnsFact<T>): DnsFact<T> {
  return { ...answer, authenticated: true };
}

/** The same with a signature that has held for some hours, and will for others. */
export function signedFor<T>(answer: DnsFact<T>, since: number, left: number): DnsFact<T> {
  const at = (hours: number) => new Date(Date.parse(NOW) + hours * 3_600_000).toISOString();
  return { ...secure(answer), signature: { inception: at(-since), expiration: at(left) } };
}

/** The names known to be signed, as a resolver answers that validates, or one that does not. */
export function signedNames(validates: boolean): Facts["signedNames"] {
  return ["", "com", "org"].map((name) => {
    const soa = { primary: "ns.example.net", mailbox: "hostmaster.example.net", serial: 1, minimum: 60 };
    return { ...found(name, "SOA", [soa]), authenticated: validates };
  });
}

/** A mail host with one address of each family, and no TLSA or TLS-RPT records. */
export function mailHost(name: string, preference = 10, changes: Partial<MailHostFact> = {}): MailHostFact {
  const tlsa = [{ base: name, records: failed(`_25._tcp.${name}`, "TLSA", "no-such-name") }];
  const tlsRptTxt = failed(`_smtp._tls.${name}`, "TXT", "no-such-name");
  return { name, preference, addresses: addressesAt(name, ["192.0.2.25"]), tlsa, tlsRptTxt, ...changes };
}

/** A dialogue in which all went well. */
export function spoken(host: string, address = "192.0.2.25", changes: Partial<SmtpFact> = {}): SmtpFact {
  const leaf = certificate({ subject: `CN=${host}`, commonName: host, dnsNames: [host], fingerprint256: host });
  const tls = { ...tlsWith(), chain: [leaf, ISSUER], keyExchange: "X25519" };
  const fine = { accepted: true, detail: null };
  return {
    ...{ host, address, failure: null, greeting: { code: 220, lines: [`${host} ESMTP`] }, milliseconds: 80 },
    keywords: ["PIPELINING", "STARTTLS"],
    starttls: { state: "established", reply: { code: 220, lines: ["Go ahead"] }, detail: null },
    tls,
    keywordsInside: ["PIPELINING", "REQUIRETLS"],
    withoutSni: { fingerprint256: leaf.fingerprint256, chain: tls.chain, detail: null },
    versions: [
      { version: "TLSv1", accepted: false, detail: "unsupported protocol" },
      { version: "TLSv1.1", accepted: false, detail: "unsupported protocol" },
      { version: "TLSv1.2", ...fine },
      { version: "TLSv1.3", ...fine },
    ],
    injection: "discarded",
    ...changes,
  };
}

/** A mail host with which there was no dialogue. */
export function silent(host: string, code: SmtpFailure, address = "192.0.2.25"): SmtpFact {
  return {
    ...spoken(host, address),
    ...{ failure: { code, detail: `test: ${code}` }, greeting: null, keywords: null, starttls: null, tls: null },
    ...{ keywordsInside: null, withoutSni: null, versions: [], injection: null },
  };
}

/** A domain at which all is well, with what differs. */
export function factsWith(changes: Partial<Facts> = {}): Facts {
  const reports = "reports.example.net";
  const reportsMx = found(reports, "MX", [{ preference: 10, exchange: "mx.example.net" }]);
  return {
    domain: DOMAIN,
    checkedAt: NOW,
    mx: mxOf("mx1.example.org", "mx2.example.org"),
    domainAddresses: null,
    signedNames: signedNames(true),
    mailHosts: [mailHost("mx1.example.org", 10), mailHost("mx2.example.org", 20)],
    smtp: [spoken("mx1.example.org"), spoken("mx2.example.org")],
    outward: null,
    stsTxt: stsOf(STS),
    policyHostAddresses: addressesAt(HOST, ["192.0.2.10"], ["2001:db8::10"]),
    policyFetch: fetched(),
    policyFetches: [],
    policyAgents: [],
    policyHostCaa: null,
    earlierPolicy: null,
    subdomains: [],
    tlsRptTxt: rptOf(RPT),
    mistakenTlsRptTxt: [],
    destinations: [{ domain: reports, mx: reportsMx, addresses: null }],
    webDestinations: [],
    ...changes,
  };
}

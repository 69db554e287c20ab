import type { Facts } from "#lib/checks/gather.ts";
import type { MailHostFact } from "#lib/checks/mail-host-facts.ts";
import type { DnsFact, DnsType } from "#lib/probes/dns-fact.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { SAMPLE_ISSUER, SAMPLE_KEY_DIGEST, SAMPLE_LEAF } from "./sample-certificate.ts";
import { SAMPLE_DOMAIN, SAMPLE_HOSTS, SAMPLE_PATTERNS } from "./sample-world.ts";

const POLICY_HOST = `mta-sts.${SAMPLE_DOMAIN}`;

/** What a lookup of the sample domain would have seen: a policy in testing that forgets the third mail host. */
export function makeSampleFacts(now: Date): Facts {
  const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();
  const body = ["version: STSv1", "mode: testing", ...SAMPLE_PATTERNS.map((mx) => `mx: ${mx}`), "max_age: 604800", ""];
  const certificate = {
    ...{ subject: `CN=${POLICY_HOST}`, issuer: "CN=Sample CA", dnsNames: [POLICY_HOST], commonName: POLICY_HOST },
    ...{ notBefore: inDays(-40), notAfter: inDays(50), serialNumber: "01", fingerprint256: "", pem: "" },
  };
  return {
    domain: SAMPLE_DOMAIN,
    checkedAt: now.toISOString(),
    mx: found(
      SAMPLE_DOMAIN,
      "MX",
      SAMPLE_HOSTS.map((exchange, index) => ({ preference: 10 * (index + 1), exchange })),
    ),
    domainAddresses: null,
    signedNames: [found("", "SOA", [{ primary: "ns.example", mailbox: "hostmaster.example", serial: 1, minimum: 60 }])],
    mailHosts: SAMPLE_HOSTS.map(mailHost),
    smtp: SAMPLE_HOSTS.map((host, index) => dialogue(host, addressOf(index), inDays)),
    outward: null,
    stsTxt: found(`_mta-sts.${SAMPLE_DOMAIN}`, "TXT", [{ strings: ["v=STSv1; id=20260701080000;"], ttl: 3600 }]),
    policyHostAddresses: {
      a: found(POLICY_HOST, "A", ["192.0.2.1"]),
      aaaa: found(POLICY_HOST, "AAAA", ["2001:db8::1"]),
    },
    policyFetch: {
      url: `https://${POLICY_HOST}/.well-known/mta-sts.txt`,
      host: POLICY_HOST,
      address: "192.0.2.1",
      attempts: [],
      tls: { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", chain: [certificate], chainError: null },
      legacyVersions: [],
      http: { status: 200, location: null, contentType: "text/plain", body: body.join("\r\n"), tooLarge: false },
      failure: null,
      milliseconds: 84,
    },
    policyFetches: [],
    policyAgents: [],
    policyHostCaa: null,
    earlierPolicy: null,
    subdomains: [],
    tlsRptTxt: found(`_smtp._tls.${SAMPLE_DOMAIN}`, "TXT", [
      { strings: ["v=TLSRPTv1; rua=mailto:tls-reports@reports.example"], ttl: 3600 },
    ]),
    mistakenTlsRptTxt: [],
    webDestinations: [],
    destinations: [
      {
        domain: "reports.example",
        mx: found("reports.example", "MX", [{ preference: 10, exchange: "mx.reports.example" }]),
        addresses: null,
      },
    ],
  };
}

const addressOf = (index: number) => `198.51.100.${25 + index}`;

function mailHost(name: string, index: number): MailHostFact {
  const tlsa = { usage: 3, selector: 1, matchingType: 1, data: SAMPLE_KEY_DIGEST };
  return {
    ...{ name, preference: 10 * (index + 1) },
    addresses: { a: found(name, "A", [addressOf(index)]), aaaa: none(name, "AAAA") },
    tlsa: [{ base: name, records: found(`_25._tcp.${name}`, "TLSA", [tlsa]) }],
    tlsRptTxt: none(`_smtp._tls.${name}`, "TXT"),
  };
}

function dialogue(host: string, address: string, inDays: (days: number) => string): SmtpFact {
  const leaf = {
    ...{ subject: `CN=${SAMPLE_HOSTS[0]}`, issuer: "CN=Sample CA", dnsNames: SAMPLE_HOSTS, commonName: host },
    ...{ notBefore: inDays(-30), notAfter: inDays(60), ...SAMPLE_LEAF },
  };
  const issuer = {
    ...{ subject: "CN=Sample CA", issuer: "CN=Sample CA", dnsNames: [], commonName: "Sample CA" },
    ...{ notBefore: inDays(-900), notAfter: inDays(900), ...SAMPLE_ISSUER },
  };
  const chain = [leaf, issuer];
  const versions = [
    ...(["TLSv1", "TLSv1.1"] as const).map((version) => ({ version, accepted: false, detail: "unsupported protocol" })),
    ...(["TLSv1.2", "TLSv1.3"] as const).map((version) => ({ version, accepted: true, detail: null })),
  ];
  return {
    ...{ host, address, failure: null, milliseconds: 212 },
    greeting: { code: 220, lines: [`${host} ESMTP`] },
    keywords: ["PIPELINING", "SIZE 52428800", "STARTTLS", "8BITMIME"],
    starttls: { state: "established", reply: { code: 220, lines: ["Ready to start TLS"] }, detail: null },
    tls: { version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", chain, chainError: null, keyExchange: "X25519" },
    keywordsInside: ["PIPELINING", "SIZE 52428800", "8BITMIME"],
    withoutSni: { fingerprint256: SAMPLE_LEAF.fingerprint256, chain, detail: null },
    ...{ versions, injection: "discarded" },
  };
}

function none(name: string, type: DnsType): DnsFact<never> {
  const result = { ok: false, failure: "no-data", detail: `${name} has no ${type} record` } as const;
  return { ...found(name, type, []), result };
}

function found<T>(name: string, type: DnsType, records: T[]): DnsFact<T> {
  return {
    ...{ name, type, chain: [], authenticated: true, resolver: "sample data", milliseconds: 12 },
    result: { ok: true, records, ttl: 3600 },
  };
}

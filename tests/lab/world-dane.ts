import type { MailHost } from "./mail-host.ts";
import type { TlsaSpec } from "./tlsa.ts";
import { type Differences, domain, type WorldDomain } from "./world-domain.ts";

type Expected = WorldDomain["expect"];

/** "3 1 1" of one of the certificates. */
function tlsa(parameters: string, of: TlsaSpec["of"] = "leaf"): TlsaSpec {
  const [usage = 0, selector = 0, matchingType = 0] = parameters.split(" ").map(Number);
  return { usage, selector, matchingType, of };
}

/** The mail host is in a signed zone, the domain is not. */
const HOST_SIGNED = { "mx1.@": { authenticated: true }, "_25._tcp.mx1.@": { authenticated: true } };
const SIGNED = { "@": { authenticated: true } };
const GOOD: Partial<Expected> = { dnssec: "pass", "dane-records": "pass", "dane-match": "pass" };
const MISMATCH: Partial<Expected> = { ...GOOD, "dane-match": "fail", outcome: "fail" };

/** What is said of a domain without a record for MTA-STS. */
const WITHOUT_STS: Partial<Expected> = { "mta-sts-record": "fail" };

/** A signed domain whose only mail host has TLSA records. */
function dane(
  label: string,
  about: string,
  rows: string[],
  specs: TlsaSpec[],
  expected: Partial<Expected>,
  finding: string | null,
  more: Differences & { certificate?: NonNullable<Differences["tlsa"]>[string]["certificate"]; ttl?: number } = {},
): WorldDomain {
  const { certificate = "good", ttl, ...differences } = more;
  const all = { tlsa: { "mx1.@": { specs, certificate, ...(ttl === undefined ? {} : { ttl }) } }, switches: SIGNED };
  return domain(label, about, rows, { ...all, mail: { "mx1.@": { certificate } }, ...differences }, expected, finding);
}

/** A signed domain whose mail host is an alias, chooses its certificate by SNI, and has a TLSA record where the alias ends. */
function aliasBySni(
  label: string,
  about: string,
  { host, nameFor }: { host: string; nameFor: NonNullable<MailHost["nameFor"]> },
  expected: Partial<Expected>,
  finding: string,
): WorldDomain {
  return domain(
    label,
    about,
    ["D9", "D17"],
    {
      switches: SIGNED,
      mail: { "mx1.@": {}, "real.@": { nameFor, withoutSni: "wildcard" } },
      names: { "mx1.@": { CNAME: "real.@" } },
      // Of the whole certificate: they all have the same key.
      tlsa: { "real.@": { specs: [tlsa("3 0 1")], host } },
    },
    { ...expected, "mx-address": "warn", "dane-records": "info" },
    finding,
  );
}

/** DNSSEC, and TLSA records that mail hosts meet or do not (RFC 7672). */
export const DANE_DOMAINS: WorldDomain[] = [
  domain("signed", "It is signed, and has no TLSA records.", ["D2", "D7"], { switches: SIGNED }, { dnssec: "pass" }),
  dane("dane", "Its TLSA record holds the key of its mail host.", ["D5", "D14", "D25"], [tlsa("3 1 1")], GOOD, null),
  dane(
    "dane-wrong-key",
    "Its TLSA record holds another key than its mail host has.",
    ["D5", "D19"],
    [tlsa("3 1 1", "other")],
    MISMATCH,
    "dane-match-none",
  ),
  dane(
    "dane-rollover",
    "Its TLSA records hold the key of its mail host, and the next one.",
    ["D18"],
    [tlsa("3 1 1"), tlsa("3 1 1", "other")],
    { ...GOOD, "dane-match": "info" },
    "dane-match-rollover",
  ),
  dane("dane-anchor", "Its TLSA record holds the issuer.", ["D12", "D14"], [tlsa("2 0 1", "intermediate")], GOOD, null),
  dane(
    "dane-anchor-not-sent",
    "Its TLSA record holds the root, which its mail host does not send.",
    ["D13"],
    [tlsa("2 0 1", "root")],
    MISMATCH,
    "dane-match-anchor-not-sent",
  ),
  dane(
    "dane-anchor-sent",
    "Its TLSA record holds the root, which is sent.",
    ["D13"],
    [tlsa("2 0 1", "root")],
    GOOD,
    null,
    {
      certificate: "root-sent-too",
    },
  ),
  dane(
    "dane-anchor-in-record",
    "Its TLSA record holds the whole root, which then does not have to be sent.",
    ["D13", "D15"],
    [tlsa("2 0 0", "root")],
    { ...GOOD, "dane-records": "warn", "dane-match": "info" },
    "dane-records-full",
  ),
  dane(
    "dane-anchor-bare-key",
    "Its TLSA record holds the whole key of the root, which has to be sent all the same.",
    ["D13", "D15"],
    [tlsa("2 1 0", "root")],
    { ...MISMATCH, "dane-records": "warn" },
    "dane-match-bare-key",
  ),
  dane(
    "dane-anchor-other-name",
    "Its TLSA record holds the issuer, and the certificate names another host.",
    ["D12"],
    [tlsa("2 0 1", "intermediate")],
    { ...MISMATCH, "mx-certificate": "fail" },
    "dane-match-name",
    { certificate: "other-name" },
  ),
  dane(
    "dane-expired",
    "Its TLSA record holds the key of a certificate that has expired, which DANE does not mind.",
    ["D11"],
    [tlsa("3 1 1")],
    { ...GOOD, "mx-certificate": "fail", outcome: "fail" },
    null,
    { certificate: "expired" },
  ),
  dane(
    "dane-self-signed",
    "Its TLSA record holds a certificate that it has signed itself.",
    ["D11"],
    [tlsa("3 0 1")],
    { ...GOOD, "dane-records": "info", "dane-match": "info", "mx-certificate": "fail", outcome: "fail" },
    null,
    { certificate: "self-signed" },
  ),
  dane(
    "dane-pkix",
    "Its only TLSA record has a usage that is not for mail.",
    ["D6", "D10"],
    [tlsa("1 1 1")],
    { ...GOOD, "dane-records": "fail", "dane-match": "info" },
    "dane-match-pkix-only",
  ),
  dane(
    "dane-pkix-alone",
    "Its only TLSA record has a usage that is not for mail, and no MTA-STS protects it.",
    ["D6", "D10"],
    [tlsa("1 1 1")],
    { ...GOOD, ...WITHOUT_STS, "dane-records": "fail", "dane-match": "info", outcome: "warn" },
    "outcome-dane-unauthenticated",
    { record: null },
  ),
  dane(
    "dane-unusable-alone",
    "Its only TLSA record has a matching type that does not exist, and no MTA-STS protects it.",
    ["D6"],
    [{ ...tlsa("3 1 1"), matchingType: 9 }],
    { ...GOOD, ...WITHOUT_STS, "dane-records": "warn", "dane-match": "info", outcome: "warn" },
    "outcome-dane-unauthenticated",
    { record: null },
  ),
  dane(
    "dane-alone",
    "Its TLSA record holds the key of its mail host, and there is no MTA-STS.",
    ["D5"],
    [tlsa("3 1 1")],
    { ...GOOD, ...WITHOUT_STS, outcome: "pass" },
    "outcome-protected",
    { record: null },
  ),
  dane(
    "dane-full",
    "Its TLSA record holds the whole key instead of its digest.",
    ["D15"],
    [tlsa("3 1 0")],
    { ...GOOD, "dane-records": "warn", "dane-match": "info" },
    "dane-records-full",
  ),
  dane(
    "dane-sha512-only",
    "Its only TLSA record holds a digest by SHA-512.",
    ["D15"],
    [tlsa("3 1 2")],
    { ...GOOD, "dane-records": "warn", "dane-match": "info" },
    null,
  ),
  dane(
    "dane-combination",
    "One of its TLSA records is met, another of another kind is stale.",
    ["D19"],
    [tlsa("3 1 1"), tlsa("2 0 1", "other")],
    { ...MISMATCH, outcome: "warn" },
    "outcome-dane-combination",
  ),
  dane(
    "dane-weak-digest",
    "The weaker of its digests fits, the stronger does not, and counts alone.",
    ["D20"],
    [tlsa("3 1 1"), tlsa("3 1 2", "other")],
    MISMATCH,
    null,
  ),
  dane(
    "dane-unsigned",
    "It has a TLSA record, and no DNSSEC.",
    ["D4"],
    [tlsa("3 1 1")],
    { "dane-records": "warn" },
    null,
    { switches: {} },
  ),
  dane(
    "dane-mx-unsigned",
    "Its mail host is signed and has a TLSA record, the domain itself is not.",
    ["D8"],
    [tlsa("3 1 1")],
    { dnssec: "info", "dane-records": "pass", "dane-match": "pass" },
    "dnssec-partially-protected",
    { switches: HOST_SIGNED },
  ),
  dane(
    "dane-mx-unsigned-alone",
    "The same without MTA-STS: somebody who forges the MX record leads mail past the TLSA record.",
    ["D8"],
    [tlsa("3 1 1")],
    { ...WITHOUT_STS, dnssec: "info", "dane-records": "pass", "dane-match": "pass", outcome: "info" },
    "outcome-partially-protected",
    { switches: HOST_SIGNED, record: null },
  ),
  dane(
    "dane-mx-unsigned-wrong-key",
    "Its mail host is signed, the domain itself is not, and the TLSA record of the host holds another key.",
    ["D8"],
    [tlsa("3 1 1", "other")],
    { ...MISMATCH, dnssec: "info" },
    "dane-match-none",
    { switches: HOST_SIGNED },
  ),
  dane(
    "dane-addresses-unsigned",
    "Its TLSA record is signed and holds another key, but the addresses of its mail host are not signed.",
    ["D4"],
    [tlsa("3 1 1", "other")],
    { ...GOOD, dnssec: "info", "dane-records": "warn", "dane-match": "info" },
    "dane-records-addresses-unsigned",
    { switches: { ...SIGNED, "mx1.@": {}, "_25._tcp.mx1.@": { authenticated: true } } },
  ),
  dane(
    "dane-bogus",
    "The signatures at the name of its TLSA records are wrong.",
    ["D3"],
    [tlsa("3 1 1")],
    { dnssec: "pass", "dane-records": "fail", "dane-match": "skipped", outcome: "fail" },
    "dane-records-bogus",
    { switches: { ...SIGNED, "_25._tcp.mx1.@": { fault: "bogus" } } },
  ),
  dane(
    "dane-servfail",
    "Its name servers answer SERVFAIL for TLSA records: a broken denial of existence.",
    ["D3"],
    [],
    { dnssec: "pass", "dane-records": "fail", "dane-match": "skipped", outcome: "fail" },
    "dane-records-servfail",
    { switches: { ...SIGNED, "_25._tcp.mx1.@": { fault: "servfail" } } },
  ),
  dane(
    "dane-silent",
    "Nobody answers the question for its TLSA records.",
    ["D3"],
    [],
    { dnssec: "pass", "dane-records": "error", "dane-match": "skipped", outcome: "error" },
    null,
    { switches: { ...SIGNED, "_25._tcp.mx1.@": { fault: "silent" } } },
  ),
  dane(
    "dane-aaaa-bogus",
    "The signatures over the denial of IPv6 addresses of its mail host are wrong.",
    ["D3"],
    [tlsa("3 1 1")],
    { dnssec: "fail", "dane-records": "skipped", "dane-match": "skipped", outcome: "fail", "mx-address": "error" },
    "dnssec-host-bogus",
    { switches: { "@": { authenticated: true }, "mx1.@": { authenticated: true, fault: "bogus", faultOf: "AAAA" } } },
  ),
  dane(
    "dane-aaaa-servfail",
    "The question for IPv6 addresses of its mail host fails, and its zone is signed.",
    ["D3"],
    [tlsa("3 1 1")],
    { dnssec: "fail", "dane-records": "skipped", "dane-match": "skipped", outcome: "fail", "mx-address": "error" },
    "dnssec-host-servfail",
    {
      switches: { "@": { authenticated: true }, "mx1.@": { authenticated: true, fault: "servfail", faultOf: "AAAA" } },
    },
  ),
  dane(
    "dane-aaaa-silent",
    "Nobody answers the question for IPv6 addresses of its mail host, and its zone is signed.",
    ["D3"],
    [tlsa("3 1 1")],
    { ...GOOD, outcome: "error", "mx-address": "error" },
    "outcome-not-known",
    { switches: { "@": { authenticated: true }, "mx1.@": { authenticated: true, fault: "silent", faultOf: "AAAA" } } },
  ),
  dane(
    "dane-without-starttls",
    "It has a TLSA record, and its mail host does not offer STARTTLS.",
    ["D16"],
    [tlsa("3 1 1")],
    { ...MISMATCH, starttls: "fail", "mx-certificate": "skipped", "mx-tls": "skipped" },
    "dane-match-no-starttls",
    { mail: { "mx1.@": { keywords: [] } } },
  ),
  dane(
    "dane-partial",
    "Only one of its two mail hosts has a TLSA record.",
    ["D23"],
    [tlsa("3 1 1")],
    { ...GOOD, "dane-records": "warn" },
    "dane-records-partial",
    {
      mx: [
        [10, "mx1.@"],
        [20, "mx2.@"],
      ],
      policy: { mx: ["mx1.@", "mx2.@"] },
    },
  ),
  dane(
    "dane-alias",
    "Its mail host is an alias, and the TLSA record is where the alias ends.",
    ["D9"],
    [],
    { ...GOOD, "mx-address": "warn", "mx-certificate": "fail", "dane-records": "info", outcome: "fail" },
    "dane-records-alias",
    {
      mail: { "mx1.@": {}, "real.@": {} },
      names: { "mx1.@": { CNAME: "real.@" } },
      tlsa: { "real.@": { specs: [tlsa("3 1 1")], host: "mx1.@" } },
    },
  ),
  dane(
    "dane-alias-unsigned",
    "Its mail host is a signed alias of a name in an unsigned zone, and the TLSA record at the alias holds another key.",
    ["D9"],
    [tlsa("3 1 1", "other")],
    { ...MISMATCH, "mx-address": "warn", "dane-records": "info", dnssec: "info" },
    "dnssec-aliases-unsigned",
    {
      mail: { "mx1.@": {}, "real.@": { nameFor: (said) => said, withoutSni: "wildcard" } },
      names: { "mx1.@": { CNAME: "real.@" } },
      switches: { ...SIGNED, "mx1.@": {}, "_25._tcp.mx1.@": { authenticated: true } },
    },
  ),
  aliasBySni(
    "dane-alias-sni",
    "Its mail host has a certificate for each name, and the TLSA record is for the one that comes for the end of the alias.",
    { host: "real.@", nameFor: (said) => said },
    { ...GOOD, "dane-match": "info" },
    "dane-match-recommended",
  ),
  aliasBySni(
    "dane-alias-sni-other",
    "Its mail host has a certificate for each name, and the TLSA record is for the one that comes for the alias.",
    { host: "mx1.@", nameFor: (said) => said },
    MISMATCH,
    "dane-match-base-other",
  ),
  aliasBySni(
    "dane-alias-sni-refused",
    "Its mail host ends the handshake for the name at which the TLSA record stands.",
    { host: "mx1.@", nameFor: (said) => (said.startsWith("real.") ? null : said) },
    MISMATCH,
    "dane-match-base-refused",
  ),
  aliasBySni(
    "dane-alias-sni-only",
    "Its mail host ends the handshake for all names but the one at which the TLSA record stands.",
    { host: "real.@", nameFor: (said) => (said.startsWith("real.") ? said : null) },
    {
      ...{ ...GOOD, starttls: "fail", "mx-certificate": "skipped", "mx-tls": "skipped" },
      ...{ "dane-match": "info", outcome: "fail" },
    },
    "starttls-handshake-failed",
  ),
  dane(
    "dane-long-ttl",
    "Its TLSA record may be kept for a week, which makes each new key a week's work.",
    ["D21"],
    [tlsa("3 1 1")],
    { ...GOOD, "dane-records": "warn" },
    "dane-records-ttl-long",
    { ttl: 604_800 },
  ),
  dane(
    "dane-signature-ends",
    "The signature over its TLSA record holds for one more day, and was not renewed.",
    ["D21"],
    [tlsa("3 1 1")],
    { ...GOOD, "dane-records": "warn" },
    "dane-records-signature-expires-soon",
    { switches: { ...SIGNED, "_25._tcp.mx1.@": { authenticated: true, signature: { since: 690, left: 30 } } } },
  ),
  dane(
    "dane-signed-on-demand",
    "Its name servers sign each answer when they give it, for a day.",
    ["D21"],
    [tlsa("3 1 1")],
    GOOD,
    null,
    { switches: { "@": { authenticated: true, signature: { since: 24, left: 24 } } } },
  ),
  domain(
    "signature-ends",
    "The signatures over its MX records and its mail host hold for one more day, and were not renewed.",
    ["D21"],
    { switches: { "@": { authenticated: true, signature: { since: 690, left: 30 } } } },
    { dnssec: "warn" },
    "dnssec-mx-signature-expires-soon",
  ),
  domain(
    "mx-bogus",
    "The signatures of its MX records are wrong.",
    ["D3"],
    { switches: { "@": { fault: "bogus" }, "mta-sts.@": {}, "_mta-sts.@": {}, "_smtp._tls.@": {}, "reports.@": {} } },
    { mx: "error", dnssec: "fail", "mta-sts-host": "info", "mta-sts-mx": "skipped" },
    "dnssec-mx-bogus",
  ),
];

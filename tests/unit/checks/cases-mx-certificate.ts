import type { Facts } from "#lib/checks/gather.ts";
import type { ServedCertificate } from "#lib/probes/policy-fact.ts";
import type { MailTlsFact, SmtpFact } from "#lib/probes/smtp-fact.ts";
import { type Outcome, table } from "./case.ts";
import { addressesAt, certificate, mailHost, mxOf, silent, spoken } from "./facts.ts";
import { SELF_SIGNED_SHA1, SHA1_SIGNATURE, SHORT_RSA_KEY, STRONG } from "./weak-certificates.ts";

const { cases, when } = table();

export { cases };

const MX1 = "mx1.example.org";
const AT = `@${MX1} [192.0.2.25]` as const;
const NEXT = `@${MX1} [192.0.2.26]` as const;

const ISSUER = certificate({ subject: "CN=Test Issuing CA", issuer: "CN=Test Root", dnsNames: [], commonName: null });

type Tls = Partial<MailTlsFact> & { leaf?: Partial<ServedCertificate> };

/** A dialogue with TLS, in which the certificate differs. */
function dialogue({ leaf = {}, ...tls }: Tls, address = "192.0.2.25"): SmtpFact {
  const good = spoken(MX1, address).tls;
  if (good === null) throw new Error("a dialogue without TLS");
  const fingerprint256 = JSON.stringify(leaf);
  const own = certificate({ subject: `CN=${MX1}`, commonName: MX1, dnsNames: [MX1], fingerprint256, ...leaf });
  return spoken(MX1, address, { tls: { ...good, chain: [own, ISSUER], ...tls } });
}

const facts = (...smtp: SmtpFact[]): Partial<Facts> => {
  const addresses = addressesAt(
    MX1,
    smtp.map(({ address }) => address),
  );
  return { mx: mxOf(MX1), mailHosts: [mailHost(MX1, 10, { addresses })], smtp };
};

// mx-certificate (M62, M25; RFC 8461 §4.2, RFC 9525)
{
  const tls = (changes: Tls, codes: string[], why: string) => {
    const outcomes = codes.map((code) => code.replace(/ /, " mx-certificate-").concat(` ${AT}`) as Outcome);
    when("mx-certificate", facts(dialogue(changes)), outcomes, why);
  };
  const chainError = (code: string) => ({ chainError: { code, message: "test" } });
  const expired = { notBefore: "2026-08-01T00:00:00.000Z", notAfter: "2026-11-21T00:00:00.000Z" };
  const future = { notBefore: "2026-11-23T00:00:00.000Z", notAfter: "2027-02-21T00:00:00.000Z" };
  const nearly = { notBefore: "2026-09-06T00:00:00.000Z", notAfter: "2026-12-05T00:00:00.000Z" };
  tls({}, ["pass valid"], "valid");
  tls({ leaf: { dnsNames: ["*.example.org"] } }, ["pass valid"], "M25: a wildcard");
  tls({ leaf: { dnsNames: ["MX1.Example.org"] } }, ["pass valid"], "names have no case");
  tls({ chain: [] }, ["fail none"], "no certificate");
  tls({ leaf: expired, ...chainError("CERT_HAS_EXPIRED") }, ["fail expired"], "expired: told once");
  tls(chainError("CERT_HAS_EXPIRED"), ["fail issuer-expired"], "issuer expired");
  tls({ leaf: future, ...chainError("CERT_NOT_YET_VALID") }, ["fail not-yet-valid"], "not yet valid");
  tls({ leaf: nearly }, ["warn expires-soon"], "13 days left");
  tls(chainError("DEPTH_ZERO_SELF_SIGNED_CERT"), ["fail self-signed"], "self-signed");
  tls(chainError("SELF_SIGNED_CERT_IN_CHAIN"), ["fail untrusted-root"], "private authority");
  tls(chainError("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"), ["fail untrusted-root"], "root unknown");
  tls(chainError("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), ["fail chain-incomplete"], "missing intermediate");
  tls(chainError("CERT_REVOKED"), ["fail untrusted"], "another reason");
  tls({ leaf: { dnsNames: ["example.org"] } }, ["fail name-mismatch"], "M62: the mail domain is not the host");
  tls({ leaf: { dnsNames: ["*.*.example.org", "mx*.example.org"] } }, ["fail name-mismatch"], "M25: wildcards");
  tls({ leaf: { dnsNames: [], commonName: null } }, ["fail name-mismatch"], "no name");
  tls({ leaf: { dnsNames: [] } }, ["fail common-name-only"], "M25: CN only");
  tls(
    { leaf: { dnsNames: ["localhost"] }, ...chainError("DEPTH_ZERO_SELF_SIGNED_CERT") },
    ["fail self-signed", "fail name-mismatch"],
    "D2: the default certificate of a distribution",
  );
  tls({ leaf: { pem: STRONG } }, ["pass valid"], "RFC 9325 §4.5: a strong key");
  tls({ leaf: { pem: "-----BEGIN CERTIFICATE-----" } }, ["pass valid"], "what cannot be read is not called weak");
  tls({ leaf: { pem: SHORT_RSA_KEY } }, ["warn weak-key"], "RFC 9325 §4.5: RSA with 1024 bits");
  tls({ leaf: { pem: SHA1_SIGNATURE } }, ["fail weak-signature"], "RFC 9325 §4.5: SHA-1");
  tls({ leaf: { pem: SELF_SIGNED_SHA1 } }, ["pass valid"], "what it signs about itself does not count");
  const own = certificate({ subject: `CN=${MX1}`, commonName: MX1, dnsNames: [MX1] });
  tls({ chain: [own, { ...ISSUER, pem: SHA1_SIGNATURE }] }, ["fail weak-signature"], "SHA-1 at the issuer");
  const stray = certificate({ subject: "CN=Nobody", pem: SHA1_SIGNATURE });
  tls({ chain: [own, ISSUER, stray] }, ["pass valid"], "SHA-1 beside the chain");
  const loop = certificate({ subject: "CN=Test Root", issuer: "CN=Test Issuing CA" });
  tls({ chain: [own, ISSUER, loop] }, ["pass valid"], "issuers in a circle");

  const both = (one: Tls, other: Tls, outcomes: Outcome[], why: string) =>
    when("mx-certificate", facts(dialogue(one), dialogue(other, "192.0.2.26")), outcomes, why);
  const valid: Outcome[] = [`pass mx-certificate-valid ${AT}`, `pass mx-certificate-valid ${NEXT}`];
  both({}, {}, valid, "the same at both addresses");
  const other = { leaf: { serialNumber: "02" } };
  both({}, other, [...valid, `info mx-certificate-differs @${MX1}`], "two good ones");
  both(
    {},
    { leaf: expired },
    [
      `pass mx-certificate-valid ${AT}`,
      `fail mx-certificate-expired ${NEXT}`,
      `warn mx-certificate-left-behind @${MX1}`,
    ],
    "D2: one node was not renewed",
  );
  both(
    { leaf: expired },
    { leaf: future },
    [
      `fail mx-certificate-expired ${AT}`,
      `fail mx-certificate-not-yet-valid ${NEXT}`,
      `info mx-certificate-differs @${MX1}`,
    ],
    "two bad ones",
  );
  both(
    {},
    { leaf: nearly },
    [
      `pass mx-certificate-valid ${AT}`,
      `warn mx-certificate-expires-soon ${NEXT}`,
      `info mx-certificate-differs @${MX1}`,
    ],
    "one is near its end, and good still",
  );
  when(
    "mx-certificate",
    facts(dialogue({}), silent(MX1, "connection-timeout", "192.0.2.26")),
    [`pass mx-certificate-valid ${AT}`, `skipped skipped-after-error ${NEXT}`],
    "M65: half reachable",
  );
}

import type { Facts } from "#lib/checks/gather.ts";
import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { type Outcome, table } from "./case.ts";
import { brokenOff, fetched, httpWith, notReached, tlsWith, withTls } from "./facts.ts";

const { cases, when } = table();

export { cases };

// mta-sts-certificate (M24, M25, M27, M34)
{
  const tls = (policyFetch: Facts["policyFetch"], outcomes: Outcome[], why: string) =>
    when("mta-sts-certificate", { policyFetch }, outcomes, why);
  const error = (code: string) => ({ code, message: "test" });
  const expired = { notBefore: "2026-08-01T00:00:00.000Z", notAfter: "2026-11-21T00:00:00.000Z" };
  const future = { notBefore: "2026-11-23T00:00:00.000Z", notAfter: "2027-02-21T00:00:00.000Z" };
  tls(fetched(), ["pass sts-certificate-valid"], "valid");
  tls(fetched({ tls: tlsWith({ leaf: { dnsNames: ["*.example.org"] } }) }), ["pass sts-certificate-valid"], "wildcard");
  tls(
    withTls(tlsWith({ leaf: expired, chainError: error("CERT_HAS_EXPIRED") })),
    ["fail sts-certificate-expired"],
    "expired: told once",
  );
  tls(
    withTls(tlsWith({ chainError: error("CERT_HAS_EXPIRED") })),
    ["fail sts-certificate-issuer-expired"],
    "issuer expired",
  );
  tls(
    withTls(tlsWith({ leaf: future, chainError: error("CERT_NOT_YET_VALID") })),
    ["fail sts-certificate-not-yet-valid"],
    "not yet valid",
  );
  tls(
    withTls(tlsWith({ chainError: error("DEPTH_ZERO_SELF_SIGNED_CERT") })),
    ["fail sts-certificate-self-signed"],
    "self-signed",
  );
  tls(
    withTls(tlsWith({ leaf: expired, chainError: error("DEPTH_ZERO_SELF_SIGNED_CERT") })),
    ["fail sts-certificate-self-signed", "fail sts-certificate-expired"],
    "self-signed and expired",
  );
  tls(
    withTls(tlsWith({ chainError: error("SELF_SIGNED_CERT_IN_CHAIN") })),
    ["fail sts-certificate-untrusted-root"],
    "private root",
  );
  tls(
    withTls(tlsWith({ chainError: error("UNABLE_TO_GET_ISSUER_CERT_LOCALLY") })),
    ["fail sts-certificate-untrusted-root"],
    "root unknown",
  );
  const alone = tlsWith({ chainError: error("UNABLE_TO_GET_ISSUER_CERT_LOCALLY") });
  tls(
    withTls({ ...alone, chain: alone.chain.slice(0, 1) }),
    ["fail sts-certificate-chain-incomplete"],
    "a certificate alone",
  );
  tls(
    withTls(tlsWith({ chainError: error("UNABLE_TO_VERIFY_LEAF_SIGNATURE") })),
    ["fail sts-certificate-chain-incomplete"],
    "missing intermediate",
  );
  tls(withTls(tlsWith({ chainError: error("CERT_REVOKED") })), ["fail sts-certificate-untrusted"], "another reason");
  tls(
    withTls(tlsWith({ leaf: { dnsNames: ["www.example.org"] } })),
    ["fail sts-certificate-name-mismatch"],
    "other name",
  );
  tls(withTls(tlsWith({ leaf: { dnsNames: ["mta-*.example.org"] } })), ["fail sts-certificate-name-mismatch"], "M25");
  tls(withTls(tlsWith({ leaf: { dnsNames: [] } })), ["fail sts-certificate-common-name-only"], "M25: CN only");
  tls(
    withTls(tlsWith({ leaf: { dnsNames: [], commonName: null } })),
    ["fail sts-certificate-name-mismatch"],
    "no name",
  );
  tls(
    withTls(tlsWith({ leaf: { ...expired, dnsNames: ["x.example"] }, chainError: error("CERT_HAS_EXPIRED") })),
    ["fail sts-certificate-expired", "fail sts-certificate-name-mismatch"],
    "expired and for another name",
  );
  tls(
    fetched({
      tls: tlsWith({ leaf: { notAfter: "2026-12-05T00:00:00.000Z", notBefore: "2026-09-06T00:00:00.000Z" } }),
    }),
    ["warn sts-certificate-expires-soon"],
    "13 days left",
  );
  tls(
    fetched({
      tls: tlsWith({ leaf: { notAfter: "2026-12-07T00:00:00.000Z", notBefore: "2026-09-08T00:00:00.000Z" } }),
    }),
    ["pass sts-certificate-valid"],
    "14 days left",
  );
  const sixDays = { notBefore: "2026-11-20T00:00:00.000Z", notAfter: "2026-11-26T00:00:00.000Z" };
  tls(
    fetched({ tls: tlsWith({ leaf: sixDays }) }),
    ["pass sts-certificate-valid"],
    "a certificate of six days, half over",
  );
  tls(
    fetched({ tls: tlsWith({ leaf: { ...sixDays, notAfter: "2026-11-22T12:00:00.000Z" } }) }),
    ["warn sts-certificate-expires-soon"],
    "a short certificate, nearly over",
  );
  tls(fetched({ legacyVersions: ["TLSv1", "TLSv1.1"] }), ["warn sts-certificate-legacy-tls"], "M34: 1.0 and 1.1 too");
  tls(fetched({ legacyVersions: null }), ["pass sts-certificate-valid"], "M34: not tried");
  tls(
    notReached("tls-handshake", { legacyVersions: ["TLSv1"] }),
    ["fail sts-certificate-tls-too-old"],
    "M34: 1.0 only",
  );
  tls(
    notReached("connection-reset", { legacyVersions: ["TLSv1"] }),
    ["fail sts-certificate-tls-too-old"],
    "M34: 1.0 only, and it resets ours",
  );
  tls(
    fetched({ tls: tlsWith({ version: "TLSv1.1" }) }),
    ["fail sts-certificate-tls-too-old"],
    "M34: an old version was agreed on",
  );
  tls(notReached("tls-handshake", { legacyVersions: [] }), ["fail sts-certificate-handshake-failed"], "M27");
  tls(withTls(tlsWith({ chain: [] })), ["fail sts-certificate-handshake-failed"], "no certificate at all");
  tls(notReached("tls-timeout"), ["error sts-certificate-timeout"], "no end of the handshake");
  tls(notReached("connection-refused"), ["skipped sts-certificate-not-reached"], "told under mta-sts-fetch");
  tls(notReached("connection-timeout"), ["skipped sts-certificate-not-reached"], "told under mta-sts-fetch");
  tls(brokenOff("response-timeout"), ["pass sts-certificate-valid"], "TLS was up");
  const beside = (other: PolicyFetchFact, outcomes: Outcome[], why: string) =>
    when(
      "mta-sts-certificate",
      { policyFetches: [fetched(), { ...other, address: other.address && "192.0.2.11" }] },
      outcomes,
      why,
    );
  const partly: Outcome[] = ["fail sts-certificate-not-everywhere"];
  beside(withTls(tlsWith({ leaf: expired, chainError: error("CERT_HAS_EXPIRED") })), partly, "D2: expired at another");
  beside(withTls(tlsWith({ leaf: { dnsNames: ["x.example"] } })), partly, "D2: another name at another");
  beside(fetched(), ["pass sts-certificate-valid"], "D2: good at both");
  beside(fetched({ http: httpWith({ status: 404 }) }), ["pass sts-certificate-valid"], "D2: 404 is told elsewhere");
  beside(notReached("connection-refused"), ["pass sts-certificate-valid"], "D2: not reached is told elsewhere");
  tls(notReached("address-refused"), ["skipped skipped-after-fail"], "after mta-sts-host");
}

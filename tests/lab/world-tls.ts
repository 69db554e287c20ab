import { AFTER_HOST, domain, LOOPBACK, type WorldDomain } from "./world-domain.ts";
import type { ZoneRecords } from "./zone.ts";

const CERTIFICATE_WRONG = { ...AFTER_HOST, "mta-sts-certificate": "fail" } as const;
const NO_HANDSHAKE = { ...AFTER_HOST, "mta-sts-certificate": "error" } as const;
const NO_CONNECTION = { ...AFTER_HOST, "mta-sts-fetch": "fail" } as const;

/** The policy is fetched from the first address; the certificate of the second keeps it there. */
const CERTIFICATE_PARTLY = {
  "mta-sts-certificate": "fail",
  outcome: "warn",
  "mta-sts-fetch": "fail",
  "mta-sts-policy": "pass",
  "mta-sts-mode": "pass",
  "mta-sts-max-age": "pass",
  "mta-sts-mx": "pass",
  "mta-sts-id": "info",
} as const;

/** Serves the policy hosts as 127.0.0.1 does, but for what they say. */
const SECOND = "127.0.0.3";
/** Belongs to one policy host alone. */
const ALONE = "127.0.0.4";
const TWO_ADDRESSES = { A: [LOOPBACK, SECOND] };
const CAA_AT_DOMAIN: ZoneRecords = {
  MX: [[10, "mx1.@"]],
  CAA: [
    { tag: "issue", value: "ca.test; validationmethods=http-01" },
    { tag: "iodef", value: "mailto:security@provider.test" },
  ],
};

/** The TLS side of the policy host (RFC 8461 §3.3). */
export const TLS_DOMAINS: WorldDomain[] = [
  domain(
    "cert-expired",
    "The certificate of its policy host has expired.",
    ["M24"],
    { host: { certificate: "expired" } },
    CERTIFICATE_WRONG,
    "sts-certificate-expired",
  ),
  domain(
    "cert-not-yet-valid",
    "The certificate of its policy host is valid from tomorrow.",
    ["M24"],
    { host: { certificate: "not-yet-valid" } },
    CERTIFICATE_WRONG,
    "sts-certificate-not-yet-valid",
  ),
  domain(
    "cert-self-signed",
    "The certificate of its policy host is self-signed.",
    ["M24"],
    { host: { certificate: "self-signed" } },
    CERTIFICATE_WRONG,
    "sts-certificate-self-signed",
  ),
  domain(
    "cert-unknown-ca",
    "The certificate of its policy host comes from an authority that nobody trusts.",
    ["M24"],
    { host: { certificate: "unknown-authority" } },
    CERTIFICATE_WRONG,
    "sts-certificate-untrusted-root",
  ),
  domain(
    "cert-no-intermediate",
    "Its policy host does not send the intermediate certificate.",
    ["M24"],
    { host: { certificate: "no-intermediate" } },
    CERTIFICATE_WRONG,
    "sts-certificate-chain-incomplete",
  ),
  domain(
    "cert-wrong-name",
    "The certificate of its policy host names the provider instead.",
    ["M24", "M27"],
    { host: { certificate: "other-name" } },
    CERTIFICATE_WRONG,
    "sts-certificate-name-mismatch",
  ),
  domain(
    "cert-common-name-only",
    "The certificate of its policy host has its name only as common name.",
    ["M25"],
    { host: { certificate: "common-name-only" } },
    CERTIFICATE_WRONG,
    "sts-certificate-common-name-only",
  ),
  domain(
    "cert-partial-wildcard",
    "The certificate of its policy host has a star as a part of a label.",
    ["M25"],
    { host: { certificate: "partial-wildcard" } },
    CERTIFICATE_WRONG,
    "sts-certificate-name-mismatch",
  ),
  domain(
    "cert-double-wildcard",
    "The certificate of its policy host has two stars.",
    ["M25"],
    { host: { certificate: "double-wildcard" } },
    CERTIFICATE_WRONG,
    "sts-certificate-name-mismatch",
  ),
  domain(
    "cert-wildcard-too-deep",
    "The wildcard of its certificate would have to cover two labels.",
    ["M25"],
    { host: { certificate: "wildcard-too-deep" } },
    CERTIFICATE_WRONG,
    "sts-certificate-name-mismatch",
  ),
  domain("cert-wildcard", "The certificate of its policy host is a wildcard, as it may be.", ["M25"], {
    host: { certificate: "wildcard" },
  }),
  domain("cert-without-subject", "The certificate of its policy host has names but no subject, as it may.", ["M25"], {
    host: { certificate: "no-subject" },
  }),
  domain(
    "tls-1-1-only",
    "Its policy host speaks no TLS newer than 1.1.",
    ["M34"],
    { host: { tls: "1.1-only" } },
    CERTIFICATE_WRONG,
    "sts-certificate-tls-too-old",
  ),
  domain(
    "tls-1-0-offered",
    "Its policy host still offers TLS 1.0 and 1.1.",
    ["M34"],
    { host: { tls: "1.0-and-newer" } },
    { "mta-sts-certificate": "warn" },
    "sts-certificate-legacy-tls",
  ),
  domain(
    "tls-alert",
    "Its policy host breaks off the handshake with an alert.",
    ["M27", "M34"],
    { host: { tls: "alert" } },
    CERTIFICATE_WRONG,
    "sts-certificate-handshake-failed",
  ),
  domain(
    "tls-hangs",
    "Its policy host accepts the connection and says nothing.",
    ["M29"],
    { host: { tls: "hangs" } },
    { ...NO_HANDSHAKE, outcome: "error" },
    "sts-certificate-timeout",
  ),
  domain(
    "tls-closes",
    "Its policy host closes the connection at once.",
    ["M31"],
    { host: { tls: "closes" } },
    NO_CONNECTION,
    "sts-fetch-connection-reset",
  ),
  domain(
    "cert-expired-at-second-address",
    "At the second address of its policy host the certificate has expired.",
    ["D2", "M24"],
    { addresses: TWO_ADDRESSES, host: { at: { [SECOND]: { certificate: "expired" } } } },
    CERTIFICATE_PARTLY,
    "sts-certificate-expired",
  ),
  domain(
    "cert-other-at-second-address",
    "At the second address of its policy host the certificate is that of the provider.",
    ["D2", "M24"],
    { addresses: TWO_ADDRESSES, host: { at: { [SECOND]: { certificate: "other-name" } } } },
    CERTIFICATE_PARTLY,
    "sts-certificate-name-mismatch",
  ),
  domain(
    "cert-for-each-address",
    "Each address of its policy host has a certificate of its own, as it may.",
    ["D2"],
    { addresses: TWO_ADDRESSES, host: { at: { [SECOND]: { certificate: "wildcard" } } } },
    { "mta-sts-fetch": "info" },
    "sts-fetch-certificates-differ",
  ),
  domain(
    "cert-without-sni",
    "Its policy host shows the certificate of its provider to clients that send no SNI, as it may.",
    ["M27", "H3"],
    { addresses: { A: [ALONE] }, host: { withoutSni: { address: ALONE, certificate: "other-name" } } },
    { "mta-sts-fetch": "info" },
    "sts-fetch-default-certificate",
  ),
  domain(
    "policy-host-alias-unclaimed",
    "Its policy host is an alias of a provider's, who knows no such customer.",
    ["H10"],
    {
      names: { "mta-sts.@": { CNAME: "pages.provider.test" }, "pages.provider.test": { A: [LOOPBACK] } },
      host: { certificate: "other-name" },
    },
    { ...CERTIFICATE_WRONG, "mta-sts-host": "warn" },
    "sts-host-cname-unclaimed",
  ),
  domain(
    "policy-host-caa",
    "CAA records name the authority for its policy host.",
    ["H2", "B2.8"],
    { names: { "@": CAA_AT_DOMAIN } },
    { "mta-sts-host": "info" },
    "sts-host-caa",
  ),
  domain(
    "policy-host-caa-nobody",
    "CAA records forbid every certificate for its policy host.",
    ["H2", "B2.8"],
    { names: { "mta-sts.@": { A: [LOOPBACK], CAA: [{ tag: "issue", value: ";" }] } } },
    { "mta-sts-host": "warn" },
    "sts-host-caa-nobody",
  ),
];

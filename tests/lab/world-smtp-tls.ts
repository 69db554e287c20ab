import type { CertificateKind } from "./authority.ts";
import type { WorldDomain } from "./world-domain.ts";
import { host, STOPS } from "./world-smtp.ts";

/** The certificate keeps senders that honour MTA-STS away. */
const CERTIFICATE = { "mx-certificate": "fail", outcome: "fail" } as const;

/** The handshake (M34, M63, D17; RFC 9325). */
const HANDSHAKES: WorldDomain[] = [
  host(
    "mx-tls-alert",
    "Its mail host breaks off the handshake with an alert.",
    ["M62"],
    { tls: "alert" },
    STOPS,
    "starttls-handshake-failed",
  ),
  host(
    "mx-tls-hangs",
    "Its mail host says 220 and then nothing.",
    ["M62"],
    { tls: "hangs" },
    STOPS,
    "starttls-handshake-failed",
  ),
  host(
    "mx-tls-closes",
    "Its mail host hangs up on the handshake.",
    ["M62"],
    { tls: "closes" },
    STOPS,
    "starttls-handshake-failed",
  ),
  host(
    "mx-tls-1-0-only",
    "Its mail host speaks TLS 1.0 alone.",
    ["M34"],
    { tls: "1.0-only" },
    { ...STOPS, "mx-tls": "fail" },
    "mx-tls-too-old",
  ),
  host(
    "mx-tls-1-1-only",
    "Its mail host speaks TLS 1.1 alone.",
    ["M34"],
    { tls: "1.1-only" },
    { ...STOPS, "mx-tls": "fail" },
    "mx-tls-too-old",
  ),
  host(
    "mx-tls-1-0-offered",
    "Its mail host still offers TLS 1.0 and 1.1.",
    ["M34"],
    { tls: "1.0-and-newer" },
    { "mx-tls": "warn" },
    "mx-tls-legacy",
  ),
  host(
    "mx-tls-1-2-only",
    "Its mail host does not speak TLS 1.3 yet.",
    ["M34"],
    { tls: "1.2-only" },
    { "mx-tls": "info" },
    "mx-tls-without-13",
  ),
  host(
    "mx-tls-1-3-only",
    "Its mail host does not speak TLS 1.2 any more.",
    ["M34"],
    { tls: "1.3-only" },
    { "mx-tls": "warn" },
    "mx-tls-without-12",
  ),
  host(
    "mx-no-forward-secrecy",
    "Its mail host exchanges keys by RSA.",
    ["M34"],
    { tls: "no-forward-secrecy" },
    { "mx-tls": "warn" },
    "mx-tls-no-forward-secrecy",
  ),
  host(
    "mx-short-dh",
    "Its mail host has a Diffie-Hellman group of 1024 bits.",
    ["M34"],
    { tls: "short-dh" },
    { "mx-tls": "warn" },
    "mx-tls-short-dh",
  ),
  host(
    "mx-demands-sni",
    "Its mail host has no certificate for those that come without SNI.",
    ["M63", "D17"],
    { withoutSni: "demanded" },
    { "mx-tls": "warn" },
    "mx-tls-sni-demanded",
  ),
  host(
    "mx-other-without-sni",
    "Without SNI its mail host shows the certificate of its provider.",
    ["M63", "D17"],
    { withoutSni: "other-name" },
    { "mx-tls": "warn" },
    "mx-tls-default-certificate",
  ),
  host(
    "mx-wildcard-without-sni",
    "Without SNI its mail host shows another certificate, which does as well.",
    ["M63", "D17"],
    { withoutSni: "wildcard" },
  ),
];

/** A certificate, and what is said of it. */
function certificate(
  label: string,
  about: string,
  kind: CertificateKind,
  expected: Partial<WorldDomain["expect"]> = {},
  finding: string | null = null,
): WorldDomain {
  return host(`mx-certificate-${label}`, about, ["M62", "M25"], { certificate: kind }, expected, finding);
}

/** The certificate of the mail host (M62, M25). */
const CERTIFICATES: WorldDomain[] = [
  certificate(
    "expired",
    "The certificate of its mail host has expired.",
    "expired",
    CERTIFICATE,
    "mx-certificate-expired",
  ),
  certificate(
    "expires-soon",
    "The certificate of its mail host expires in three days.",
    "expires-soon",
    { "mx-certificate": "warn" },
    "mx-certificate-expires-soon",
  ),
  certificate(
    "not-yet-valid",
    "The certificate of its mail host is valid from tomorrow.",
    "not-yet-valid",
    CERTIFICATE,
    "mx-certificate-not-yet-valid",
  ),
  certificate(
    "self-signed",
    "The certificate of its mail host is self-signed.",
    "self-signed",
    CERTIFICATE,
    "mx-certificate-self-signed",
  ),
  certificate(
    "unknown-ca",
    "The certificate of its mail host comes from an authority that nobody trusts.",
    "unknown-authority",
    CERTIFICATE,
    "mx-certificate-untrusted-root",
  ),
  certificate(
    "no-intermediate",
    "Its mail host does not send the intermediate certificate.",
    "no-intermediate",
    CERTIFICATE,
    "mx-certificate-chain-incomplete",
  ),
  certificate(
    "other-name",
    "The certificate of its mail host names the provider instead.",
    "other-name",
    CERTIFICATE,
    "mx-certificate-name-mismatch",
  ),
  certificate(
    "common-name-only",
    "The certificate of its mail host has its name only as common name.",
    "common-name-only",
    CERTIFICATE,
    "mx-certificate-common-name-only",
  ),
  certificate(
    "partial-wildcard",
    "The certificate of its mail host has a star as a part of a label.",
    "partial-wildcard",
    CERTIFICATE,
    "mx-certificate-name-mismatch",
  ),
  certificate(
    "double-wildcard",
    "The certificate of its mail host has two stars.",
    "double-wildcard",
    CERTIFICATE,
    "mx-certificate-name-mismatch",
  ),
  certificate(
    "wildcard-too-deep",
    "The wildcard of its certificate would have to cover two labels.",
    "wildcard-too-deep",
    CERTIFICATE,
    "mx-certificate-name-mismatch",
  ),
  certificate("wildcard", "The certificate of its mail host is a wildcard, as it may be.", "wildcard"),
  certificate("without-subject", "The certificate of its mail host has names but no subject, as it may.", "no-subject"),
  certificate("odd-names", "The certificate of its mail host has odd names beside the right one.", "odd-names"),
  certificate("many-names", "The certificate of its mail host has a thousand names.", "many-names"),
  certificate("root-sent-too", "Its mail host sends the root too, which does no harm.", "root-sent-too"),
  certificate("stranger-in-chain", "A certificate in its chain does not belong there.", "stranger-in-chain"),
  certificate("rsa", "The certificate of its mail host has an RSA key.", "rsa"),
  certificate(
    "weak-key",
    "The key of its certificate has 1024 bits.",
    "weak-key",
    { "mx-certificate": "warn" },
    "mx-certificate-weak-key",
  ),
  certificate(
    "weak-signature",
    "Its certificate is signed with SHA-1.",
    "weak-signature",
    CERTIFICATE,
    "mx-certificate-weak-signature",
  ),
];

/** The TLS of a mail host. */
export const SMTP_TLS_DOMAINS: WorldDomain[] = [...HANDSHAKES, ...CERTIFICATES];

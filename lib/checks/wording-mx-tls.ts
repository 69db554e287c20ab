import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §7.2";
const SNI = "RFC 8461 §7.1";

/** Findings about the TLS of each address of the mail hosts. */
export const MX_TLS_WORDS = {
  "mx-tls-good": {
    status: "pass",
    title: "The TLS of the mail host is up to date",
    detail: "It speaks {version} with {cipher}, and accepts {accepted}.",
    fix: null,
    reference: REFERENCE,
  },
  "mx-tls-too-old": {
    status: "fail",
    title: "The mail host speaks only outdated TLS",
    detail:
      "It accepts {versions}, but not TLS 1.2 or later. Senders of today end the handshake: those with an MTA-STS policy in enforce, or under DANE, keep their mail back, and others deliver readable text.",
    fix: `Switch TLS 1.2 and 1.3 on, and the older versions off. A machine that cannot do it needs a relay before it that can.`,
    reference: REFERENCE,
  },
  "mx-tls-legacy": {
    status: "warn",
    title: "The mail host still offers outdated TLS",
    detail:
      "Besides {version} it accepts {legacy}. These versions are deprecated. The few senders that still need them would deliver readable text without them, so it is a matter of weighing up; auditors ask for them to be off.",
    fix: `Switch TLS 1.0 and 1.1 off.`,
    reference: "RFC 8996 §4",
  },
  "mx-tls-without-12": {
    status: "warn",
    title: "The TLS version that most senders speak is switched off",
    detail:
      "It accepts {accepted} only. Many mail servers, older Exchange Servers among them, speak nothing newer than TLS 1.2: their handshake fails, and their mail comes as readable text or not at all.",
    fix: `Switch TLS 1.2 on beside 1.3.`,
    reference: "RFC 9325 §3.1.1",
  },
  "mx-tls-without-13": {
    status: "info",
    title: "The newest TLS version is not offered",
    detail:
      "It accepts {accepted}. TLS 1.2 is enough for MTA-STS and DANE; TLS 1.3 is quicker and hides the certificate.",
    fix: "Switch TLS 1.3 on with the next update of the mail server (OpenSSL 1.1.1 and Windows Server 2022 have it).",
    reference: "RFC 9325 §3.1.1",
  },
  "mx-tls-versions-unseen": {
    status: "skipped",
    title: "Not tested: which TLS versions the mail host accepts",
    detail:
      "It speaks {version}. The server demands a certificate of the sender, and older versions are then ended in the handshake, whether they are switched on or not.",
    fix: "Let the mail server take senders without a certificate, and look again.",
    reference: REFERENCE,
  },
  "mx-tls-no-forward-secrecy": {
    status: "warn",
    title: "The connection has no forward secrecy",
    detail:
      "It chose {cipher}. Whoever records the mail today and gets hold of the server's key one day can read it then.",
    fix: "Let the mail server prefer ECDHE cipher suites.",
    reference: "RFC 9325 §4.1",
  },
  "mx-tls-short-dh": {
    status: "warn",
    title: "The key exchange uses numbers that are too small",
    detail:
      "The Diffie-Hellman group has {=bits} bits. Below 2048 it may be broken, and newer senders end the handshake.",
    fix: "Use ECDHE, or a group of 2048 bits or more.",
    reference: "RFC 9325 §4.5",
  },
  "mx-tls-sni-demanded": {
    status: "warn",
    title: "Without SNI there is no handshake",
    detail:
      "A sender that does not say the name {host} in its handshake gets none: {error}. Many senders do not say it, and a mail server may not demand it.",
    fix: "Give the mail server a default certificate that holds {host}. Where one machine serves many names, let the default be one that covers the host name of its MX records.",
    reference: SNI,
  },
  "mx-tls-default-certificate": {
    status: "warn",
    title: "Without SNI another certificate comes that does not fit",
    detail:
      "A sender that does not say the name {host} in its handshake gets the certificate {certificate}, which is not valid for that host. Many opportunistic senders do not say it, and it may be all that a sender in testing sees.",
    fix: "Let the default certificate of the mail server be one that holds {host}.",
    reference: SNI,
  },
} as const satisfies WordTable;

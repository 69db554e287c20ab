import { NO_POLICY } from "./wording-sts-host.ts";
import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §3.3";
const REFUSED = `Senders do not fetch a policy over such a connection. ${NO_POLICY}`;

/** Findings about the TLS and the certificate of the policy host. */
export const STS_CERTIFICATE_WORDS = {
  "sts-certificate-valid": {
    status: "pass",
    title: "The certificate of the policy host is valid",
    detail: "It names {matched}, was issued by {issuer} and is valid until {=until} ({=days} days).",
    fix: null,
    reference: REFERENCE,
  },
  "sts-certificate-not-everywhere": {
    status: "fail",
    title: "The certificate is not accepted at every address of the policy host",
    detail:
      "At {valid} the certificate is valid, at {addresses} it is not accepted. Senders choose freely among the addresses; those that ask there have no policy.",
    fix: "See what is said under the fetch of the policy about each address, and install the certificate there as well.",
    reference: "RFC 8461 §3.3",
  },
  "sts-certificate-expired": {
    status: "fail",
    title: "The certificate of the policy host has expired",
    detail: `It was valid until {=until}. ${REFUSED}`,
    fix: "Renew the certificate for {subject} and reload the web server. Then find out why the automatic renewal did not run.",
    reference: REFERENCE,
  },
  "sts-certificate-issuer-expired": {
    status: "fail",
    title: "An intermediate certificate of the policy host has expired",
    detail: `The certificate itself is valid until {=until}, but one that vouches for it has expired. ${REFUSED}`,
    fix: "Install the chain that the certificate authority hands out today, and reload the web server.",
    reference: REFERENCE,
  },
  "sts-certificate-not-yet-valid": {
    status: "fail",
    title: "The certificate of the policy host is not valid yet",
    detail: `It is valid from {=from}. ${REFUSED}`,
    fix: "Put the earlier certificate back until then, or have one issued that is valid now.",
    reference: REFERENCE,
  },
  "sts-certificate-expires-soon": {
    status: "warn",
    title: "The certificate of the policy host expires soon",
    detail:
      "It is valid until {=until}: {=days} days. By now it should have been renewed. When it expires, senders no longer get the policy.",
    fix: "Renew the certificate for {subject}, and check that the automatic renewal runs and reloads the web server.",
    reference: REFERENCE,
  },
  "sts-certificate-self-signed": {
    status: "fail",
    title: "The certificate of the policy host is self-signed",
    detail: `It vouches for itself ({issuer}). ${REFUSED}`,
    fix: "Get a certificate for {subject} from a public certificate authority.",
    reference: REFERENCE,
  },
  "sts-certificate-untrusted-root": {
    status: "fail",
    title: "The certificate of the policy host leads to no trusted root",
    detail: `Its chain ends at {issuer}, which is not publicly trusted. ${REFUSED}`,
    fix: "Get a certificate for {subject} from a public certificate authority. If it is from one, install its whole chain (often a file called `fullchain.pem`) and reload the web server.",
    reference: REFERENCE,
  },
  "sts-certificate-chain-incomplete": {
    status: "fail",
    title: "The policy host does not send the whole chain",
    detail: `The chain stops at a certificate issued by {issuer}, which is neither sent along nor a trusted root. Browsers often hide this because they fetch what is missing. ${REFUSED}`,
    fix: "Configure the full chain (often a file called `fullchain.pem`) on the web server and reload it.",
    reference: REFERENCE,
  },
  "sts-certificate-untrusted": {
    status: "fail",
    title: "The certificate of the policy host is not trusted",
    detail: `The chain was not accepted: {error}. ${REFUSED}`,
    fix: "Get a certificate for {subject} from a public certificate authority, and install it with its whole chain.",
    reference: REFERENCE,
  },
  "sts-certificate-name-mismatch": {
    status: "fail",
    title: "The certificate is not valid for the policy host",
    detail: `It does not cover {subject}: {=why}. ${REFUSED}`,
    fix: "Get a certificate whose subjectAltName holds {subject}. If one is installed already, the web server gives out another: let it choose by the name that the client asks for (SNI).",
    reference: "RFC 9525 §6.3",
  },
  "sts-certificate-common-name-only": {
    status: "fail",
    title: "The certificate names the policy host only in its common name",
    detail: `The common name {commonName} is no longer looked at: names count in the subjectAltName alone, and there is none. ${REFUSED}`,
    fix: "Have the certificate issued again with {subject} in its subjectAltName.",
    reference: "RFC 9525 §2",
  },
  "sts-certificate-tls-too-old": {
    status: "fail",
    title: "The policy host speaks only outdated TLS",
    detail: `It accepts {versions}, but not TLS 1.2 or later, which senders of MTA-STS mail require. ${REFUSED}`,
    fix: "Switch on TLS 1.2 and 1.3 on the web server, and switch the older versions off.",
    reference: "RFC 8461 §7.2",
  },
  "sts-certificate-legacy-tls": {
    status: "warn",
    title: "The policy host still offers outdated TLS",
    detail: "Besides {version} it accepts {versions}. Senders do not need them, and they are deprecated.",
    fix: "Switch off TLS 1.0 and 1.1 on the web server.",
    reference: "RFC 8996 §4",
  },
  "sts-certificate-handshake-failed": {
    status: "fail",
    title: "TLS with the policy host failed",
    detail: `The host {subject} at {address} ended the TLS handshake: {error}. ${REFUSED}`,
    fix: "Check that the web server has a certificate for {subject}, chooses it by SNI, and offers TLS 1.2 or later.",
    reference: REFERENCE,
  },
  "sts-certificate-timeout": {
    status: "error",
    title: "TLS with the policy host took too long",
    detail:
      "The host {subject} at {address} accepted the connection but did not finish the TLS handshake, so its certificate could not be checked.",
    fix: "Look again in a few minutes. If it stays so, look for a firewall or a proxy before the web server that keeps connections waiting.",
    reference: null,
  },
  "sts-certificate-not-reached": {
    status: "skipped",
    title: "Not tested: the policy host was not reached",
    detail: "There was no connection to {subject} over which to see its certificate: see {prerequisite}.",
    fix: null,
    reference: null,
  },
} as const satisfies WordTable;

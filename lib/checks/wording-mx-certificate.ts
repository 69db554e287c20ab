import type { WordTable } from "./words.ts";

const REFERENCE = "RFC 8461 §4.2";
// RFC 8461 §5 (M70), RFC 7435, RFC 7672 §3.1.1 (D11); the codes are those of Exchange Online's bounces (B2.9).
const FOLLOWS =
  "Senders with an MTA-STS policy in enforce do not deliver to this address while it is so (Exchange Online: 4.7.5, in the end 5.7.5); opportunistic senders deliver all the same. DANE with usage 3 looks neither at names nor at dates.";

/** Findings about the certificate that each address of the mail hosts serves. */
export const MX_CERTIFICATE_WORDS = {
  "mx-certificate-valid": {
    status: "pass",
    title: "The certificate of the mail host is valid",
    detail: "It names {matched}, was issued by {issuer} and is valid until {=until} ({=days} days).",
    fix: null,
    reference: REFERENCE,
  },
  "mx-certificate-none": {
    status: "fail",
    title: "The mail host sends no certificate",
    detail: `TLS came up without a certificate, so nobody can tell who answers. ${FOLLOWS}`,
    fix: "Give the mail server a certificate, and switch anonymous cipher suites off for clients that ask for others.",
    reference: REFERENCE,
  },
  "mx-certificate-expired": {
    status: "fail",
    title: "The certificate of the mail host has expired",
    detail: `It was valid until {=until}. ${FOLLOWS}`,
    fix: `Renew the certificate for {host} and let the mail server read it. Then find out why the automatic renewal did not reach this machine.`,
    reference: REFERENCE,
  },
  "mx-certificate-issuer-expired": {
    status: "fail",
    title: "An intermediate certificate of the mail host has expired",
    detail: `The certificate itself is valid until {=until}, but one that vouches for it has expired. ${FOLLOWS}`,
    fix: `Install the chain that the certificate authority hands out today.`,
    reference: REFERENCE,
  },
  "mx-certificate-not-yet-valid": {
    status: "fail",
    title: "The certificate of the mail host is not valid yet",
    detail: `It is valid from {=from}. ${FOLLOWS}`,
    fix: "Put the earlier certificate back until then, or have one issued that is valid now.",
    reference: REFERENCE,
  },
  "mx-certificate-expires-soon": {
    status: "warn",
    title: "The certificate of the mail host expires soon",
    detail:
      "It is valid until {=until}: {=days} days. By now it should have been renewed. After that, senders with an MTA-STS policy in enforce no longer deliver to this address.",
    fix: `Renew the certificate for {host}, and check that the automatic renewal runs and that the mail server reads the result.`,
    reference: REFERENCE,
  },
  "mx-certificate-self-signed": {
    status: "fail",
    title: "The certificate of the mail host is self-signed",
    detail: `It vouches for itself ({issuer}). ${FOLLOWS}`,
    fix: "Get a certificate for {host} from a public certificate authority. Where only DANE is wanted, TLSA records with usage 3 make do with this one; then leave MTA-STS out of enforce.",
    reference: REFERENCE,
  },
  "mx-certificate-untrusted-root": {
    status: "fail",
    title: "The certificate of the mail host leads to no trusted root",
    detail: `Its chain ends at {issuer}, which is not publicly trusted: a private authority, or a chain with a gap. ${FOLLOWS}`,
    fix: `Get a certificate for {host} from a public certificate authority. If it is from one, install its whole chain.`,
    reference: REFERENCE,
  },
  "mx-certificate-chain-incomplete": {
    status: "fail",
    title: "The mail host does not send the whole chain",
    detail: `The chain stops at a certificate issued by {issuer}, which is neither sent along nor a trusted root. Browsers and a few senders fetch what is missing; others do not. ${FOLLOWS}`,
    fix: `Install the whole chain (often a file called \`fullchain.pem\`).`,
    reference: REFERENCE,
  },
  "mx-certificate-untrusted": {
    status: "fail",
    title: "The certificate of the mail host is not trusted",
    detail: `The chain was not accepted: {error}. ${FOLLOWS}`,
    fix: "Get a certificate for {host} from a public certificate authority, and install it with its whole chain.",
    reference: REFERENCE,
  },
  "mx-certificate-name-mismatch": {
    status: "fail",
    title: "The certificate is not valid for the mail host",
    detail: `It does not cover {host}: {=why}. What counts is the name in the MX record, not the mail domain. ${FOLLOWS}`,
    fix: "Get a certificate whose subjectAltName holds {host}. If one is installed already, the server gives out another: look which one it takes by default, and which for the name that a sender asks for.",
    reference: "RFC 9525 §6.3",
  },
  "mx-certificate-common-name-only": {
    status: "fail",
    title: "The certificate names the mail host only in its common name",
    detail: `The common name {commonName} is no longer looked at: names count in the subjectAltName alone, and there is none. ${FOLLOWS}`,
    fix: "Have the certificate issued again with {host} in its subjectAltName.",
    reference: "RFC 9525 §2",
  },
  "mx-certificate-weak-key": {
    status: "warn",
    title: "A key among the certificates is too short",
    detail:
      "The RSA key of {certificate} has {=bits} bits. With fewer than 2048 it may be broken, and senders with strict settings do not trust it or end the handshake.",
    fix: "Have a certificate issued for a new key: ECDSA P-256, or RSA with 2048 bits or more. Where TLSA records stand, publish those of the new key first.",
    reference: "RFC 9325 §4.5",
  },
  "mx-certificate-weak-signature": {
    status: "fail",
    title: "A certificate is signed with an outdated algorithm",
    detail: `The certificate {certificate} is signed with {algorithm}, which can be forged, so verifiers of today do not accept it. ${FOLLOWS}`,
    fix: "Have the certificate issued again by an authority that signs with SHA-256 or better, and install its whole chain.",
    reference: "RFC 9325 §4.5",
  },
  "mx-certificate-left-behind": {
    status: "warn",
    title: "Not all addresses of the mail host have the good certificate",
    detail:
      "At {good} the certificate of {subject} is in order, at {bad} it is another that is not. Usually one machine was left out of the renewal. Whether a message arrives then depends on the address that its sender happens to choose.",
    fix: "Bring the good certificate to {bad} too, and take that machine into the automatic renewal.",
    reference: REFERENCE,
  },
  "mx-certificate-differs": {
    status: "info",
    title: "The addresses of the mail host have different certificates",
    detail:
      "{subject} serves different certificates at {addresses}. That is allowed; each has to be renewed, and under DANE each needs its TLSA records.",
    fix: null,
    reference: null,
  },
} as const satisfies WordTable;

import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { ChainError, ServedCertificate } from "./policy-fact.ts";

/** More than any real chain; a hostile one can hold hundreds. */
const MAX_CERTIFICATES = 20;

/**
 * The certificates that the server sent, in the order in which it sent them: the trusted root is there only when it
 * was sent, and so is what does not belong to the chain.
 */
export function servedChain(socket: TLSSocket): ServedCertificate[] {
  const chain: ServedCertificate[] = [];
  // For a peer's certificate `issuerCertificate` is the next one on the wire, whoever issued it.
  let certificate = socket.getPeerX509Certificate();
  while (certificate && chain.length < MAX_CERTIFICATES) {
    chain.push(describe(certificate));
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

// Codes of the verifier in plain words; others speak for themselves.
const CHAIN_ERRORS: Record<string, string> = {
  CERT_HAS_EXPIRED: "a certificate of the chain has expired",
  CERT_NOT_YET_VALID: "a certificate of the chain is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the chain ends in a root that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "an issuer's certificate is missing",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the chain does not lead to a trusted root",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the issuer's certificate was not sent, and it is no trusted root",
  INVALID_CA: "a certificate of the chain may not issue others",
  INVALID_PURPOSE: "a certificate of the chain is not meant for TLS servers",
  PATH_LENGTH_EXCEEDED: "the chain is longer than one of its certificates allows",
  CERT_SIGNATURE_FAILURE: "a signature of the chain is wrong",
  CERT_CHAIN_TOO_LONG: "the chain is too long",
  CERT_REVOKED: "a certificate of the chain is revoked",
  CERT_UNTRUSTED: "the root is not trusted",
};

/** Why the chain is not trusted; null when it leads to a trusted root and is in its validity period. */
export function chainErrorOf(socket: TLSSocket): ChainError | null {
  if (socket.authorized) return null;
  // Node hands out the verifier's code as a string, though it is declared as an Error.
  const code = String(socket.authorizationError);
  return { code, message: CHAIN_ERRORS[code] ?? code.toLowerCase().replaceAll("_", " ") };
}

function describe(certificate: X509Certificate): ServedCertificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    dnsNames: dnsNames(certificate.subjectAltName),
    commonName: commonName(certificate),
    notBefore: isoTime(certificate.validFromDate, certificate.validFrom),
    notAfter: isoTime(certificate.validToDate, certificate.validTo),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    pem: certificate.toString(),
  };
}

/**
 * The DNS-IDs in Node's one-line form of a subjectAltName: entries divided by ", ", and a value with any odd octet as
 * a JSON string in which commas are escaped, so that no value can pass for two.
 */
export function dnsNames(subjectAltName: string | undefined): string[] {
  if (!subjectAltName) return [];
  return subjectAltName.split(", ").flatMap((entry) => {
    if (!entry.startsWith("DNS:")) return [];
    const value = entry.slice("DNS:".length);
    return [value.startsWith('"') ? unquote(value) : value];
  });
}

function unquote(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

/** The most specific (last) common name, for display. */
function commonName(certificate: X509Certificate): string | null {
  const line = certificate.subject?.split("\n").findLast((part) => part.startsWith("CN="));
  return line === undefined ? null : line.slice("CN=".length);
}

// Node puts each part of a name on a line of its own, and gives undefined for an empty subject.
function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}

function isoTime(date: Date, text: string): string {
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}

import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import { isWholeSequence, publicKeyInfo } from "./tlsa-der.ts";

/** The fields of a TLSA record (RFC 6698 §2.1), the data in hexadecimal. */
export interface TlsaParameters {
  usage: number;
  selector: number;
  matchingType: number;
  data: string;
}

/** Why a record cannot be used by a sender of mail. */
export type TlsaFault =
  /** PKIX-TA(0) or PKIX-EE(1): not for port 25 (RFC 7672 §3.1.3; D10). */
  | "usage-pkix"
  | "usage-unknown"
  | "selector-unknown"
  | "matching-type-unknown"
  /** A SHA-256 digest has 32 octets, one of SHA-512 has 64. */
  | "digest-length"
  /** Matching type Full(0), and the data is no certificate or no public key. */
  | "data-unreadable";

/** A record, and whether senders can use it on port 25. */
export interface TlsaReading {
  record: TlsaParameters;
  /** As in a zone file: "3 1 1 0123…". */
  text: string;
  /** "3 1 1". */
  combination: string;
  /** Null when the record is usable. */
  fault: TlsaFault | null;
}

export const USAGE = { pkixTa: 0, pkixEe: 1, daneTa: 2, daneEe: 3 } as const;
export const SELECTOR = { certificate: 0, publicKey: 1 } as const;
export const MATCHING = { full: 0, sha256: 1, sha512: 2 } as const;

/** Names of the usages (RFC 7218 §2.1), by number. */
const USAGE_NAMES = ["PKIX-TA(0)", "PKIX-EE(1)", "DANE-TA(2)", "DANE-EE(3)"];

/** "DANE-EE(3)"; just the number for a usage that does not exist. */
export function usageName(usage: number): string {
  return USAGE_NAMES[usage] ?? String(usage);
}

/** Each record once (RFC 2181 §5), and whether a sender can use it (RFC 7672 §3.1; RFC 7671 §5; D6, D10). */
export function readTlsa(records: readonly TlsaParameters[]): TlsaReading[] {
  const readings = new Map<string, TlsaReading>();
  for (const { usage, selector, matchingType, data } of records) {
    const record = { usage, selector, matchingType, data: data.toLowerCase() };
    const combination = `${usage} ${selector} ${matchingType}`;
    const text = `${combination} ${record.data}`;
    if (!readings.has(text)) readings.set(text, { record, text, combination, fault: faultOf(record) });
  }
  return [...readings.values()];
}

/** Octets of a TLSA RRset in an answer, without its signatures; the owner's name is compressed to two octets. */
export function tlsaOctets(records: readonly TlsaParameters[]): number {
  // RFC 1035 §4.1.3: type, class, TTL and length take ten octets; RFC 6698 §2.1: the three fields before the data.
  return records.reduce((sum, { data }) => sum + 2 + 10 + 3 + data.length / 2, 0);
}

/**
 * The record of given parameters that matches a certificate.
 * @returns null when the certificate cannot be read, or a parameter is none that exists
 */
export function tlsaFor(pem: string, usage: number, selector: number, matchingType: number): TlsaReading | null {
  const certificate = readCertificate(pem);
  const data = certificate === null ? null : associationData(certificate, selector, matchingType);
  if (data === null) return null;
  return readTlsa([{ usage, selector, matchingType, data }])[0] ?? null;
}

/** What to publish for a certificate (RFC 7671 §5.1; D14): "3 1 1 …"; null when it cannot be read. */
export function recommendedTlsa(pem: string): string | null {
  return tlsaFor(pem, USAGE.daneEe, SELECTOR.publicKey, MATCHING.sha256)?.text ?? null;
}

/** A certificate, or null for octets or text that are none. */
export function readCertificate(text: string | Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(text);
  } catch {
    return null;
  }
}

/** The data that a record has to hold to match a certificate (RFC 6698 §2.1.2, §2.1.3), in hexadecimal. */
export function associationData(certificate: X509Certificate, selector: number, matchingType: number): string | null {
  const selected =
    selector === SELECTOR.certificate
      ? certificate.raw
      : selector === SELECTOR.publicKey
        ? publicKeyInfo(certificate.raw)
        : null;
  if (selected === null) return null;
  if (matchingType === MATCHING.full) return Buffer.from(selected).toString("hex");
  if (matchingType === MATCHING.sha256) return createHash("sha256").update(selected).digest("hex");
  if (matchingType === MATCHING.sha512) return createHash("sha512").update(selected).digest("hex");
  return null;
}

function faultOf({ usage, selector, matchingType, data }: TlsaParameters): TlsaFault | null {
  if (usage === USAGE.pkixTa || usage === USAGE.pkixEe) return "usage-pkix";
  if (usage !== USAGE.daneTa && usage !== USAGE.daneEe) return "usage-unknown";
  if (selector !== SELECTOR.certificate && selector !== SELECTOR.publicKey) return "selector-unknown";
  if (matchingType === MATCHING.sha256) return data.length === 64 ? null : "digest-length";
  if (matchingType === MATCHING.sha512) return data.length === 128 ? null : "digest-length";
  if (matchingType !== MATCHING.full) return "matching-type-unknown";
  const octets = Buffer.from(data, "hex");
  const isReadable = selector === SELECTOR.certificate ? isCertificate(octets) : isPublicKey(octets);
  return isReadable ? null : "data-unreadable";
}

function isCertificate(octets: Buffer): boolean {
  // X509Certificate also takes PEM, and DER with something behind it.
  return readCertificate(octets)?.raw.equals(octets) ?? false;
}

function isPublicKey(octets: Buffer): boolean {
  return isWholeSequence(octets) && readPublicKey(octets) !== null;
}

/** A SubjectPublicKeyInfo as a key; null where it is none that can verify anything. */
export function readPublicKey(octets: Buffer) {
  try {
    return createPublicKey({ key: octets, format: "der", type: "spki" });
  } catch {
    return null;
  }
}

import { X509Certificate } from "node:crypto";
import type { ServedCertificate } from "#lib/probes/policy-fact.ts";
import { titleOf } from "./certificate-title.ts";

/** RFC 9325 §4.5: at least 2048 bits. */
const LEAST_RSA_BITS = 2048;

/** Signatures over MD2, MD5 or SHA-1: with RSA (RFC 8017, and an older number of the same), DSA and ECDSA. */
const BROKEN_SIGNATURES = [
  "1.2.840.113549.1.1.2",
  "1.2.840.113549.1.1.4",
  "1.2.840.113549.1.1.5",
  "1.3.14.3.2.29",
  "1.2.840.10040.4.3",
  "1.2.840.10045.4.1",
];

export interface Weaknesses {
  /** The first certificate with an RSA key that is too short. */
  shortKey: { certificate: string; bits: number } | null;
  /** The first certificate whose signature no longer proves anything. */
  brokenSignature: { certificate: string; algorithm: string } | null;
}

/**
 * Weak keys and signatures among the certificates that vouch for one another, from the leaf upwards (RFC 9325 §4.5).
 * The probe accepts them, so that they can be told. A certificate that cannot be read is not called weak.
 */
export function weaknessesOf(chain: readonly ServedCertificate[]): Weaknesses {
  const found: Weaknesses = { shortKey: null, brokenSignature: null };
  for (const served of pathOf(chain)) {
    const certificate = read(served.pem);
    if (certificate === null) continue;
    const bits = rsaBits(certificate);
    if (bits !== null && bits < LEAST_RSA_BITS) found.shortKey ??= { certificate: titleOf(served), bits };
    // What a certificate signs about itself proves nothing, however strong.
    const isSelfSigned = certificate.subject === certificate.issuer;
    const { signatureAlgorithmOid: oid, signatureAlgorithm: algorithm = oid } = certificate;
    if (!isSelfSigned && BROKEN_SIGNATURES.includes(oid)) {
      found.brokenSignature ??= { certificate: titleOf(served), algorithm };
    }
  }
  return found;
}

/** The leaf, its issuer, and so on, as far as they were sent; not what is sent along without need. */
function pathOf(chain: readonly ServedCertificate[]): ServedCertificate[] {
  const path: ServedCertificate[] = [];
  let next = chain[0];
  while (next !== undefined && !path.includes(next)) {
    path.push(next);
    const { issuer } = next;
    next = chain.find((one) => one.subject === issuer);
  }
  return path;
}

function read(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** Null for a key of another kind, and for one that OpenSSL cannot read. */
function rsaBits(certificate: X509Certificate): number | null {
  try {
    return certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? null;
  } catch {
    return null;
  }
}

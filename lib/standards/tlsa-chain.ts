import type { KeyObject, X509Certificate } from "node:crypto";
import { isVersion1 } from "./tlsa-der.ts";

/** A certificate that may be part of the chain. */
export interface Link {
  certificate: X509Certificate;
  /** Its place in the chain as served; null for one that only a `2 0 0` record holds. */
  index: number | null;
}

/** What is wrong with a certificate on the way to the trust anchor; the dates come last. */
export type LinkFault = "no-authority" | "wrong-purpose" | "expired" | "not-yet-valid";

/** Whether one certificate vouches for another, by its signature. */
export interface Signatures {
  /** Also by names and key identifiers (RFC 5280 §6.1.3). */
  isIssuedBy(link: Link, issuer: Link): boolean;
  isSignedBy(link: Link, key: KeyObject): boolean;
}

/**
 * A signature of 16,384 bits takes milliseconds, and a hostile server can send many that each could have issued the
 * others. A real chain needs less than ten.
 */
const MAX_VERIFICATIONS = 64;

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

/** Verifies each pair of certificates once, and says no to all that comes after a fixed number of them. */
export function createSignatures(): Signatures {
  const known = new Map<Link, Map<Link, boolean>>();
  let left = MAX_VERIFICATIONS;
  const isSignedBy = (link: Link, key: KeyObject | null) => key !== null && left-- > 0 && verifies(link, key);
  return {
    isSignedBy,
    isIssuedBy(link, issuer) {
      if (!link.certificate.checkIssued(issuer.certificate)) return false;
      const ofLink = known.get(link) ?? new Map<Link, boolean>();
      known.set(link, ofLink);
      const issued = ofLink.get(issuer) ?? isSignedBy(link, publicKeyOf(issuer));
      ofLink.set(issuer, issued);
      return issued;
    },
  };
}

/**
 * The ways along which signatures lead from the first certificate to others, each the shortest; the order in which
 * they were served says nothing (RFC 8446 §4.4.2).
 * @param isAllowed leaves out those that may not be part of the way
 */
export function pathsFrom(
  leaf: Link,
  others: readonly Link[],
  { isIssuedBy }: Signatures,
  isAllowed: (link: Link) => boolean = () => true,
): Map<Link, Link[]> {
  const paths = new Map<Link, Link[]>(isAllowed(leaf) ? [[leaf, [leaf]]] : []);
  // A map that grows while it is walked gives what was added, too.
  for (const [link, path] of paths) {
    if (isSelfIssued(link)) continue;
    for (const other of others) {
      if (!paths.has(other) && isAllowed(other) && isIssuedBy(link, other)) paths.set(other, [...path, other]);
    }
  }
  return paths;
}

/** True for a certificate that names itself as its issuer: there a chain ends. */
export function isSelfIssued({ certificate }: Link): boolean {
  return certificate.checkIssued(certificate);
}

/**
 * What is wrong with one certificate of a chain that leads to a trust anchor: RFC 7671 §5.2 leaves the checks of RFC
 * 5280 in force, other than for DANE-EE(3).
 */
export function linkFault(link: Link, isLeaf: boolean, at: Date): LinkFault | null {
  const { certificate } = link;
  if (!isLeaf && !isAuthority(link)) return "no-authority";
  // Node calls the extended key usages so; RFC 5280 §4.2.1.12: without them any use is allowed.
  const purposes: string[] | undefined = certificate.keyUsage;
  if (purposes !== undefined && !purposes.includes(SERVER_AUTH)) return "wrong-purpose";
  if (!(at <= certificate.validToDate)) return "expired";
  return at >= certificate.validFromDate ? null : "not-yet-valid";
}

function isAuthority(link: Link): boolean {
  // Old private roots have no extension to say so, and OpenSSL takes them.
  return link.certificate.ca || (isSelfIssued(link) && isVersion1(link.certificate.raw));
}

function verifies({ certificate }: Link, key: KeyObject): boolean {
  try {
    return certificate.verify(key);
  } catch {
    return false; // of a kind that does not fit the signature
  }
}

function publicKeyOf({ certificate }: Link): KeyObject | null {
  try {
    return certificate.publicKey;
  } catch {
    return null; // of a kind that OpenSSL does not know
  }
}

import { X509Certificate } from "node:crypto";
import type { Facts } from "#lib/checks/gather.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";

export type ServedTls = NonNullable<NonNullable<Facts["policyFetch"]>["tls"]>;
export type ServedCertificate = ServedTls["chain"][number];

/** What a server sent, and what the verifier says of it; undefined where it was not asked. */
export interface Served {
  chain: ServedTls["chain"];
  chainError?: ServedTls["chainError"];
}

/** One certificate of a served chain, and how it holds on to what comes after it. */
export interface ChainLink {
  certificate: ServedCertificate;
  role: "Certificate of the host" | "Intermediate" | "Root";
  /** "RSA 2048", "P-256"; null when it cannot be read. */
  key: string | null;
  /** Whole days until it expires; negative when it has. */
  days: number | null;
  /** What is wrong with this certificate itself. */
  faults: string[];
  /** What vouches for it, or why nothing does. */
  next: { holds: boolean; text: string };
}

const DAY = 86_400_000;

/**
 * A served chain link by link, leaf first.
 * @param host the name that the first certificate has to hold
 * @param now milliseconds since 1970
 */
export function chainLinks({ chain, chainError }: Served, host: string, now: number): ChainLink[] {
  const parsed = chain.map(({ pem }) => parse(pem));
  return chain.map((certificate, i) => {
    const after = chain[i + 1];
    return {
      certificate,
      role: i === 0 ? "Certificate of the host" : isSelfSigned(certificate) ? "Root" : "Intermediate",
      key: keyOf(parsed[i] ?? null),
      days: daysLeft(certificate, now),
      faults: faultsOf(certificate, i === 0 ? host : null, now),
      next:
        after === undefined
          ? endOf(certificate, chainError)
          : linkOf(certificate, after, parsed[i] ?? null, parsed[i + 1] ?? null, !chainError),
    };
  });
}

function linkOf(
  { issuer }: ServedCertificate,
  after: ServedCertificate,
  parsed: X509Certificate | null,
  parsedAfter: X509Certificate | null,
  isTrusted: boolean,
): ChainLink["next"] {
  if (issuer !== after.subject) {
    return isTrusted
      ? { holds: true, text: `Issued by ${issuer}; what was sent next is another certificate.` }
      : { holds: false, text: `Issued by ${issuer}, but what was sent next is another certificate.` };
  }
  if (parsed !== null && parsedAfter !== null && !isSignedBy(parsed, parsedAfter)) {
    return {
      holds: false,
      text: "The name of the next certificate is the issuer's, but its key did not sign this one.",
    };
  }
  return { holds: true, text: "Issued by the next certificate." };
}

function endOf(certificate: ServedCertificate, error: Served["chainError"]): ChainLink["next"] {
  const self = isSelfSigned(certificate);
  if (error === undefined) return { holds: true, text: self ? "A root." : `Issued by ${certificate.issuer}.` };
  if (error === null) {
    return { holds: true, text: self ? "A trusted root." : `Issued by the trusted root ${certificate.issuer}.` };
  }
  // The verifier looks for the root first, and at dates then: it has found one here.
  if (/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/.test(error.code)) {
    return { holds: true, text: self ? "A root." : `Issued by ${certificate.issuer}.` };
  }
  if (self) return { holds: false, text: "It vouches for itself, and is no trusted root." };
  return { holds: false, text: `Issued by ${certificate.issuer}, which was not sent and is no trusted root.` };
}

function faultsOf(certificate: ServedCertificate, host: string | null, now: number): string[] {
  const faults: string[] = [];
  if (Date.parse(certificate.notAfter) < now) faults.push("It has expired.");
  if (Date.parse(certificate.notBefore) > now) faults.push("It is not valid yet.");
  if (host !== null && !matchCertificate(host, certificate).matched) faults.push(`It does not name ${host}.`);
  return faults;
}

function daysLeft({ notAfter }: ServedCertificate, now: number): number | null {
  const until = Date.parse(notAfter);
  return Number.isNaN(until) ? null : Math.floor((until - now) / DAY);
}

function isSelfSigned({ subject, issuer }: ServedCertificate): boolean {
  return subject === issuer;
}

function parse(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

const CURVES: Record<string, string> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

function keyOf(certificate: X509Certificate | null): string | null {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate?.publicKey ?? {};
    if (type === undefined) return null;
    if (details?.modulusLength) return `${type.toUpperCase()} ${details.modulusLength}`;
    const curve = details?.namedCurve;
    return curve === undefined ? type : `ECDSA ${CURVES[curve] ?? curve}`;
  } catch {
    return null; // a kind of key that the library does not know
  }
}

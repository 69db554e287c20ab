import type { ChainError, ServedCertificate, TlsFact } from "#lib/probes/policy-fact.ts";
import { type CertificateMatch, matchCertificate } from "#lib/standards/certificate-names.ts";
import { titleOf } from "./certificate-title.ts";
import { minuteOf } from "./times.ts";

const DAY = 86_400_000;
/** Renewal usually runs a third of the lifetime before the end; two weeks before it, it has not run. */
const SOON_DAYS = 14;
/** For certificates that live for days only, the last quarter is soon. */
const SOON_SHARE = 0.25;

/** What speaks against a certificate; each kind of host has words of its own for it. */
export type CertificateFault =
  | "expired"
  | "issuer-expired"
  | "not-yet-valid"
  | "expires-soon"
  | "self-signed"
  | "untrusted-root"
  | "chain-incomplete"
  | "untrusted"
  | "name-mismatch"
  | "common-name-only";

export interface CertificateFinding {
  fault: CertificateFault;
  evidence: Record<string, unknown>;
}

/**
 * What a client that checks chain, dates and names holds against a certificate (RFC 8461 §3.3 and §4.2: M24, M25, M62).
 * @param now milliseconds since 1970
 */
export function judgeCertificate(
  tls: TlsFact,
  leaf: ServedCertificate,
  host: string,
  now: number,
): CertificateFinding[] {
  const evidence = certificateEvidence(leaf, now);
  const from = Date.parse(leaf.notBefore);
  const until = Date.parse(leaf.notAfter);
  const findings: CertificateFinding[] = [];
  // M24: unexpired, and a chain to a trusted root.
  if (until < now) findings.push({ fault: "expired", evidence });
  if (from > now) findings.push({ fault: "not-yet-valid", evidence });
  const isTold = findings.length > 0 && isAboutTime(tls.chainError);
  if (tls.chainError !== null && !isTold) {
    const fault = chainFault(tls);
    const top = fault === "untrusted-root" ? tls.chain.at(-1) : leaf;
    findings.push({ fault, evidence: { ...evidence, issuer: top?.issuer, error: describe(tls.chainError) } });
  }
  const soon = Math.min(SOON_DAYS * DAY, (until - from) * SOON_SHARE);
  if (until >= now && until - now < soon) findings.push({ fault: "expires-soon", evidence });
  const name = matchCertificate(host, leaf);
  if (!name.matched) findings.push(nameFinding(name, leaf));
  return findings;
}

/** What to show of a certificate. */
export function certificateEvidence(leaf: ServedCertificate, now: number): Record<string, unknown> {
  const { issuer, dnsNames, notBefore, notAfter, serialNumber, fingerprint256 } = leaf;
  const days = Math.floor((Date.parse(notAfter) - now) / DAY);
  const times = { from: minuteOf(notBefore), until: minuteOf(notAfter), days };
  return { certificate: titleOf(leaf), issuer, dnsNames, notBefore, notAfter, serialNumber, fingerprint256, ...times };
}

const CHAIN_FAULTS: ReadonlyMap<string, CertificateFault> = new Map([
  ["CERT_HAS_EXPIRED", "issuer-expired"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "untrusted-root"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "chain-incomplete"],
  // The verifier cannot tell a private root from a second intermediate that is missing.
  ["UNABLE_TO_GET_ISSUER_CERT", "untrusted-root"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "untrusted-root"],
]);

function chainFault({ chain, chainError }: TlsFact): CertificateFault {
  // A certificate alone, without the one that vouches for it.
  const isAlone = chain.length === 1 && chainError?.code.startsWith("UNABLE_TO_GET_ISSUER_CERT") === true;
  return isAlone ? "chain-incomplete" : (CHAIN_FAULTS.get(chainError?.code ?? "") ?? "untrusted");
}

function isAboutTime(error: ChainError | null): boolean {
  return error?.code === "CERT_HAS_EXPIRED" || error?.code === "CERT_NOT_YET_VALID";
}

function describe(error: ChainError): string {
  return error.message === "" ? error.code : `${error.code}: ${error.message}`;
}

const REASONS = {
  "other-names": "it is made out to other names",
  "no-names": "it holds no name of a host",
  "wildcard-too-deep": "its wildcard stands for exactly one label, and here stand more",
  "wildcard-apex": "its wildcard stands for exactly one more label, not for the name itself",
  "wildcard-misplaced": "a wildcard counts only as the whole left-most label",
  "host-is-address": "an address cannot be compared with names",
} as const;

/** RFC 9525 §6.3 (M25): DNS-IDs only. */
function nameFinding(name: CertificateMatch & { matched: false }, leaf: ServedCertificate): CertificateFinding {
  const { dnsNames, commonName } = leaf;
  if (name.why === "common-name-only") return { fault: "common-name-only", evidence: { commonName } };
  const evidence = { dnsNames, commonName, nearest: name.nearest, why: REASONS[name.why] };
  return { fault: "name-mismatch", evidence };
}

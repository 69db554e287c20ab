import type { ChainError, PolicyFetchFact, ServedCertificate, TlsFact } from "#lib/probes/policy-fact.ts";
import { type CertificateMatch, matchCertificate } from "#lib/standards/certificate-names.ts";
import { about, conclude, type Say } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { Verdict } from "./verdict.ts";
import type { FindingCode } from "./wording.ts";

const DAY = 86_400_000;
/** Renewal usually runs a third of the lifetime before the end; two weeks before it, it has not run. */
const SOON_DAYS = 14;
/** For certificates that live for days only, the last quarter is soon. */
const SOON_SHARE = 0.25;

/** TLS and the certificate of the policy host (RFC 8461 §3.3, §7.2; M24, M25, M27, M34). */
export function checkMtaStsCertificate({
  checkedAt,
  policyFetch,
}: Pick<Facts, "checkedAt" | "policyFetch">): Verdict[] {
  if (policyFetch === null) throw new Error("the policy host has an address, but was not asked");
  const say = about("mta-sts-certificate", policyFetch.host);
  const { tls } = policyFetch;
  const [leaf] = tls?.chain ?? [];
  if (tls === null || leaf === undefined) return [withoutCertificate(policyFetch, say)];

  const verdicts = judgeCertificate(tls, leaf, Date.parse(checkedAt), say);
  const name = matchCertificate(policyFetch.host, leaf);
  if (!name.matched) verdicts.push(judgeName(name, leaf, say));
  const versions = policyFetch.legacyVersions ?? [];
  // RFC 8461 §7.2, RFC 8996 (M34): at least TLS 1.2; older versions are deprecated.
  if (/^(?:TLSv1(?:\.[01])?|SSLv3)$/.test(tls.version)) {
    verdicts.push(say("sts-certificate-tls-too-old", { versions: [tls.version] }));
  } else if (versions.length > 0) {
    verdicts.push(say("sts-certificate-legacy-tls", { versions, version: tls.version }));
  }
  const matched = name.matched ? name.name : null;
  return conclude(verdicts, () => say("sts-certificate-valid", { ...shown(leaf, Date.parse(checkedAt)), matched }));
}

/** True when a sender would not send its GET over this connection; `http` is then not asked for. */
export function isCertificateRefused(fact: PolicyFetchFact): boolean {
  const [leaf] = fact.tls?.chain ?? [];
  if (fact.tls === null) return fact.failure?.code === "tls-handshake" || isTooOld(fact);
  return leaf === undefined || fact.tls.chainError !== null || !matchCertificate(fact.host, leaf).matched;
}

function withoutCertificate(fact: PolicyFetchFact, say: Say): Verdict {
  const { code, detail } = fact.failure ?? { code: "tls-handshake", detail: "no certificate was sent" };
  const evidence = { address: fact.address ?? "unknown", error: detail };
  // RFC 8461 §7.2 (M34): a host that takes part in older versions only ends ours one way or another.
  if (isTooOld(fact)) return say("sts-certificate-tls-too-old", { ...evidence, versions: fact.legacyVersions });
  if (code === "tls-timeout") return say("sts-certificate-timeout", evidence);
  if (code !== "tls-handshake" && fact.tls === null) {
    return say("sts-certificate-not-reached", { ...evidence, prerequisite: "mta-sts-fetch" });
  }
  return say("sts-certificate-handshake-failed", evidence);
}

function isTooOld(fact: PolicyFetchFact): boolean {
  return fact.tls === null && (fact.legacyVersions ?? []).length > 0;
}

function judgeCertificate(tls: TlsFact, leaf: ServedCertificate, now: number, say: Say): Verdict[] {
  const evidence = shown(leaf, now);
  const from = Date.parse(leaf.notBefore);
  const until = Date.parse(leaf.notAfter);
  const verdicts: Verdict[] = [];
  // RFC 8461 §3.3 (M24): unexpired, and a chain to a trusted root.
  if (until < now) verdicts.push(say("sts-certificate-expired", evidence));
  if (from > now) verdicts.push(say("sts-certificate-not-yet-valid", evidence));
  const isTold = verdicts.length > 0 && isAboutTime(tls.chainError);
  if (tls.chainError !== null && !isTold) {
    const code = chainCode(tls);
    const top = code === "sts-certificate-untrusted-root" ? tls.chain.at(-1) : leaf;
    verdicts.push(say(code, { ...evidence, issuer: top?.issuer, error: describe(tls.chainError) }));
  }
  const soon = Math.min(SOON_DAYS * DAY, (until - from) * SOON_SHARE);
  if (until >= now && until - now < soon) verdicts.push(say("sts-certificate-expires-soon", evidence));
  return verdicts;
}

const CHAIN_CODES: Readonly<Record<string, FindingCode>> = {
  CERT_HAS_EXPIRED: "sts-certificate-issuer-expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "sts-certificate-self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "sts-certificate-untrusted-root",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "sts-certificate-chain-incomplete",
  // The verifier cannot tell a private root from a second intermediate that is missing.
  UNABLE_TO_GET_ISSUER_CERT: "sts-certificate-untrusted-root",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "sts-certificate-untrusted-root",
};

function chainCode({ chain, chainError }: TlsFact): FindingCode {
  const code = CHAIN_CODES[chainError?.code ?? ""] ?? "sts-certificate-untrusted";
  // A certificate alone, without the one that vouches for it.
  const isAlone = chain.length === 1 && chainError?.code.startsWith("UNABLE_TO_GET_ISSUER_CERT") === true;
  return isAlone ? "sts-certificate-chain-incomplete" : code;
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
function judgeName(name: CertificateMatch & { matched: false }, leaf: ServedCertificate, say: Say): Verdict {
  const { dnsNames, commonName } = leaf;
  if (name.why === "common-name-only") return say("sts-certificate-common-name-only", { commonName });
  const evidence = { dnsNames, commonName, nearest: name.nearest, why: REASONS[name.why] };
  return say("sts-certificate-name-mismatch", evidence);
}

function shown(leaf: ServedCertificate, now: number): Record<string, unknown> {
  const { subject, issuer, dnsNames, notBefore, notAfter, serialNumber, fingerprint256 } = leaf;
  const days = Math.floor((Date.parse(notAfter) - now) / DAY);
  const times = { from: minute(notBefore), until: minute(notAfter), days };
  return { certificate: subject, issuer, dnsNames, notBefore, notAfter, serialNumber, fingerprint256, ...times };
}

/** "2026-11-22 08:47 UTC", or the text itself where it is no time. */
function minute(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

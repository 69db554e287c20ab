import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { certificateEvidence, judgeCertificate } from "./certificate.ts";
import { about, conclude, type Say, worstFirst } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { Verdict } from "./verdict.ts";

/** TLS and the certificate of the policy host (RFC 8461 §3.3, §7.2; M24, M25, M27, M34). */
export function checkMtaStsCertificate({
  checkedAt,
  policyFetch,
  policyFetches,
}: Pick<Facts, "checkedAt" | "policyFetch" | "policyFetches">): Verdict[] {
  if (policyFetch === null) throw new Error("the policy host has an address, but was not asked");
  const own = judgePolicyCertificate(checkedAt, policyFetch);
  if (own.some(({ status }) => status === "fail" || status === "error" || status === "skipped")) return own;
  const others = policyFetches.filter(({ address }) => address !== null && address !== policyFetch.address);
  const failing = others.filter((fact) =>
    judgePolicyCertificate(checkedAt, fact).some(({ status }) => status === "fail"),
  );
  if (failing.length === 0) return own;
  // What is wrong there is told under mta-sts-fetch, for each address.
  const evidence = { addresses: failing.map(({ address }) => address), valid: policyFetch.address };
  const partly = about("mta-sts-certificate", policyFetch.host)("sts-certificate-not-everywhere", evidence);
  return worstFirst([partly, ...own.filter(({ status }) => status !== "pass")]);
}

/** The same about one fetch alone. */
export function judgePolicyCertificate(checkedAt: string, policyFetch: PolicyFetchFact): Verdict[] {
  const say = about("mta-sts-certificate", policyFetch.host);
  const { tls, host } = policyFetch;
  const [leaf] = tls?.chain ?? [];
  if (tls === null || leaf === undefined) return [withoutCertificate(policyFetch, say)];

  const now = Date.parse(checkedAt);
  const verdicts = judgeCertificate(tls, leaf, host, now).map(({ fault, evidence }) =>
    say(`sts-certificate-${fault}`, evidence),
  );
  const versions = policyFetch.legacyVersions ?? [];
  // RFC 8461 §7.2, RFC 8996 (M34): at least TLS 1.2; older versions are deprecated.
  if (/^(?:TLSv1(?:\.[01])?|SSLv3)$/.test(tls.version)) {
    verdicts.push(say("sts-certificate-tls-too-old", { versions: [tls.version] }));
  } else if (versions.length > 0) {
    verdicts.push(say("sts-certificate-legacy-tls", { versions, version: tls.version }));
  }
  const name = matchCertificate(host, leaf);
  const matched = name.matched ? name.name : null;
  return conclude(verdicts, () => say("sts-certificate-valid", { ...certificateEvidence(leaf, now), matched }));
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

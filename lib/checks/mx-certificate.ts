import type { OutwardFact, SmtpFact } from "#lib/probes/smtp-fact.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { certificateEvidence, judgeCertificate } from "./certificate.ts";
import { weaknessesOf } from "./certificate-strength.ts";
import { dialoguesOf, eachAddress, eachMailHost, type HostFacts } from "./each-mail-host.ts";
import { conclude, type Say } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { skippedWithoutTls } from "./starttls.ts";
import type { Verdict } from "./verdict.ts";

const CHECK = "mx-certificate";

/** The certificate of each address of each mail host, as MTA-STS senders judge it (RFC 8461 §4.2; M62). */
export function checkMxCertificate(facts: HostFacts & Pick<Facts, "checkedAt" | "smtp" | "outward">): Verdict[] {
  const now = Date.parse(facts.checkedAt);
  return eachMailHost(CHECK, facts, (host, say) => {
    const verdicts = eachAddress(CHECK, host, facts.smtp, (one, sayOf) => judgeAddress(one, facts.outward, now, sayOf));
    return [...verdicts, ...judgeDifferences(dialoguesOf(host, facts.smtp), now, say)];
  });
}

function judgeAddress(fact: SmtpFact, outward: OutwardFact | null, now: number, say: Say): Verdict[] {
  const skipped = skippedWithoutTls(fact, outward, say);
  if (skipped !== null) return [skipped];
  const { tls, host } = fact;
  const [leaf] = tls?.chain ?? [];
  if (tls === null || leaf === undefined) return [say("mx-certificate-none")];

  const evidence = certificateEvidence(leaf, now);
  const verdicts = judgeCertificate(tls, leaf, host, now).map((finding) =>
    say(`mx-certificate-${finding.fault}`, { host, ...finding.evidence }),
  );
  const { shortKey, brokenSignature } = weaknessesOf(tls.chain);
  if (shortKey !== null) verdicts.push(say("mx-certificate-weak-key", { ...evidence, host, ...shortKey }));
  if (brokenSignature !== null) {
    verdicts.push(say("mx-certificate-weak-signature", { ...evidence, host, ...brokenSignature }));
  }
  const name = matchCertificate(host, leaf);
  const matched = name.matched ? name.name : null;
  return conclude(verdicts, () => say("mx-certificate-valid", { ...evidence, host, matched }));
}

/** Addresses of one host with different certificates: perhaps one machine was left out of the renewal (D2). */
function judgeDifferences(spoken: readonly SmtpFact[], now: number, say: Say): Verdict[] {
  const served = spoken.flatMap(({ host, address, tls }) => {
    const [leaf] = tls?.chain ?? [];
    if (tls === null || leaf === undefined) return [];
    const isBad = judgeCertificate(tls, leaf, host, now).some(({ fault }) => fault !== "expires-soon");
    return [{ address, fingerprint: leaf.fingerprint256, isBad }];
  });
  if (new Set(served.map(({ fingerprint }) => fingerprint)).size < 2) return [];
  const bad = served.filter(({ isBad }) => isBad).map(({ address }) => address);
  const good = served.filter(({ isBad }) => !isBad).map(({ address }) => address);
  const evidence = { addresses: served.map(({ address }) => address), bad, good };
  return [say(bad.length > 0 && good.length > 0 ? "mx-certificate-left-behind" : "mx-certificate-differs", evidence)];
}

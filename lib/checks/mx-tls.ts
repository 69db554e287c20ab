import type { ServedCertificate } from "#lib/probes/policy-fact.ts";
import type { MailTlsFact, OutwardFact, SmtpFact, VersionFact } from "#lib/probes/smtp-fact.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { titleOf } from "./certificate-title.ts";
import { eachAddress, eachMailHost, type HostFacts } from "./each-mail-host.ts";
import { conclude, type Say, worstFirst } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { skippedWithoutTls } from "./starttls.ts";
import type { Verdict } from "./verdict.ts";

const CHECK = "mx-tls";

/** RFC 9325 §4.5 */
const LEAST_DH_BITS = 2048;

/** TLS versions, key exchange and SNI of each address of each mail host (RFC 8461 §7; M34, M63, D17). */
export function checkMxTls(facts: HostFacts & Pick<Facts, "checkedAt" | "smtp" | "outward">): Verdict[] {
  const { smtp, outward } = facts;
  const now = Date.parse(facts.checkedAt);
  return eachMailHost(CHECK, facts, (host) =>
    eachAddress(CHECK, host, smtp, (one, say) => judgeAddress(one, outward, now, say)),
  );
}

function judgeAddress(fact: SmtpFact, outward: OutwardFact | null, now: number, say: Say): Verdict[] {
  const { tls } = fact;
  const accepted = acceptedVersions(fact);
  const modern = accepted.filter(isModern);
  const legacy = accepted.filter((version) => !isModern(version));
  // RFC 8461 §7.2 (M34): at least TLS 1.2. Without it our own handshake failed, and the older versions tell why.
  if (modern.length === 0 && legacy.length > 0) return [say("mx-tls-too-old", { versions: legacy })];
  const skipped = skippedWithoutTls(fact, outward, say);
  if (skipped !== null || tls === null) return skipped === null ? [] : [skipped];

  const { version, cipher, keyExchange } = tls;
  const evidence = { version, cipher, keyExchange: keyExchange ?? "not told", accepted, legacy };
  const refused = fact.versions.filter((one) => one.accepted === false).map((one) => one.version);
  const refuses = (name: VersionFact["version"]) => refused.includes(name) && !accepted.includes(name);
  const verdicts = [...judgeKeyExchange(tls, evidence, say), ...judgeWithoutSni(fact, tls, now, say)];
  // RFC 8996 (M34)
  if (legacy.length > 0) verdicts.push(say("mx-tls-legacy", evidence));
  // Without a certificate of ours TLS 1.2 and older end in the handshake, however well the server speaks them.
  if (fact.failureInside?.code === "certificate-demanded")
    return worstFirst([...verdicts, say("mx-tls-versions-unseen", evidence)]);
  // RFC 9325 §3.1.1: many senders speak nothing newer than TLS 1.2.
  if (refuses("TLSv1.2")) verdicts.push(say("mx-tls-without-12", evidence));
  if (refuses("TLSv1.3")) verdicts.push(say("mx-tls-without-13", evidence));
  return conclude(verdicts, () => say("mx-tls-good", evidence));
}

/** Each version with which a handshake was seen to complete, the oldest first. */
function acceptedVersions({ tls, versions }: SmtpFact): string[] {
  const tried = versions.filter(({ accepted }) => accepted === true).map(({ version }) => version);
  return [...new Set<string>(tls === null ? tried : [...tried, tls.version])].toSorted();
}

function isModern(version: string): boolean {
  return version === "TLSv1.2" || version === "TLSv1.3";
}

/** RFC 9325 §4.1, §4.5: forward secrecy, and numbers that are large enough. TLS 1.3 always has both. */
function judgeKeyExchange({ version, cipher, keyExchange }: MailTlsFact, evidence: object, say: Say): Verdict[] {
  if (version === "TLSv1.3") return [];
  // Where the library does not tell, the name of the cipher suite does.
  const isEphemeral = keyExchange === null ? /(?:^|_)(?:ECDHE|DHE)[-_]/.test(cipher) : keyExchange !== "RSA";
  if (!isEphemeral) return [say("mx-tls-no-forward-secrecy", { ...evidence })];
  const bits = Number(/^DH (\d+)$/.exec(keyExchange ?? "")?.[1] ?? Number.POSITIVE_INFINITY);
  return bits < LEAST_DH_BITS ? [say("mx-tls-short-dh", { ...evidence, bits })] : [];
}

/** RFC 8461 §7.1, RFC 7672 §8.1 (M63, D17): SNI must not be demanded, and the default certificate has to do. */
function judgeWithoutSni({ withoutSni, host }: SmtpFact, tls: MailTlsFact, now: number, say: Say): Verdict[] {
  if (withoutSni === null) return [];
  const [leaf] = tls.chain;
  const [other] = withoutSni.chain;
  if (withoutSni.fingerprint256 === null || other === undefined) {
    return [say("mx-tls-sni-demanded", { host, error: withoutSni.detail ?? "no certificate was sent" })];
  }
  // A certificate that is wrong with SNI too is told under mx-certificate.
  if (leaf === undefined || leaf.fingerprint256 === withoutSni.fingerprint256) return [];
  if (!suits(host, leaf, now) || suits(host, other, now)) return [];
  const evidence = { host, certificate: titleOf(other), dnsNames: other.dnsNames, notAfter: other.notAfter };
  return [say("mx-tls-default-certificate", evidence)];
}

function suits(host: string, leaf: ServedCertificate, now: number): boolean {
  const isInTime = Date.parse(leaf.notBefore) <= now && now <= Date.parse(leaf.notAfter);
  return isInTime && matchCertificate(host, leaf).matched;
}

import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { policyHost, policyUrl } from "#lib/standards/record-names.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";
import { addressesOf, answerOf } from "./answers.ts";
import { about, conclude, dnsEvidence, type Say, sayUnanswered } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { judgePolicyHostCaa } from "./policy-host-caa.ts";
import type { Verdict } from "./verdict.ts";

/** Whether the name of the policy host leads to addresses that senders can reach (RFC 8461 §3.3; M14, M20, H2, H10). */
export function checkMtaStsHost({
  domain,
  stsTxt,
  policyHostAddresses,
  policyFetch,
  policyHostCaa,
}: Pick<Facts, "domain" | "stsTxt" | "policyHostAddresses" | "policyFetch" | "policyHostCaa">): Verdict[] {
  const host = policyHost(domain);
  const say = about("mta-sts-host", host);
  const { addresses, unanswered, loop } = addressesOf(policyHostAddresses);
  const chain = [policyHostAddresses.a, policyHostAddresses.aaaa].find((fact) => fact.chain.length > 0)?.chain ?? [];

  if (addresses.length > 0) {
    if (policyFetch?.failure?.code === "address-refused") {
      return [say("sts-host-private-address", { addresses, error: policyFetch.failure.detail })];
    }
    const verdicts: Verdict[] = [];
    const refused = (policyFetch?.attempts ?? []).filter((attempt) => attempt.failure === "address-refused");
    if (refused.length > 0) verdicts.push(say("sts-host-some-private", { refused: refused.map((one) => one.address) }));
    for (const fact of unanswered) {
      verdicts.push(say("sts-host-family-unanswered", { ...dnsEvidence(fact), addresses }));
    }
    verdicts.push(...judgeAlias(domain, chain, policyFetch, say), ...judgePolicyHostCaa(policyHostCaa, say));
    return conclude(verdicts, () => say("sts-host-found", { addresses }));
  }

  for (const fact of unanswered) {
    const answer = answerOf(fact);
    if (answer.kind === "unanswered") return [sayUnanswered(say, fact, answer.failure)];
  }
  if (loop !== null) return [say("dns-chain-loop", dnsEvidence(loop))];
  // RFC 8461 §10.3 (M79, H10): a dangling alias can be taken over, with or without a record.
  if (chain.length > 0) return [say("sts-host-cname-dangling", { chain, end: chain.at(-1) })];

  const record = answerOf(stsTxt);
  if (record.kind === "unanswered") return [say("skipped-after-error", { prerequisite: "mta-sts-record" })];
  const isMeant = stsTxt.chain.length > 0 || (record.kind === "records" && readStsRecord(record.records).attempted);
  return [isMeant ? say("sts-host-missing", { url: policyUrl(domain) }) : say("sts-host-not-published")];
}

/** RFC 8461 §8.2, §10.3 (H2, H10): whoever runs the target serves the policy, or lets others serve one. */
function judgeAlias(domain: string, chain: string[], policyFetch: PolicyFetchFact | null, say: Say): Verdict[] {
  const end = chain.at(-1);
  if (end === undefined) return [];
  const isOwn = end === domain || end.endsWith(`.${domain}`);
  const isUnknown = policyFetch !== null && !isOwn && isUnknownThere(policyFetch);
  return [say(isUnknown ? "sts-host-cname-unclaimed" : "sts-host-cname", { chain, end })];
}

/** True where the host answers as providers do for names that none of their customers has. */
function isUnknownThere({ host, tls, http }: PolicyFetchFact): boolean {
  if (http !== null) return http.status === 404 || http.status === 410;
  const [leaf] = tls?.chain ?? [];
  return leaf !== undefined && !matchCertificate(host, leaf).matched;
}

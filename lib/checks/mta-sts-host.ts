import { policyHost, policyUrl } from "#lib/standards/record-names.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";
import { addressesOf, answerOf } from "./answers.ts";
import { about, conclude, dnsEvidence, sayUnanswered } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { Verdict } from "./verdict.ts";

/** Whether the name of the policy host leads to addresses that senders can reach (RFC 8461 §3.3; M14, M20). */
export function checkMtaStsHost({
  domain,
  stsTxt,
  policyHostAddresses,
  policyFetch,
}: Pick<Facts, "domain" | "stsTxt" | "policyHostAddresses" | "policyFetch">): Verdict[] {
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
    if (chain.length > 0) verdicts.push(say("sts-host-cname", { chain }));
    return conclude(verdicts, () => say("sts-host-found", { addresses }));
  }

  for (const fact of unanswered) {
    const answer = answerOf(fact);
    if (answer.kind === "unanswered") return [sayUnanswered(say, fact, answer.failure)];
  }
  if (loop !== null) return [say("dns-chain-loop", dnsEvidence(loop))];
  // RFC 8461 §10.3 (M79): a dangling alias can be taken over, with or without a record.
  if (chain.length > 0) return [say("sts-host-cname-dangling", { chain })];

  const record = answerOf(stsTxt);
  if (record.kind === "unanswered") return [say("skipped-after-error", { prerequisite: "mta-sts-record" })];
  const isMeant = stsTxt.chain.length > 0 || (record.kind === "records" && readStsRecord(record.records).attempted);
  return [isMeant ? say("sts-host-missing", { url: policyUrl(domain) }) : say("sts-host-not-published")];
}

import { answerOf } from "./answers.ts";
import { dnsEvidence, type Say } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Who may issue a certificate for the policy host (RFC 8659). Without a record that says so anybody may, which is no
 * fault; a wildcard certificate has rules of its own (`issuewild`), which are shown with the others.
 */
export function judgePolicyHostCaa(fact: Facts["policyHostCaa"], say: Say): Verdict[] {
  if (fact === null) return [];
  const answer = answerOf(fact);
  if (answer.kind === "absent") return [];
  // RFC 8659 §3: where the alias of a name leads to records, those hold.
  const at = fact.chain.at(-1) ?? fact.name;
  // RFC 8659 §6.2: an authority that gets no answer must not take that for a permission.
  if (answer.kind !== "records") return [say("sts-host-caa-unanswered", { ...dnsEvidence(fact), at })];
  const records = answer.records.map(({ critical, tag, value }) => `${critical ? 128 : 0} ${tag} "${value}"`);
  const issue = answer.records.filter(({ tag }) => tag === "issue");
  if (issue.length === 0) return [];
  // RFC 8659 §4.2: parameters stand behind a semicolon; an empty name permits nobody.
  const named = issue.map(({ value }) => value.split(";")[0]?.trim().toLowerCase() ?? "");
  const issuers = [...new Set(named.filter((name) => name !== ""))];
  const evidence = { at, records, issuers };
  return [say(issuers.length === 0 ? "sts-host-caa-nobody" : "sts-host-caa", evidence)];
}

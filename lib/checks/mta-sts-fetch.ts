import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { titleOf } from "./certificate-title.ts";
import { about, conclude, type Say } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { judgePolicyAddresses } from "./policy-addresses.ts";
import { judgePolicyAgents } from "./policy-agent-answers.ts";
import { fetchEvidence, judgePolicyAnswer } from "./policy-answer.ts";
import type { Verdict } from "./verdict.ts";

/** The GET of the policy, from each address and under each name (RFC 8461 §3.2, §3.3; M20 to M23, M28, M29). */
export function checkMtaStsFetch({
  checkedAt,
  policyFetch,
  policyFetches,
  policyAgents,
}: Pick<Facts, "checkedAt" | "policyFetch" | "policyFetches" | "policyAgents">): Verdict[] {
  if (policyFetch === null) throw new Error("the policy host has an address, but was not asked");
  const say = about("mta-sts-fetch", policyFetch.host);
  const answer = judgePolicyAnswer(policyFetch, say);
  const verdicts = [
    ...answer,
    ...judgePolicyAddresses({ checkedAt, policyFetch, policyFetches }, answer),
    ...judgePolicyAgents(policyFetch, policyAgents, say),
    ...judgeWithoutSni(policyFetch, say),
  ];
  const { http } = policyFetch;
  const each = [...new Set(policyFetches.flatMap(({ address }) => address ?? []))];
  const addresses = each.length > 0 ? { addresses: each } : {};
  return conclude(verdicts, () =>
    say("sts-fetch-ok", { ...fetchEvidence(policyFetch), ...addresses, status: http?.status }),
  );
}

/**
 * RFC 8461 §7.1 (M27, H3): senders send SNI, and a host may rely on that. What it gives to others is theirs to know, but
 * explains what a client without SNI reports.
 */
function judgeWithoutSni({ host, http, withoutSni }: PolicyFetchFact, say: Say): Verdict[] {
  const certificate = withoutSni?.certificate;
  if (!certificate || http === null || matchCertificate(host, certificate).matched) return [];
  const { dnsNames } = certificate;
  return [say("sts-fetch-default-certificate", { certificate: titleOf(certificate), dnsNames })];
}

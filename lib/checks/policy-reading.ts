import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { readStsPolicy, type StsPolicy, type StsPolicyReading } from "#lib/standards/sts-policy.ts";

/** The policy text of a fetch that succeeded, read. Only checks behind `mta-sts-fetch` ask for it. */
export function policyReadingOf(fact: PolicyFetchFact | null): StsPolicyReading {
  // RFC 8461 §3.3 (M21): nothing but the body of a 200 is a policy.
  if (fact?.http?.status !== 200) throw new Error("there is no policy text to read");
  return readStsPolicy(fact.http.body);
}

/** The policy that senders use. Only checks behind `mta-sts-policy` ask for it. */
export function policyOf(fact: PolicyFetchFact | null): StsPolicy {
  const { value } = policyReadingOf(fact);
  if (value === null) throw new Error("the policy is not valid");
  return value;
}

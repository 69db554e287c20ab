import { policyHost, policyUrl } from "#lib/standards/record-names.ts";
import { about, conclude, sayProblems } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { policyReadingOf } from "./policy-reading.ts";
import type { Verdict } from "./verdict.ts";

/** The text of the policy (RFC 8461 §3.2; M40 to M52). */
export function checkMtaStsPolicy({ domain, policyFetch }: Pick<Facts, "domain" | "policyFetch">): Verdict[] {
  const say = about("mta-sts-policy", policyHost(domain));
  const { parts, problems } = policyReadingOf(policyFetch);
  const verdicts = sayProblems(say, problems, { url: policyUrl(domain) });
  const mx = parts.mx.length > 0 ? parts.mx : "none";
  return conclude(verdicts, () => say("sts-policy-valid", { mode: parts.mode, maxAge: parts.maxAge, mx }));
}

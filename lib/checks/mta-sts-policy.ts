import { policyHost, policyUrl } from "#lib/standards/record-names.ts";
import { mailHostsOf } from "./answers.ts";
import { about, conclude, sayProblems } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { isUsableMailHost } from "./mx.ts";
import { policyReadingOf } from "./policy-reading.ts";
import type { Verdict } from "./verdict.ts";

/** The text of the policy (RFC 8461 §3.2; M40 to M52). */
export function checkMtaStsPolicy({
  domain,
  mx: mxFact,
  policyFetch,
}: Pick<Facts, "domain" | "mx" | "policyFetch">): Verdict[] {
  const say = about("mta-sts-policy", policyHost(domain));
  // RFC 8461 §3.3 (M29): of a policy that was fetched this is told there; one that is not published yet was not fetched.
  if (policyFetch?.http?.tooLarge) return [say("sts-policy-too-large", { url: policyUrl(domain) })];
  const { parts, problems } = policyReadingOf(policyFetch);
  const mail = mailHostsOf(mxFact, null);
  const hosts = mail.kind === "hosts" ? mail.hosts.map((host) => host.exchange).filter(isUsableMailHost) : [];
  const publish = hosts.map((host) => `mx: ${host}`);
  const verdicts = sayProblems(say, problems, { url: policyUrl(domain), publish });
  const mx = parts.mx.length > 0 ? parts.mx : "none";
  return conclude(verdicts, () => say("sts-policy-valid", { mode: parts.mode, maxAge: parts.maxAge, mx }));
}

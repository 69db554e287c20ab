import { judge } from "#lib/checks/catalogue.ts";
import type { Facts } from "#lib/checks/gather.ts";
import { worstStatus } from "#lib/checks/verdict.ts";
import type { NewLookup } from "#lib/db/lookups.ts";
import { lookupToKeep } from "#lib/lookups/history.ts";
import { makeSampleFacts } from "#prisma/sample-facts.ts";
import { SAMPLE_HOSTS } from "#prisma/sample-world.ts";

const DAY_MS = 86_400_000;
const [FIRST_HOST = "", SECOND_HOST = "", THIRD_HOST = ""] = SAMPLE_HOSTS;

/** Lookups of the sample domain on the days on which its reports change, the last one now; the oldest first. */
export function sampleLookups(now: Date): NewLookup[] {
  const at = (daysAgo: number) => new Date(now.getTime() - daysAgo * DAY_MS);
  const today = makeSampleFacts(now);
  const twoHosts = (daysAgo: number) => {
    const facts = withoutHost(makeSampleFacts(at(daysAgo)), THIRD_HOST);
    return withCertificate(facts, [FIRST_HOST, SECOND_HOST], "6F", at(15));
  };
  return [
    keep(withCertificate(twoHosts(79), [SECOND_HOST], "5E", at(78)), at(79)),
    keep(twoHosts(75), at(75)),
    // The certificates were there already.
    keep({ ...makeSampleFacts(at(19)), smtp: today.smtp, policyFetch: today.policyFetch }, at(19)),
    keep(today, now),
  ];
}

function keep(facts: Facts, checkedAt: Date): NewLookup {
  const verdicts = judge(facts);
  return lookupToKeep({
    ...{ checkedAt, facts, verdicts },
    worst: worstStatus(verdicts.map(({ status }) => status)) ?? "error",
  });
}

/** The facts of a time at which there was one mail host less. */
function withoutHost(facts: Facts, gone: string): Facts {
  const { mx, mailHosts, smtp } = facts;
  if (!mx.result.ok) return facts;
  const records = mx.result.records.filter(({ exchange }) => exchange !== gone);
  return {
    ...facts,
    mx: { ...mx, result: { ...mx.result, records } },
    mailHosts: mailHosts.filter(({ name }) => name !== gone),
    smtp: smtp.filter(({ host }) => host !== gone),
  };
}

/** The facts of a time at which some mail hosts had a certificate before their present one. */
function withCertificate(facts: Facts, hosts: readonly string[], octet: string, notAfter: Date): Facts {
  const notBefore = new Date(notAfter.getTime() - 90 * DAY_MS);
  const earlier = {
    ...{ serialNumber: octet, fingerprint256: Array.from({ length: 32 }, () => octet).join(":") },
    ...{ notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() },
  };
  const smtp = facts.smtp.map((dialogue) => {
    const { host, tls } = dialogue;
    const [leaf, ...rest] = tls?.chain ?? [];
    if (!hosts.includes(host) || !tls || !leaf) return dialogue;
    return { ...dialogue, tls: { ...tls, chain: [{ ...leaf, ...earlier }, ...rest] } };
  });
  return { ...facts, smtp };
}

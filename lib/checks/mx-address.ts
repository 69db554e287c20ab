import { addressesOf, answerOf, mailHostsOf } from "./answers.ts";
import { eachMailHost, type HostFacts } from "./each-mail-host.ts";
import { about, conclude, dnsEvidence, type Say, sayUnanswered } from "./finding.ts";
import type { MailHostFact } from "./mail-host-facts.ts";
import type { Verdict } from "./verdict.ts";

const CHECK = "mx-address";

/** Whether each mail host has addresses that senders can look up (RFC 5321 §5.1; D9, M65). */
export function checkMxAddress(facts: HostFacts): Verdict[] {
  const { domain, mx, domainAddresses, mailHosts } = facts;
  const isOnIpv4 = mailHosts.some(({ addresses }) => answerOf(addresses.a).kind === "records");
  const verdicts = eachMailHost(CHECK, facts, (host, say) => judgeHost(host, isOnIpv4, say));
  const mail = mailHostsOf(mx, domainAddresses);
  const count = mail.kind === "hosts" ? mail.hosts.length : 0;
  // M65: a host that was not looked at is not taken for a good one.
  if (count > mailHosts.length) {
    verdicts.push(about(CHECK, domain)("mx-address-hosts-unlooked", { count, looked: mailHosts.length }));
  }
  return verdicts;
}

function judgeHost({ addresses: facts, preference }: MailHostFact, isOnIpv4: boolean, say: Say): Verdict[] {
  const { addresses, unanswered, loop } = addressesOf(facts);
  const chain = [facts.a, facts.aaaa].find((fact) => fact.chain.length > 0)?.chain ?? [];
  const verdicts = new Map<string, Verdict>();
  for (const fact of unanswered) {
    const answer = answerOf(fact);
    if (answer.kind === "unanswered") verdicts.set(answer.failure, sayUnanswered(say, fact, answer.failure));
  }
  const evidence = { addresses, preference, chain };
  if (loop !== null) verdicts.set("loop", say("dns-chain-loop", dnsEvidence(loop)));
  else if (addresses.length === 0 && unanswered.length === 0) {
    return [say(chain.length > 0 ? "mx-address-alias-dangling" : "mx-address-missing", evidence)];
  }
  // RFC 5321 §5.1, RFC 2181 §10.3 (D9): the name in an MX record is no alias.
  if (chain.length > 0 && addresses.length > 0) verdicts.set("alias", say("mx-address-alias", evidence));
  const [hasIpv4, hasIpv6] = [facts.a, facts.aaaa].map((fact) => answerOf(fact).kind === "records");
  const families = hasIpv4 && hasIpv6 ? "IPv4 and IPv6" : hasIpv4 ? "IPv4 only" : "IPv6 only";
  if (hasIpv6 && answerOf(facts.a).kind === "absent") {
    verdicts.set("family", say(isOnIpv4 ? "mx-address-backed-by-ipv4" : "mx-address-ipv6-only", evidence));
  }
  return conclude([...verdicts.values()], () => say("mx-address-found", { ...evidence, families }));
}

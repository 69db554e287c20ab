import { answerOf } from "./answers.ts";
import { publishedBy, usableOf } from "./dane-published.ts";
import { about, dnsEvidence, sayUnanswered, worstFirst } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { addressSecurity, resolverValidates, securityOf } from "./security.ts";
import type { Verdict } from "./verdict.ts";

const CHECK = "dnssec";

/** Whether DNSSEC vouches for where mail goes (RFC 7672 §2.1, §2.2.1; D1, D2, D3, D8). */
export function checkDnssec(facts: Pick<Facts, "domain" | "signedNames" | "mx" | "mailHosts">): Verdict[] {
  const { domain, mx, mailHosts } = facts;
  const say = about(CHECK, domain);
  const validates = resolverValidates(facts);
  const security = securityOf(mx, validates);
  const answer = answerOf(mx);
  if (answer.kind === "loop") return [say("dns-chain-loop", dnsEvidence(mx))];
  if (answer.kind === "unanswered" && security !== "bogus") return [sayUnanswered(say, mx, answer.failure)];

  const hosts = mailHosts.map((host) => ({
    host: host.name,
    addresses: addressSecurity(host.addresses, validates),
    tlsa: host.tlsa.map(({ records }) => securityOf(records, validates)),
  }));
  const evidence = { ...dnsEvidence(mx), mx: security, hosts };
  if (validates === false) return [say("dnssec-resolver-not-validating", evidence)];
  if (validates === null) return [say("dnssec-resolver-unknown", evidence)];

  const named = (state: string) => hosts.filter(({ addresses }) => addresses === state).map(({ host }) => host);
  const verdicts = named("bogus").map((host) => about(CHECK, host)("dnssec-host-bogus", evidence));
  if (security === "bogus") return worstFirst([say("dnssec-mx-bogus", evidence), ...verdicts]);
  if (security === "secure") {
    verdicts.push(say("dnssec-mx-secure", evidence));
    const unsigned = named("insecure");
    if (unsigned.length > 0) verdicts.push(say("dnssec-hosts-unsigned", { ...evidence, unsigned }));
    return worstFirst(verdicts);
  }
  // D8 (RFC 7672 §2.2.1): the records of a mail host may count even where the way to it is not signed.
  const half = mailHosts.filter((host) => usableOf(publishedBy(host, validates)).length > 0).map(({ name }) => name);
  const insecure = half.length > 0 ? say("dnssec-partially-protected", { ...evidence, half }) : null;
  return worstFirst([...verdicts, insecure ?? say("dnssec-mx-insecure", evidence)]);
}

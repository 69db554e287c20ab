import type { DnsFact } from "#lib/probes/dns-fact.ts";
import { answerOf } from "./answers.ts";
import { publishedBy, usableOf } from "./dane-published.ts";
import { about, dnsEvidence, sayUnanswered, worstFirst } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { MailHostFact } from "./mail-host-facts.ts";
import { distantResolvers, pathNote } from "./resolver-path.ts";
import {
  addressFaults,
  addressSecurity,
  isTlsaAsked,
  resolverValidates,
  type Security,
  securityOf,
} from "./security.ts";
import { soonEnding } from "./signature-end.ts";
import type { Verdict } from "./verdict.ts";

const CHECK = "dnssec";

/** Whether DNSSEC vouches for where mail goes, and for how long (RFC 7672 §2.1, §2.2.1; D1, D2, D3, D8, D21). */
export function checkDnssec(
  facts: Pick<Facts, "domain" | "checkedAt" | "signedNames" | "mx" | "mailHosts">,
): Verdict[] {
  const { domain, checkedAt, mx, mailHosts } = facts;
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
  const vouched = mailHosts.flatMap(({ addresses: { a, aaaa }, tlsa }) => [
    ...[a, aaaa],
    ...tlsa.map(({ records }) => records),
  ]);
  const resolvers = distantResolvers([mx, ...vouched]);
  const ofPath = resolvers.length > 0 ? [say("dnssec-resolver-distant", { ...evidence, resolvers })] : [];
  const ofHosts = [
    ...mailHosts.flatMap((host) => failingAddresses(host, security, validates)),
    ...mailHosts.flatMap(({ name, addresses: { a, aaaa } }) => {
      const ending = soonEnding([a, aaaa], checkedAt);
      return ending === null ? [] : [about(CHECK, name)("dnssec-host-signature-expires-soon", ending)];
    }),
  ];
  if (security === "bogus") return worstFirst([say("dnssec-mx-bogus", evidence), ...ofHosts, ...ofPath]);
  if (security === "secure") {
    const unsignedAnd = (asked: boolean) =>
      mailHosts
        .filter(({ name }) => named("insecure").includes(name))
        .filter((host) => isTlsaAsked(host, validates) === asked)
        .map(({ name }) => name);
    const [unsigned, aliased] = [unsignedAnd(false), unsignedAnd(true)];
    const ofDomain = unsigned.length > 0 ? [say("dnssec-hosts-unsigned", { ...evidence, unsigned })] : [];
    // RFC 7672 §2.2.2 (D9): then the alias's own name is the TLSA base.
    if (aliased.length > 0) ofDomain.push(say("dnssec-aliases-unsigned", { ...evidence, aliased }));
    const ending = soonEnding([mx], checkedAt);
    if (ending !== null) ofDomain.unshift(say("dnssec-mx-signature-expires-soon", { ...evidence, ...ending }));
    // A domain can be its own mail host, and is not well where that one is not.
    else if (ofHosts.every(({ subject }) => subject !== domain))
      ofDomain.unshift(say("dnssec-mx-secure", { ...evidence, path: pathNote(mx) }));
    return worstFirst([...ofDomain, ...ofHosts, ...ofPath]);
  }
  // D8 (RFC 7672 §2.2.1): the records of a mail host may count even where the way to it is not signed.
  const half = mailHosts.filter((host) => usableOf(publishedBy(host, validates)).length > 0).map(({ name }) => name);
  const insecure = half.length > 0 ? say("dnssec-partially-protected", { ...evidence, half }) : null;
  return worstFirst([...ofHosts, insecure ?? say("dnssec-mx-insecure", evidence), ...ofPath]);
}

/** Addresses of a mail host whose lookup fails for senders with DANE (RFC 7672 §2.1.2; D3). */
function failingAddresses(host: MailHostFact, mx: Security, validates: boolean | null): Verdict[] {
  const say = about(CHECK, host.name);
  const { failing } = addressFaults(host.addresses, validates);
  const [bogus = [], others = []] = [true, false].map((wanted) =>
    failing.filter((fact) => (securityOf(fact, validates) === "bogus") === wanted),
  );
  const types = (facts: DnsFact<unknown>[]) => facts.map(({ type }) => type);
  const verdicts: Verdict[] = [];
  const [first] = bogus;
  if (first !== undefined) verdicts.push(say("dnssec-host-bogus", { ...dnsEvidence(first), types: types(bogus) }));
  // Over an MX record that is not signed nobody asks as strictly, unless for TLSA records (D8).
  const isAsked = mx === "secure" || publishedBy(host, validates).kind !== "none";
  const [other] = others;
  if (other !== undefined && isAsked) {
    verdicts.push(say("dnssec-host-servfail", { ...dnsEvidence(other), types: types(others) }));
  }
  return verdicts;
}

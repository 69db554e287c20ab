import { parse as parseSuffix } from "tldts";
import type { MxRecord } from "#lib/probes/dns-fact.ts";
import { matchesMxPattern, matchMx } from "#lib/standards/mx-match.ts";
import type { StsPolicy } from "#lib/standards/sts-policy.ts";
import { mailHostsOf } from "./answers.ts";
import { about, worstFirst } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { isUsableMailHost } from "./mx.ts";
import { policyOf } from "./policy-reading.ts";
import type { Verdict } from "./verdict.ts";

const CHECK = "mta-sts-mx";

/** Whether the policy covers each mail host (RFC 8461 §4.1, §10.4; M60, M61, M65, M66, M68). */
export function checkMtaStsMx({
  domain,
  mx,
  domainAddresses,
  policyFetch,
}: Pick<Facts, "domain" | "mx" | "domainAddresses" | "policyFetch">): Verdict[] {
  const say = about(CHECK, domain);
  const policy = policyOf(policyFetch);
  if (policy.mode === "none") return [say("sts-mx-mode-none")];
  const mail = mailHostsOf(mx, domainAddresses);
  if (mail.kind === "unknown") return [say("skipped-after-error", { prerequisite: "mx" })];
  if (mail.kind === "none") return [say("skipped-after-fail", { prerequisite: "mx" })];
  // RFC 7505 (M68): nothing to protect.
  if (mail.kind === "null-mx") return [say("sts-mx-null")];
  // RFC 5321 §5.1 (M68): the domain itself is the implicit MX, with preference 0.
  const hosts = mail.kind === "implicit" ? [{ exchange: domain, preference: 0 }] : mail.hosts;
  const verdicts = hosts.map((host) => judgeHost(host, hosts, policy));
  return worstFirst([...verdicts, ...judgePatterns(domain, hosts, policy)]);
}

function judgeHost(host: MxRecord, hosts: readonly MxRecord[], policy: StsPolicy): Verdict {
  const { exchange, preference } = host;
  const say = about(CHECK, exchange);
  if (!isUsableMailHost(exchange)) return say("skipped-after-fail", { prerequisite: "mx" });
  const match = matchMx(policy.mx, exchange);
  if (match.matched) return say("sts-mx-covered", { pattern: match.pattern, preference, mode: policy.mode });
  // RFC 8461 §8.4 (M65): what fails at a backup host shows only when the others are down.
  const isFirst = preference === Math.min(...hosts.map((other) => other.preference));
  const place = isFirst ? "the most preferred" : "a backup";
  const evidence = { preference, place, mode: policy.mode, patterns: policy.mx, publish: `mx: ${exchange}` };
  if (match.why === "none") return say("sts-mx-not-covered", evidence);
  return say(match.why === "apex" ? "sts-mx-wildcard-apex" : "sts-mx-wildcard-too-deep", {
    ...evidence,
    pattern: match.nearest,
  });
}

function judgePatterns(domain: string, hosts: readonly MxRecord[], policy: StsPolicy): Verdict[] {
  const say = about(CHECK, domain);
  const patterns = [...new Set(policy.mx)];
  const wildcards = patterns.filter((pattern) => pattern.startsWith("*."));
  const own = wildcards.filter((pattern) => organisation(pattern.slice(2)) === organisation(domain));
  const others = wildcards.filter((pattern) => !own.includes(pattern));
  const covers = (pattern: string) => hosts.some((host) => matchesMxPattern(pattern, host.exchange));
  // A wildcard that almost reaches a host is told with that host.
  const misses = hosts.map((host) => matchMx(policy.mx, host.exchange));
  const isNear = (pattern: string) => misses.some((miss) => !miss.matched && miss.nearest === pattern);
  const unused = patterns.filter((pattern) => !covers(pattern) && !isNear(pattern));
  const verdicts: Verdict[] = [];
  // RFC 8461 §10.4 (M66): a wildcard lets each host below that name pass.
  if (own.length > 0) {
    const named = hosts.filter((host) => own.some((pattern) => matchesMxPattern(pattern, host.exchange)));
    const publish = named.map((host) => `mx: ${host.exchange}`);
    verdicts.push(say("sts-mx-wildcard-own-zone", { patterns: own, publish }));
  }
  if (others.length > 0) verdicts.push(say("sts-mx-wildcard-provider", { patterns: others }));
  if (unused.length > 0) verdicts.push(say("sts-mx-pattern-unused", { patterns: unused }));
  return verdicts;
}

/** The name that was registered, by the public suffix list; the name itself where there is none above it. */
function organisation(name: string): string {
  return parseSuffix(name, { allowPrivateDomains: true }).domain ?? name.toLowerCase();
}

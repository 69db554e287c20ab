import type { DnsFact } from "#lib/probes/dns-fact.ts";
import type { TlsaRecord } from "#lib/probes/dns-rdata.ts";
import { MATCHING, type TlsaFault, type TlsaReading, tlsaOctets, usageName } from "#lib/standards/tlsa.ts";
import { type Published, publishedBy, usableOf } from "./dane-published.ts";
import { eachMailHost, type HostFacts } from "./each-mail-host.ts";
import { about, conclude, dnsEvidence, type Say, sayUnanswered, worstFirst } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { MailHostFact } from "./mail-host-facts.ts";
import { pathNote } from "./resolver-path.ts";
import { resolverValidates, senderNote } from "./security.ts";
import { soonEnding } from "./signature-end.ts";
import type { Verdict } from "./verdict.ts";

const CHECK = "dane-records";
const DAY = 86_400;
/** What fits into one unfragmented answer beside its signatures (RFC 7671 §10.1.1; D21). */
const LARGE = 1200;
/** RFC 7671 §5.1, §5.2.1 (D14) */
const RECOMMENDED = ["3 1 1", "2 0 1"];

/** Whether the TLSA records of each mail host are secure and of use (RFC 7672 §3, RFC 7671 §5; D3 to D10, D14, D15, D21, D23). */
export function checkDaneRecords(facts: HostFacts & Pick<Facts, "checkedAt" | "signedNames">): Verdict[] {
  const { domain, checkedAt, mailHosts } = facts;
  const say = about(CHECK, domain);
  const validates = resolverValidates(facts);
  const all = new Map(mailHosts.map((host) => [host.name, publishedBy(host, validates)]));
  const note = senderNote(facts.mx, validates);
  const verdicts = eachMailHost(CHECK, facts, (host, sayOf) =>
    judgeHost(host, all.get(host.name) ?? NONE, { checkedAt, note }, sayOf),
  );
  const told = verdicts.filter(({ code }) => code !== "dane-records-none");
  const isNowhere = [...all.values()].every(({ kind }) => kind === "none");
  if (told.length < verdicts.length && isNowhere) return worstFirst([...told, say("dane-records-none")]);
  // D23: a host without records is not passed over for one with them, so it is where an attacker leads mail.
  const without = [...all].filter(([, { kind }]) => ["none", "unsigned", "unasked"].includes(kind));
  const isSomewhere = [...all.values()].some((published) => usableOf(published).length > 0);
  if (isSomewhere && without.length > 0) {
    told.push(say("dane-records-partial", { hosts: without.map(([name]) => name) }));
  }
  return worstFirst(told);
}

const NONE: Published = { kind: "none" };
const WITHOUT_EFFECT = { records: "dane-records-unsigned", addresses: "dane-records-addresses-unsigned" } as const;
const BROKEN = { bogus: "dane-records-bogus", servfail: "dane-records-servfail", loop: "dns-chain-loop" } as const;

/** What is the same for all hosts. */
interface About {
  checkedAt: string;
  note: string;
}

function judgeHost(host: MailHostFact, published: Published, { checkedAt, note }: About, say: Say): Verdict[] {
  switch (published.kind) {
    case "none":
      return [say("dane-records-none")];
    case "unreachable":
      return [say("skipped-after-fail", { prerequisite: "dnssec" })];
    case "unknown":
      return [sayUnanswered(say, published.fact, published.failure)];
    case "unvalidated":
      return [say("dane-records-unvalidated", dnsEvidence(published.lookup.records))];
    case "unasked":
      return [say("dane-records-failing-unasked", dnsEvidence(published.lookup.records))];
    case "broken":
      return [say(BROKEN[published.why], dnsEvidence(published.lookup.records))];
    case "unsigned": {
      const records = published.readings.map(({ text }) => text);
      return [say(WITHOUT_EFFECT[published.what], { ...dnsEvidence(published.lookup.records), records })];
    }
  }
  const verdicts = [...judgeUse(published.readings, say), ...judgeForm(published.readings, published, say)];
  const ending = soonEnding([published.lookup.records], checkedAt);
  if (ending !== null) verdicts.push(say("dane-records-signature-expires-soon", ending));
  const chain = aliasesOf(host);
  if (chain.length > 0) {
    verdicts.push(say("dane-records-alias", { aliases: [host.name, ...chain], base: published.lookup.base }));
  }
  return conclude(verdicts, () =>
    say("dane-records-usable", { ...evidenceOf(published.lookup.records, published.readings), note }),
  );
}

const FAULTS: Readonly<Record<TlsaFault, string>> = {
  "usage-pkix": "a usage that is not for mail",
  "usage-unknown": "a usage that does not exist",
  "selector-unknown": "a selector that does not exist",
  "matching-type-unknown": "a matching type that does not exist",
  "digest-length": "a digest of the wrong length",
  "data-unreadable": "neither a certificate nor a public key, as matching type 0 demands",
};

/** Which records a sender can use (RFC 7672 §3.1; D6, D10). */
function judgeUse(readings: readonly TlsaReading[], say: Say): Verdict[] {
  const hasUsable = readings.some(({ fault }) => fault === null);
  const pkix = readings.filter(({ fault }) => fault === "usage-pkix");
  const others = readings.filter(({ fault }) => fault !== null && fault !== "usage-pkix");
  const verdicts: Verdict[] = [];
  if (pkix.length > 0) {
    const usages = [...new Set(pkix.map(({ record }) => usageName(record.usage)))];
    const code = hasUsable ? "dane-records-pkix-beside" : "dane-records-pkix-only";
    verdicts.push(say(code, { usages, records: pkix.map(({ text }) => text) }));
  }
  if (others.length > 0) {
    const faults = [...new Set(others.flatMap(({ fault }) => (fault === null ? [] : FAULTS[fault])))].join("; ");
    const code = hasUsable || pkix.length > 0 ? "dane-records-unusable" : "dane-records-all-unusable";
    verdicts.push(say(code, { faults, records: others.map(({ text }) => text) }));
  }
  return verdicts;
}

/** How the usable records are published (D14, D15, D21). */
function judgeForm(readings: readonly TlsaReading[], { ttl }: { ttl: number }, say: Say): Verdict[] {
  const usable = readings.filter(({ fault }) => fault === null);
  const ofType = (type: number) => usable.filter(({ record }) => record.matchingType === type);
  const [full, sha256, sha512] = [ofType(MATCHING.full), ofType(MATCHING.sha256), ofType(MATCHING.sha512)];
  const verdicts: Verdict[] = [];
  if (full.length > 0) verdicts.push(say("dane-records-full", { records: full.map(({ text }) => text) }));
  // RFC 6698 §6: SHA-256 is what senders have to know.
  if (sha512.length > 0 && sha256.length === 0) {
    verdicts.push(say("dane-records-only-sha512", { records: sha512.map(({ text }) => text) }));
  }
  if (ttl > DAY) verdicts.push(say("dane-records-ttl-long", { ttl }));
  const octets = tlsaOctets(readings.map(({ record }) => record));
  if (octets > LARGE) verdicts.push(say("dane-records-large", { octets, count: readings.length }));
  const unusual = [...new Set(sha256.map(({ combination }) => combination))].filter(
    (one) => !RECOMMENDED.includes(one),
  );
  if (unusual.length > 0) verdicts.push(say("dane-records-unusual", { unusual }));
  return verdicts;
}

function evidenceOf(fact: DnsFact<TlsaRecord>, readings: readonly TlsaReading[]): Record<string, unknown> {
  const ttl = fact.result.ok ? fact.result.ttl : null;
  return { ...dnsEvidence(fact), path: pathNote(fact), records: readings.map(({ text }) => text), ttl };
}

function aliasesOf({ addresses: { a, aaaa } }: MailHostFact): string[] {
  return [a, aaaa].find(({ chain }) => chain.length > 0)?.chain ?? [];
}

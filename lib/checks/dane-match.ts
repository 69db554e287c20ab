import type { ServedCertificate } from "#lib/probes/policy-fact.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { recommendedTlsa, type TlsaReading } from "#lib/standards/tlsa.ts";
import { matchTlsa } from "#lib/standards/tlsa-match.ts";
import { daneHandshakeOf, daneNames } from "./dane-handshake.ts";
import { judgeMatches, subjectOf } from "./dane-match-result.ts";
import { type Published, publishedBy, usableOf } from "./dane-published.ts";
import { eachAddress, eachMailHost, type HostFacts } from "./each-mail-host.ts";
import { about, type Say, worstFirst } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { MailHostFact, TlsaLookup } from "./mail-host-facts.ts";
import { resolverValidates, senderNote } from "./security.ts";
import type { Verdict } from "./verdict.ts";

const CHECK = "dane-match";

type MatchFacts = HostFacts & Pick<Facts, "signedNames" | "smtp" | "checkedAt">;

/** Whether the TLSA records of each mail host fit what each of its addresses serves (RFC 7672 §3; D5, D6, D11 to D20). */
export function checkDaneMatch(facts: MatchFacts): Verdict[] {
  const say = about(CHECK, facts.domain);
  const validates = resolverValidates(facts);
  const verdicts = eachMailHost(CHECK, facts, (host, sayOf) =>
    judgeHost(host, publishedBy(host, validates), facts, sayOf),
  );
  const told = verdicts.filter(({ code }) => code !== "dane-match-not-applicable");
  const isSilent = told.every(({ code }) => code.startsWith("skipped-"));
  return worstFirst(isSilent && told.length < verdicts.length ? [...told, say("dane-match-not-applicable")] : told);
}

function judgeHost(host: MailHostFact, published: Published, facts: MatchFacts, say: Say): Verdict[] {
  switch (published.kind) {
    case "none":
    case "unsigned":
    case "unasked":
      return [say("dane-match-not-applicable")];
    case "broken":
    case "unreachable":
      return [say("skipped-after-fail", { prerequisite: "dane-records" })];
    case "unknown":
      return [say("skipped-after-error", { prerequisite: "dane-records" })];
    case "unvalidated":
      return [say("dane-match-unvalidated", { resolver: published.lookup.records.resolver })];
  }
  const usable = usableOf(published);
  const { lookup } = published;
  const isForPkix = published.readings.some(({ fault }) => fault === "usage-pkix");
  return eachAddress(CHECK, host, facts.smtp, (spoken, sayOf) =>
    judgeAddress(spoken, { usable, isForPkix, lookup, facts }, sayOf),
  );
}

interface Demand {
  usable: readonly TlsaReading[];
  /** Whether records of usage 0 or 1 are among the others (D10). */
  isForPkix: boolean;
  lookup: TlsaLookup;
  facts: MatchFacts;
}

function judgeAddress(spoken: SmtpFact, { usable, isForPkix, lookup, facts }: Demand, say: Say): Verdict[] {
  const { host, failure, starttls } = spoken;
  const { domain, mx, checkedAt } = facts;
  const shaken = daneHandshakeOf(spoken, lookup.base);
  const chain = shaken.state === "established" ? shaken.chain : [];
  const [leaf] = chain;
  const name = lookup.records.name;
  const recommended = leaf === undefined ? null : recommendedTlsa(leaf.pem);
  // The name may be an alias: then the record stands where that ends.
  const owner = lookup.records.chain.at(-1) ?? name;
  const publish = recommended === null ? {} : { publish: `${owner}. IN TLSA ${recommended}` };
  const served = chain.map(({ subject, fingerprint256 }) => ({ subject, fingerprint256 }));
  const reason = shaken.state === "established" ? null : shaken.detail;
  const evidence = {
    note: senderNote(mx, resolverValidates(facts)),
    ...{ host, name, base: lookup.base, records: usable.map(({ text }) => text), served, ...publish },
    error: failure?.detail || reason || "no reason was given",
  };
  const isUnanswered = starttls?.state === "refused" && starttls.reply === null;
  if (failure !== null || starttls === null || isUnanswered) return [say("dane-match-not-reached", evidence)];
  if (starttls.state === "not-offered") return [say("dane-match-no-starttls", evidence)];
  if (shaken.state !== "established") return [say(WITHOUT_TLS[shaken.state], evidence)];
  // RFC 7672 §2.2 (D6): TLS, with whoever answers.
  if (usable.length === 0) return [say(isForPkix ? "dane-match-pkix-only" : "dane-match-tls-only", evidence)];
  if (leaf === undefined) return [say("dane-match-no-certificate", evidence)];

  const names = daneNames(lookup.base, host, domain, mx.chain);
  const records = usable.map(({ record }) => record);
  const matched = (one: readonly ServedCertificate[]) => matchTlsa(records, one, names, new Date(checkedAt));
  const matches = matched(chain);
  // RFC 7672 §8.1 (D17): it does not help that the records fit what comes for the name in the MX record.
  if (!matches.authenticated && matched(spoken.tls?.chain ?? []).authenticated) {
    return [say("dane-match-base-other", { ...evidence, subjectOfLeaf: subjectOf(leaf) })];
  }
  return judgeMatches(matches, chain, { ...evidence, names }, say);
}

const WITHOUT_TLS = {
  "no-tls": "dane-match-tls-fails",
  "base-refused": "dane-match-base-refused",
  unseen: "dane-match-base-unseen",
} as const;

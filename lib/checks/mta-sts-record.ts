import { policyUrl } from "#lib/standards/record-names.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";
import { answerOf, mailHostsOf } from "./answers.ts";
import { about, conclude, dnsEvidence, sayProblems, sayUnanswered, worstFirst } from "./finding.ts";
import type { Facts, SubdomainFact } from "./gather.ts";
import type { Verdict } from "./verdict.ts";

/** The TXT record at `_mta-sts`, and those of names below the domain (RFC 8461 §3.1, §3.4; M1 to M15, M36). */
export function checkMtaStsRecord({
  domain,
  checkedAt,
  mx,
  stsTxt,
  subdomains,
}: Pick<Facts, "domain" | "checkedAt" | "mx" | "stsTxt" | "subdomains">): Verdict[] {
  const say = about("mta-sts-record", domain);
  const answer = answerOf(stsTxt);
  if (answer.kind === "unanswered") return [sayUnanswered(say, stsTxt, answer.failure)];
  if (answer.kind === "loop") return [say("dns-chain-loop", dnsEvidence(stsTxt))];
  const { name, chain } = stsTxt;
  // RFC 8461 §3.1 (M14): a CNAME is followed, chains too.
  if (answer.kind === "absent" && chain.length > 0) return [say("sts-record-cname-dangling", { name, chain })];

  const records = answer.kind === "records" ? answer.records : [];
  const reading = readStsRecord(records);
  const evidence = {
    name,
    record: reading.text,
    records: records.map((record) => record.strings.join("")),
    publish: `v=STSv1; id=${reading.suggestedId ?? idFromClock(checkedAt)}`,
    hint:
      reading.suggestedId === null ? " (any id of 1 to 32 letters and digits that was not used before will do)" : "",
  };
  // RFC 7505 (M68): no mail comes, so there is none to protect; a record that is wrong all the same is told.
  if (!reading.attempted && mailHostsOf(mx, null).kind === "null-mx") {
    const others = reading.problems.filter(({ code }) => code !== "sts-record-missing");
    return worstFirst([say("no-mail-hosts"), ...sayProblems(say, others, evidence)]);
  }
  const verdicts = sayProblems(say, reading.problems, evidence);
  if (chain.length > 0) verdicts.push(say("sts-record-cname", { name, chain }));
  const own = conclude(verdicts, () => say("sts-record-valid", { name, record: reading.text, id: reading.value?.id }));
  // M36: where the domain has no policy itself, that its subdomains have none is no news.
  return reading.value === null ? own : [...own, ...judgeSubdomains(domain, subdomains)];
}

/** A label that nobody uses: mail for it is mail for any name. */
const MADE_UP = /^sealpost-[0-9a-f]+\./;

/** RFC 8461 §3.4 (M36): a policy is never used for names below its domain; each that receives mail needs its own. */
function judgeSubdomains(domain: string, subdomains: readonly SubdomainFact[]): Verdict[] {
  const exposed = subdomains.flatMap(({ name, mx, stsTxt }) => {
    const mail = mailHostsOf(mx, null);
    if (mail.kind !== "hosts" || stsTxt === null) return [];
    const hosts = mail.hosts.map(({ exchange }) => exchange);
    const answer = answerOf(stsTxt);
    const hasRecord = answer.kind === "records" && readStsRecord(answer.records).value !== null;
    return hasRecord ? [] : [{ name, hosts, record: stsTxt.name, isUnknown: answer.kind === "unanswered" }];
  });
  const wildcard = exposed.find(({ name }) => MADE_UP.test(name));
  // What the wildcard answers is told once, and not for each name that it answers for.
  const hostsOf = (one: (typeof exposed)[number] | undefined) => one?.hosts.toSorted().join();
  const named = exposed.filter((one) => hostsOf(one) !== hostsOf(wildcard));
  const verdicts = named.map(({ name, hosts, record, isUnknown }) => {
    const evidence = { hosts, name: record, url: policyUrl(name), domain };
    const code = isUnknown ? "sts-record-subdomain-unknown" : "sts-record-subdomain-without";
    return about("mta-sts-record", name)(code, evidence);
  });
  if (wildcard === undefined) return verdicts;
  const evidence = { hosts: wildcard.hosts, tried: wildcard.name, domain };
  return [...verdicts, about("mta-sts-record", `*.${domain}`)("sts-record-subdomain-wildcard", evidence)];
}

/** RFC 8461 §3.1 (M4): an id in the form of the RFC's own example, a time without separators. */
function idFromClock(checkedAt: string): string {
  return `${checkedAt.replace(/\D/g, "").slice(0, 14)}Z`;
}

import type { ReportDestination } from "#lib/standards/report-destination.ts";
import { isDestinationProblem, readTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";
import { answerOf, mailHostsOf } from "./answers.ts";
import { about, conclude, type Say, sayProblems, sayUnanswered } from "./finding.ts";
import type { DestinationFact, Facts } from "./gather.ts";
import { judgeWebDestinations } from "./tls-rpt-web-destinations.ts";
import type { Verdict } from "./verdict.ts";

/** Where the reports go, and whether they get there (RFC 8460 §3, §5.3, §7; T5 to T7, T9, T11). */
export function checkTlsRptDestinations({
  domain,
  checkedAt,
  mx,
  tlsRptTxt,
  destinations,
  webDestinations,
}: Pick<Facts, "domain" | "checkedAt" | "mx" | "tlsRptTxt" | "destinations" | "webDestinations">): Verdict[] {
  const say = about("tls-rpt-destinations", domain);
  // Not behind the record as a whole: a `;` in the list breaks the record, and what it cuts off is told here.
  if (answerOf(tlsRptTxt).kind === "unanswered")
    return [say("skipped-after-error", { prerequisite: "tls-rpt-record" })];
  const reading = readTlsRptRecord(tlsRptTxt.result.ok ? tlsRptTxt.result.records : []);
  // RFC 7505 (M68)
  if (!reading.attempted && mailHostsOf(mx, null).kind === "null-mx") return [say("no-mail-hosts")];
  if (reading.value === null) return [say("skipped-after-fail", { prerequisite: "tls-rpt-record" })];
  const { rua } = reading.value;
  const uris = rua.map((destination) => destination.uri);
  const publish = reading.suggestedRua.length > 0 ? `v=TLSRPTv1; rua=${reading.suggestedRua.join(",")}` : null;

  const verdicts: Verdict[] = [
    ...sayProblems(say, reading.problems.filter(isDestinationProblem), { publish, domain, record: reading.text }),
    ...judgeMailHosts(destinations, say),
    ...judgeSharedFate(domain, mx, destinations, say),
    ...judgeWebDestinations(webDestinations, checkedAt, say),
  ];
  // RFC 8460 §3 (T7): a sender may use each destination or just one.
  if (rua.length > 1) verdicts.push(say("tls-rpt-destination-several", { destinations: uris, first: uris[0] }));
  // RFC 8460 §7 (T9): no consent of the receiver is asked for.
  const foreign = foreignDomains(domain, rua);
  if (foreign.length > 0) verdicts.push(say("tls-rpt-destination-external", { domains: foreign }));
  const mailDomains = new Set(rua.flatMap((one) => (one.scheme === "mailto" ? one.domain : [])));
  if (mailDomains.size > destinations.length) {
    const counts = { count: mailDomains.size, looked: destinations.length };
    verdicts.push(say("tls-rpt-destination-unlooked", counts));
  }
  return conclude(verdicts, () => say("tls-rpt-destinations-valid", { destinations: uris }));
}

/** T11: a mail destination has to accept mail itself. */
function judgeMailHosts(destinations: readonly DestinationFact[], say: Say): Verdict[] {
  const dead: string[] = [];
  const withoutMx: string[] = [];
  const unknown = new Map<string, Verdict>();
  for (const destination of destinations) {
    const mail = mailHostsOf(destination.mx, destination.addresses);
    if (mail.kind === "none" || mail.kind === "null-mx") dead.push(destination.domain);
    if (mail.kind === "implicit") withoutMx.push(destination.domain);
    if (mail.kind !== "unknown") continue;
    const answer = answerOf(mail.fact);
    if (answer.kind === "unanswered") unknown.set(answer.failure, sayUnanswered(say, mail.fact, answer.failure));
    else dead.push(destination.domain);
  }
  const verdicts = [...unknown.values()];
  if (dead.length > 0) verdicts.push(say("tls-rpt-destination-no-mail-host", { domains: dead }));
  if (withoutMx.length > 0) verdicts.push(say("tls-rpt-destination-without-mx", { domains: withoutMx }));
  return verdicts;
}

/** T11: reports about a domain should not depend on the mail of that domain. */
function judgeSharedFate(
  domain: string,
  mx: Facts["mx"],
  destinations: readonly DestinationFact[],
  say: Say,
): Verdict[] {
  const verdicts: Verdict[] = [];
  if (destinations.some((destination) => destination.domain === domain)) {
    verdicts.push(say("tls-rpt-destination-same-domain", { domains: [domain] }));
  }
  const own = hostNames(mx);
  const same = destinations.filter((destination) => {
    const theirs = hostNames(destination.mx);
    return destination.domain !== domain && theirs.length > 0 && theirs.every((host) => own.includes(host));
  });
  if (same.length > 0) {
    verdicts.push(say("tls-rpt-destination-same-mx", { domains: same.map((destination) => destination.domain) }));
  }
  return verdicts;
}

function hostNames(mx: Facts["mx"]): string[] {
  const mail = mailHostsOf(mx, null);
  return mail.kind === "hosts" ? mail.hosts.map((host) => host.exchange) : [];
}

function foreignDomains(domain: string, rua: readonly ReportDestination[]): string[] {
  const domains = new Set(rua.map((destination) => destination.domain));
  return [...domains].filter((other) => other !== domain && !other.endsWith(`.${domain}`));
}

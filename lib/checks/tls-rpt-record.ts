import type { Problem } from "#lib/standards/problem.ts";
import {
  isDestinationProblem,
  readTlsRptRecord,
  type TlsRptReading,
  type TlsRptRecordCode,
} from "#lib/standards/tls-rpt-record.ts";
import { answerOf, mailHostsOf } from "./answers.ts";
import { about, conclude, dnsEvidence, sayProblems, sayUnanswered, worstFirst } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { Verdict } from "./verdict.ts";

/** RFC 8460 §7 (T10): an hour. */
const SHORT_TTL = 3600;

/** The TXT record at `_smtp._tls` (RFC 8460 §3; T1 to T4, T8, T10, quirk 44). */
export function checkTlsRptRecord({
  domain,
  mx,
  tlsRptTxt,
  mistakenTlsRptTxt,
}: Pick<Facts, "domain" | "mx" | "tlsRptTxt" | "mistakenTlsRptTxt">): Verdict[] {
  const say = about("tls-rpt-record", domain);
  const answer = answerOf(tlsRptTxt);
  if (answer.kind === "unanswered") return [sayUnanswered(say, tlsRptTxt, answer.failure)];
  if (answer.kind === "loop") return [say("dns-chain-loop", dnsEvidence(tlsRptTxt))];
  const { name, chain } = tlsRptTxt;
  if (answer.kind === "absent" && chain.length > 0) return [say("tls-rpt-record-cname-dangling", { name, chain })];

  const records = answer.kind === "records" ? answer.records : [];
  const reading = readTlsRptRecord(records);
  const evidence = {
    name,
    record: reading.text,
    records: records.map((record) => record.strings.join("")),
    ...proposal(reading.suggestedRua),
  };
  const elsewhere = mistakenTlsRptTxt.flatMap((fact) => {
    const found = readTlsRptRecord(fact.result.ok ? fact.result.records : []);
    if (!found.attempted) return [];
    // RFC 8460 §3 (T1): `_smtp._tls`, in this order; `_smtp-tlsrpt` is from an early draft.
    const isSwapped = fact.name.startsWith("_tls.");
    return say(isSwapped ? "tls-rpt-record-wrong-label-order" : "tls-rpt-record-draft-name", {
      name,
      mistaken: fact.name,
      record: found.text,
      ...proposal(found.suggestedRua),
    });
  });
  const problems = reading.problems
    // RFC 8460 §3 (T2): what stands behind a `;` has to be a field of its own, and a destination is none.
    .map((problem) => (isCutOff(problem) ? { ...problem, code: "tls-rpt-record-field-malformed" as const } : problem))
    .filter((problem) => !isDestinationProblem(problem))
    // A record at a wrong name is the same fault as none at the right one, told better.
    .filter((problem) => elsewhere.length === 0 || problem.code !== "tls-rpt-record-missing");
  // RFC 7505 (M68): no mail comes, so there is nothing to report about.
  if (!reading.attempted && elsewhere.length === 0 && mailHostsOf(mx, null).kind === "null-mx") {
    const others = problems.filter(({ code }) => code !== "tls-rpt-record-missing");
    return worstFirst([say("no-mail-hosts"), ...sayProblems(say, others, evidence)]);
  }
  const verdicts = [...elsewhere, ...sayProblems(say, problems, evidence)];
  // RFC 8460 §3 (T5): reports go to `mailto:` and `https:` only; what is wrong with each is told under the destinations.
  if (reading.value?.rua.length === 0) verdicts.push(say("tls-rpt-record-rua-unusable", evidence));
  const lost = lostOnPostfix(reading);
  if (lost !== null) verdicts.push(say("tls-rpt-record-postfix", { ...evidence, why: lost }));
  if (reading.value !== null && answer.kind === "records" && answer.ttl < SHORT_TTL) {
    const { ttl } = answer;
    verdicts.push(say(isPublished(ttl) ? "tls-rpt-record-ttl-short" : "tls-rpt-record-ttl-unsure", { name, ttl }));
  }
  if (chain.length > 0) verdicts.push(say("tls-rpt-record-cname", { name, chain }));
  return conclude(verdicts, () => say("tls-rpt-record-valid", { name, record: reading.text }));
}

/**
 * Why the reporter of many Postfix servers (sys4 tlsrpt-reporter) sends nothing for a record that others read (quirk 44):
 * it wants exactly `v=TLSRPTv1`, and `rua` right behind it.
 */
function lostOnPostfix({ value, text }: TlsRptReading): string | null {
  if (value === null || text === null) return null;
  if (!text.startsWith("v=TLSRPTv1;")) return "a blank stands behind the version";
  return value.ruaIsSecondField ? null : "another field stands before rua";
}

function isCutOff(problem: Problem<TlsRptRecordCode>): boolean {
  return problem.code === "tls-rpt-destination-semicolon";
}

/**
 * A caching resolver answers with the seconds that are left, and the TTL that the zone has cannot be seen through it. Zone
 * files hold whole minutes, and what is left seldom is (once in sixty): only such a number is taken for the published one.
 */
function isPublished(ttl: number): boolean {
  return ttl % 60 === 0;
}

function proposal(rua: readonly string[]): { publish: string; hint: string } {
  const list = rua.length > 0 ? rua.join(",") : "mailto:ADDRESS";
  const hint = rua.length > 0 ? "" : " (with the address that is to receive the reports in the place of ADDRESS)";
  return { publish: `v=TLSRPTv1; rua=${list}`, hint };
}

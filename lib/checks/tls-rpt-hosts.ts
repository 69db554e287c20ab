import { tlsRptRecordName } from "#lib/standards/record-names.ts";
import { readTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";
import { answerOf } from "./answers.ts";
import { eachMailHost, type HostFacts } from "./each-mail-host.ts";
import { about, dnsEvidence, type Say, sayUnanswered } from "./finding.ts";
import type { MailHostFact } from "./mail-host-facts.ts";
import type { Verdict } from "./verdict.ts";
import { wordsOf } from "./wording.ts";

const CHECK = "tls-rpt-hosts";

/** The optional TLS-RPT records of the mail hosts (RFC 8460 §3, appendix A; T12). */
export function checkTlsRptHosts(facts: HostFacts): Verdict[] {
  const verdicts = eachMailHost(CHECK, facts, judgeHost);
  const missing = verdicts.filter(({ code }) => code === "tls-rpt-hosts-missing");
  // Where no host has one, that is said once.
  if (missing.length < verdicts.length) return verdicts;
  const names = missing.map(({ subject }) => tlsRptRecordName(subject));
  return [about(CHECK, facts.domain)("tls-rpt-hosts-none", { names })];
}

function judgeHost({ tlsRptTxt }: MailHostFact, say: Say): Verdict[] {
  const answer = answerOf(tlsRptTxt);
  const { name } = tlsRptTxt;
  if (answer.kind === "unanswered") return [sayUnanswered(say, tlsRptTxt, answer.failure)];
  if (answer.kind === "loop") return [say("dns-chain-loop", dnsEvidence(tlsRptTxt))];
  const { value, attempted, text, problems } = readTlsRptRecord(answer.kind === "records" ? answer.records : []);
  if (!attempted) return [say("tls-rpt-hosts-missing", { name })];
  const fault = problems.find(({ level }) => level === "error");
  if (value !== null && value.rua.length > 0) {
    return [say("tls-rpt-hosts-found", { name, destinations: value.rua.map(({ uri }) => uri) })];
  }
  const why = fault === undefined ? "it names no destination" : wordsOf(fault.code).title;
  return [say("tls-rpt-hosts-invalid", { name, record: text ?? fault?.found ?? "", why })];
}

import { readStsRecord } from "#lib/standards/sts-record.ts";
import { answerOf } from "./answers.ts";
import { about, conclude, dnsEvidence, sayProblems, sayUnanswered } from "./finding.ts";
import type { Facts } from "./gather.ts";
import type { Verdict } from "./verdict.ts";

/** The TXT record at `_mta-sts` (RFC 8461 §3.1; M1 to M15). */
export function checkMtaStsRecord({
  domain,
  checkedAt,
  stsTxt,
}: Pick<Facts, "domain" | "checkedAt" | "stsTxt">): Verdict[] {
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
  const verdicts = sayProblems(say, reading.problems, evidence);
  if (chain.length > 0) verdicts.push(say("sts-record-cname", { name, chain }));
  return conclude(verdicts, () => say("sts-record-valid", { name, record: reading.text, id: reading.value?.id }));
}

/** RFC 8461 §3.1 (M4): an id in the form of the RFC's own example, a time without separators. */
function idFromClock(checkedAt: string): string {
  return `${checkedAt.replace(/\D/g, "").slice(0, 14)}Z`;
}

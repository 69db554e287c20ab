import type { ReceiveOutcome } from "#lib/reports/receive.ts";

/** An answer that is no success. The text begins with its status code (RFC 3463). */
export class SmtpRefusal extends Error {
  override name = "SmtpRefusal";
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/** RFC 5321 §4.5.3.1.5: a reply line has at most 512 octets, the code and the line's end among them. */
const LONGEST_REPLY = 500;
const TOLD = 3;

/** Says in one line what became of a mail. */
export function replyOf(outcomes: readonly ReceiveOutcome[]): string {
  const told = outcomes.slice(0, TOLD).map(wordsOf).join("; ");
  const others = outcomes.length > TOLD ? `; and ${outcomes.length - TOLD} more` : "";
  // What a quarantine's reason quotes is the sender's: no octet beyond ASCII without SMTPUTF8 (RFC 6531 §3.7.4.2).
  const plain = `2.0.0 ${told}${others}`.replace(/[^ -~]+/g, "?");
  return plain.length > LONGEST_REPLY ? `${plain.slice(0, LONGEST_REPLY - 3)}...` : plain;
}

function wordsOf(outcome: ReceiveOutcome): string {
  if (outcome.outcome === "quarantined") return `kept in quarantine: ${outcome.reason}`;
  if (outcome.outcome === "refused") return `not kept: ${outcome.reason}`;
  if (outcome.outcome === "duplicate") return "known already";
  return `${outcome.outcome} ${outcome.id}${outcome.held ? ", held for review" : ""}`;
}

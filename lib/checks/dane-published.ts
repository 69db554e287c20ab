import type { DnsFact } from "#lib/probes/dns-fact.ts";
import type { TlsaRecord } from "#lib/probes/dns-rdata.ts";
import { readTlsa, type TlsaReading } from "#lib/standards/tlsa.ts";
import { answerOf, type Unanswered } from "./answers.ts";
import type { MailHostFact, TlsaLookup } from "./mail-host-facts.ts";
import { addressFaults, isTlsaAsked } from "./security.ts";

/** The TLSA records of one mail host, as a sender with DANE sees them (RFC 7672 §2.1, §2.2). */
export type Published =
  | { kind: "none" }
  | { kind: "secure"; lookup: TlsaLookup; readings: TlsaReading[]; ttl: number }
  /** They or the addresses of the host are not signed, and so they are without effect (D4). */
  | { kind: "unsigned"; lookup: TlsaLookup; readings: TlsaReading[]; what: "records" | "addresses" }
  /** No answer that can be trusted or had: senders keep mail for the host back (D3). */
  | { kind: "broken"; lookup: TlsaLookup; why: "bogus" | "servfail" | "loop" }
  /** The same where the addresses are not signed, so that no sender asks (D4). */
  | { kind: "unasked"; lookup: TlsaLookup }
  /** The lookup of its addresses fails in a signed zone, so that no sender with DANE comes as far as this (D3). */
  | { kind: "unreachable" }
  /** We could not look. */
  | { kind: "unknown"; fact: DnsFact<TlsaRecord>; failure: Unanswered }
  /** There are records, but nobody who says whether they are secure (D1). */
  | { kind: "unvalidated"; lookup: TlsaLookup };

/**
 * Which TLSA records of a mail host count: those where its aliases end, or else those at its own name (RFC 7672 §2.2.3; D9).
 * @param validates whether the resolver validates; see `resolverValidates`
 */
export function publishedBy(host: MailHostFact, validates: boolean | null): Published {
  const candidates = host.tlsa.filter(({ records }) => answerOf(records).kind !== "absent");
  // Records that are not signed are passed over like none at all.
  const isSigned = ({ records }: TlsaLookup) => records.authenticated || answerOf(records).kind !== "records";
  const lookup = candidates.find(isSigned) ?? candidates[0];
  if (lookup === undefined) return { kind: "none" };
  const answer = answerOf(lookup.records);
  const { failing } = addressFaults(host.addresses, validates);
  const isAsked = isTlsaAsked(host, validates);
  if (answer.kind === "records") {
    if (validates !== true) return { kind: "unvalidated", lookup };
    const readings = readTlsa(answer.records);
    if (failing.length > 0) return { kind: "unreachable" };
    if (!lookup.records.authenticated) return { kind: "unsigned", lookup, readings, what: "records" };
    if (isAsked === false) return { kind: "unsigned", lookup, readings, what: "addresses" };
    return { kind: "secure", lookup, readings, ttl: answer.ttl };
  }
  const failure = answer.kind === "unanswered" ? answer.failure : null;
  // Silence may be ours alone; a SERVFAIL is what each sender's resolver gets, too.
  if (failure !== null && failure !== "servfail") {
    return { kind: "unknown", fact: lookup.records, failure };
  }
  // Where one family is well, it is worth telling that this fails beside the other.
  if (failing.length === 2) return { kind: "unreachable" };
  if (isAsked === false) return { kind: "unasked", lookup };
  if (isAsked === null && failure !== null) return { kind: "unknown", fact: lookup.records, failure };
  const why = failure === null ? "loop" : lookup.records.answeredUnchecked ? "bogus" : "servfail";
  return { kind: "broken", lookup, why };
}

/** The records that senders can use. */
export function usableOf(published: Published): TlsaReading[] {
  return published.kind === "secure" ? published.readings.filter(({ fault }) => fault === null) : [];
}

import type { DnsFact } from "#lib/probes/dns-fact.ts";
import type { TlsaRecord } from "#lib/probes/dns-rdata.ts";
import { readTlsa, type TlsaReading } from "#lib/standards/tlsa.ts";
import { answerOf, type Unanswered } from "./answers.ts";
import type { MailHostFact, TlsaLookup } from "./mail-host-facts.ts";
import { addressSecurity } from "./security.ts";

/** The TLSA records of one mail host, as a sender with DANE sees them (RFC 7672 §2.1, §2.2). */
export type Published =
  | { kind: "none" }
  | { kind: "secure"; lookup: TlsaLookup; readings: TlsaReading[]; ttl: number }
  /** Not signed, and so without effect (D4). */
  | { kind: "unsigned"; lookup: TlsaLookup; readings: TlsaReading[] }
  /** No answer that can be trusted or had: senders keep mail for the host back (D3). */
  | { kind: "broken"; lookup: TlsaLookup; why: "bogus" | "servfail" | "loop" }
  /** The same where the addresses are not signed, so that no sender asks (D4). */
  | { kind: "unasked"; lookup: TlsaLookup }
  /** The addresses of the host are bogus, so that no sender comes as far as this. */
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
  const lookup = host.tlsa.find(({ records }) => answerOf(records).kind !== "absent");
  if (lookup === undefined) return { kind: "none" };
  const answer = answerOf(lookup.records);
  if (answer.kind === "records") {
    if (validates !== true) return { kind: "unvalidated", lookup };
    const readings = readTlsa(answer.records);
    return lookup.records.authenticated
      ? { kind: "secure", lookup, readings, ttl: answer.ttl }
      : { kind: "unsigned", lookup, readings };
  }
  const failure = answer.kind === "unanswered" ? answer.failure : null;
  // Silence may be ours alone; a SERVFAIL is what each sender's resolver gets, too.
  if (failure !== null && failure !== "servfail") {
    return { kind: "unknown", fact: lookup.records, failure };
  }
  const addresses = addressSecurity(host.addresses, validates);
  if (addresses === "bogus") return { kind: "unreachable" };
  if (addresses === "insecure") return { kind: "unasked", lookup };
  if (addresses === "indeterminate" && failure !== null) return { kind: "unknown", fact: lookup.records, failure };
  const why = failure === null ? "loop" : lookup.records.answeredUnchecked ? "bogus" : "servfail";
  return { kind: "broken", lookup, why };
}

/** The records that senders can use. */
export function usableOf(published: Published): TlsaReading[] {
  return published.kind === "secure" ? published.readings.filter(({ fault }) => fault === null) : [];
}

import type { DnsFact } from "#lib/probes/dns-fact.ts";
import { answerOf } from "./answers.ts";
import type { AddressFacts } from "./gather.ts";
import type { MailHostFact } from "./mail-host-facts.ts";

/** What DNSSEC says of an answer (RFC 4033 §5). Only a resolver that validates can tell the first three apart. */
export type Security = "secure" | "insecure" | "bogus" | "indeterminate";

interface Answers {
  signedNames: readonly DnsFact<unknown>[];
  mx: DnsFact<unknown>;
  mailHosts: readonly MailHostFact[];
}

/**
 * Whether the resolver validates (D1): by the AD bit on answers about names that are known to be signed, or on any other.
 * @returns null when there was no answer by which to tell
 */
export function resolverValidates({ signedNames, mx, mailHosts }: Answers): boolean | null {
  const hosts = mailHosts.flatMap(({ addresses, tlsa, tlsRptTxt }) => [
    ...[addresses.a, addresses.aaaa, tlsRptTxt],
    ...tlsa.map(({ records }) => records),
  ]);
  if ([...signedNames, mx, ...hosts].some(({ authenticated }) => authenticated)) return true;
  const known = signedNames.filter((fact) => answerOf(fact).kind === "records");
  return known.length > 0 ? false : null;
}

/** The security of one answer, given whether the resolver validates. */
export function securityOf(fact: DnsFact<unknown>, validates: boolean | null): Security {
  if (fact.authenticated) return "secure";
  const answer = answerOf(fact);
  if (answer.kind === "unanswered") {
    // A resolver that does not validate calls nothing bogus: what the CD bit changed there was chance.
    const isBogus = answer.failure === "servfail" && fact.answeredUnchecked === true && validates !== false;
    return isBogus ? "bogus" : "indeterminate";
  }
  return validates ? "insecure" : "indeterminate";
}

/**
 * Both address families of a host seen together (RFC 7672 §2.2.2): a family with records counts before one without, and one
 * that is bogus before all.
 */
export function addressSecurity({ a, aaaa }: AddressFacts, validates: boolean | null): Security {
  const both = [a, aaaa];
  const found = both.filter((fact) => answerOf(fact).kind === "records" || securityOf(fact, validates) === "bogus");
  const states = (found.length > 0 ? found : both).map((fact) => securityOf(fact, validates));
  return WORST_FIRST.find((state) => states.includes(state)) ?? "indeterminate";
}

/**
 * Address families whose lookup goes wrong for a host in a signed zone: senders with DANE do without the host then, whatever
 * the other family has (RFC 7672 §2.1.2; D3).
 * @returns those that fail for each sender, and those that may have failed for us alone
 */
export function addressFaults(
  { a, aaaa }: AddressFacts,
  validates: boolean | null,
): { failing: DnsFact<string>[]; unseen: DnsFact<string>[] } {
  const both = [a, aaaa];
  const isZoneSigned = both.some(({ authenticated }) => authenticated);
  const isFailing = (fact: DnsFact<string>) => {
    const answer = answerOf(fact);
    const isSeenByAll = answer.kind === "loop" || (answer.kind === "unanswered" && answer.failure === "servfail");
    return securityOf(fact, validates) === "bogus" || (isZoneSigned && isSeenByAll);
  };
  const isUnseen = (fact: DnsFact<string>) => isZoneSigned && answerOf(fact).kind === "unanswered" && !isFailing(fact);
  return { failing: both.filter(isFailing), unseen: both.filter(isUnseen) };
}

/**
 * Whether senders with DANE ask for the TLSA records of a host (RFC 7672 §2.2.2): where its addresses are secure (D4), or
 * it is an alias in a signed zone that leads into one that is not (D9).
 * @returns null when that is not known
 */
export function isTlsaAsked(host: MailHostFact, validates: boolean | null): boolean | null {
  const security = addressSecurity(host.addresses, validates);
  if (security !== "insecure") return security === "indeterminate" ? null : true;
  const { a, aaaa } = host.addresses;
  if (a.chain.length + aaaa.chain.length === 0) return false;
  // An answer below the alias's own name can be secure, or bogus, in a signed zone only.
  const below = host.tlsa.find(({ base }) => base === host.name)?.records;
  const ofZone = below === undefined ? "indeterminate" : securityOf(below, validates);
  return ofZone === "indeterminate" ? null : ofZone !== "insecure";
}

/** Which of the senders that honour DANE, where the MX record tells (RFC 7672 §2.2.1; D8): words for a text. */
export function senderNote(mx: DnsFact<unknown>, validates: boolean | null): string {
  return securityOf(mx, validates) === "insecure"
    ? " (those that use the records of a host even where the MX record is not signed)"
    : "";
}

const WORST_FIRST: readonly Security[] = ["bogus", "indeterminate", "insecure", "secure"];

import type { DnsFact } from "#lib/probes/dns-fact.ts";
import type { TlsaRecord } from "#lib/probes/dns-rdata.ts";
import { answerOf } from "./answers.ts";
import type { MailHostFact } from "./mail-host-facts.ts";
import { addressSecurity, securityOf } from "./security.ts";

/** What the DNS tells a sender that honours DANE about one mail host (RFC 7672 §2.1, §2.2). */
export type DaneDemand =
  /** Nothing: no records, or none that are secure. */
  | { kind: "none" }
  /** Secure records, usable or not, with the base at which they stand. */
  | { kind: "records"; base: string; records: TlsaRecord[]; ttl: number }
  /** An answer that cannot be trusted or had: the host counts as unreachable (RFC 7672 §2.1.2, D3). */
  | { kind: "blocked"; name: string }
  /** We could not look, or our resolver does not validate. */
  | { kind: "unknown" };

/**
 * What DANE demands of a mail host.
 * @param mx the answer that led to the host
 * @param validates whether the resolver validates; see `resolverValidates`
 */
export function daneDemandOf(host: MailHostFact, mx: DnsFact<unknown>, validates: boolean | null): DaneDemand {
  if (host.tlsa.every(({ records }) => answerOf(records).kind === "absent")) return { kind: "none" };
  const mxSecurity = securityOf(mx, validates);
  // §2.2.1 (D8): over an insecure MX, DANE protects nobody; most senders then do not ask for it.
  if (mxSecurity !== "secure") return mxSecurity === "insecure" ? { kind: "none" } : { kind: "unknown" };
  const addresses = addressSecurity(host.addresses, validates);
  // §2.2.2 (D4): no TLSA records are asked for where the addresses are insecure.
  if (addresses === "insecure") return { kind: "none" };
  if (addresses === "bogus") return { kind: "blocked", name: host.name };
  if (addresses === "indeterminate") return { kind: "unknown" };
  for (const { base, records: fact } of host.tlsa) {
    const answer = answerOf(fact);
    if (answer.kind === "absent") continue;
    if (answer.kind === "records") {
      if (!fact.authenticated) return { kind: "none" };
      return { kind: "records", base, records: answer.records, ttl: answer.ttl };
    }
    // A resolver's SERVFAIL is what each sender gets; silence may be ours alone.
    const isSeenByAll = answer.kind === "loop" || answer.failure === "servfail";
    return isSeenByAll ? { kind: "blocked", name: fact.name } : { kind: "unknown" };
  }
  return { kind: "none" };
}

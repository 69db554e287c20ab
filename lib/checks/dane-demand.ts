import type { DnsFact } from "#lib/probes/dns-fact.ts";
import type { TlsaParameters } from "#lib/standards/tlsa.ts";
import { publishedBy } from "./dane-published.ts";
import type { MailHostFact } from "./mail-host-facts.ts";
import { addressFaults, securityOf } from "./security.ts";

/**
 * What the DNS tells a sender that honours DANE about one mail host (RFC 7672 §2.1, §2.2). Over an MX record that is not
 * signed, only some senders ask (§2.2.1; D8), Postfix among them (`smtp_tls_dane_insecure_mx_policy`).
 */
export type DaneDemand =
  /** Nothing: no records, or none that are secure. */
  | { kind: "none" }
  /** Secure records, usable or not, with the base at which they stand. */
  | {
      kind: "records";
      base: string;
      records: TlsaParameters[];
      isOverInsecureMx: boolean;
      /** Of one family of the host's addresses it is not known whether senders get an answer (D3). */
      isPartlyUnseen: boolean;
    }
  /** An answer that cannot be trusted or had: the host counts as unreachable (RFC 7672 §2.1.2, D3). */
  | { kind: "blocked"; isOverInsecureMx: boolean }
  /** The same of the host's addresses. */
  | { kind: "unreachable"; isOverInsecureMx: boolean }
  /** We could not look, or our resolver does not validate. */
  | { kind: "unknown" };

/**
 * What DANE demands of a mail host.
 * @param mx the answer that led to the host
 * @param validates whether the resolver validates; see `resolverValidates`
 */
export function daneDemandOf(host: MailHostFact, mx: DnsFact<unknown>, validates: boolean | null): DaneDemand {
  const published = publishedBy(host, validates);
  const mxSecurity = securityOf(mx, validates);
  const { failing, unseen } = addressFaults(host.addresses, validates);
  if (published.kind === "none") {
    if (mxSecurity !== "secure") return { kind: "none" };
    // §2.1.2 (D3): the addresses are asked for first, and what fails there fails all.
    if (failing.length > 0) return { kind: "unreachable", isOverInsecureMx: false };
    return { kind: unseen.length > 0 ? "unknown" : "none" };
  }
  if (mxSecurity !== "secure" && mxSecurity !== "insecure") return { kind: "unknown" };
  const isOverInsecureMx = mxSecurity === "insecure";
  switch (published.kind) {
    case "unsigned":
    case "unasked":
      return { kind: "none" };
    case "secure": {
      const records = published.readings.map(({ record }) => record);
      return {
        kind: "records",
        base: published.lookup.base,
        records,
        isOverInsecureMx,
        isPartlyUnseen: unseen.length > 0,
      };
    }
    case "broken":
      return { kind: "blocked", isOverInsecureMx };
    case "unreachable":
      return { kind: "unreachable", isOverInsecureMx };
    case "unknown":
    case "unvalidated":
      return { kind: "unknown" };
  }
}

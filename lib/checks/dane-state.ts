import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { readTlsa } from "#lib/standards/tlsa.ts";
import { matchTlsa } from "#lib/standards/tlsa-match.ts";
import type { DaneDemand } from "./dane-demand.ts";
import { type DaneHandshake, daneHandshakeOf, daneNames } from "./dane-handshake.ts";
import type { Facts } from "./gather.ts";

/** How one address of a mail host stands to what DANE demands. */
export type DaneState =
  /** Nothing is demanded. */
  | "none"
  /** TLS is, but no record can be used to check who it is (RFC 7672 §2.2; D6). */
  | "tls-only"
  | "match"
  | "mismatch"
  | "blocked"
  | "unknown"
  /** TLS is demanded, and did not come up, or was not seen. */
  | Exclude<DaneHandshake["state"], "established">;

/** Judges what an address has sent by the TLSA records of its host. */
export function daneStateOf(
  demand: DaneDemand,
  smtp: SmtpFact,
  { domain, mx, checkedAt }: Pick<Facts, "domain" | "mx" | "checkedAt">,
): DaneState {
  if (demand.kind !== "records") return demand.kind;
  const shaken = daneHandshakeOf(smtp, demand.base);
  if (shaken.state !== "established") return shaken.state;
  if (readTlsa(demand.records).every(({ fault }) => fault !== null)) return "tls-only";
  const names = daneNames(demand.base, smtp.host, domain, mx.chain);
  return matchTlsa(demand.records, shaken.chain, names, new Date(checkedAt)).authenticated ? "match" : "mismatch";
}

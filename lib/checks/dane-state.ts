import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { readTlsa } from "#lib/standards/tlsa.ts";
import { matchTlsa } from "#lib/standards/tlsa-match.ts";
import { type DaneDemand, daneDemandOf } from "./dane-demand.ts";
import { type DaneHandshake, daneHandshakeOf, daneNames } from "./dane-handshake.ts";
import type { Facts } from "./gather.ts";
import { resolverValidates } from "./security.ts";

/** How one address of a mail host stands to what DANE demands. */
export interface DaneState {
  kind: DaneStanding;
  /** Only of senders that use TLSA records over an MX record that is not signed, too (RFC 7672 §2.2.1; D8). */
  isOverInsecureMx: boolean;
}

type DaneStanding =
  /** Nothing is demanded. */
  | "none"
  /** TLS is, but no record can be used to check who it is (RFC 7672 §2.2; D6). */
  | "tls-only"
  | "match"
  /** A record fits, and of another kind none does, for senders that know that kind only (RFC 7671 §8; D19). */
  | "match-of-some"
  | "mismatch"
  | "blocked"
  | "unreachable"
  | "unknown"
  /** TLS is demanded, and did not come up, or was not seen. */
  | Exclude<DaneHandshake["state"], "established">;

/** Judges what an address has sent by the TLSA records of its host. */
export function daneStateOf(
  demand: DaneDemand,
  smtp: SmtpFact,
  facts: Pick<Facts, "domain" | "mx" | "checkedAt">,
): DaneState {
  const isOverInsecureMx = "isOverInsecureMx" in demand && demand.isOverInsecureMx;
  const kind = standingOf(demand, smtp, facts);
  // RFC 7672 §2.1.2 (D3): they would deliver, if only they get an answer about the other addresses.
  const isDoubtful = demand.kind === "records" && demand.isPartlyUnseen && DELIVERING.includes(kind);
  return { kind: isDoubtful ? "unknown" : kind, isOverInsecureMx };
}

const DELIVERING: readonly DaneStanding[] = ["tls-only", "match", "match-of-some"];

function standingOf(
  demand: DaneDemand,
  smtp: SmtpFact,
  { domain, mx, checkedAt }: Pick<Facts, "domain" | "mx" | "checkedAt">,
): DaneStanding {
  if (demand.kind !== "records") return demand.kind;
  const shaken = daneHandshakeOf(smtp, demand.base);
  if (shaken.state !== "established") return shaken.state;
  if (readTlsa(demand.records).every(({ fault }) => fault !== null)) return "tls-only";
  const names = daneNames(demand.base, smtp.host, domain, mx.chain);
  const { authenticated, unmetCombinations } = matchTlsa(demand.records, shaken.chain, names, new Date(checkedAt));
  if (!authenticated) return "mismatch";
  return unmetCombinations.length > 0 ? "match-of-some" : "match";
}

/** The same at each address that is known of, in the order of the dialogues. */
export function daneStatesOf(
  facts: Pick<Facts, "domain" | "mx" | "checkedAt" | "mailHosts" | "signedNames" | "smtp">,
): (DaneState & { host: string })[] {
  const validates = resolverValidates(facts);
  const demands = new Map(facts.mailHosts.map((host) => [host.name, daneDemandOf(host, facts.mx, validates)]));
  return facts.smtp.map((smtp) => {
    const demand = demands.get(smtp.host) ?? { kind: "unknown" };
    return { host: smtp.host, ...daneStateOf(demand, smtp, facts) };
  });
}

import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { answerOf } from "./answers.ts";
import { type DaneDemand, daneDemandOf } from "./dane-demand.ts";
import { daneStateOf } from "./dane-state.ts";
import type { Facts } from "./gather.ts";
import type { MailHostFact } from "./mail-host-facts.ts";
import { resolverValidates } from "./security.ts";
import { type Acting, dane, hindrance, hindranceInside, mtaSts, opportunistic } from "./sender-acts.ts";
import { stsStateOf } from "./sts-state.ts";
import type { OutcomeRow } from "./verdict.ts";

/** What the rows are made from. */
export type RowFacts = Pick<
  Facts,
  | "domain"
  | "checkedAt"
  | "mx"
  | "stsTxt"
  | "policyHostAddresses"
  | "policyFetch"
  | "policyFetches"
  | "signedNames"
  | "mailHosts"
  | "smtp"
  | "outward"
>;

/** The rows of the outcome table, hosts in the order of preference. */
export function outcomeRows(facts: RowFacts): OutcomeRow[] {
  return facts.mailHosts.flatMap((host) => {
    const spoken = facts.smtp.filter((smtp) => smtp.host === host.name);
    return spoken.length === 0 ? [withoutAddress(host, facts)] : spoken.map((smtp) => rowOf(smtp, host, facts));
  });
}

function rowOf(smtp: SmtpFact, host: MailHostFact, facts: RowFacts): OutcomeRow {
  const at = { mx: host.name, address: smtp.address };
  const answering = facts.smtp.filter((other) => other !== smtp && other.failure === null);
  // That others answer over IPv4 does not prove that our network has a way by IPv6.
  const isOfFamily = ({ address }: SmtpFact) => address.includes(":") === smtp.address.includes(":");
  const othersAnswer = answering.some((other) => smtp.failure?.code !== "network-unreachable" || isOfFamily(other));
  const hindered = hindrance(smtp, othersAnswer, facts.outward?.port25 === "closed");
  const demand = daneDemandOf(host, facts.mx, resolverValidates(facts));
  if (hindered !== null) {
    // What the DNS keeps a sender from does not depend on the host.
    const daneAct = isKept(demand) ? "defer" : hindered.act;
    return { ...at, mtaSts: hindered.act, dane: daneAct, opportunistic: hindered.act, reason: hindered.why ?? "" };
  }
  // Who would not come to TLS, or turns away from the certificate, does not come to what is inside.
  const inside = hindranceInside(smtp);
  const further = (acting: Acting) => (acting.act === "deliver" && inside !== null ? inside : acting);
  const acts = {
    mtaSts: further(mtaSts(smtp, stsStateOf(facts))),
    dane: further(dane(smtp, daneStateOf(demand, smtp, facts))),
    opportunistic: further(opportunistic(smtp)),
  };
  return {
    ...at,
    ...{ mtaSts: acts.mtaSts.act, dane: acts.dane.act, opportunistic: acts.opportunistic.act },
    reason: reasonOf([acts.mtaSts, acts.dane, acts.opportunistic]),
  };
}

/** Whether the DNS alone keeps senders with DANE from a host (RFC 7672 §2.1.2; D3). */
function isKept({ kind }: DaneDemand): boolean {
  return kind === "blocked" || kind === "unreachable";
}

function withoutAddress(host: MailHostFact, facts: RowFacts): OutcomeRow {
  const { name, addresses } = host;
  const isUnknown = [addresses.a, addresses.aaaa].some((fact) => answerOf(fact).kind === "unanswered");
  const act = isUnknown ? null : "defer";
  const reason = isUnknown ? "Its addresses could not be looked up." : "It has no address.";
  const daneAct = isKept(daneDemandOf(host, facts.mx, resolverValidates(facts))) ? "defer" : act;
  return { mx: name, address: null, mtaSts: act, dane: daneAct, opportunistic: act, reason };
}

function reasonOf(acts: readonly Acting[]): string {
  const whys = [...new Set(acts.flatMap(({ why }) => why ?? []))];
  return whys.length === 0 ? "Encrypted, and nothing speaks against it." : whys.join(" ");
}

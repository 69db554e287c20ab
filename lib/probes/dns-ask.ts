import type { DnsFailure } from "./dns-fact.ts";
import { askHttps } from "./dns-https.ts";
import { type DnsAnswer, type DnsQuestion, type EdnsUse, RCODE } from "./dns-message.ts";
import type { ResolverAddress } from "./dns-resolvers.ts";
import { askTcp, askUdp, type Exchange, type Sending } from "./dns-transport.ts";

/** An answer (NOERROR or NXDOMAIN) with who gave it, or why nobody did. */
export type Asked = { ok: true; answer: DnsAnswer; resolver: string } | Failed;

interface Failed {
  ok: false;
  failure: DnsFailure;
  detail: string;
  /** Who answered; "" when nobody did. */
  resolver: string;
}

export interface Asking {
  resolvers: readonly ResolverAddress[];
  extraRoots: string | null;
  /** Milliseconds for each round over the resolvers. */
  tries: readonly number[];
  /** How much of EDNS each resolver bears, by label: all of it unless it stands here; filled here. */
  edns: Map<string, EdnsUse>;
  signal?: AbortSignal | undefined;
}

/** How much a failure tells, most first: somebody's answer is worth more than silence. */
const TELLING: DnsFailure[] = ["servfail", "refused", "malformed", "timeout", "network"];

/**
 * Asks the resolvers in order until one answers: a silent one is asked again in the next round with more patience, one
 * that refuses is not.
 * @param left milliseconds until the whole fact has to be there
 * @throws the signal's reason when it is aborted
 */
export async function ask(question: DnsQuestion, asking: Asking, left: () => number): Promise<Asked> {
  let failed: Failed | null = null;
  let open = asking.resolvers;
  for (const patience of asking.tries) {
    const silent: ResolverAddress[] = [];
    for (const resolver of open) {
      if (left() <= 0) return failed ?? nobody();
      const asked = await askOne(question, resolver, asking, () => Math.max(1, Math.min(patience, left())));
      if (asked.ok) return asked;
      if (failed === null || tellsMore(asked.failure, failed.failure)) failed = asked;
      if (asked.failure === "timeout" || asked.failure === "malformed") silent.push(resolver);
    }
    open = silent;
  }
  return failed ?? nobody();
}

function nobody(): Failed {
  return { ok: false, failure: "timeout", detail: "no resolver was left to ask", resolver: "" };
}

function tellsMore(one: DnsFailure, other: DnsFailure): boolean {
  return TELLING.indexOf(one) < TELLING.indexOf(other);
}

async function askOne(
  question: DnsQuestion,
  to: ResolverAddress,
  asking: Asking,
  timeout: () => number,
): Promise<Asked> {
  const known = asking.edns.get(to.label) ?? "signatures";
  const send = (edns: EdnsUse) => sendTo(to, asking, { question, edns }, timeout);
  let exchange = await send(known);
  if (known !== "none" && exchange.ok && refusesEdns(exchange.answer.rcode)) {
    // RFC 6891 §6.2.2: such an answer means that the server does not know EDNS (or not this version).
    exchange = await send("none");
    if (exchange.ok && !refusesEdns(exchange.answer.rcode)) asking.edns.set(to.label, "none");
  }
  const resolver = to.label;
  if (!exchange.ok) {
    // Nobody answered unless there is something that claims to be an answer.
    return { ...exchange, resolver: exchange.failure === "malformed" ? resolver : "" };
  }
  const { answer } = exchange;
  if (answer.rcode === RCODE.refused) {
    return { ok: false, failure: "refused", detail: `${resolver} refused the question (REFUSED)`, resolver };
  }
  if (answer.rcode !== RCODE.noError && answer.rcode !== RCODE.nxDomain) {
    return { ok: false, failure: "servfail", detail: `${resolver} answered ${rcodeName(answer.rcode)}`, resolver };
  }
  if (answer.referral) {
    const detail = `${resolver} only named other servers: it does not resolve names for us`;
    return { ok: false, failure: "servfail", detail, resolver };
  }
  return { ok: true, answer, resolver };
}

async function sendTo(
  to: ResolverAddress,
  { extraRoots, edns, signal }: Asking,
  query: Pick<Sending, "question" | "edns">,
  timeout: () => number,
): Promise<Exchange> {
  const sending = (more: Partial<Sending> = {}) => ({ ...query, ...more, timeout: timeout(), signal });
  if (to.kind === "https") return await askHttps(to.url, extraRoots, sending());
  const exchange = await askUdp(to.host, to.port, sending());
  // RFC 1035 §4.2.1, RFC 7766 §5: what does not fit a datagram is asked for again over TCP.
  if (!exchange.ok || !exchange.answer.truncated) return exchange;
  const whole = await askTcp(to.host, to.port, sending());
  if (whole.ok || query.edns !== "signatures") return whole;
  // Signatures make answers large. Where TCP is blocked, the answer without them is worth more than none.
  const smaller = await askUdp(to.host, to.port, sending({ edns: "plain" }));
  if (!smaller.ok || smaller.answer.truncated) return whole;
  edns.set(to.label, "plain");
  return smaller;
}

function refusesEdns(rcode: number): boolean {
  return rcode === RCODE.formErr || rcode === RCODE.notImp || rcode === RCODE.badVers;
}

function rcodeName(rcode: number): string {
  const names: Record<number, string> = { 1: "FORMERR", 2: "SERVFAIL", 4: "NOTIMP", 16: "BADVERS" };
  return names[rcode] ?? `RCODE ${rcode}`;
}

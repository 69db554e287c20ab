import { isIP, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { inTurns } from "#lib/standards/address-order.ts";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { MAX_ADDRESSES, type ProbeLimits } from "./limits.ts";
import type { FetchFailure, PolicyFetchFact, TlsFact } from "./policy-fact.ts";
import type { ProbeSettings } from "./probe-settings.ts";
import { connectTcp } from "./tcp-connect.ts";
import { handshake, tlsFactOf } from "./tls-connect.ts";
import { trustedContext } from "./trust.ts";

export interface Timing {
  limits: ProbeLimits;
  /** The limit, or what is left of the total where that is less; at least 1 ms. */
  within: (limit: number) => number;
  signal: AbortSignal | undefined;
}

export type Failure = { code: FetchFailure; detail: string };

export type Reached = { attempts: PolicyFetchFact["attempts"] } & (
  | { address: string; socket: Socket }
  | { address: null; failure: Failure }
);

/** Limits of which none outlasts `total` milliseconds from now. */
export function timingOf(limits: ProbeLimits, total: number, signal: AbortSignal | undefined): Timing {
  const deadline = performance.now() + total;
  return { limits, signal, within: (limit) => Math.max(1, Math.min(limit, Math.ceil(deadline - performance.now()))) };
}

/** The first address that accepts a connection; the next is tried only when that fails, not for what comes later. */
export async function connectToOne(
  host: string,
  addresses: readonly string[],
  { httpsPort: port, allow }: ProbeSettings,
  { limits, within, signal }: Timing,
): Promise<Reached> {
  const attempts: PolicyFetchFact["attempts"] = [];
  for (const address of inTurns(addresses).slice(0, MAX_ADDRESSES)) {
    const connection = await connectTcp({ address, port, allow, timeout: within(limits.connect), signal });
    if (connection.ok) return { socket: connection.socket, address, attempts };
    attempts.push({ address, failure: connection.failure, detail: connection.detail });
  }
  // An address that we would not try says less than one that we tried.
  const last = attempts.findLast((attempt) => attempt.failure !== "address-refused") ?? attempts.at(-1);
  const failure: Failure = last
    ? { code: last.failure, detail: last.detail }
    : { code: "network-unreachable", detail: `${host} has no address` };
  return { address: null, attempts, failure };
}

type Asked<Answer> = { ok: true; answer: Answer } | { ok: false; failure: FetchFailure; detail: string };

/**
 * TLS over an open connection, and a question over it: asked only when the chain is trusted and the DNS-IDs name the
 * host (RFC 8461 §3.3, M24). The answer is null when it was not asked.
 */
export async function askOverTls<Answer>(
  connected: Socket,
  host: string,
  settings: ProbeSettings,
  { limits, within, signal }: Timing,
  ask: (socket: TLSSocket) => Promise<Asked<Answer>>,
): Promise<{ tls: TlsFact | null; answer: Answer | null; failure: Failure | null }> {
  const shaken = await handshake(connected, {
    servername: isIP(host) ? null : host, // M27; RFC 6066 §3: no address is a server name
    context: trustedContext(settings.extraRoots),
    protocols: ["http/1.1"],
    timeout: within(limits.tlsHandshake),
    signal,
  });
  if (!shaken.ok) return { tls: null, answer: null, failure: { code: shaken.failure, detail: shaken.detail } };
  try {
    const tls = tlsFactOf(shaken.socket);
    const [leaf] = tls.chain;
    if (tls.chainError || !leaf || !matchCertificate(host, leaf).matched) return { tls, answer: null, failure: null };
    const asked = await ask(shaken.socket);
    if (asked.ok) return { tls, answer: asked.answer, failure: null };
    return { tls, answer: null, failure: { code: asked.failure, detail: asked.detail } };
  } finally {
    shaken.socket.destroy();
  }
}

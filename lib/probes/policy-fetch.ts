import { isIPv6, type Socket } from "node:net";
import { matchCertificate } from "#lib/standards/certificate-names.ts";
import { getPolicy, POLICY_PATH } from "./http-get.ts";
import { LIMITS, MAX_ADDRESSES, type ProbeLimits } from "./limits.ts";
import type { FetchFailure, HttpFact, PolicyFetchFact, TlsFact } from "./policy-fact.ts";
import type { ProbeSettings } from "./probe-settings.ts";
import { connectTcp } from "./tcp-connect.ts";
import { handshake, legacyVersions, tlsFactOf } from "./tls-connect.ts";
import { trustedContext } from "./trust.ts";

export interface FetchOptions {
  limits?: ProbeLimits;
  /** Ends the fetch, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds on a clock that only goes forward. */
  clock?: () => number;
}

/**
 * Fetches the policy from the policy host as a sender does (RFC 8461 §3.3), and tells how far it came. The answer is
 * asked for only over a connection whose chain is trusted and whose DNS-IDs name the host (M24).
 * @param host the policy host, "mta-sts.<domain>"
 * @param addresses IP addresses of the host; each is guarded when it is connected to
 */
export async function fetchPolicy(
  host: string,
  addresses: readonly string[],
  settings: ProbeSettings,
  options: FetchOptions = {},
): Promise<PolicyFetchFact> {
  const limits = options.limits ?? LIMITS;
  const clock = options.clock ?? performance.now.bind(performance);
  const started = clock();
  const deadline = performance.now() + limits.fetchTotal;
  const within = (limit: number) => Math.max(1, Math.min(limit, Math.ceil(deadline - performance.now())));
  const { signal } = options;
  const timing: Timing = { limits, within, signal };
  const reached = await connectToOne(host, addresses, settings, timing);
  const milliseconds = () => Math.round(clock() - started);
  const { address, attempts } = reached;
  // The port stands in for 443 in a lab, so the URL does not name it (M20).
  const asked = { url: `https://${host}${POLICY_PATH}`, host, address, attempts };
  if (address === null) {
    const nothing = { tls: null, legacyVersions: null, http: null };
    return { ...asked, ...nothing, failure: reached.failure, milliseconds: milliseconds() };
  }
  const to = { address, port: settings.httpsPort, allow: settings.allow, timeout: within(limits.legacyTls), signal };
  const legacy = legacyVersions(to, host);
  const ended = legacy.catch(() => null); // aborted with the rest, its sockets let go
  try {
    const seen = { ...(await exchange(reached.socket, host, settings, timing)), milliseconds: milliseconds() };
    return { ...asked, ...seen, legacyVersions: await legacy };
  } finally {
    reached.socket.destroy();
    await ended;
  }
}

interface Timing {
  limits: ProbeLimits;
  /** The limit, or what is left of the total where that is less; at least 1 ms. */
  within: (limit: number) => number;
  signal: AbortSignal | undefined;
}

type Failure = { code: FetchFailure; detail: string };

type Reached = { attempts: PolicyFetchFact["attempts"] } & (
  | { address: string; socket: Socket }
  | { address: null; failure: Failure }
);

/** The first address that accepts a connection; the next is tried only when that fails, not for what comes later. */
async function connectToOne(
  host: string,
  addresses: readonly string[],
  { httpsPort: port, allow }: ProbeSettings,
  { limits, within, signal }: Timing,
): Promise<Reached> {
  const attempts: PolicyFetchFact["attempts"] = [];
  for (const address of inTurns(addresses)) {
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

/** TLS, and the request when chain and names are good. */
async function exchange(
  connected: Socket,
  host: string,
  settings: ProbeSettings,
  { limits, within, signal }: Timing,
): Promise<{ tls: TlsFact | null; http: HttpFact | null; failure: Failure | null }> {
  const shaken = await handshake(connected, {
    servername: host, // M27
    context: trustedContext(settings.extraRoots),
    protocols: ["http/1.1"],
    timeout: within(limits.tlsHandshake),
    signal,
  });
  if (!shaken.ok) return { tls: null, http: null, failure: { code: shaken.failure, detail: shaken.detail } };
  try {
    const tls = tlsFactOf(shaken.socket);
    const [leaf] = tls.chain;
    if (tls.chainError || !leaf || !matchCertificate(host, leaf).matched) return { tls, http: null, failure: null };
    const got = await getPolicy(shaken.socket, { host, timeout: within(limits.fetchTotal), signal });
    if (got.ok) return { tls, http: got.http, failure: null };
    return { tls, http: null, failure: { code: got.failure, detail: got.detail } };
  } finally {
    shaken.socket.destroy();
  }
}

/** The addresses, each once, with the families taking turns, IPv6 first (RFC 8305 §4). */
function inTurns(addresses: readonly string[]): string[] {
  const unique = [...new Set(addresses)];
  const six = unique.filter((address) => isIPv6(address));
  const four = unique.filter((address) => !isIPv6(address));
  const pairs = Array.from({ length: Math.max(six.length, four.length) }, (_, i) => [six[i], four[i]]);
  return pairs
    .flat()
    .filter((address) => address !== undefined)
    .slice(0, MAX_ADDRESSES);
}

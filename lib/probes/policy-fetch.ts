import { getPolicy, POLICY_PATH } from "./http-get.ts";
import { askOverTls, connectToOne, timingOf } from "./https-connect.ts";
import { LIMITS, type ProbeLimits } from "./limits.ts";
import type { PolicyFetchFact, WithoutSni } from "./policy-fact.ts";
import type { ProbeSettings } from "./probe-settings.ts";
import { type Connecting, connectTcp } from "./tcp-connect.ts";
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
 * Fetches the policy from one address of the policy host as a sender does (RFC 8461 §3.3), and tells how far it came. The answer is
 * asked for only over a connection whose chain is trusted and whose DNS-IDs name the host (M24).
 * @param host the policy host, "mta-sts.<domain>"
 * @param address IP address of the host; guarded when it is connected to
 */
export async function fetchPolicy(
  host: string,
  address: string,
  settings: ProbeSettings,
  options: FetchOptions = {},
): Promise<PolicyFetchFact> {
  const { limits = LIMITS, signal, clock = performance.now.bind(performance) } = options;
  const started = clock();
  const timing = timingOf(limits, limits.fetchTotal, signal);
  const reached = await connectToOne(host, [address], settings, timing);
  const milliseconds = () => Math.round(clock() - started);
  // The port stands in for 443 in a lab, so the URL does not name it (M20).
  const asked = { url: `https://${host}${POLICY_PATH}`, host, address: reached.address, attempts: reached.attempts };
  if (reached.address === null) {
    const nothing = { tls: null, legacyVersions: null, withoutSni: null, http: null };
    return { ...asked, ...nothing, failure: reached.failure, milliseconds: milliseconds() };
  }
  const timeout = timing.within(limits.legacyTls);
  const to = { address, port: settings.httpsPort, allow: settings.allow, timeout, signal };
  const beside = Promise.all([legacyVersions(to, host), shakeWithoutSni(to, settings)]);
  const ended = beside.catch(() => null); // aborted with the rest, its sockets let go
  try {
    const seen = await askOverTls(reached.socket, host, settings, timing, (socket) =>
      getPolicy(socket, { host, timeout: timing.within(limits.fetchTotal), signal }),
    );
    const time = milliseconds();
    const [legacy, withoutSni] = await beside;
    const { tls, answer: http, failure } = seen;
    return { ...asked, tls, legacyVersions: legacy, withoutSni, http, failure, milliseconds: time };
  } finally {
    reached.socket.destroy();
    await ended;
  }
}

/**
 * The certificate that comes without SNI, on a connection of its own (M27, H3).
 * @throws the signal's reason when it is aborted
 */
async function shakeWithoutSni(to: Connecting, settings: ProbeSettings): Promise<WithoutSni> {
  const connection = await connectTcp(to);
  if (!connection.ok) return { certificate: null, detail: connection.detail };
  const { timeout, signal } = to;
  try {
    const context = trustedContext(settings.extraRoots);
    const shaken = await handshake(connection.socket, { servername: null, context, timeout, signal });
    if (!shaken.ok) return { certificate: null, detail: shaken.detail };
    const [leaf] = tlsFactOf(shaken.socket).chain;
    shaken.socket.destroy();
    return { certificate: leaf ?? null, detail: null };
  } finally {
    connection.socket.destroy();
  }
}

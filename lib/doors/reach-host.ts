import { isIP, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { createResolver } from "#lib/probes/dns.ts";
import { connectToOne, timingOf } from "#lib/probes/https-connect.ts";
import { LIMITS } from "#lib/probes/limits.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { trustedContext } from "#lib/probes/trust.ts";
import { MailboxFault, type MailHost } from "./mailbox-fault.ts";

const TOTAL_MS = 45_000;

/**
 * Connects to a host that a person of a team named. Each of its addresses passes the guard, and the connection is made to
 * the very address that did.
 * @throws MailboxFault
 */
export async function reachHost(
  { host, port }: MailHost,
  probes: ProbeSettings,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  const addresses = isIP(host) ? [host] : await addressesOf(host, probes, signal);
  const reached = await connectToOne(
    host,
    addresses,
    { ...probes, httpsPort: port },
    timingOf(LIMITS, TOTAL_MS, signal),
  );
  if (reached.address !== null) return reached.socket;
  const { code, detail } = reached.failure;
  const where = `${host} on port ${port}`;
  if (code === "address-refused") {
    const how = "Whoever runs this Sealpost can allow it with SEALPOST_PROBE_ALLOW";
    throw new MailboxFault("address-refused", `${host} is not connected to: ${detail}. ${how}.`);
  }
  if (code === "connection-refused") {
    throw new MailboxFault("connection-refused", `Nobody listens at ${where}: the connection is refused.`);
  }
  if (code === "connection-timeout") throw new MailboxFault("timeout", `${where} does not answer in time.`);
  throw new MailboxFault("unreachable", `${where} cannot be reached: ${detail}.`);
}

async function addressesOf(host: string, probes: ProbeSettings, signal: AbortSignal | undefined): Promise<string[]> {
  const resolver = createResolver(probes, { signal });
  const facts = await Promise.all([resolver.aaaa(host), resolver.a(host)]);
  const addresses = facts.flatMap(({ result }) => (result.ok ? result.records : []));
  if (addresses.length > 0) return addresses;
  const unknown = facts.find(({ result }) => !result.ok && !["no-such-name", "no-data"].includes(result.failure));
  if (unknown && !unknown.result.ok) {
    const { detail } = unknown.result;
    throw new MailboxFault("host-not-looked-up", `The address of ${host} could not be looked up: ${detail}.`);
  }
  throw new MailboxFault("host-not-found", `There is no host ${host} in the DNS.`);
}

/** TLS over an open connection; the socket emits an error when the certificate is not a trusted one for this host. */
export function secure(raw: Socket, host: string, { extraRoots }: ProbeSettings, done: () => void): TLSSocket {
  const name = isIP(host) ? { host } : { servername: host }; // RFC 6066 §3: no address is a server name
  return connect({ socket: raw, ...name, secureContext: trustedContext(extraRoots), rejectUnauthorized: true }, done);
}

import { type Answer, decode, encode, type Packet } from "dns-packet";
import { createResolver, type ProbeOptions } from "#lib/probes/dns.ts";
import { LIMITS } from "#lib/probes/limits.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { type Answering, startDnsServer } from "#tests/lab/dns-server.ts";

/** For questions that nobody answers. */
export const QUICK = { ...LIMITS, dnsTries: [60, 120] };
/** For those that somebody answers after others stayed silent. */
export const PATIENT = { ...LIMITS, dnsTries: [200, 400] };

const running: (() => Promise<unknown>)[] = [];

/** To be called after each test. */
export async function stopServers(): Promise<void> {
  for (const stop of running.splice(0)) await stop();
}

/** Has this done after the test. */
export function onStop(stop: () => Promise<unknown>): void {
  running.push(stop);
}

/** A server of our own making, gone after the test. */
export async function serve(answering: Answering): Promise<string> {
  const server = await startDnsServer(answering, 0);
  onStop(server.stop);
  return `127.0.0.1:${server.port}`;
}

/** One whose answers are packets; it keeps the queries that it gets. */
export async function servePackets(answer: (query: Packet, transport: "udp" | "tcp") => Packet) {
  const queries: (Packet & { transport: "udp" | "tcp" })[] = [];
  const address = await serve((octets, transport) => {
    const query = decode(octets);
    queries.push({ ...query, transport });
    const { id, questions } = query;
    return { delay: 0, messages: [encode({ type: "response", id, questions, ...answer(query, transport) } as Packet)] };
  });
  return { address, queries };
}

function settingsFor(...resolvers: string[]): ProbeSettings {
  return { resolvers, httpsPort: 443, smtpPort: 25, ehloName: null, extraRoots: null, allow: [] };
}

export function ask(resolvers: string[], options: ProbeOptions = {}) {
  return createResolver(settingsFor(...resolvers), options);
}

export const a = (name: string, data = "192.0.2.1"): Answer => ({ type: "A", name, ttl: 300, data });
export const cname = (name: string, data: string, ttl = 300): Answer => ({ type: "CNAME", name, ttl, data });
export const SERVFAIL = { flags: 2 };
export const REFUSED = { flags: 5 };
export const NXDOMAIN = { flags: 3 };
export const TRUNCATED = { flags: 0x200 };
export const AD = { flags: 0x20 };

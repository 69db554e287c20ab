import type { DnsFact } from "#lib/probes/dns-fact.ts";

/**
 * The resolvers whose word for DNSSEC came over a network that anybody may sit on (RFC 7672 §2.1.1, RFC 4035 §4.9.3; D1):
 * neither from this machine, nor by HTTPS, where the certificate is verified.
 */
export function distantResolvers(facts: readonly DnsFact<unknown>[]): string[] {
  const vouching = facts.filter(({ authenticated }) => authenticated).map(({ resolver }) => resolver);
  return [...new Set(vouching)].filter(isDistant);
}

/** What to add where a text rests on a resolver's word. */
export function pathNote(fact: DnsFact<unknown>): string {
  return distantResolvers([fact]).length > 0 ? ", as far as the path to it can be trusted" : "";
}

/** Of a label as `parseResolver` writes it, "host:port" or a URL. */
function isDistant(label: string): boolean {
  if (label.startsWith("https://")) return false;
  const host = /^\[?(.+?)\]?:\d+$/.exec(label)?.[1];
  return host !== undefined && !isLoopback(host.toLowerCase());
}

/** RFC 1122 §3.2.1.3, RFC 4291 §2.5.3, RFC 6761 §6.3. */
function isLoopback(host: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(host) || host === "::1" || /^(.+\.)?localhost$/.test(host);
}

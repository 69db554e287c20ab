import { getServers } from "node:dns";
import { isIP, isIPv6 } from "node:net";

/** Where questions go: a resolver by UDP and TCP, or one by HTTPS (RFC 8484). `label` names it in facts. */
export type ResolverAddress =
  | { kind: "dns"; host: string; port: number; label: string }
  | { kind: "https"; url: string; label: string };

const DNS_PORT = 53;

/**
 * Reads one resolver as an operator writes it: "9.9.9.9", "9.9.9.9:53", "[2620:fe::fe]:53", "unbound:5353" or
 * "https://dns.example/dns-query".
 * @returns the resolver, or a sentence that says what is wrong with the text
 */
export function parseResolver(text: string): { ok: true; resolver: ResolverAddress } | { ok: false; why: string } {
  const given = text.trim();
  if (given === "") return refuse(given, "is empty");
  if (/^https:\/\//i.test(given)) return parseUrl(given);
  if (given.includes("://")) return refuse(given, "has to be host:port or an https:// URL");
  const { host, port } = splitPort(given);
  const number = port === null ? DNS_PORT : Number(port);
  if (port !== null && (!/^\d{1,5}$/.test(port) || number < 1 || number > 65_535)) {
    return refuse(given, "has to end in a port between 1 and 65535");
  }
  if (isIP(host) === 0 && !isHostName(host)) return refuse(given, "has to begin with an IP address or a host name");
  const label = isIPv6(host) ? `[${host}]:${number}` : `${host}:${number}`;
  return { ok: true, resolver: { kind: "dns", host, port: number, label } };
}

/** The resolvers of this machine as "host:port", IPv6 in brackets. resolv.conf(5): none named means the local one. */
export function systemResolvers(): string[] {
  const labels = getServers().flatMap((server) => {
    const parsed = parseResolver(server);
    return parsed.ok ? [parsed.resolver.label] : [];
  });
  return labels.length > 0 ? labels : [`127.0.0.1:${DNS_PORT}`];
}

function parseUrl(given: string): ReturnType<typeof parseResolver> {
  // RFC 8484 §4.1 writes a URI template; the part for GET is of no use to us.
  const address = given.replace(/\{\?dns\}$/, "");
  if (!URL.canParse(address)) return refuse(given, "is not a URL");
  const url = new URL(address);
  if (url.username || url.password) return refuse(given, "must not hold a user name or password");
  if (url.hash) return refuse(given, "must not hold a fragment (#…)");
  return { ok: true, resolver: { kind: "https", url: url.href, label: url.href } };
}

function splitPort(given: string): { host: string; port: string | null } {
  if (isIPv6(given)) return { host: given, port: null };
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(given);
  if (bracketed) return { host: isIPv6(bracketed[1] ?? "") ? (bracketed[1] ?? "") : "", port: bracketed[2] ?? null };
  const colon = given.indexOf(":");
  return colon < 0 ? { host: given, port: null } : { host: given.slice(0, colon), port: given.slice(colon + 1) };
}

// RFC 1123 §2.1; a container's service name may hold an underscore. All digits and dots would be a mistyped address.
function isHostName(host: string): boolean {
  if (host.length > 253 || /^[\d.]+$/.test(host)) return false;
  return host.split(".").every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
}

function refuse(given: string, why: string): { ok: false; why: string } {
  return { ok: false, why: `The resolver "${given}" ${why}.` };
}

import { type AddressRange, inRange, parseAddress, parseRange } from "./address-range.ts";

/** Whether a probe may connect to an address, and if not, a sentence that says why. */
export type AddressJudgement = { ok: true } | { ok: false; why: string };

// IANA "IPv4 Special-Purpose Address Registry" (RFC 6890): all that is not globally reachable, and what no host has.
const SPECIAL_IPV4: [range: string, what: string][] = [
  ["0.0.0.0/8", 'an address of "this network"'],
  ["10.0.0.0/8", "a private address"],
  ["100.64.0.0/10", "a shared address (carrier-grade NAT)"],
  ["127.0.0.0/8", "a loopback address"],
  ["169.254.0.0/16", "a link-local address"],
  ["172.16.0.0/12", "a private address"],
  ["192.0.0.0/24", "an address for IETF protocols"],
  ["192.0.2.0/24", "a documentation address"],
  ["192.88.99.0/24", "an address of the old 6to4 relays"],
  ["192.168.0.0/16", "a private address"],
  ["198.18.0.0/15", "a benchmarking address"],
  ["198.51.100.0/24", "a documentation address"],
  ["203.0.113.0/24", "a documentation address"],
  ["224.0.0.0/4", "a multicast address"],
  ["255.255.255.255/32", "the broadcast address"],
  ["240.0.0.0/4", "a reserved address"],
];

// IANA "IPv6 Special-Purpose Address Registry". Whatever lies outside 2000::/3 is no global unicast address at all
// (RFC 4291 §2.4); those rows only give it its name.
const SPECIAL_IPV6: [range: string, what: string][] = [
  ["::/128", "the unspecified address"],
  ["::1/128", "the loopback address"],
  ["64:ff9b:1::/48", "a local NAT64 address"],
  ["100::/64", "a discard address"],
  ["100:0:0:1::/64", "a dummy address"],
  ["2001:20::/28", "an ORCHIDv2 identifier"],
  ["2001::/23", "an address for IETF protocols"],
  ["2001:db8::/32", "a documentation address"],
  ["3fff::/20", "a documentation address"],
  ["5f00::/16", "an SRv6 segment identifier"],
  ["fc00::/7", "a unique local address"],
  ["fe80::/10", "a link-local address"],
  ["fec0::/10", "a site-local address"],
  ["ff00::/8", "a multicast address"],
];

// IPv6 addresses that are IPv4 addresses in another coat: judged by what is inside.
const EMBEDDING: [range: string, what: string, inner: (octets: Uint8Array) => Uint8Array[]][] = [
  ["::ffff:0:0/96", "an IPv4-mapped address", (octets) => [octets.slice(12)]],
  ["::/96", "an IPv4-compatible address", (octets) => [octets.slice(12)]],
  ["64:ff9b::/96", "a NAT64 address", (octets) => [octets.slice(12)]], // RFC 6052 §2.1
  ["2002::/16", "a 6to4 address", (octets) => [octets.slice(2, 6)]], // RFC 3056 §2
  // RFC 4380 §4: the server, and the client with each bit inverted
  ["2001::/32", "a Teredo address", (octets) => [octets.slice(4, 8), octets.slice(12).map((octet) => octet ^ 0xff)]],
];

const ipv4 = SPECIAL_IPV4.map(([text, what]) => ({ range: mustParse(text), what }));
const ipv6 = SPECIAL_IPV6.map(([text, what]) => ({ range: mustParse(text), what }));
const embedding = EMBEDDING.map(([text, what, inner]) => ({ range: mustParse(text), what, inner }));
const globalUnicast = mustParse("2000::/3");

/**
 * The guard before every connection: only global unicast addresses, and those that the settings allow besides.
 * @param address IP address as text; anything else is refused
 * @param allow CIDR ranges; one that cannot be read allows nothing
 */
export function allowedAddress(address: string, allow: readonly string[]): AddressJudgement {
  const octets = parseAddress(address);
  if (octets === null) return { ok: false, why: `${address} is not an IP address that can be judged` };
  const ranges = allow.flatMap((text) => {
    const parsed = parseRange(text);
    return parsed.ok ? [parsed.range] : [];
  });
  const what = refusal(octets, ranges);
  return what === null ? { ok: true } : { ok: false, why: `${address} is ${what}` };
}

/** What the address is instead of global unicast; null when nothing speaks against it. */
function refusal(octets: Uint8Array, allow: readonly AddressRange[]): string | null {
  if (allow.some((range) => inRange(octets, range))) return null;
  if (octets.length === 4) return ipv4.find(({ range }) => inRange(octets, range))?.what ?? null;
  // :: and ::1 lie in ::/96, but are no IPv4 addresses.
  const coat = isTiny(octets) ? undefined : embedding.find(({ range }) => inRange(octets, range));
  if (coat) {
    const whys = coat.inner(octets).map((inner) => ({ inner: inner.join("."), why: refusal(inner, allow) }));
    const refused = whys.find(({ why }) => why !== null);
    return refused ? `${coat.what} for ${refused.inner}, ${refused.why}` : null;
  }
  const special = ipv6.find(({ range }) => inRange(octets, range));
  if (special) return special.what;
  return inRange(octets, globalUnicast) ? null : "not a global unicast address";
}

function isTiny(octets: Uint8Array): boolean {
  return octets.subarray(0, 15).every((octet) => octet === 0) && (octets[15] ?? 0) <= 1;
}

function mustParse(text: string): AddressRange {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.range;
}

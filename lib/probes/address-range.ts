import { isIPv4, isIPv6 } from "node:net";

/** A CIDR range: the first octets of its addresses and how many bits of them count. */
export interface AddressRange {
  octets: Uint8Array;
  bits: number;
}

/**
 * Reads a CIDR range ("127.0.0.0/8", "fd00::/8") or a single address.
 * @returns the range, or a sentence that says what is wrong with the text
 */
export function parseRange(text: string): { ok: true; range: AddressRange } | { ok: false; why: string } {
  const given = text.trim();
  const [address = "", length, ...rest] = given.split("/");
  const octets = parseAddress(address);
  if (octets === null) return refuse(given, "has to begin with an IP address, as in 127.0.0.0/8 or fd00::/8");
  const longest = octets.length * 8;
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) {
    return refuse(given, `has to end in a length between 0 and ${longest}, as in ${address}/${longest}`);
  }
  const bits = length === undefined ? longest : Number(length);
  if (bits > longest) return refuse(given, `has to end in a length between 0 and ${longest}`);
  if (octets.some((octet, i) => (octet & ~maskAt(bits, i)) !== 0)) {
    return refuse(given, `names an address inside a range: bits after the first ${bits} have to be zero`);
  }
  return { ok: true, range: { octets, bits } };
}

/** True when an address of the same family begins with the bits of the range. */
export function inRange(octets: Uint8Array, range: AddressRange): boolean {
  if (octets.length !== range.octets.length) return false;
  return range.octets.every(
    (wanted, i) => ((octets[i] ?? 0) & maskAt(range.bits, i)) === (wanted & maskAt(range.bits, i)),
  );
}

/** The 4 or 16 octets of an address; null for everything else, an address with a zone id (RFC 4007 §11) included. */
export function parseAddress(text: string): Uint8Array | null {
  if (isIPv4(text)) return Uint8Array.from(text.split("."), Number);
  if (!isIPv6(text) || text.includes("%")) return null;
  const [head = "", tail] = text.split("::");
  const start = groupOctets(head);
  const end = groupOctets(tail ?? "");
  const octets = new Uint8Array(16);
  octets.set(start, 0);
  octets.set(end, 16 - end.length);
  return octets;
}

function groupOctets(groups: string): number[] {
  if (groups === "") return [];
  return groups.split(":").flatMap((group) => {
    if (group.includes(".")) return group.split(".").map(Number); // RFC 4291 §2.2: the last 32 bits as IPv4
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** The bits of octet `i` that belong to a prefix of this length. */
function maskAt(bits: number, i: number): number {
  const count = Math.min(8, Math.max(0, bits - i * 8));
  return (0xff << (8 - count)) & 0xff;
}

function refuse(given: string, why: string): { ok: false; why: string } {
  return { ok: false, why: `The range "${given}" ${why}.` };
}

import { isIPv6 } from "node:net";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { type AddressRange, inRange, parseAddress, parseRange } from "./address-range.ts";

type Interfaces = Partial<Record<string, NetworkInterfaceInfo[]>>;

const GLOBAL_IPV6 = rangeOf("2000::/3");
const LINK_LOCAL_IPV4 = rangeOf("169.254.0.0/16");

/**
 * Whether this machine has an address with which it can reach the internet by the same family as `address`. A global one
 * for IPv6; any but a link-local one for IPv4, which may go through NAT.
 */
export function hasWayOut(address: string, interfaces: Interfaces = networkInterfaces()): boolean {
  const wanted = isIPv6(address) ? "IPv6" : "IPv4";
  const own = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  return own.some(({ internal, family, address: text }) => {
    const octets = parseAddress(text);
    if (internal || family !== wanted || octets === null) return false;
    return wanted === "IPv6" ? inRange(octets, GLOBAL_IPV6) : !inRange(octets, LINK_LOCAL_IPV4);
  });
}

function rangeOf(text: string): AddressRange {
  const parsed = parseRange(text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.range;
}

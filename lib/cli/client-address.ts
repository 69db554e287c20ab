import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { parseRange } from "#lib/probes/address-range.ts";
import { SettingError } from "#lib/settings.ts";

/** The proxies whose X-Forwarded-For is believed. @throws SettingError */
export function trustedProxies(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of ranges) {
    const parsed = parseRange(text);
    if (!parsed.ok) throw new SettingError(`SEALPOST_TRUSTED_PROXIES: ${parsed.why}`);
    const [address = ""] = text.split("/");
    list.addSubnet(address, parsed.range.bits, isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

/** Who asks: the peer, or what the last trusted proxy says of its own peer. A header from anybody else is not believed. */
export function clientAddress(request: IncomingMessage, proxies: BlockList): string {
  const chain = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);
  let address = plain(request.socket.remoteAddress ?? "");
  while (chain.length > 0 && isIP(address) !== 0 && proxies.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")) {
    address = plain(chain.pop() ?? "");
  }
  return address;
}

function plain(address: string): string {
  return address.replace(/^::ffff:/, "");
}

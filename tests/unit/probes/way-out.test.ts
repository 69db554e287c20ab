import type { NetworkInterfaceInfo } from "node:os";
import { describe, expect, test } from "vitest";
import { hasWayOut } from "#lib/probes/way-out.ts";

function interfacesWith(...addresses: string[]): Record<string, NetworkInterfaceInfo[]> {
  const common = { netmask: "", mac: "", cidr: null };
  const own = addresses.map((address): NetworkInterfaceInfo => {
    const internal = address === "::1" || address.startsWith("127.");
    return address.includes(":")
      ? { ...common, address, internal, family: "IPv6", scopeid: 0 }
      : { ...common, address, internal, family: "IPv4" };
  });
  return { eth0: own };
}

describe("the way to addresses of a family", () => {
  const good = (to: string, own: string[], why: string) => [why, to, own, true] as const;
  const bad = (to: string, own: string[], why: string) => [why, to, own, false] as const;
  test.each([
    good("2001:4860::1", ["127.0.0.1", "::1", "2a01:4f8::2"], "a global address"),
    good("198.51.100.1", ["127.0.0.1", "10.0.0.2"], "a private IPv4 address, behind NAT"),
    good("198.51.100.1", ["203.0.113.7"], "a public IPv4 address"),
    bad("2001:4860::1", ["::1", "203.0.113.7"], "no IPv6 at all"),
    bad("2001:4860::1", ["fe80::1"], "link-local alone"),
    bad("2001:4860::1", ["fd00::2"], "unique local alone"),
    bad("198.51.100.1", ["127.0.0.1", "2a01:4f8::2"], "no IPv4 at all"),
    bad("198.51.100.1", ["169.254.3.4"], "link-local alone"),
    bad("198.51.100.1", [], "nothing"),
  ])("%s", (_, to, own, expected) => {
    expect(hasWayOut(to, interfacesWith(...own))).toBe(expected);
  });
});

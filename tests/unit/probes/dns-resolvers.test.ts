import { describe, expect, test } from "vitest";
import { parseResolver, systemResolvers } from "#lib/probes/dns-resolvers.ts";

describe("a resolver", () => {
  test.each([
    ["9.9.9.9", "9.9.9.9:53"],
    ["9.9.9.9:5353", "9.9.9.9:5353"],
    [" 127.0.0.1:53 ", "127.0.0.1:53"],
    ["2620:fe::fe", "[2620:fe::fe]:53"],
    ["[2620:fe::fe]", "[2620:fe::fe]:53"],
    ["[2620:fe::fe]:853", "[2620:fe::fe]:853"],
    ["[fe80::1%eth0]:53", "[fe80::1%eth0]:53"], // as resolv.conf names the router
    ["unbound:53", "unbound:53"], // the name of a container
    ["dns_1.example.org", "dns_1.example.org:53"],
    ["https://dns.example/dns-query", "https://dns.example/dns-query"],
    ["https://dns.example/dns-query{?dns}", "https://dns.example/dns-query"], // a URI template (RFC 8484 §4.1)
    ["HTTPS://[2620:fe::fe]:8443/q?x=1", "https://[2620:fe::fe]:8443/q?x=1"],
  ])("may be written %s", (text, label) => {
    expect(parseResolver(text)).toMatchObject({ ok: true, resolver: { label } });
  });

  test.each([
    ["", "is empty"],
    ["9.9.9.9:0", "port"],
    ["9.9.9.9:65536", "port"],
    ["9.9.9.9:dns", "port"],
    ["9.9.9.9:", "port"],
    ["9.9.9:53", "IP address or a host name"], // not all of an address
    ["256.1.1.1", "IP address or a host name"],
    ["[9.9.9.9]:53", "IP address or a host name"],
    ["-dns:53", "IP address or a host name"],
    ["a b", "IP address or a host name"],
    ["udp://9.9.9.9", "host:port or an https:// URL"],
    ["http://dns.example/dns-query", "host:port or an https:// URL"], // in the clear
    ["tls://dns.example", "host:port or an https:// URL"],
    ["https://", "is not a URL"],
    ["https://user:pass@dns.example/", "user name or password"],
    ["https://dns.example/#x", "fragment"],
  ])("must not be written %s", (text, why) => {
    expect(parseResolver(text)).toEqual({ ok: false, why: expect.stringMatching(/^The resolver ".*" .*\.$/) });
    expect(parseResolver(text)).toEqual({ ok: false, why: expect.stringContaining(why) });
  });

  test("of the system is there, and readable", () => {
    const resolvers = systemResolvers();
    expect(resolvers.length).toBeGreaterThan(0);
    for (const label of resolvers) expect(parseResolver(label)).toMatchObject({ ok: true, resolver: { label } });
  });
});

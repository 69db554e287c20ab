import { once } from "node:events";
import { createServer } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRange } from "#lib/probes/address-range.ts";
import { allowedAddress } from "#lib/probes/public-address.ts";
import { connectTcp } from "#lib/probes/tcp-connect.ts";

describe("an address that a probe may connect to", () => {
  test.each([
    ["1.0.0.0", "after 0/8"],
    ["9.255.255.255", "before 10/8"],
    ["11.0.0.0", "after 10/8"],
    ["100.63.255.255", "before 100.64/10"],
    ["100.128.0.0", "after 100.64/10"],
    ["126.255.255.255", "before 127/8"],
    ["128.0.0.0", "after 127/8"],
    ["169.253.255.255", "before 169.254/16"],
    ["169.255.0.0", "after 169.254/16"],
    ["172.15.255.255", "before 172.16/12"],
    ["172.32.0.0", "after 172.16/12"],
    ["191.255.255.255", "before 192.0.0/24"],
    ["192.0.1.0", "between 192.0.0/24 and 192.0.2/24"],
    ["192.0.3.0", "after 192.0.2/24"],
    ["192.88.98.255", "before 192.88.99/24"],
    ["192.88.100.0", "after 192.88.99/24"],
    ["192.167.255.255", "before 192.168/16"],
    ["192.169.0.0", "after 192.168/16"],
    ["198.17.255.255", "before 198.18/15"],
    ["198.20.0.0", "after 198.18/15"],
    ["198.51.99.255", "before 198.51.100/24"],
    ["198.51.101.0", "after 198.51.100/24"],
    ["203.0.112.255", "before 203.0.113/24"],
    ["203.0.114.0", "after 203.0.113/24"],
    ["223.255.255.255", "before 224/4"],
    ["2000::", "the first of 2000::/3"],
    ["2001:200::", "after 2001::/23"],
    ["2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "before 2001:db8::/32"],
    ["2001:db9::", "after 2001:db8::/32"],
    ["2620:fe::fe", "a public resolver"],
    ["3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "before 3fff::/20"],
    ["3fff:1000::", "after 3fff::/20"],
    ["::ffff:9.9.9.9", "mapped, public inside"],
    ["::9.9.9.9", "compatible, public inside"],
    ["64:ff9b::9.9.9.9", "NAT64, public inside"],
    ["2002:909:909::1", "6to4, public inside"],
    ["2001:0:909:909:0:0:f6f6:f6f6", "Teredo, both public inside"],
  ])("%s: %s", (address) => {
    expect(allowedAddress(address, [])).toEqual({ ok: true });
  });
});

describe("an address that a probe must not connect to", () => {
  test.each([
    ["0.0.0.0", "this network"],
    ["0.255.255.255", "this network"],
    ["10.0.0.0", "private"],
    ["10.255.255.255", "private"],
    ["100.64.0.0", "shared"],
    ["100.127.255.255", "shared"],
    ["127.0.0.0", "loopback"],
    ["127.255.255.255", "loopback"],
    ["169.254.0.0", "link-local"],
    ["169.254.169.254", "link-local"], // where clouds keep their secrets
    ["169.254.255.255", "link-local"],
    ["172.16.0.0", "private"],
    ["172.31.255.255", "private"],
    ["192.0.0.0", "IETF"],
    ["192.0.0.255", "IETF"],
    ["192.0.2.0", "documentation"],
    ["192.0.2.255", "documentation"],
    ["192.88.99.0", "6to4"],
    ["192.88.99.255", "6to4"],
    ["192.168.0.0", "private"],
    ["192.168.255.255", "private"],
    ["198.18.0.0", "benchmarking"],
    ["198.19.255.255", "benchmarking"],
    ["198.51.100.0", "documentation"],
    ["198.51.100.255", "documentation"],
    ["203.0.113.0", "documentation"],
    ["203.0.113.255", "documentation"],
    ["224.0.0.0", "multicast"],
    ["239.255.255.255", "multicast"],
    ["240.0.0.0", "reserved"],
    ["255.255.255.254", "reserved"],
    ["255.255.255.255", "broadcast"],
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["::2", "IPv4-compatible"],
    ["::127.0.0.1", "IPv4-compatible address for 127.0.0.1, a loopback"],
    ["::ffff:127.0.0.1", "IPv4-mapped address for 127.0.0.1, a loopback"],
    ["::ffff:a00:1", "IPv4-mapped address for 10.0.0.1, a private"],
    ["::ffff:0:9.9.9.9", "not a global unicast"], // IPv4-translated (RFC 2765), outside 2000::/3
    ["64:ff9b::10.0.0.1", "NAT64 address for 10.0.0.1"],
    ["64:ff9b:0:0:0:1:909:909", "not a global unicast"], // after 64:ff9b::/96
    ["64:ff9b:1::", "local NAT64"],
    ["64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "local NAT64"],
    ["64:ff9b:2::", "not a global unicast"],
    ["100::", "discard"],
    ["100::ffff:ffff:ffff:ffff", "discard"],
    ["100:0:0:1::", "dummy"],
    ["100:0:0:2::", "not a global unicast"],
    ["1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "not a global unicast"], // before 2000::/3
    ["2001:0:a00:1:0:0:f6f6:f6f6", "Teredo address for 10.0.0.1"], // the server
    ["2001:0:909:909:0:0:f5ff:fffe", "Teredo address for 10.0.0.1"], // the client, inverted
    ["2001:1::", "IETF"],
    ["2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "IETF"],
    ["2001:20::", "ORCHIDv2"],
    ["2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", "ORCHIDv2"],
    ["2001:db8::", "documentation"],
    ["2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"],
    ["2002:7f00:1::", "6to4 address for 127.0.0.1"],
    ["2002:c0a8:101::1", "6to4 address for 192.168.1.1"],
    ["3fff::", "documentation"],
    ["3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"],
    ["4000::", "not a global unicast"], // after 2000::/3
    ["5f00::", "SRv6"],
    ["5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "SRv6"],
    ["5f01::", "not a global unicast"],
    ["fc00::", "unique local"],
    ["fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unique local"],
    ["fe00::", "not a global unicast"],
    ["fe80::", "link-local"],
    ["febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"],
    ["fec0::", "site-local"],
    ["feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "site-local"],
    ["ff00::", "multicast"],
    ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"],
    ["fe80::1%eth0", "not an IP address"], // a zone id
    ["2620:fe::fe%1", "not an IP address"],
    ["", "not an IP address"],
    ["localhost", "not an IP address"],
    ["127.1", "not an IP address"], // what inet_aton would take
    ["2130706433", "not an IP address"],
    ["0x7f.0.0.1", "not an IP address"],
    ["010.0.0.1", "not an IP address"],
    ["[::1]", "not an IP address"],
  ])("%s: %s", (address, what) => {
    expect(allowedAddress(address, [])).toEqual({ ok: false, why: expect.stringContaining(what) });
  });
});

describe("ranges allowed besides", () => {
  test.each([
    ["127.0.0.1", ["127.0.0.0/8"], true],
    ["127.255.255.255", ["127.0.0.0/8"], true],
    ["126.255.255.255", ["127.0.0.0/8"], true], // public anyway
    ["128.0.0.1", ["127.0.0.0/8"], true],
    ["10.0.0.1", ["127.0.0.0/8"], false],
    ["10.1.2.127", ["10.1.2.0/25"], true],
    ["10.1.2.128", ["10.1.2.0/25"], false],
    ["10.1.2.3", ["10.1.2.3"], true],
    ["10.1.2.4", ["10.1.2.3"], false],
    ["::1", ["127.0.0.0/8"], false],
    ["::1", ["::1"], true],
    ["::2", ["::1"], false],
    ["fd00::1", ["127.0.0.0/8", "fd00::/64"], true],
    ["fd00:0:0:1::", ["fd00::/64"], false],
    ["::ffff:127.0.0.1", ["127.0.0.0/8"], true], // judged by what is inside
    ["2002:7f00:1::", ["127.0.0.0/8"], true],
    ["10.0.0.1", ["0.0.0.0/0"], true],
    ["fe80::1", ["0.0.0.0/0"], false],
    ["fe80::1", ["::/0"], true],
    ["10.0.0.1", ["nonsense", "10.0.0.0/33"], false], // allows nothing
  ])("%s with %j: %s", (address, allow, ok) => {
    expect(allowedAddress(address, allow).ok).toBe(ok);
  });
});

describe("a range", () => {
  test.each([
    "0.0.0.0/0",
    "127.0.0.0/8",
    "10.1.2.3",
    "10.1.2.3/32",
    "::/0",
    "fd00::/8",
    "::1",
    "::1/128",
    " 10.0.0.0/8 ",
  ])("may be written %s", (text) => {
    expect(parseRange(text)).toMatchObject({ ok: true });
  });

  test.each([
    ["", "begin with an IP address"],
    ["localhost", "begin with an IP address"],
    ["10.0.0/8", "begin with an IP address"],
    ["fe80::%eth0/10", "begin with an IP address"],
    ["10.0.0.0/33", "between 0 and 32"],
    ["::/129", "between 0 and 128"],
    ["10.0.0.0/", "between 0 and 32"],
    ["10.0.0.0/-1", "between 0 and 32"],
    ["10.0.0.0/8/8", "between 0 and 32"],
    ["10.0.0.0/255.0.0.0", "between 0 and 32"],
    ["127.0.0.1/8", "bits after the first 8"],
    ["fd00::1/64", "bits after the first 64"],
  ])("must not be written %s", (text, why) => {
    expect(parseRange(text)).toEqual({ ok: false, why: expect.stringContaining(why) });
  });
});

test("an IPv4 address is judged alike, bare and mapped", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(allowedAddress(`::ffff:${address}`, []).ok).toBe(allowedAddress(address, []).ok);
    }),
    { numRuns: 2000 },
  );
});

test("no text at all makes the guard throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4Extended()), fc.string(), (address, range) => {
      allowedAddress(address, [range]);
      parseRange(address);
    }),
    { numRuns: 2000 },
  );
});

describe("a connection", () => {
  const listen = async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
  };
  const timeout = 5_000;

  test("is made to the address that was judged, and to no name that could lead elsewhere the second time", async () => {
    const { server, port } = await listen();
    const made = await connectTcp({ address: "127.0.0.1", port, allow: ["127.0.0.0/8"], timeout });
    expect(made).toMatchObject({ ok: true });
    if (made.ok) {
      expect([made.socket.remoteAddress, made.socket.remotePort]).toEqual(["127.0.0.1", port]);
      made.socket.destroy();
    }
    server.close();
  });

  test.each([
    ["127.0.0.1", "loopback"],
    ["::ffff:127.0.0.1", "loopback, mapped"],
    ["64:ff9b::7f00:1", "loopback through NAT64"],
    ["2002:7f00:1::", "loopback through 6to4"],
    ["0.0.0.0", "this machine, by another name"],
    ["localhost", "a name, which the system would resolve anew"],
    ["127.1", "what inet_aton would take"],
    ["0x7f000001", "what inet_aton would take"],
    ["2130706433", "what inet_aton would take"],
    ["127.0.0.1\0.example.org", "what a C library would cut"],
  ])("to %j is not even tried: %s", async (address) => {
    const { server, port } = await listen();
    let connections = 0;
    server.on("connection", () => connections++);
    const refused = await connectTcp({ address, port, allow: [], timeout });
    expect(refused).toMatchObject({ ok: false, failure: "address-refused" });
    await new Promise((done) => server.close(done));
    expect(connections).toBe(0);
  });
});

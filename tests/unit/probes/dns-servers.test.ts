import { type Answer, decode, encode, type Packet } from "dns-packet";
import { afterEach, describe, expect, test } from "vitest";
import {
  AD,
  a,
  ask,
  cname,
  NXDOMAIN,
  PATIENT,
  REFUSED,
  SERVFAIL,
  serve,
  servePackets,
  stopServers,
  TRUNCATED,
} from "./own-dns.ts";

afterEach(stopServers);

describe("a question", () => {
  test("goes out with EDNS, RD and AD, each under another id", async () => {
    const { address, queries } = await servePackets(({ questions }) => ({ answers: [a(questions?.[0]?.name ?? "")] }));
    const resolver = ask([address]);
    await Promise.all(Array.from({ length: 8 }, (_, i) => resolver.a(`h${i}.test`)));
    expect(queries[0]).toMatchObject({ flag_rd: true, flag_ad: true, additionals: [{ udpPayloadSize: 1232 }] });
    expect(new Set(queries.map(({ id }) => id)).size).toBeGreaterThan(1);
  });

  test("that is no host name, or too long to be a name, is not asked", async () => {
    const { address, queries } = await servePackets(() => ({}));
    for (const name of ["a..test", ".test", "mx\\.a.test", "bücher.test", "a b.test"]) {
      expect((await ask([address]).a(name)).result).toMatchObject({ ok: false, failure: "malformed" });
    }
    for (const name of [`${"a".repeat(64)}.test`, `${"a.".repeat(125)}test`]) {
      expect((await ask([address]).a(name)).result).toMatchObject({ ok: false, failure: "no-such-name" });
    }
    expect(queries).toEqual([]);
    expect((await ask([address]).a(`${"a.".repeat(124)}test.`)).result).toMatchObject({ failure: "no-data" });
  });

  test("is asked again without EDNS where EDNS is not known, and from then on", async () => {
    for (const rcode of [1, 4]) {
      const { address, queries } = await servePackets(({ additionals, questions }) =>
        additionals?.length ? { flags: rcode, questions: [] } : { answers: [a(questions?.[0]?.name ?? "")] },
      );
      const resolver = ask([address]);
      expect((await resolver.a("one.test")).result).toMatchObject({ ok: true });
      expect((await resolver.a("two.test")).result).toMatchObject({ ok: true });
      expect(queries.map(({ additionals }) => additionals?.length)).toEqual([1, 0, 0]);
    }
  });

  test("to which every answer is FORMERR fails by that name", async () => {
    const { address } = await servePackets(() => ({ flags: 1 }));
    expect((await ask([address]).a("one.test")).result).toMatchObject({
      failure: "servfail",
      detail: expect.stringContaining("FORMERR"),
    });
  });

  test("that is truncated is asked again over TCP", async () => {
    const { address, queries } = await servePackets((_, transport) =>
      transport === "udp"
        ? TRUNCATED
        : { answers: Array.from({ length: 2000 }, (_, i) => a("big.test", `192.0.${i >> 8}.${i & 255}`)) },
    );
    const { result } = await ask([address]).a("big.test");
    expect(result.ok && result.records.length).toBe(2000);
    expect(queries.map(({ transport }) => transport)).toEqual(["udp", "tcp"]);
  });

  test("waits while sixteen others are on the wire", async () => {
    let [now, most] = [0, 0];
    const address = await serve((octets) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
      }, 30);
      const { id, questions } = decode(octets);
      return { delay: 30, messages: [encode({ type: "response", id, questions } as Packet)] };
    });
    const resolver = ask([address]);
    const facts = await Promise.all(Array.from({ length: 50 }, (_, i) => resolver.a(`h${i}.test`)));
    expect(facts.every(({ result }) => !result.ok && result.failure === "no-data")).toBe(true);
    expect(most).toBeLessThanOrEqual(16);
    expect(most).toBeGreaterThan(1);
  });
});

describe("several resolvers", () => {
  test("are asked in order, past those that fail", async () => {
    const good = await servePackets(() => ({ answers: [a("one.test")] }));
    const silent = await serve(() => ({ delay: 0, messages: [] }));
    const servfail = await servePackets(() => SERVFAIL);
    const refused = await servePackets(() => REFUSED);
    const lame = await servePackets(() => ({ authorities: [{ type: "NS", name: "test", ttl: 1, data: "ns.test" }] }));
    const nobody = "127.0.0.1:1";
    const fact = await ask([servfail.address, refused.address, nobody, lame.address, silent, good.address], {
      limits: PATIENT,
    }).a("one.test");
    expect(fact).toMatchObject({ resolver: good.address, result: { ok: true } });
    expect([servfail, refused, lame, good].map(({ queries }) => queries.length)).toEqual([1, 1, 1, 1]);
  });

  test("that all fail are told by the most telling failure, and only the silent are asked again", async () => {
    let silentQueries = 0;
    const silent = await serve(() => {
      silentQueries += 1;
      return { delay: 0, messages: [] };
    });
    const servfail = await servePackets(() => SERVFAIL);
    const fact = await ask([silent, servfail.address, "127.0.0.1:1"], { limits: PATIENT }).a("one.test");
    expect(fact).toMatchObject({ resolver: servfail.address, result: { ok: false, failure: "servfail" } });
    // The second question is the one with the CD bit.
    expect([silentQueries, servfail.queries.length]).toEqual([2, 2]);
  });

  test("that cannot be reached at all are a failure of the network", async () => {
    expect((await ask(["127.0.0.1:1"]).a("one.test")).result).toMatchObject({ ok: false, failure: "network" });
    expect((await ask([]).a("one.test")).result).toMatchObject({ ok: false, failure: "timeout" });
    expect((await ask(["no-such-host.invalid:53"]).a("one.test")).result).toMatchObject({
      ok: false,
      failure: "network",
    });
  });

  test("that are written wrongly are a mistake of the caller", () => {
    expect(() => ask(["http://dns.test"])).toThrow(/https:\/\//);
  });
});

describe("aliases", () => {
  test("over several answers are validated only when each is", async () => {
    const { address } = await servePackets(({ questions }) =>
      questions?.[0]?.name === "one.test"
        ? { ...AD, answers: [cname("one.test", "two.test", 30)] }
        : { answers: [a("two.test")] },
    );
    const fact = await ask([address]).a("one.test");
    expect(fact).toMatchObject({ authenticated: false, chain: ["two.test"], result: { ok: true, ttl: 30 } });
  });

  test("lead through one answer in any order, with the case that the server likes", async () => {
    const answers = [a("Three.test"), cname("two.TEST", "three.test"), cname("ONE.test", "Two.test")];
    const { address, queries } = await servePackets(() => ({ ...AD, answers }));
    const fact = await ask([address]).a("one.test");
    expect(fact).toMatchObject({ authenticated: true, chain: ["two.test", "three.test"], result: { ok: true } });
    expect(queries).toHaveLength(1);
  });

  test("that end without the record are not asked for again when the answer says so", async () => {
    const soa: Answer = { type: "SOA", name: "test", ttl: 1, data: { mname: "ns.test", rname: "a.test" } };
    const { address, queries } = await servePackets(() => ({
      answers: [cname("one.test", "two.test")],
      authorities: [soa],
    }));
    expect(await ask([address]).aaaa("one.test")).toMatchObject({
      chain: ["two.test"],
      result: { failure: "no-data" },
    });
    expect(queries).toHaveLength(1);
  });

  test("that end in NXDOMAIN dangle", async () => {
    const { address } = await servePackets(() => ({ ...NXDOMAIN, answers: [cname("one.test", "two.test")] }));
    expect(await ask([address]).a("one.test")).toMatchObject({
      chain: ["two.test"],
      result: { failure: "no-such-name" },
    });
  });

  test("that lead to themselves, or to no host name, end", async () => {
    const self = await servePackets(() => ({ answers: [cname("one.test", "one.test")] }));
    expect((await ask([self.address]).a("one.test")).result).toMatchObject({ failure: "chain-loop" });
    const odd = await servePackets(() => ({ answers: [cname("one.test", "a b.test")] }));
    expect(await ask([odd.address]).a("one.test")).toMatchObject({
      chain: ["a\\032b.test"],
      result: { failure: "malformed" },
    });
  });
});

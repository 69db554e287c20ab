import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type Answer, decode, encode, type Packet } from "dns-packet";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createResolver, type ProbeOptions } from "#lib/probes/dns.ts";
import { LIMITS } from "#lib/probes/limits.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { type Answering, startDnsServer } from "#tests/lab/dns-server.ts";
import { type Lab, startLab } from "#tests/lab/lab.ts";

const QUICK = { ...LIMITS, dnsTries: [60, 120], dnsTotal: 600 };

const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

/** A server of our own making, gone after the test. */
async function serve(answering: Answering): Promise<string> {
  const server = await startDnsServer(answering, 0);
  running.push(server.stop);
  return `127.0.0.1:${server.port}`;
}

/** One whose answers are packets; it keeps the queries that it gets. */
async function servePackets(answer: (query: Packet, transport: "udp" | "tcp") => Packet) {
  const queries: (Packet & { transport: "udp" | "tcp" })[] = [];
  const address = await serve((octets, transport) => {
    const query = decode(octets);
    queries.push({ ...query, transport });
    const { id, questions } = query;
    return { delay: 0, messages: [encode({ type: "response", id, questions, ...answer(query, transport) } as Packet)] };
  });
  return { address, queries };
}

function settingsFor(...resolvers: string[]): ProbeSettings {
  return { resolvers, httpsPort: 443, smtpPort: 25, extraRoots: null, allow: [] };
}

function ask(resolvers: string[], options: ProbeOptions = { limits: QUICK }) {
  return createResolver(settingsFor(...resolvers), options);
}

const a = (name: string, data = "192.0.2.1"): Answer => ({ type: "A", name, ttl: 300, data });
const cname = (name: string, data: string, ttl = 300): Answer => ({ type: "CNAME", name, ttl, data });
const SERVFAIL = { flags: 2 };
const REFUSED = { flags: 5 };
const NXDOMAIN = { flags: 3 };
const TRUNCATED = { flags: 0x200 };
const AD = { flags: 0x20 };

describe("against the lab", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(async () => {
    await lab.stop();
  });
  const resolver = (options: ProbeOptions = {}) => createResolver(lab.settings, options);

  test("records come with their name, type, resolver and TTL", async () => {
    expect(await resolver().mx("Healthy.TEST.")).toEqual({
      name: "healthy.test",
      type: "MX",
      chain: [],
      authenticated: false,
      resolver: lab.settings.resolvers[0],
      milliseconds: expect.any(Number),
      result: { ok: true, records: [{ preference: 10, exchange: "mx1.healthy.test" }], ttl: 3600 },
    });
  });

  test("a null MX has an empty name", async () => {
    const { result } = await resolver().mx("null-mx.test");
    expect(result).toMatchObject({ ok: true, records: [{ preference: 0, exchange: "" }] });
  });

  test("TXT strings keep their octets and their cuts", async () => {
    expect((await resolver().txt("_mta-sts.record-non-ascii.test")).result).toMatchObject({
      records: [{ strings: ["v=STSv1; id=20260101; note=gr\xfcn;"], ttl: 3600 }],
    });
    expect((await resolver().txt("_mta-sts.record-in-two-strings.test")).result).toMatchObject({
      records: [{ strings: ["v=STSv1; id=2026", "0101;"] }],
    });
  });

  test("a name that does not exist is not a name without records", async () => {
    expect((await resolver().a("nothing.healthy.test")).result).toMatchObject({ ok: false, failure: "no-such-name" });
    expect((await resolver().aaaa("mx1.healthy.test")).result).toMatchObject({ ok: false, failure: "no-data" });
  });

  test("an alias is followed, whole or one answer at a time", async () => {
    for (const domain of ["record-is-alias.test", "record-behind-three-aliases.test"]) {
      const fact = await resolver().txt(`_mta-sts.${domain}`);
      expect(fact.result).toMatchObject({ ok: true, records: [{ strings: ["v=STSv1; id=20260101;"] }] });
      expect(fact.chain.at(0)).toBe(`a1.${domain}`);
    }
  });

  test("an alias asked for as such is not followed", async () => {
    const fact = await resolver().cname("_mta-sts.record-is-alias.test");
    expect(fact).toMatchObject({ chain: [], result: { ok: true, records: ["a1.record-is-alias.test"] } });
  });

  test("a dangling alias keeps its chain", async () => {
    const fact = await resolver().txt("_mta-sts.record-alias-dangling.test");
    expect(fact).toMatchObject({ chain: ["gone.provider.test"], result: { ok: false, failure: "no-such-name" } });
  });

  test("aliases end after eight, and in a loop", async () => {
    const long = await resolver().txt("_mta-sts.record-chain-too-long.test");
    expect(long.chain).toHaveLength(8);
    expect(long.result).toMatchObject({ ok: false, failure: "chain-too-long" });
    const loop = await resolver().txt("_mta-sts.record-alias-loop.test");
    expect(loop).toMatchObject({
      chain: ["loop.record-alias-loop.test"],
      result: { ok: false, failure: "chain-loop" },
    });
  });

  test.each(["dns-truncated", "dns-forged", "dns-without-edns", "dns-slow"])(
    "%s is answered all the same",
    async (label) => {
      expect((await resolver().mx(`${label}.test`)).result).toMatchObject({ ok: true });
    },
  );

  test("the AD bit arrives", async () => {
    expect((await resolver().mx("dnssec-signed.test")).authenticated).toBe(true);
    expect((await resolver().txt("nothing.dnssec-signed.test")).authenticated).toBe(true); // denial is signed too
  });

  test.each([
    ["dns-times-out", "timeout"],
    ["dns-malformed", "malformed"],
    ["dns-servfail", "servfail"],
    ["dns-refused", "refused"],
  ])("%s fails as %s", async (label, failure) => {
    const fact = await resolver({ limits: QUICK }).mx(`${label}.test`);
    expect(fact).toMatchObject({
      authenticated: false,
      result: { ok: false, failure, detail: expect.stringMatching(/./) },
    });
  });

  test("the same question is asked once", async () => {
    const one = resolver();
    const [first, second] = await Promise.all([one.mx("healthy.test"), one.resolve("HEALTHY.test.", "MX")]);
    expect(second).toBe(first);
    expect(await resolver().mx("healthy.test")).not.toBe(first);
  });

  test("200 questions at once are all answered", async () => {
    const one = resolver();
    const facts = await Promise.all(Array.from({ length: 200 }, (_, i) => one.a(`host-${i}.healthy.test`)));
    expect(facts.every(({ result }) => !result.ok && result.failure === "no-such-name")).toBe(true);
  });
});

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
});

describe("several resolvers", () => {
  test("are asked in order, past those that fail", async () => {
    const good = await servePackets(() => ({ answers: [a("one.test")] }));
    const silent = await serve(() => ({ delay: 0, messages: [] }));
    const servfail = await servePackets(() => SERVFAIL);
    const refused = await servePackets(() => REFUSED);
    const lame = await servePackets(() => ({ authorities: [{ type: "NS", name: "test", ttl: 1, data: "ns.test" }] }));
    const nobody = "127.0.0.1:1";
    const fact = await ask([servfail.address, refused.address, nobody, lame.address, silent, good.address]).a(
      "one.test",
    );
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
    const fact = await ask([silent, servfail.address, "127.0.0.1:1"]).a("one.test");
    expect(fact).toMatchObject({ resolver: servfail.address, result: { ok: false, failure: "servfail" } });
    expect([silentQueries, servfail.queries.length]).toEqual([2, 1]);
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

describe("TCP", () => {
  /** Truncates over UDP and does as told over TCP on the same port. */
  async function serveTcp(onQuery: (write: (octets: Buffer) => void, end: () => void, query: Packet) => void) {
    const tcp = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (octets: Buffer) => {
        const query = decode(octets.subarray(2));
        onQuery(
          (out) => socket.write(out),
          () => socket.end(),
          query,
        );
      });
    });
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket("udp4");
    udp.on("message", (octets, from) => {
      const { id, questions } = decode(octets);
      udp.send(encode({ type: "response", id, questions, ...TRUNCATED } as Packet), from.port, from.address);
    });
    udp.bind(port, "127.0.0.1");
    await once(udp, "listening");
    running.push(async () => {
      udp.close();
      await new Promise((done) => tcp.close(done));
    });
    return `127.0.0.1:${port}`;
  }

  function framed(packet: Packet): Buffer {
    const message = encode(packet);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    return Buffer.concat([length, message]);
  }

  const reply = ({ id, questions }: Packet, more: Packet = {}) =>
    framed({ type: "response", id, questions, answers: [a("one.test")], ...more } as Packet);

  test("brings an answer in single octets", async () => {
    const address = await serveTcp((write, _, query) => {
      for (const octet of reply(query)) write(Buffer.from([octet]));
    });
    expect((await ask([address]).a("one.test")).result).toMatchObject({ ok: true, records: ["192.0.2.1"] });
  });

  test("brings a message of 64 KB", async () => {
    const address = await serveTcp((write, _, query) => {
      const answers: Answer[] = Array.from({ length: 250 }, (_, i) => ({
        ...{ type: "TXT", name: "one.test", ttl: 1 },
        data: [Buffer.alloc(235, i)],
      }));
      write(reply(query, { answers }));
    });
    const { result } = await ask([address]).txt("one.test");
    expect(result.ok && result.records.length).toBe(250);
  });

  test.each<[string, string, (write: (octets: Buffer) => void, end: () => void, query: Packet) => void]>([
    ["another id", "malformed", (write, _, query) => write(reply({ ...query, id: ((query.id ?? 0) + 1) & 0xffff }))],
    ["no DNS message", "malformed", (write) => write(Buffer.from("\0\x04HTTP"))],
    ["a message of no octets", "malformed", (write) => write(Buffer.from([0, 0]))],
    ["a truncated answer", "malformed", (write, _, query) => write(reply(query, TRUNCATED))],
    ["an end in the middle", "network", (write, end, query) => [write(reply(query).subarray(0, 20)), end()]],
    ["an end at once", "network", (_, end) => end()],
    ["silence", "timeout", () => {}],
    ["half an answer", "timeout", (write, _, query) => write(reply(query).subarray(0, 20))],
  ])("with %s fails as %s", async (_, failure, onQuery) => {
    const address = await serveTcp(onQuery);
    expect((await ask([address]).a("one.test")).result).toMatchObject({ ok: false, failure });
  });
});

describe("an abort", () => {
  test("ends every question with its reason", async () => {
    const silent = await serve(() => ({ delay: 0, messages: [] }));
    const aborting = new AbortController();
    const resolver = ask([silent], { signal: aborting.signal });
    const questions = Promise.allSettled([resolver.a("one.test"), resolver.mx("one.test")]);
    aborting.abort(new Error("no longer wanted"));
    for (const outcome of await questions) expect(outcome).toMatchObject({ reason: { message: "no longer wanted" } });
    await expect(resolver.a("two.test")).rejects.toThrow("no longer wanted");
  });
});

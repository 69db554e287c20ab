import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createResolver, type ProbeOptions } from "#lib/probes/dns.ts";
import { type Lab, startLab } from "#tests/lab/lab.ts";
import { ask, QUICK, serve, stopServers } from "./own-dns.ts";

afterEach(stopServers);

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

import { type Answer, encode } from "dns-packet";
import { afterEach, describe, expect, test } from "vitest";
import { type DnsAnswer, readAnswer } from "#lib/probes/dns-message.ts";
import { signatureOver } from "#lib/probes/dns-signature.ts";
import { AD, a, ask, cname, serve, servePackets, stopServers, TRUNCATED } from "./own-dns.ts";

afterEach(stopServers);

const NOW = 1_800_000_000;
const DAY = 86_400;

/** A signature from so many seconds after a moment until so many. */
function rrsig(name: string, typeCovered: string, [from, until]: [number, number], now = NOW): Answer {
  const times = { inception: (now + from) >>> 0, expiration: (now + until) >>> 0 };
  const fixed = { algorithm: 13, labels: 2, originalTTL: 300, keyTag: 1, signersName: "test" };
  return { type: "RRSIG", name, ttl: 300, data: { typeCovered, ...fixed, ...times, signature: Buffer.alloc(64) } };
}

function answerWith(...answers: Answer[]): DnsAnswer {
  const question = { name: "one.test", type: "A" } as const;
  const message = encode({ type: "response", id: 1, questions: [{ ...question, class: "IN" }], answers });
  const read = readAnswer(message, question, 1);
  if (read === null) throw new Error("not an answer");
  return read;
}

describe("the signature over records", () => {
  const good = rrsig("one.test", "A", [-DAY, DAY]);
  const over = (...answers: Answer[]) => signatureOver(answerWith(...answers), "one.test", "A", NOW);

  test("has its two times", () => {
    expect(over(a("one.test"), good)).toEqual({ inception: NOW - DAY, expiration: NOW + DAY });
  });

  test("is the one that runs out last, since one that holds is enough", () => {
    const longer = rrsig("one.test", "A", [-1, 5 * DAY]);
    const ended = rrsig("one.test", "A", [-9 * DAY, -DAY]);
    expect(over(good, longer, ended)).toEqual({ inception: NOW - 1, expiration: NOW + 5 * DAY });
    expect(over(ended, longer, good)).toEqual({ inception: NOW - 1, expiration: NOW + 5 * DAY });
  });

  test.each<[string, Answer]>([
    ["another name", rrsig("two.test", "A", [-DAY, DAY])],
    ["another type", rrsig("one.test", "AAAA", [-DAY, DAY])],
    ["an end before its beginning", rrsig("one.test", "A", [DAY, -DAY])],
    ["another class", { ...rrsig("one.test", "A", [-DAY, DAY]), class: "CH" } as Answer],
    ["too few octets", { type: "UNKNOWN_46" as "TXT", name: "one.test", ttl: 1, data: Buffer.from([0, 1, 13]) }],
  ])("is none with %s", (_, record) => {
    expect(over(a("one.test"), record)).toBeNull();
  });

  // RFC 4034 §3.1.5: serial number arithmetic, across the end of 32 bits in 2106 too.
  test.each([2 ** 31 - 5, 2 ** 31, 2 ** 32 - 5, 2 ** 32, 2 ** 32 + 5])("is of its time at %d", (now) => {
    const read = answerWith(rrsig("one.test", "A", [-DAY, DAY], now));
    expect(signatureOver(read, "one.test", "A", now)).toEqual({ inception: now - DAY, expiration: now + DAY });
  });
});

describe("in a fact", () => {
  const now = Math.floor(Date.now() / 1000);
  const until = (seconds: number) => new Date((now + seconds) * 1000).toISOString();
  const signature = (inception: number, expiration: number) => ({
    inception: until(inception),
    expiration: until(expiration),
  });
  const answers = [
    cname("one.test", "two.test"),
    rrsig("one.test", "CNAME", [-DAY, 3 * DAY], now),
    a("two.test"),
    rrsig("two.test", "A", [-DAY, 2 * DAY], now),
    rrsig("two.test", "A", [-DAY, 9 * DAY], now),
  ];

  test("is the one of aliases and records that runs out first", async () => {
    const { address, queries } = await servePackets(() => ({ ...AD, answers }));
    expect((await ask([address]).a("one.test")).signature).toEqual(signature(-DAY, 3 * DAY));
    expect(queries[0]).toMatchObject({ additionals: [{ flag_do: true }] });
    const ofRecords = await servePackets(() => ({ ...AD, answers: answers.toSpliced(1, 1) }));
    expect((await ask([ofRecords.address]).a("one.test")).signature).toEqual(signature(-DAY, 9 * DAY));
  });

  test("is the first to run out over several answers, too", async () => {
    const { address } = await servePackets(({ questions }) =>
      questions?.[0]?.name === "one.test"
        ? { ...AD, answers: answers.slice(0, 2) }
        : { ...AD, answers: answers.slice(2) },
    );
    expect((await ask([address]).a("one.test")).signature).toEqual(signature(-DAY, 3 * DAY));
  });

  test("is missing where nobody vouches for it, and where there are no records", async () => {
    const unchecked = await servePackets(() => ({ answers }));
    const fact = await ask([unchecked.address]).a("one.test");
    expect(fact).toMatchObject({ authenticated: false, result: { ok: true } });
    expect(fact).not.toHaveProperty("signature");
    const dangling = await servePackets(() => ({ flags: 0x23, answers: answers.slice(0, 2) }));
    const gone = await ask([dangling.address]).a("one.test");
    expect(gone).toMatchObject({ authenticated: true, result: { failure: "no-such-name" } });
    expect(gone).not.toHaveProperty("signature");
  });
});

describe("an answer that signatures make too large", () => {
  test("comes without them where TCP is blocked, and from then on", async () => {
    const { address, queries } = await servePackets(({ additionals, questions }, transport) => {
      if (transport === "tcp") return { flags: 5, questions: [] };
      const isLarge = additionals?.some((record) => record.type === "OPT" && record.flag_do);
      return isLarge ? TRUNCATED : { ...AD, answers: [a(questions?.[0]?.name ?? "")] };
    });
    const resolver = ask([address]);
    expect(await resolver.a("one.test")).toMatchObject({ authenticated: true, result: { ok: true } });
    expect(await resolver.a("two.test")).toMatchObject({ authenticated: true, result: { ok: true } });
    expect(queries.map(({ transport }) => transport)).toEqual(["udp", "tcp", "udp", "udp"]);
  });

  test("and that is too large without them fails as it did over TCP", async () => {
    const silent = await serve((query, transport) => {
      const truncated = Buffer.from(query);
      truncated.writeUInt16BE(0x8200, 2);
      truncated.writeUInt16BE(0, 10);
      return { delay: 0, messages: transport === "tcp" ? [Buffer.alloc(3)] : [truncated] };
    });
    expect((await ask([silent]).a("one.test")).result).toMatchObject({ failure: "malformed" });
  });
});

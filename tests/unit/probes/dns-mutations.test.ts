import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createSecureServer } from "node:http2";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { decode } from "dns-packet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge, runChecks } from "#lib/checks/catalogue.ts";
import { collect, gather, type Probes } from "#lib/checks/gather.ts";
import { CHECKS } from "#lib/checks/verdict.ts";
import { createResolver } from "#lib/probes/dns.ts";
import type { DnsFact, DnsType } from "#lib/probes/dns-fact.ts";
import { readAnswer, recordsOf } from "#lib/probes/dns-message.ts";
import { type DnsRecords, TYPE_CODES } from "#lib/probes/dns-rdata.ts";
import { signatureOver } from "#lib/probes/dns-signature.ts";
import { LIMITS, MAX_CNAME_HOPS } from "#lib/probes/limits.ts";
import { createProbes } from "#lib/probes/probes.ts";
import { type Authority, createAuthority } from "#tests/lab/authority.ts";
import { fetched, spoken } from "#tests/unit/checks/facts.ts";
import { each, type Random, randomFrom } from "./chance.ts";
import { goodAnswer, mutate, mutatedAnswer } from "./mutated-dns.ts";
import { serveHttps } from "./own-https.ts";

const TYPES = Object.keys(TYPE_CODES) as DnsType[];
/** An answer that is not taken is waited for in vain. */
const SHORT = { ...LIMITS, dnsTries: [60, 60], dnsTotal: 200 };
/** A handshake of TLS takes its time on a busy machine. */
const OVER_TLS = { ...LIMITS, dnsTries: [1_500], dnsTotal: 1_500 };
const NOW = 1_790_000_000;

const typeAt = (i: number): DnsType => TYPES[i % TYPES.length] ?? "A";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
const CONTROL = /[\0-\x1f\x7f-\x9f]/;

/** What records of each type are, whatever the octets were. */
function expectRecords<T extends DnsType>(type: T, records: DnsRecords[T][], about: string): void {
  expect(JSON.parse(JSON.stringify(records)), about).toEqual(records);
  // Octets of a TXT and of a CAA are kept as they came; all others have been read.
  if (type !== "TXT" && type !== "CAA") expect(JSON.stringify(records), about).not.toMatch(CONTROL);
}

test("12,000 mutated answers are answers or none, and never throw", () => {
  const read = { answers: 0, records: 0, malformed: 0, none: 0 };
  for (let i = 0; i < 12_000; i++) {
    const random = randomFrom(i);
    const type = typeAt(i);
    const name = "asked.example";
    const octets = mutatedAnswer(7, name, type, random);
    const about = octets.toString("hex");
    const answer = readAnswer(octets, { name, type }, 7);
    if (answer === null) {
      read.none += 1;
      continue;
    }
    read.answers += 1;
    for (const owner of [name, `alias.${name}`]) {
      for (const one of new Set<DnsType>([type, "CNAME"])) {
        const found = recordsOf(answer, owner, one);
        if (found === null) read.malformed += 1;
        else if (found.records.length > 0) {
          read.records += 1;
          expect(found.ttl >= 0 && found.ttl <= 0x7fffffff, about).toBe(true);
          expectRecords(one, found.records, about);
        }
        const signature = signatureOver(answer, owner, one, NOW);
        if (signature) expect(Math.abs(signature.expiration - NOW), about).toBeLessThanOrEqual(2 ** 31);
      }
    }
  }
  // Not all are broken, and not all in the same way.
  for (const [what, count] of Object.entries(read)) expect(count, what).toBeGreaterThan(400);
});

/** The chance of one question: the same in each run, in whatever order questions come, and new each time it is asked. */
function chances(): (name: string, type: string) => Random {
  const asked = new Map<string, number>();
  return (name, type) => {
    // One label of a lookup is made up anew each time.
    const key = `${name.replace(/sealpost-[0-9a-f]+/, "sealpost-made-up")} ${type}`;
    const times = asked.get(key) ?? 0;
    asked.set(key, times + 1);
    return randomFrom(createHash("sha256").update(`${key} ${times}`).digest().readInt32BE());
  };
}

/** The question of a query, as our own code has written it. */
function questionOf(query: Buffer): { id: number; name: string; type: DnsType } {
  const { id = 0, questions } = decode(query);
  const [question] = questions ?? [];
  const name = question?.name ?? "";
  return { id, name: name === "." ? "" : name, type: (question?.type ?? "A") as DnsType };
}

interface Mutating {
  address: string;
  sent: { udp: number; tcp: number };
  stop(): Promise<void>;
}

/** Answers by UDP and by TCP, with octets that are changed in almost every answer; over TCP the length before them too. */
async function startMutating(): Promise<Mutating> {
  const sent = { udp: 0, tcp: 0 };
  const sockets = new Set<Socket>();
  const chance = chances();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.once("data", (octets: Buffer) => {
      const { id, name, type } = questionOf(octets.subarray(2));
      const random = chance(name, `${type} tcp`);
      const message = mutatedAnswer(id, name, type, random);
      const framed = Buffer.concat([Buffer.alloc(2), message]);
      framed.writeUInt16BE(message.length);
      const changed = random(4) === 0 ? mutate(framed, random, 0) : framed;
      const cut = random(changed.length + 1);
      sent.tcp += 1;
      socket.write(changed.subarray(0, cut));
      setImmediate(() => (random(2) === 0 ? socket.end(changed.subarray(cut)) : socket.write(changed.subarray(cut))));
    });
  });
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket("udp4");
  udp.on("message", (octets, from) => {
    const { id, name, type } = questionOf(octets);
    const random = chance(name, `${type} udp`);
    const send = (message: Buffer) => udp.send(message, from.port, from.address);
    const way = random(10);
    const message = mutatedAnswer(id, name, type, random);
    if (way < 3 && message.length >= 4) message.writeUInt16BE(message.readUInt16BE(2) | 0x200, 2); // truncated
    sent.udp += 1;
    send(random(20) === 0 ? mutate(message, random, 0) : message);
    // A true answer may come behind one that was forged.
    if (way === 9) send(goodAnswer(id, name, type, random));
  });
  udp.bind(port, "127.0.0.1");
  await once(udp, "listening");
  const stop = async () => {
    udp.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => tcp.close(done));
  };
  return { address: `127.0.0.1:${port}`, sent, stop };
}

const settingsFor = (resolver: string, extraRoots: string | null = null) => ({
  ...{ resolvers: [resolver], httpsPort: 443, smtpPort: 25, ehloName: null, extraRoots, allow: [] },
});

/** A whole fact, small, and JSON. */
function expectFact(fact: DnsFact<unknown>): void {
  const about = JSON.stringify(fact);
  const { name, chain, authenticated, signature, result } = fact;
  expect(JSON.parse(about)).toEqual(fact);
  expect(about.length).toBeLessThan(20_000);
  expect(name + chain.join("") + (result.ok ? "" : result.detail), about).not.toMatch(CONTROL);
  expect(chain.length, about).toBeLessThanOrEqual(MAX_CNAME_HOPS);
  if (result.ok) expect(result.records.length > 0 && result.ttl >= 0 && result.ttl <= 0x7fffffff, about).toBe(true);
  if (signature === undefined) return;
  expect(authenticated && result.ok && signature.inception < signature.expiration, about).toBe(true);
}

let server: Mutating;
let authority: Authority;
beforeAll(async () => {
  [server, authority] = await Promise.all([startMutating(), createAuthority()]);
});
afterAll(async () => {
  await server.stop();
});

/** Asks so many questions, each of a resolver of its own, and counts what came of them. */
async function askAll(
  count: number,
  atATime: number,
  resolverOf: (i: number) => ReturnType<typeof createResolver>,
): Promise<(kind: string) => number> {
  const kinds = new Map<string, number>();
  const ask = async (i: number) => {
    const fact = await resolverOf(i).resolve(`q${i}.example`, typeAt(i));
    expectFact(fact);
    const kind = fact.result.ok ? (fact.signature ? "signed" : "records") : fact.result.failure;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  };
  await each(count, ask, atATime);
  return (kind) => kinds.get(kind) ?? 0;
}

test("2,000 questions to a server that mutates its answers over UDP and TCP each end in a fact", async () => {
  const limits = SHORT;
  const count = await askAll(2_000, 60, () => createResolver(settingsFor(server.address), { limits }));
  for (const kind of ["signed", "records", "malformed", "no-such-name"]) {
    expect(count(kind), kind).toBeGreaterThan(10);
  }
  expect(server.sent.udp).toBeGreaterThanOrEqual(2_000);
  expect(server.sent.tcp).toBeGreaterThan(100);
});

test("200 mutated messages over HTTP/2, and 200 over HTTP/1.1 that is mutated itself, each end in a fact", async () => {
  const identity = await authority.issue("good", "localhost");
  const answerTo = (i: number, random: Random) => mutatedAnswer(0, `q${i}.example`, typeAt(i), random);
  const caseOf = (path: string) => Number(/case=(\d+)/.exec(path)?.[1]);
  const two = createSecureServer({ ...identity }, (request, response) => {
    const i = caseOf(request.url);
    response.setHeader("content-type", "application/dns-message");
    response.end(answerTo(i, randomFrom(i)));
  });
  two.listen(0, "127.0.0.1");
  await once(two, "listening");
  const one = await serveHttps(authority, "localhost", (socket, head) => {
    const i = caseOf(head);
    const random = randomFrom(i);
    const body = answerTo(i, random);
    const type = "Content-Type: application/dns-message";
    const whole = Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n`),
      body,
    ]);
    const octets = random(2) === 0 ? whole : mutate(whole, random, 0);
    if (random(4) === 0) socket.write(octets);
    else socket.end(octets);
  });
  const overHttps = (port: number) => (i: number) => {
    const settings = settingsFor(`https://localhost:${port}/dns-query?case=${i}`, authority.rootPem);
    return createResolver(settings, { limits: OVER_TLS });
  };
  for (const { port } of [two.address() as AddressInfo, one]) {
    const count = await askAll(200, 16, overHttps(port));
    for (const kind of ["signed", "malformed"]) expect(count(kind), kind).toBeGreaterThan(5);
  }
  await one.stop();
  two.close();
});

/** The probes of a lookup, of which only the DNS is real. */
function probesOf(address: string): Probes {
  return {
    ...createProbes(settingsFor(address), { limits: SHORT }),
    fetchPolicy: async (host) => fetched({ host }),
    askPolicyAgents: async () => [],
    askHttpsDestination: async (url) => ({
      ...{ url, host: "", address: null, attempts: [], tls: null, answer: null, failure: null, milliseconds: 1 },
    }),
    speakSmtp: async (host, at) => spoken(host, at),
    reachOutward: async () => ({ port25: null, tried: [] }),
  };
}

test("60 whole lookups through that server are judged, and no check crashes", async () => {
  const codes = new Set<string>();
  await each(60, async (i) => {
    const gathering = gather(`lookup-${i}.example`, probesOf(server.address), new Date());
    const streamed = (await Promise.all(runChecks(gathering).values())).flat();
    const facts = await collect(gathering);
    expect(judge(facts)).toEqual(streamed);
    expect(new Set(streamed.map(({ check }) => check))).toEqual(new Set(CHECKS));
    for (const { code, title, detail, fix } of streamed) {
      expect(code, detail).not.toBe("check-crashed");
      expect(`${title}${detail}${fix}`).not.toMatch(CONTROL);
      codes.add(code);
    }
  });
  // Which answers are hit depends on the order in which they are asked for; some get through whole in any order.
  expect(codes).toContain("dns-malformed");
  expect(codes.size).toBeGreaterThan(12);
});

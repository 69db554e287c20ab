import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LIMITS, type ProbeLimits } from "#lib/probes/limits.ts";
import { speakSmtp } from "#lib/probes/smtp.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { type MailHost, mailAddress } from "#tests/lab/mail-host.ts";
import { type MailHosts, startMailHosts } from "./mail-host.ts";

/** No step may take longer, and all of them together neither. */
const SHORT: ProbeLimits = {
  ...LIMITS,
  ...{ connect: 1_000, tlsHandshake: 50, legacyTls: 50, smtpGreeting: 50, smtpReply: 50, smtpQuit: 20, smtpTotal: 300 },
};
/** Inside TLS the handshake itself takes its time on a busy machine. */
const INSIDE: ProbeLimits = { ...SHORT, tlsHandshake: 5_000, smtpGreeting: 5_000, smtpReply: 1_500, smtpTotal: 20_000 };
const AT_A_TIME = 60;
const SEED = 20_261_122;

/** One change to octets: at a place (as a share of their length) some are removed, doubled, or others put in. */
interface Mutation {
  place: number;
  way: "insert" | "remove" | "double" | "replace";
  octets: string;
}

const octet = fc.oneof(
  fc.constantFrom("2", "5", "0", " ", "-", "\r", "\n", "\r\n", "220 ", "250-", "STARTTLS", "\0", "\x16\x03\x01"),
  fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
);
const mutation: fc.Arbitrary<Mutation> = fc.record({
  // Without the bias towards small numbers: all places alike.
  place: fc.noBias(fc.integer({ min: 0, max: 9_999 })).map((share) => share / 10_000),
  way: fc.constantFrom("insert", "remove", "double", "replace"),
  octets: fc.array(octet, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("")),
});
const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 });

function mutate(text: string, changes: readonly Mutation[]): string {
  return changes.reduce((now, { place, way, octets }) => {
    const at = Math.floor(place * now.length);
    const end = at + octets.length;
    const part = now.slice(at, end);
    const put = { insert: octets + part, remove: "", double: part + part, replace: octets }[way];
    return now.slice(0, at) + put + now.slice(end);
  }, text);
}

let hosts: MailHosts;
/** What a healthy host sends, reply by reply, and then as TLS (latin1). */
const GREETING = "220 mail.test ESMTP lab\r\n";
const EHLO = "250-mail.test\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250 STARTTLS\r\n";
const STARTTLS = "220 2.0.0 Go ahead\r\n";
let tlsOctets = "";

beforeAll(async () => {
  hosts = await startMailHosts({ "recorded.test": {} });
  tlsOctets = await recordTls();
});
afterAll(async () => {
  await hosts.server.stop();
});

/** What the healthy host sends after the reply to STARTTLS, in a dialogue with the probe. */
async function recordTls(): Promise<string> {
  const heard: Buffer[] = [];
  const relay = createServer((client) => {
    const target = connect(hosts.server.port, mailAddress("recorded.test"));
    target.on("data", (part: Buffer) => heard.push(part));
    client.on("error", () => target.destroy()).pipe(target);
    target.on("error", () => client.destroy()).pipe(client);
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const settings = { ...hosts.settings, smtpPort: (relay.address() as AddressInfo).port };
  await speakSmtp("recorded.test", "127.0.0.1", settings);
  await new Promise((done) => relay.close(done));
  const all = Buffer.concat(heard).toString("latin1");
  return all.slice(all.indexOf("220 Go ahead\r\n") + "220 Go ahead\r\n".length).slice(0, 4_000);
}

/** A host that sends its parts one by one, each when the client has said something; the first at once. */
async function speakWith(parts: readonly string[], name: string): Promise<SmtpFact> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    let next = 0;
    const send = () => {
      const part = parts[next++];
      if (part !== undefined && socket.writable) socket.write(part, "latin1");
    };
    socket.on("data", send);
    send();
  });
  const address = mailAddress(name);
  server.listen(0, address);
  await once(server, "listening");
  const settings = { ...hosts.settings, smtpPort: (server.address() as AddressInfo).port };
  try {
    return await speakSmtp(name, address, settings, { limits: SHORT });
  } finally {
    await expect.poll(() => sockets.size, { interval: 5 }).toBe(0);
    server.close();
  }
}

/** Runs a task for each, so many at a time. */
async function forEach<T>(all: readonly T[], task: (one: T, number: number) => Promise<void>): Promise<void> {
  const open = all.map((one, number) => [one, number] as const).values();
  const lanes = Array.from({ length: AT_A_TIME }, async () => {
    for (const [one, number] of open) await task(one, number);
  });
  await Promise.all(lanes);
}

/** A whole fact, small, and JSON. */
function expectFact(fact: SmtpFact, about: unknown): void {
  const text = JSON.stringify(fact);
  expect(JSON.parse(text), String(about)).toEqual(fact);
  expect(text.length).toBeLessThan(200_000);
  expect(fact.failure === null, text).toBe(fact.keywords !== null);
  expect(fact.tls !== null, text).toBe(fact.starttls?.state === "established");
}

test("2,400 mutated dialogues in the clear, and in what should be TLS, neither crash nor hang the probe", async () => {
  const parts = fc.constantFrom(0, 1, 2, 3);
  const cases = fc.sample(fc.tuple(parts, mutations), { numRuns: 2_400, seed: SEED });
  let established = 0;
  const states = new Set<string>();
  await forEach(cases, async ([which, changes], number) => {
    const dialogue = [GREETING, EHLO, STARTTLS, tlsOctets];
    dialogue[which] = mutate(dialogue[which] ?? "", changes);
    const fact = await speakWith(dialogue, `clear-${number}.test`);
    expectFact(fact, JSON.stringify(dialogue));
    if (fact.keywordsInside !== null) established += 1;
    states.add(fact.failure?.code ?? fact.starttls?.state ?? "");
  });
  // Nobody has the key to the recorded TLS, so nothing may ever be heard inside it.
  expect(established).toBe(0);
  const met = ["reply-malformed", "reply-timeout", "not-offered", "refused", "handshake-failed"];
  expect([...states]).toEqual(expect.arrayContaining(met));
});

test("200 mutated replies around and inside TLS neither crash nor hang the probe, and plaintext is never taken for TLS", async () => {
  const inside = "250-mail.test\r\n250-PIPELINING\r\n250 REQUIRETLS\r\n";
  const cases = fc.sample(fc.tuple(fc.boolean(), mutations), { numRuns: 200, seed: SEED });
  const named = cases.map(([isInside, changes], number): [string, MailHost] => {
    const behind = `250-mail.test\r\n250 IN-THE-CLEAR\r\n`;
    const host: MailHost = isInside
      ? { once: true, ehloInside: mutate(inside, changes) }
      : { once: true, starttls: mutate(`220 Go ahead\r\n${behind}`, changes), ehloInside: inside };
    return [`inside-${number}.test`, host];
  });
  const own = await startMailHosts(Object.fromEntries(named));
  let heard = 0;
  await forEach(named, async ([name, host]) => {
    const fact = await own.speak(name, INSIDE);
    expectFact(fact, JSON.stringify(host));
    expect(JSON.stringify(fact.keywordsInside), JSON.stringify(host)).not.toContain("IN-THE-CLEAR");
    if (fact.keywordsInside !== null) heard += 1;
  });
  expect(heard).toBeGreaterThan(20);
  await expect.poll(() => own.server.connections()).toBe(0);
  await own.server.stop();
});

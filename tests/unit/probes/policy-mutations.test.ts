import { type Duplex, duplexPair } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import { askOptions, getPolicy, type HttpOutcome } from "#lib/probes/http-get.ts";
import { LIMITS, MAX_POLICY_BYTES } from "#lib/probes/limits.ts";
import { askPolicyAgents } from "#lib/probes/policy-agents.ts";
import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { fetchPolicy } from "#lib/probes/policy-fetch.ts";
import { readStsPolicy } from "#lib/standards/sts-policy.ts";
import { type Authority, createAuthority } from "#tests/lab/authority.ts";
import { brokenOff, factsWith, fetched, POLICY } from "#tests/unit/checks/facts.ts";
import { each, randomFrom } from "./chance.ts";
import { type OwnHttps, serveHttps } from "./own-https.ts";

const BODY = POLICY.replaceAll("\n", "\r\n");
const SEEDS = [
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`,
  `HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\nServer: x\r\n\r\n${BODY}`,
  "HTTP/1.1 302 Found\r\nLocation: https://www.example.org/\r\nSet-Cookie: a=b\r\n\r\n<html>moved</html>",
  `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n${BODY}`,
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n\0\0",
  `${BODY}`,
];
const PIECES = [
  ...["\r\n", "\n", "\r", "\0", "\xff\xfe", ":", " ", "\t", "\u202e", "\x1b[2J", "`", "{url}", "<script>", "=", ";"],
  ...["Content-Length: 99999999999999999999\r\n", "Content-Length: -1\r\n", "Transfer-Encoding: chunked\r\n"],
  ...[
    "Location: \xe2\x80\xae`{serving}`\r\n",
    "Content-Type: text/html; charset=`\r\n",
    "\r\n\r\n",
    "HTTP/1.1 200 OK\r\n",
  ],
  ...[
    "mx: *.\xc3\xa9xample\r\n",
    "mode: enforce\r\nmode: none\r\n",
    "max_age: 1e400\r\n",
    "version: STSv1\r\n",
    "x".repeat(3000),
  ],
  "a: b\r\n".repeat(3000),
  "mx: a.example\r\n".repeat(2000),
];

function mutate(text: string, random: (below: number) => number): string {
  let mutated = text;
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(mutated.length + 1);
    const end = at + random(20);
    const piece = PIECES[random(PIECES.length)] ?? "";
    const change = random(6);
    if (change === 0) mutated = mutated.slice(0, at) + piece + mutated.slice(at);
    else if (change === 1) mutated = mutated.slice(0, at) + mutated.slice(end);
    else if (change === 2) mutated = mutated.slice(0, at) + piece + mutated.slice(end);
    else if (change === 3) mutated = mutated.slice(0, at) + String.fromCharCode(random(256)) + mutated.slice(at + 1);
    else if (change === 4)
      mutated = mutated.slice(0, at); // broken off
    else mutated = mutated.slice(0, end) + mutated.slice(at); // said twice
  }
  return mutated;
}

/** A connection whose other end says this, in pieces, and then ends or falls silent. */
function speaker(text: string, random: (below: number) => number): Duplex {
  const [ours, theirs] = duplexPair();
  const octets = Buffer.from(text, "latin1");
  const cut = random(octets.length + 1);
  theirs.on("error", () => {});
  theirs.once("data", () => {
    theirs.write(octets.subarray(0, cut));
    setImmediate(() => theirs.end(octets.subarray(cut)));
  });
  return ours;
}

const HOST = "mta-sts.example.org";
/** Nobody has to wait for these answers: the other end always ends. */
const TOO_LONG = 20_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
const CONTROL = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;

/** Judges the facts of a fetch, and looks at the texts that come of it. */
function judged(fact: PolicyFetchFact, second: PolicyFetchFact): void {
  const verdicts = judge(factsWith({ policyFetch: fact, policyFetches: [fact, { ...second, address: "192.0.2.11" }] }));
  for (const { check, code, title, detail, fix, evidence } of verdicts) {
    if (!check.startsWith("mta-sts")) continue;
    expect(code, detail).not.toBe("check-crashed");
    expect(`${title}${detail}${fix}`).not.toMatch(CONTROL);
    expect(`${title}${detail}${fix}`.split("`").length % 2, detail).toBe(1);
    expect(JSON.stringify(evidence).length).toBeLessThan(20_000);
  }
}

function factOf(outcome: HttpOutcome): PolicyFetchFact {
  return outcome.ok ? fetched({ http: outcome.answer }) : brokenOff(outcome.failure);
}

describe("answers that no server should give", () => {
  test("2,000 mutated answers: each is a fact, in time, and can be judged", async () => {
    const random = randomFrom(20261122);
    const kinds = new Map<string, number>();
    let before = fetched();
    await each(2_000, async () => {
      const text = mutate(SEEDS[random(SEEDS.length)] ?? "", random);
      const socket = speaker(text, random);
      const outcome = await getPolicy(socket, { host: HOST, timeout: TOO_LONG });
      socket.destroy();
      const kind = outcome.ok ? String(outcome.answer.status) : outcome.failure;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (outcome.ok) {
        expect(outcome.answer.body.length).toBeLessThanOrEqual(MAX_POLICY_BYTES + 1);
        expect(outcome.answer.tooLarge).toBe(outcome.answer.body.length > MAX_POLICY_BYTES);
      }
      const fact = factOf(outcome);
      judged(fact, before);
      before = fact;
    });
    // Not all of them are broken, and not all in the same way; none had to be waited for.
    for (const kind of ["200", "302", "response-malformed", "response-incomplete"]) {
      expect(kinds.get(kind), kind).toBeGreaterThan(20);
    }
    expect(kinds.get("response-timeout")).toBeUndefined();
  });

  test("500 mutated answers to OPTIONS", async () => {
    const random = randomFrom(7);
    await each(500, async () => {
      const socket = speaker(mutate(`${SEEDS[random(SEEDS.length)]}`.replace("Server:", "Allow:"), random), random);
      const asked = await askOptions(socket, { host: HOST, agent: "x", path: "/tls", timeout: TOO_LONG });
      socket.destroy();
      if (asked.ok) expect(asked.answer.status).toBeGreaterThanOrEqual(100);
      else expect(asked.failure).toMatch(/^response-(malformed|incomplete)$/);
    });
  });

  test("those that fall silent are left when the time is up", async () => {
    const random = randomFrom(11);
    await each(100, async () => {
      const [ours, theirs] = duplexPair();
      theirs.on("error", () => {});
      const text = mutate(SEEDS[random(SEEDS.length)] ?? "", random);
      theirs.once("data", () => theirs.write(Buffer.from(text, "latin1")));
      const outcome = await getPolicy(ours, { host: HOST, timeout: 40 });
      ours.destroy();
      if (!outcome.ok) expect(outcome.failure).toMatch(/^response-/);
    });
  });
});

test("1,000 mutated policies: each is read and judged, also beside another", () => {
  const random = randomFrom(8461);
  let before = fetched();
  let valid = 0;
  for (let i = 0; i < 1_000; i++) {
    const body = mutate(BODY, random).slice(0, MAX_POLICY_BYTES);
    if (readStsPolicy(body).value !== null) valid += 1;
    const fact = fetched({ http: { ...fetchedHttp, body } });
    judged(fact, before);
    before = fact;
  }
  expect(valid).toBeGreaterThan(50);
  expect(valid).toBeLessThan(950);
});

const fetchedHttp = { status: 200, location: null, contentType: "text/plain", tooLarge: false };

describe("the same over real connections", () => {
  let authority: Authority;
  let server: OwnHttps;
  const random = randomFrom(53);
  beforeAll(async () => {
    authority = await createAuthority();
    server = await serveHttps(authority, HOST, (socket) => {
      socket.end(Buffer.from(mutate(SEEDS[random(SEEDS.length)] ?? "", random), "latin1"));
    });
  });
  afterAll(async () => {
    await server.stop();
  });

  test("60 fetches and the questions under other names", async () => {
    const settings = {
      ...{ resolvers: [], httpsPort: server.port, smtpPort: 25, ehloName: null },
      ...{ extraRoots: authority.rootPem, allow: ["127.0.0.0/8"] },
    };
    const limits = { ...LIMITS, fetchTotal: 4_000 };
    let before = fetched();
    await each(60, async () => {
      const fact = await fetchPolicy(HOST, "127.0.0.1", settings, { limits });
      expect(fact.tls?.chainError).toBeNull();
      expect(fact.http === null).toBe(fact.failure !== null);
      judged({ ...fact, host: HOST }, before);
      before = fact;
    });
    const facts = await askPolicyAgents(HOST, "127.0.0.1", settings, { limits });
    for (const { status, failure } of facts) expect(status === null).toBe(failure !== null);
  });
});

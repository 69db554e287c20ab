import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:tls";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tlsaFor } from "#lib/standards/tlsa.ts";
import { type ChainCertificate, matchTlsa } from "#lib/standards/tlsa-match.ts";
import { type Made, maker, privateKeyPem } from "#tests/unit/checks/certificates.ts";
import { ITS_KEY, OF_VERSION_1_ROOT, VERSION_1_ROOT } from "./tlsa-version1.ts";

// The same chains and records judged by OpenSSL, whose DANE code Postfix uses.

const HOST = "mx1.example.org";
const OTHER = "mx.other.test";
const at = new Date();
const { authority, server } = maker(at);

const root = await authority("Root");
const middle = await authority("Middle", root);
const stranger = await authority("Stranger");
const expiredMiddle = await authority("Middle", root, { keys: middle.keys, period: "expired" });
const oldRoot = await authority("Old root", null, { period: "expired" });
const unmarked = await authority("Unmarked", root, { unmarked: true });
const sameName = await authority("Middle", root);

const impostor = await authority("Middle", null, { withoutKeyIds: true });

const leaves = {
  good: await server(HOST, middle),
  expired: await server(HOST, middle, { period: "expired" }),
  early: await server(HOST, middle, { period: "early" }),
  otherName: await server(OTHER, middle),
  wildcard: await server("any", middle, { names: ["*.example.org"] }),
  deepWildcard: await server("any", middle, { names: ["*.org"] }),
  commonName: await server(HOST, middle, { names: [] }),
  commonNameBeside: await server(HOST, middle, { names: [OTHER] }),
  forClients: await server(HOST, middle, { purposes: ["1.3.6.1.5.5.7.3.2"] }),
  anyPurpose: await server(HOST, middle, { purposes: null }),
  selfSigned: await server(HOST, null),
  selfExpired: await server(HOST, null, { period: "expired" }),
  selfSignedAuthority: await authority(HOST),
  ofRoot: await server(HOST, root),
  ofOldRoot: await server(HOST, oldRoot),
  ofUnmarked: await server(HOST, unmarked),
};
const withoutKeyIds = await server(HOST, middle, { withoutKeyIds: true });

type Row = readonly [why: string, leaf: Made, sent: readonly Made[], records: readonly string[]];

/** A record that matches a certificate. */
function of(made: Made, combination: string): string {
  const [usage = 0, selector = 0, matchingType = 0] = combination.split(" ").map(Number);
  return tlsaFor(made.pem, usage, selector, matchingType)?.text ?? "unreadable";
}

const COMBINATIONS = ["0 0", "0 1", "0 2", "1 0", "1 1", "1 2"];
const WRONG = "3 1 1 ".padEnd(70, "0");

const ROWS: Row[] = [
  // DANE-EE(3)
  ...COMBINATIONS.map(
    (one): Row => [`3 ${one} of the certificate`, leaves.good, [middle], [of(leaves.good, `3 ${one}`)]],
  ),
  ...COMBINATIONS.map((one): Row => [`3 ${one} of another`, leaves.good, [middle], [of(leaves.otherName, `3 ${one}`)]]),
  ...COMBINATIONS.map((one): Row => [`3 ${one} of the issuer`, leaves.good, [middle], [of(middle, `3 ${one}`)]]),
  ["3 1 1, expired", leaves.expired, [], [of(leaves.expired, "3 1 1")]],
  ["3 1 1, not yet valid", leaves.early, [], [of(leaves.early, "3 1 1")]],
  ["3 1 1, self-signed and expired", leaves.selfExpired, [], [of(leaves.selfExpired, "3 1 1")]],
  ["3 1 1, another purpose", leaves.forClients, [], [of(leaves.forClients, "3 1 1")]],
  ["3 1 1, one of two", leaves.good, [], [WRONG, of(leaves.good, "3 1 1")]],
  // Digest agility
  ["SHA-256 right, SHA-512 wrong", leaves.good, [], [of(leaves.good, "3 1 1"), of(middle, "3 1 2")]],
  ["SHA-256 wrong, SHA-512 right", leaves.good, [], [of(middle, "3 1 1"), of(leaves.good, "3 1 2")]],
  ["full right, SHA-512 wrong", leaves.good, [], [of(leaves.good, "3 1 0"), of(middle, "3 1 2")]],
  ["another selector's SHA-256 right", leaves.good, [], [of(leaves.good, "3 0 1"), of(middle, "3 1 2")]],
  ["another usage's SHA-256 right", leaves.good, [middle], [of(middle, "2 1 1"), of(root, "3 1 2")]],
  // DANE-TA(2)
  ...COMBINATIONS.map((one): Row => [`2 ${one} of the intermediate`, leaves.good, [middle], [of(middle, `2 ${one}`)]]),
  ...COMBINATIONS.map(
    (one): Row => [`2 ${one} of the root, sent`, leaves.good, [middle, root], [of(root, `2 ${one}`)]],
  ),
  ...COMBINATIONS.map((one): Row => [`2 ${one} of the root, not sent`, leaves.good, [middle], [of(root, `2 ${one}`)]]),
  ...COMBINATIONS.map((one): Row => [`2 ${one} of the issuer, not sent`, leaves.good, [], [of(middle, `2 ${one}`)]]),
  ...COMBINATIONS.map(
    (one): Row => [`2 ${one} of the root, intermediate not sent`, leaves.good, [root], [of(root, `2 ${one}`)]],
  ),
  ...COMBINATIONS.map(
    (one): Row => [`2 ${one} of a stranger that is sent`, leaves.good, [middle, stranger], [of(stranger, `2 ${one}`)]],
  ),
  ...COMBINATIONS.map(
    (one): Row => [`2 ${one} of the server itself`, leaves.good, [middle], [of(leaves.good, `2 ${one}`)]],
  ),
  ...COMBINATIONS.map(
    (one): Row => [`2 ${one} of a self-signed server`, leaves.selfSigned, [], [of(leaves.selfSigned, `2 ${one}`)]],
  ),
  ...COMBINATIONS.map((one): Row => {
    const self = leaves.selfSignedAuthority;
    return [`2 ${one} of a self-signed server that is an authority, too`, self, [], [of(self, `2 ${one}`)]];
  }),
  ...COMBINATIONS.map((one): Row => {
    const self = leaves.selfSignedAuthority;
    return [`2 ${one} of the same, sent twice`, self, [self], [of(self, `2 ${one}`)]];
  }),
  ["another of the issuer's name", leaves.good, [sameName, root], [of(root, "2 1 1")]],
  ["the record is of another of the issuer's name", leaves.good, [sameName], [of(sameName, "2 1 1")]],
  ["a signature by another of the issuer's name", withoutKeyIds, [impostor], [of(impostor, "2 1 1")]],
  ["the same, as a bare key", withoutKeyIds, [], [of(impostor, "2 1 0")]],
  ["no key identifiers, and the right issuer", withoutKeyIds, [middle], [of(middle, "2 1 1")]],
  ["an expired issuer in the record, a good one sent", leaves.good, [middle], [of(expiredMiddle, "2 0 0")]],
  ["the order is mixed up", leaves.good, [root, middle], [of(root, "2 0 1")]],
  ["a stranger between", leaves.good, [stranger, middle, root], [of(root, "2 0 1")]],
  ["the server expired", leaves.expired, [middle], [of(middle, "2 1 1")]],
  ["the server not yet valid", leaves.early, [middle], [of(middle, "2 1 1")]],
  ["the intermediate expired", leaves.good, [expiredMiddle, root], [of(root, "2 1 1")]],
  ["the anchor itself expired", leaves.good, [expiredMiddle], [of(expiredMiddle, "2 1 1")]],
  ["an expired and a good one of the same key", leaves.good, [expiredMiddle, middle], [of(middle, "2 1 1")]],
  ["an expired root as anchor", leaves.ofOldRoot, [oldRoot], [of(oldRoot, "2 0 1")]],
  ["an expired root as bare key", leaves.ofOldRoot, [], [of(oldRoot, "2 1 0")]],
  ["an anchor that is no authority", leaves.ofUnmarked, [unmarked], [of(unmarked, "2 1 1")]],
  ["an anchor that is no authority, as bare key", leaves.ofUnmarked, [], [of(unmarked, "2 1 0")]],
  ["an issuer that is no authority", leaves.ofUnmarked, [unmarked, root], [of(root, "2 1 1")]],
  ["another name", leaves.otherName, [middle], [of(middle, "2 1 1")]],
  ["another name, bare key", leaves.otherName, [], [of(middle, "2 1 0")]],
  ["a wildcard", leaves.wildcard, [middle], [of(middle, "2 1 1")]],
  ["a wildcard too far up", leaves.deepWildcard, [middle], [of(middle, "2 1 1")]],
  ["the common name only", leaves.commonName, [middle], [of(middle, "2 1 1")]],
  ["the common name beside other names", leaves.commonNameBeside, [middle], [of(middle, "2 1 1")]],
  ["meant for clients", leaves.forClients, [middle], [of(middle, "2 1 1")]],
  ["meant for anything", leaves.anyPurpose, [middle], [of(middle, "2 1 1")]],
  ["the issuer stands in one record, the root in another", leaves.good, [], [of(middle, "2 0 0"), of(root, "2 0 1")]],
  ["the issuer and the root stand in records", leaves.good, [], [of(middle, "2 0 0"), of(root, "2 0 0")]],
  ["the root of a root", leaves.ofRoot, [], [of(root, "2 0 0")]],
  ["2 1 1 wrong, 3 1 1 right", leaves.otherName, [middle], [of(stranger, "2 1 1"), of(leaves.otherName, "3 1 1")]],
];

/** A server for each chain. */
const servers = new Map<string, Promise<Server>>();
function serve(cert: string, key: string): Promise<Server> {
  const running = servers.get(cert) ?? startServer(cert, key);
  servers.set(cert, running);
  return running;
}

async function startServer(cert: string, key: string): Promise<Server> {
  const listening = createServer({ cert, key }, (socket) => socket.on("error", () => {}));
  listening.on("tlsClientError", () => {}).listen(0, "127.0.0.1");
  await once(listening, "listening");
  return listening;
}

/** What `openssl s_client` says: true when it authenticates the server by DANE. */
async function askOpenssl(port: number, records: readonly string[]): Promise<{ ok: boolean; said: string }> {
  const rrdata = records.flatMap((record) => ["-dane_tlsa_rrdata", record]);
  const child = spawn("openssl", [
    ...["s_client", "-connect", `127.0.0.1:${port}`, "-verify_return_error", "-brief", "-no-CAfile", "-no-CApath"],
    ...["-dane_ee_no_namechecks", "-dane_tlsa_domain", HOST, ...rrdata],
  ]);
  let said = "";
  child.stdout.on("data", (part) => {
    said += part;
  });
  child.stderr.on("data", (part) => {
    said += part;
  });
  child.stdin.end();
  await once(child, "close");
  return { ok: /^Verification: OK$/m.test(said), said };
}

beforeAll(async () => {
  const child = spawn("openssl", ["version"]);
  const [code] = await once(child, "close").catch((cause) => [cause]);
  if (code !== 0) throw new Error("These tests need the openssl command (on Debian: apt-get install openssl).");
});

afterAll(async () => {
  for (const running of servers.values()) (await running).close();
});

/** Both answers, and what to read when they differ. */
async function judgeTwice(key: string, chain: readonly ChainCertificate[], records: readonly string[]) {
  const listening = await serve(chain.map(({ pem }) => pem).join(""), key);
  const { ok, said } = await askOpenssl((listening.address() as AddressInfo).port, records);
  const parsed = records.map((record) => {
    const [usage = "", selector = "", matchingType = "", data = ""] = record.split(" ");
    return { usage: Number(usage), selector: Number(selector), matchingType: Number(matchingType), data };
  });
  const own = matchTlsa(parsed, chain, [HOST], at);
  // RFC 7671 §5.2.3 (D13): OpenSSL tries the key of a `2 1 0` record where no certificate was sent for it. Others do not
  // have to, so that we do not count on it; whether the rest is well then, OpenSSL alone says.
  const isKeyAlone = !own.authenticated && own.records.some(({ reading }) => reading.combination === "2 1 0");
  return { ok, own: isKeyAlone ? ok : own.authenticated, isKeyAlone, both: `${said}\n${JSON.stringify(own, null, 1)}` };
}

async function judgeMade(leaf: Made, sent: readonly Made[], records: readonly string[]) {
  const chain = [leaf, ...sent].map(({ served }) => served);
  return judgeTwice(await privateKeyPem(leaf.keys), chain, records);
}

describe("OpenSSL's s_client and matchTlsa say the same", () => {
  test.each(ROWS)("%s", async (_, leaf, sent, records) => {
    const { ok, own, both } = await judgeMade(leaf, sent, records);
    expect(own, both).toBe(ok);
  });

  test("but for a key whose certificate is not sent, which OpenSSL alone counts on", async () => {
    for (const sent of [[], [middle]]) {
      const issuer = sent.length === 0 ? middle : root;
      const { ok, isKeyAlone, both } = await judgeMade(leaves.good, sent, [of(issuer, "2 1 0")]);
      expect([ok, isKeyAlone], both).toEqual([true, true]);
    }
  });

  test("a root of version 1", async () => {
    const own = { pem: OF_VERSION_1_ROOT, dnsNames: [HOST], commonName: HOST };
    const chain = [own, { pem: VERSION_1_ROOT, dnsNames: [], commonName: null }];
    for (const combination of COMBINATIONS) {
      const [selector = 0, matchingType = 0] = combination.split(" ").map(Number);
      const record = tlsaFor(VERSION_1_ROOT, 2, selector, matchingType)?.text ?? "";
      const { ok, own, both } = await judgeTwice(ITS_KEY, chain, [record]);
      expect([ok, own], both).toEqual([true, true]);
    }
  });

  test("of records and chains put together by chance", async () => {
    const authorities = [root, middle, stranger, expiredMiddle, oldRoot, unmarked, sameName];
    const everything = [...authorities, ...Object.values(leaves)];
    const record = fc.record({
      // Mostly one that is served.
      served: fc.boolean(),
      place: fc.nat(1000),
      combination: fc.constantFrom(...COMBINATIONS.flatMap((one) => [`2 ${one}`, `3 ${one}`])),
    });
    const setting = fc.record({
      leaf: fc.constantFrom(...Object.keys(leaves)),
      sent: fc.shuffledSubarray([...authorities.keys()], { maxLength: 4 }),
      records: fc.array(record, { minLength: 1, maxLength: 3 }),
    });
    const agreed = { true: 0, false: 0 };
    await fc.assert(
      fc.asyncProperty(setting, async ({ leaf: name, sent: places, records }) => {
        const leaf = leaves[name as keyof typeof leaves];
        const sent = places.flatMap((place) => authorities[place] ?? []);
        const texts = records.map(({ served, place, combination }) => {
          const from = served ? [leaf, ...sent] : everything;
          return of(from[place % from.length] ?? leaf, combination);
        });
        const { ok, own, both } = await judgeMade(leaf, sent, texts);
        expect(own, both).toBe(ok);
        agreed[`${ok}`]++;
      }),
      { numRuns: 120 },
    );
    expect(Math.min(agreed.true, agreed.false)).toBeGreaterThan(5);
  });
});

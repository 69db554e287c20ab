import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sql } from "#lib/db/client.ts";
import { type DomainRow, deleteDomain, rotateInbox } from "#lib/db/domains.ts";
import { type HttpsDoorOptions, httpsDoor } from "#lib/doors/https-door.ts";
import { HTTPS_LIMITS, LONGEST_REASON, OUTCOMES_TOLD } from "#lib/doors/limits.ts";
import type { ReceiveOne } from "#lib/doors/receive-together.ts";
import { DatabaseAway } from "#lib/errors.ts";
import { MAX_COMPRESSED_BYTES, MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { makeZip } from "#tests/unit/reports/make-zip.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { makeDomain, reportAbout, rowsOf } from "./reports.ts";

await ownDatabase();
const owner = await makeOwner();
const servers: Server[] = [];

/** A server with nothing but the door. @returns its port */
async function serve(options: Partial<HttpsDoorOptions> = {}): Promise<number> {
  const door = httpsDoor({
    clientAddress: (request) => String(request.headers["x-client"] ?? "192.0.2.1"),
    ...options,
  });
  const server = createServer((request, response) => {
    if (!door(request, response)) response.writeHead(404).end("somebody else's");
  });
  server.on("checkContinue", (request, response) => door(request, response, true));
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

let port = 0;
let domain: DomainRow;
beforeAll(async () => {
  port = await serve();
  domain = await makeDomain(owner);
});
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string | null;
  path?: string;
  to?: number;
}

let made = 0;
/** A report unlike all others about a domain. */
const fresh = (about = domain) => Buffer.from(JSON.stringify(reportAbout(about.name, { id: `report-${made++}` })));

async function send({ method = "POST", headers = {}, body = null, path, to = port }: Sent = {}) {
  const url = `http://127.0.0.1:${to}${path ?? `/api/tls-reports/${domain.inboxToken}`}`;
  const init = { method, headers, ...(body === null ? {} : { body: new Uint8Array(Buffer.from(body)) }) };
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, answer: text === "" ? null : JSON.parse(text) };
}

/** Says some bytes on a socket of its own; resolves with all that came back, once the other side has closed. */
function dialogue(
  say: (write: (text: string | Buffer) => void, heard: (text: string) => Promise<void>) => unknown,
  to = port,
) {
  return new Promise<string>((done) => {
    const socket = connect(to, "127.0.0.1");
    let text = "";
    const waiting: { text: string; go: () => void }[] = [];
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      for (const one of waiting) if (text.includes(one.text)) one.go();
    });
    socket.on("error", () => {}).on("close", () => done(text));
    void say(
      (bytes) => socket.write(bytes),
      (wanted) => new Promise((go) => (text.includes(wanted) ? go() : waiting.push({ text: wanted, go }))),
    );
  });
}

const head = (method: string, ...fields: string[]) =>
  [`${method} /api/tls-reports/${domain.inboxToken} HTTP/1.1`, "host: x", ...fields, "", ""].join("\r\n");

describe("a report", () => {
  it("is stored with 201, and is a duplicate with 200 and the same id when it comes again", async () => {
    const body = fresh();
    const first = await send({ body, headers: { "content-type": "application/tlsrpt+json" } });
    expect([first.status, first.answer]).toEqual([201, { outcome: "stored", id: expect.any(String) }]);
    const again = await send({ body });
    expect([again.status, again.answer]).toEqual([200, { outcome: "duplicate", id: first.answer.id }]);
    const rows = await sql<{ door: string }>("SELECT door FROM reports WHERE id = $1", [first.answer.id]);
    expect(rows).toEqual([{ door: "https" }]);
  });

  it("with other content under the same identity is a revision", async () => {
    const report = reportAbout(domain.name, { id: "revised" });
    expect((await send({ body: JSON.stringify(report) })).answer.outcome).toBe("stored");
    const other = await send({ body: JSON.stringify(report, null, 1) });
    expect([other.status, other.answer.outcome]).toEqual([201, "revision"]);
  });

  it("that cannot be read is quarantined with 201 and the reason", async () => {
    const body = gzipSync(fresh()).subarray(0, 60);
    const { status, answer } = await send({ body, headers: { "content-type": "application/tlsrpt+gzip" } });
    expect([status, answer]).toEqual([
      201,
      { outcome: "quarantined", id: expect.any(String), reason: expect.stringContaining("cut off") },
    ]);
  });

  it.each<[what: string, encoding: string, pack: (bytes: Buffer) => Buffer]>([
    ["gzipped, by its type alone", "", gzipSync],
    ["plain", "identity", (bytes) => bytes],
    ["gzipped on the way", "gzip", gzipSync],
    ["gzipped on the way, in the old spelling", "X-GZip", gzipSync],
    ["a gzip file that was gzipped again on the way", "gzip", (bytes) => gzipSync(gzipSync(bytes))],
    ["gzipped three times, and twice said so", "gzip, gzip", (bytes) => gzipSync(gzipSync(gzipSync(bytes)))],
    ["plain, and said to be gzipped", "gzip", (bytes) => bytes],
  ])("%s is taken", async (_, encoding, pack) => {
    const headers = { "content-type": "application/tlsrpt+gzip", ...(encoding && { "content-encoding": encoding }) };
    const { status, answer } = await send({ body: pack(fresh()), headers });
    expect([status, answer.outcome]).toEqual([201, "stored"]);
  });

  it("that was gzipped once more without saying so is quarantined", async () => {
    expect((await send({ body: gzipSync(gzipSync(fresh())) })).answer.outcome).toBe("quarantined");
  });

  it("is taken under a new token and, for some days, under the one before", async () => {
    const moved = await makeDomain(owner);
    await rotateInbox(owner.team.id, moved.name, 7, owner.user);
    const path = `/api/tls-reports/${moved.inboxToken}`;
    expect((await send({ path, body: fresh(moved) })).status).toBe(201);
    await rotateInbox(owner.team.id, moved.name, 7, owner.user);
    expect((await send({ path, body: fresh(moved) })).status).toBe(404);
  });
});

describe("a body with more than one thing in it", () => {
  const broken = { name: "broken.json", data: '{"organization-name": oops' };
  const entry = (data = fresh()) => ({ name: `${data.length}-${made++}.json`, data });
  const aside = { outcome: "quarantined", id: expect.any(String), reason: expect.stringContaining("broken.json") };
  const one = (outcome: string) => ({ outcome, id: expect.any(String) });

  it("is answered with what was stored, and with the outcome of each, what was not taken first", async () => {
    const zip = makeZip([entry(), broken, entry()]);
    const first = await send({ body: zip });
    const outcomes = [aside, one("stored"), one("stored")];
    expect([first.status, first.answer]).toEqual([201, { ...one("stored"), outcomes }]);
    const again = await send({ body: zip });
    const known = [aside, one("duplicate"), one("duplicate")];
    expect([again.status, again.answer]).toEqual([200, { ...one("duplicate"), outcomes: known }]);
    const ids = (answer: { outcomes: { id: string }[] }) => answer.outcomes.map(({ id }) => id);
    expect(ids(again.answer)).toEqual(ids(first.answer));
  });

  it("is not known when one thing of it is not", async () => {
    const body = fresh();
    await send({ body });
    const partly = await send({ body: makeZip([entry(body), entry()]) });
    expect([partly.status, partly.answer]).toEqual([
      201,
      { ...one("stored"), outcomes: [one("duplicate"), one("stored")] },
    ]);
    const worse = await send({ body: makeZip([entry(body), broken]) });
    expect([worse.status, worse.answer]).toEqual([201, { ...aside, outcomes: [aside, one("duplicate")] }]);
  });

  it("has room for so many in its answer, and the rest is counted", async () => {
    const outcomes = Array.from({ length: OUTCOMES_TOLD + 5 }, (_, number) =>
      number < OUTCOMES_TOLD + 2
        ? KNOWN
        : { outcome: "quarantined" as const, id: "q", code: "c", reason: "r".repeat(999) },
    );
    const to = await serve({ receiveOne: async () => outcomes });
    const { answer } = await send({ to, body: fresh() });
    expect(answer.outcomes).toHaveLength(OUTCOMES_TOLD);
    expect(answer.outcomes[2]).toMatchObject({ outcome: "quarantined", reason: `${"r".repeat(LONGEST_REASON)}…` });
    expect([answer.outcomes[3].outcome, answer.more]).toEqual(["duplicate", { duplicate: 5 }]);
  });
});

const KNOWN = {
  ...{ outcome: "duplicate" as const, id: "d", domain: "example.com", organization: "x", day: "2026-05-04" },
  ...{ quirks: [], held: false },
};

describe("the address", () => {
  it.each<[status: number, path: (token: string) => string]>([
    [201, (token) => `/api/tls-reports/${token}/`],
    [201, (token) => `/api/tls-reports/${token}?from=somewhere`],
    [201, (token) => `/api/tls%2Dreports/%${token.charCodeAt(0).toString(16)}${token.slice(1)}`],
    [404, (token) => `/api/tls-reports/${token.toUpperCase()}`],
    [404, (token) => `/api/tls-reports/${token}%00`],
    [404, () => "/api/tls-reports/%ff%zz"],
    [404, () => "/api/tls-reports"],
    [404, () => "/api/tls-reports/"],
    [404, () => `/api/tls-reports/${"a".repeat(10_000)}`],
  ])("gets %d: %s", async (status, path) => {
    expect((await send({ path: path(domain.inboxToken), body: fresh() })).status).toBe(status);
  });

  it.each(["/api/tls-reports/a/b", "/api/tls-reports2/a", "/x/api/tls-reports/a"])(
    "%s is somebody else's",
    async (path) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST" });
      expect(await response.text()).toBe("somebody else's");
    },
  );

  it("may be a whole one", async () => {
    const report = fresh();
    const target = `http://x/api/tls-reports/${domain.inboxToken}`;
    const heard = await dialogue((write) => {
      write(`POST ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${report.length}\r\n\r\n`);
      write(report);
    });
    expect(heard).toMatch(/^HTTP\/1\.1 201 /);
  });
});

describe("methods", () => {
  const allow = "POST, GET, HEAD, OPTIONS";
  it.each([
    ["GET", 200, { about: expect.stringContaining("Senders POST them here") }],
    ["HEAD", 200, null],
    ["OPTIONS", 204, null],
    ["PUT", 405, { error: expect.any(String) }],
    ["DELETE", 405, { error: expect.any(String) }],
  ])("%s gets %d and is told what is allowed", async (method, status, answer) => {
    const got = await send({ method });
    expect([got.status, got.headers.get("allow")]).toEqual([status, allow]);
    expect(got.answer).toEqual(answer === null ? null : expect.objectContaining(answer));
  });

  it.each(["GET", "HEAD", "OPTIONS", "PUT", "POST"])("%s of an unknown inbox finds nothing", async (method) => {
    expect((await send({ method, path: "/api/tls-reports/nobody" })).status).toBe(404);
  });

  it("each answer is for nobody's store, and sets no cookie", async () => {
    for (const sent of [{ body: fresh() }, { method: "GET" }, { method: "PUT" }, { path: "/api/tls-reports/x" }]) {
      const { headers } = await send(sent);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("set-cookie")).toBeNull();
    }
  });
});

describe("a body", () => {
  it("that is empty gets 400", async () => {
    expect((await send({ body: "" })).status).toBe(400);
    expect((await send()).status).toBe(400);
  });

  it("in another encoding gets 415, with those that are taken", async () => {
    for (const encoding of ["br", "deflate", "gzip, zstd"]) {
      const got = await send({ body: fresh(), headers: { "content-encoding": encoding } });
      expect([got.status, got.headers.get("accept-encoding")]).toEqual([415, "gzip, identity"]);
    }
  });

  it("of the largest size is taken, and a byte more gets 413, announced or counted", async () => {
    const most = Buffer.alloc(MAX_FILE_BYTES, "x");
    expect((await send({ body: most })).status).toBe(201);
    expect((await send({ body: Buffer.concat([most, Buffer.from("x")]) })).status).toBe(413);
    const chunk = `${(1 << 20).toString(16)}\r\n${"x".repeat(1 << 20)}\r\n`;
    const chunks = (bytes: number) => chunk.repeat(bytes >> 20);
    const chunked = (body: string) =>
      dialogue((write) => {
        write(head("POST", "transfer-encoding: chunked", "connection: close"));
        write(`${body}0\r\n\r\n`);
      });
    expect(await chunked(chunks(MAX_FILE_BYTES))).toMatch(/^HTTP\/1\.1 201 /);
    expect(await chunked(`${chunks(MAX_FILE_BYTES)}1\r\nx\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("that is compressed is taken up to 10 MB, whatever it is called", async () => {
    const gzip = (size: number) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(size - 3)]);
    expect((await send({ body: gzip(MAX_COMPRESSED_BYTES) })).status).toBe(201);
    expect((await send({ body: gzip(MAX_COMPRESSED_BYTES + 1) })).status).toBe(413);
    const headers = { "content-encoding": "gzip" };
    expect((await send({ body: Buffer.alloc(MAX_COMPRESSED_BYTES + 1), headers })).status).toBe(413);
  });

  it("after a refusal the same connection takes the next request", async () => {
    const report = fresh();
    const heard = await dialogue(async (write, hears) => {
      const length = MAX_FILE_BYTES + 1;
      write(head("POST", `content-length: ${length}`));
      await hears("413");
      write(Buffer.alloc(length));
      write(head("POST", `content-length: ${report.length}`, "connection: close"));
      write(report);
    });
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 413", "HTTP/1.1 201"]);
  });

  it("that was refused and never ends is cut off after a while, and the answer arrives", async () => {
    const to = await serve({ limits: { ...HTTPS_LIMITS, drainMs: 100 } });
    const heard = await dialogue((write) => write(head("POST", "content-encoding: br", "content-length: 1000")), to);
    expect(heard).toMatch(/^HTTP\/1\.1 415 /);
  });

  it("that trickles gets 408 and stores nothing; one that comes in pieces and in time is taken", async () => {
    const to = await serve({ limits: { ...HTTPS_LIMITS, bodyMs: 1_000, drainMs: 200 } });
    const report = fresh();
    const pieces = (until: number) =>
      dialogue(async (write) => {
        write(head("POST", `content-length: ${report.length}`));
        for (let at = 0; at < until; at += 100) {
          write(report.subarray(at, Math.min(at + 100, until)));
          await sleep(5);
        }
      }, to);
    const heard = await pieces(report.length - 1);
    expect(heard).toMatch(/^HTTP\/1\.1 408 [\s\S]*connection: close/i);
    const before = await rowsOf(domain.id);
    const taken = dialogue(async (write, hears) => {
      write(head("POST", `content-length: ${report.length}`, "connection: close"));
      for (let at = 0; at < report.length; at += 100) {
        write(report.subarray(at, at + 100));
        await sleep(5);
      }
      await hears("201");
    }, to);
    expect(await taken).toMatch(/^HTTP\/1\.1 201 /);
    expect((await rowsOf(domain.id)).reports).toBe((before.reports ?? 0) + 1);
  });

  it("that is broken off stores nothing", async () => {
    const before = await rowsOf(domain.id);
    const report = fresh();
    for (const field of [`content-length: ${report.length}`, "transfer-encoding: chunked"]) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(head("POST", field));
      socket.write(field.startsWith("c") ? report.subarray(0, -1) : `${report.length.toString(16)}\r\n${report}\r\n`);
      await sleep(50);
      socket.destroy();
    }
    await sleep(200);
    expect(await rowsOf(domain.id)).toEqual(before);
  });

  it("finds no room when others hold it all, and is asked to come again", async () => {
    const to = await serve({ limits: { ...HTTPS_LIMITS, heldBytes: 2_000 } });
    const waiting = connect(to, "127.0.0.1");
    waiting.write(head("POST", "content-length: 3000"));
    waiting.write(Buffer.alloc(1_500));
    await sleep(50);
    const got = await send({ to, body: Buffer.alloc(600) });
    expect([got.status, got.headers.get("retry-after")]).toEqual([503, "5"]);
    waiting.destroy();
    await sleep(50);
    expect((await send({ to, body: fresh() })).status).toBe(201);
  });
});

describe("a body that may come to much", () => {
  const large = () => gzipSync(Buffer.concat([fresh(), randomBytes(32_000)]));

  /** A door whose receiving ends when told. */
  async function serveSlowly(largeWaitMs: number) {
    const ends: (() => void)[] = [];
    const receiveOne: ReceiveOne = async ({ bytes }) => {
      if (bytes.length > 10_000) await new Promise<void>((end) => ends.push(end));
      return [{ outcome: "refused", code: "empty", reason: "" }];
    };
    const limits = { ...HTTPS_LIMITS, largeBytes: 10_000_000, largeWaitMs };
    return { to: await serve({ limits, receiveOne }), ends };
  }

  it("is read when those before it are done; usual ones pass it", async () => {
    const { to, ends } = await serveSlowly(60_000);
    const sent = [send({ to, body: large() }), send({ to, body: large() })];
    await expect.poll(() => ends.length).toBe(1);
    expect((await send({ to, body: fresh() })).status).toBe(201);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await expect.poll(() => ends.length).toBe(2);
    ends[1]?.();
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([201, 201]);
  });

  it("is to be sent again where its turn does not come", async () => {
    const { to, ends } = await serveSlowly(50);
    const first = send({ to, body: large() });
    await expect.poll(() => ends.length).toBe(1);
    const got = await send({ to, body: large() });
    expect([got.status, got.headers.get("retry-after")]).toEqual([503, "30"]);
    ends[0]?.();
    expect((await first).status).toBe(201);
  });
});

describe("Expect: 100-continue", () => {
  it("is answered, and the body then taken", async () => {
    const report = fresh();
    const heard = await dialogue(async (write, hears) => {
      write(head("POST", `content-length: ${report.length}`, "expect: 100-continue", "connection: close"));
      await hears("100 Continue");
      write(report);
    });
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 100", "HTTP/1.1 201"]);
  });

  it.each<[status: number, path: (token: string) => string, field: string]>([
    [404, () => "nobody", "content-length: 10"],
    [413, (token) => token, `content-length: ${MAX_FILE_BYTES + 1}`],
    [415, (token) => token, "content-length: 10\r\ncontent-encoding: br"],
  ])("gets %d before the body is sent", async (status, path, field) => {
    const heard = await dialogue(async (write, hears) => {
      const target = `/api/tls-reports/${path(domain.inboxToken)}`;
      write(`POST ${target} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n${field}\r\n\r\n`);
      await hears("error");
      write("0123456789"); // sent nevertheless
    });
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`]);
    expect(heard).toMatch(/connection: close/i);
  });

  it("any other expectation gets 417", async () => {
    const heard = await dialogue((write) =>
      write(head("POST", "content-length: 0", "expect: a-miracle", "connection: close")),
    );
    expect(heard).toMatch(/^HTTP\/1\.1 417 /);
  });
});

describe("rates", () => {
  const rates = { perAddress: { burst: 4, perSecond: 0.5 }, perInbox: { burst: 6, perSecond: 0.5 } };

  it("of an address and of an inbox: a burst is taken, one more gets 429 with the time to wait", async () => {
    const to = await serve({ limits: { ...HTTPS_LIMITS, ...rates } });
    const from = async (client: string) => {
      const { status, headers } = await send({ to, body: fresh(), headers: { "x-client": client } });
      return [status, headers.get("retry-after")];
    };
    for (let time = 0; time < 4; time++) expect(await from("192.0.2.1")).toEqual([201, null]);
    expect(await from("192.0.2.1")).toEqual([429, "2"]);
    for (let time = 0; time < 2; time++) expect(await from(`2001:db8::${time}`)).toEqual([201, null]);
    expect(await from("192.0.2.9")).toEqual([429, "2"]);
  });
});

describe("faults", () => {
  const away = async () => {
    throw new DatabaseAway();
  };
  it("without a database it is 503, never 201", async () => {
    const got = await send({ to: await serve({ receiveOne: away }), body: fresh() });
    expect([got.status, got.headers.get("retry-after")]).toEqual([503, "10"]);
  });

  it("a fault of ours is 500, told to the log and not to the sender", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const to = await serve({ receiveOne: () => Promise.reject(new Error("secret detail")) });
    const got = await send({ to, body: fresh() });
    expect([got.status, JSON.stringify(got.answer)]).toEqual([500, expect.not.stringContaining("secret")]);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  it("a domain that was removed has no inbox any more", async () => {
    const gone = await makeDomain(owner);
    await deleteDomain(owner.team.id, gone.name, owner.user);
    expect((await send({ path: `/api/tls-reports/${gone.inboxToken}`, body: fresh(gone) })).status).toBe(404);
  });
});

it("a hundred at once about one domain are all stored once, and the same one a hundred times once", async () => {
  const busy = await makeDomain(owner);
  const path = `/api/tls-reports/${busy.inboxToken}`;
  const distinct = await Promise.all(Array.from({ length: 100 }, () => send({ path, body: fresh(busy) })));
  expect(distinct.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 201));
  const body = fresh(busy);
  const same = await Promise.all(Array.from({ length: 100 }, () => send({ path, body })));
  expect(same.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(same.filter(({ answer }) => answer.outcome === "duplicate")).toHaveLength(99);
  expect(new Set(same.map(({ answer }) => answer.id)).size).toBe(1);
  expect(await rowsOf(busy.id)).toMatchObject({ reports: 101, policy_results: 101 });
});

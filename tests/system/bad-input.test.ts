import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { makeZip } from "#tests/unit/reports/make-zip.ts";
import { type Account, makeAccount } from "./account.ts";
import { cleanUp, health, type Installation, start, until } from "./installation.ts";
import { makeSent, upload } from "./traffic.ts";

const MB = 1024 * 1024;

let sealpost: Installation;
let account: Account;
let next = 0;

beforeAll(async () => {
  sealpost = await start();
  account = await makeAccount(sealpost);
});
afterAll(async () => {
  await closeDatabase();
  const end = await sealpost.stop();
  const printed = sealpost.stderr() + sealpost.stdout();
  await cleanUp();
  expect(end).toEqual({ code: 0, signal: null });
  expect(printed).not.toMatch(/error|exception|warn/i); // whatever people send is no fault of the server
});

const good = () => makeSent(next++);
const stored = async () => Number((await sql<{ n: string }>("SELECT count(*) AS n FROM reports", []))[0]?.n);

/** Resident memory of the web process in MB. */
function memory(): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${sealpost.pids().web}/status`, "utf8"))?.[1]) / 1024;
}

/** A report of about 12 MB: 50,000 failures, each in its own words. */
function largeReport(): string {
  const details = Array.from({ length: 50_000 }, (_, number) => ({
    "result-type": "validation-failure",
    "failed-session-count": 1,
    "receiving-mx-hostname": "mx9.example.org",
    "sending-mta-ip": `192.0.2.${number % 256}`,
    "failure-reason-code": `${number} `.padEnd(110, "x"),
  }));
  return JSON.stringify(makeReport({ id: "large", policies: [makePolicy({ details })] }));
}

/** What is wrong with each file, and what is said of it. */
function badFiles(): { fileName: string; bytes: Buffer; says: RegExp }[] {
  const report = JSON.stringify(makeReport({ id: "once" }));
  const zeros = Buffer.alloc(10 * MB);
  const files: [string, Buffer | string, RegExp][] = [
    ["12-mb.json", largeReport(), /stored|duplicate/],
    ["bom.json", `\ufeff${report}`, /stored|duplicate/],
    ["bomb.json.gz", gzipSync(gzipSync(zeros)), /quarantined nested-archive/],
    ["zeros.json.gz", gzipSync(zeros), /quarantined ratio/],
    [
      "zip-of-zips.zip",
      makeZip([{ name: "in.zip", data: makeZip([{ name: "a.json", data: report }]) }]),
      /nested-archive/,
    ],
    ["deep.json", '{"a":'.repeat(MB), /quarantined json-depth/],
    ["twice.json", report.replace("{", '{"report-id":"other",'), /quarantined duplicate-key/],
    ["cut-off.json.gz", gzipSync(report).subarray(0, 150), /quarantined truncated-gzip/],
    [
      "dmarc.xml.gz",
      gzipSync("<?xml version='1.0'?><feedback><report_metadata/></feedback>"),
      /quarantined dmarc-report/,
    ],
    ["20-mb.json", Buffer.alloc(20 * MB, " "), /refused .*larger than 16 MB/],
    ["empty.json", "", /quarantined empty/],
  ];
  return files.map(([fileName, bytes, says]) => ({ fileName, bytes: Buffer.from(bytes), says }));
}

test("bad files in one request: a clear outcome for each, the good ones among them are stored, memory stays flat", async () => {
  const bad = badFiles();
  const seen: number[] = [];
  for (let round = 0; round < 6; round++) {
    const { status, files } = await upload(account, [good(), ...bad, good()]);
    expect(status).toBe(200);
    expect([files[0]?.[0]?.outcome, files.at(-1)?.[0]?.outcome]).toEqual(["stored", "stored"]);
    for (const [index, { fileName, says }] of bad.entries()) {
      const [outcome] = files[index + 1] ?? [];
      const said = [outcome?.outcome, outcome?.code, outcome?.reason].join(" ");
      expect(`${fileName}: ${said}`).toMatch(says);
    }
    seen.push(memory());
  }
  // The first two rounds fill what the process keeps; from then on the same again costs nothing more.
  expect(Math.max(...seen.slice(2)) - Math.max(...seen.slice(0, 2)), seen.join(" ")).toBeLessThan(150);
  expect(Math.max(...seen), seen.join(" ")).toBeLessThan(700);
}, 90_000);

test("500 files in one request are taken, 1,001 are refused whole with a sentence", async () => {
  const before = await stored();
  const { status, files } = await upload(account, Array.from({ length: 500 }, good));
  expect(status).toBe(200);
  expect(files.map(([first]) => first?.outcome)).toEqual(Array.from({ length: 500 }, () => "stored"));
  expect(await stored()).toBe(before + 500);
  const many = await upload(account, Array.from({ length: 1_001 }, good));
  expect([many.status, many.error]).toEqual([400, "At most 1000 files at once."]);
  expect(await stored()).toBe(before + 500);
});

test("files of more than 48 MB together: the first are taken, the others are to be sent again", async () => {
  const filler = (name: string) => ({ fileName: name, bytes: Buffer.alloc(15 * MB, name) });
  const { status, files } = await upload(account, [filler("a"), filler("b"), filler("c"), filler("d"), good()]);
  expect(status).toBe(200);
  expect(files.map(([first]) => first?.outcome)).toEqual([
    ...["quarantined", "quarantined", "quarantined", "refused", "stored"],
  ]);
  expect(files[3]?.[0]?.reason).toContain("Send it again by itself.");
});

test("the door for senders takes 12 MB whole, and says no to more than 16 MB", async () => {
  const door = `${sealpost.url}/api/tls-reports/${account.domain.inboxToken}`;
  const body = largeReport().replace('"large"', '"through the door"');
  const taken = await fetch(door, { method: "POST", body });
  expect([taken.status, (await taken.json()).outcome]).toEqual([201, "stored"]);
  const refused = await fetch(door, { method: "POST", body: Buffer.alloc(17 * MB) });
  expect([refused.status, (await refused.json()).error]).toEqual([
    413,
    "A report may have at most 10 MB compressed, or 16 MB as it is.",
  ]);
});

test("what is no upload is refused with a sentence", async () => {
  const post = async (type: string, body: string) => {
    const init = { method: "POST", headers: { ...account.headers, "content-type": type }, body };
    const response = await fetch(account.uploads, init);
    return [response.status, (await response.json()).error];
  };
  expect(await post("application/json", "{}")).toEqual([400, "Send files as multipart/form-data."]);
  expect(await post("multipart/form-data", "--x--")).toEqual([400, "Send files as multipart/form-data."]);
  const half = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.json"\r\n\r\n{"a"';
  expect(await post("multipart/form-data; boundary=x", half)).toEqual([400, "The upload broke off."]);
});

test("after a refusal the same connection takes the next request", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (url: string, method: string, headers: Record<string, string>, body: Buffer) =>
    new Promise<{ status: number; socket: Socket }>((done, failed) => {
      const asked = request(url, { method, headers, agent });
      asked.on("response", (response) => {
        const { socket } = response;
        response.resume().on("end", () => done({ status: response.statusCode ?? 0, socket }));
      });
      asked.on("error", failed).end(body);
    });
  const form = { "content-type": "multipart/form-data; boundary=x" };
  const cases: [number, string, Record<string, string>][] = [
    [413, `${sealpost.url}/api/tls-reports/${account.domain.inboxToken}`, {}],
    [404, `${sealpost.url}/api/tls-reports/nobody`, {}],
    [404, account.uploads, form],
    [400, account.uploads, { ...form, ...account.headers }],
    [400, account.uploads, account.headers],
  ];
  for (const [status, url, headers] of cases) {
    const refused = await ask(url, "POST", headers, Buffer.alloc(17 * MB));
    const next = await ask(`${sealpost.url}/api/health`, "GET", {}, Buffer.alloc(0));
    expect([refused.status, next.status], url).toEqual([status, 200]);
    expect(next.socket === refused.socket, `the same connection after ${status} ${url}`).toBe(true);
  }
  agent.destroy();
});

/** Opens an upload that sends its beginning and then waits. */
function slowUpload() {
  const { bytes } = good();
  const headers = { ...account.headers, "content-type": "multipart/form-data; boundary=slow" };
  const post = request(account.uploads, { method: "POST", headers });
  const answer = new Promise<number>((done) => {
    post.on("response", (response) => done(response.resume().statusCode ?? 0)).on("error", () => done(0));
  });
  post.write('--slow\r\ncontent-disposition: form-data; name="file"; filename="slow.json.gz"\r\n\r\n');
  post.write(bytes.subarray(0, 40));
  return {
    answer,
    finish: () => post.end(Buffer.concat([bytes.subarray(40), Buffer.from("\r\n--slow--\r\n")])),
    abort: () => post.destroy(),
  };
}

test("an upload that is broken off stores nothing and harms nobody", async () => {
  const before = await stored();
  for (let tries = 0; tries < 20; tries++) {
    const slow = slowUpload();
    await sleep(20);
    slow.abort();
    expect(await slow.answer).toBe(0);
  }
  expect(await health(sealpost.url)).toBe(200);
  expect(await stored()).toBe(before);
});

test("a hundred uploads that trickle in hold up no other", async () => {
  let over = 0;
  const slow = Array.from({ length: 100 }, slowUpload);
  for (const one of slow) void one.answer.then(() => over++);
  await sleep(1_000);
  const { files } = await upload(account, [good()]);
  expect(files).toMatchObject([[{ outcome: "stored" }]]);
  expect(await health(sealpost.url)).toBe(200);
  expect(over).toBe(0);
  const before = await stored();
  for (const one of slow) one.finish();
  expect(await Promise.all(slow.map((one) => one.answer))).toEqual(slow.map(() => 200));
  await until("all are stored", async () => (await stored()) === before + slow.length);
});

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { makeZip } from "#tests/unit/reports/make-zip.ts";
import { type Account, makeAccount } from "./account.ts";
import {
  cleanUp,
  environment,
  health,
  type Installation,
  kill,
  newFolder,
  processesOn,
  type Running,
  sealpost,
  start,
} from "./installation.ts";
import { makeSent } from "./traffic.ts";

const FILES = 5_000;
/** What the bar says when the first ones are stored. */
const FIRST_BATCH = "500 of";
const BAR = /\[[#.]{30}\] \d+ of \d+ files, \d+ a second/;

let installation: Installation;
let account: Account;
let inbox: string;

beforeAll(async () => {
  installation = await start();
  account = await makeAccount(installation);
  inbox = newFolder();
  mkdirSync(join(inbox, "2026/10"), { recursive: true });
  for (let number = 0; number < FILES; number++) {
    const { fileName, bytes } = makeSent(number);
    writeFileSync(join(inbox, number % 2 ? "" : "2026/10", `${String(number).padStart(4, "0")}-${fileName}`), bytes);
  }
});
beforeEach(async () => {
  if (installation.pids().postgres === null) installation = await start(installation.folder);
  for (const table of ["reports", "day_totals", "failure_totals"]) await sql(`DELETE FROM ${table}`, []);
});
afterAll(async () => {
  await closeDatabase();
  await cleanUp();
});

const command = (args: string[]): Running => sealpost(args, environment(installation.folder));
const stopped = async () => {
  await closeDatabase();
  expect(await installation.stop()).toEqual({ code: 0, signal: null });
};

async function expectAllOnce(): Promise<void> {
  const rows = await sql(
    `SELECT count(*)::int AS reports, count(DISTINCT report_id)::int AS ids,
            (SELECT count(*)::int FROM policy_results) AS policies, (SELECT sum(reports)::int FROM day_totals) AS counted
     FROM reports WHERE counted`,
    [],
  );
  expect(rows).toEqual([{ reports: FILES, ids: FILES, policies: FILES, counted: FILES }]);
}

test("with the server running: a bar, a summary, every file that was not taken by name, and again nothing new", async () => {
  writeFileSync(join(inbox, "notes.txt"), "no report at all");
  writeFileSync(join(inbox, "zeros.json"), Buffer.alloc(MAX_FILE_BYTES + 1));
  const first = command(["import", inbox]);
  expect(await first.ended).toEqual({ code: 1, signal: null });
  expect(first.stdout()).toBe("");
  expect(first.stderr()).toMatch(BAR);
  expect(first.stderr()).toMatch(/^notes\.txt: .*not a TLS report\.$/m);
  expect(first.stderr()).toMatch(/zeros\.json: .*MB/);
  expect(first.stderr().trimEnd().split("\n").at(-1)).toBe(
    `${FILES + 2} files: ${FILES} stored, 0 known already, 1 in quarantine, 1 not taken.`,
  );
  await expectAllOnce();
  const again = command(["import", inbox, "--domain", account.domain.name, "--team", account.team]);
  expect(await again.ended).toEqual({ code: 1, signal: null });
  expect(again.stderr()).toContain(
    `${FILES + 2} files: 0 stored, ${FILES} known already, 1 in quarantine, 1 not taken.`,
  );
  await expectAllOnce();
  expect(await health(installation.url)).toBe(200);
});

test("what is lost of a file with more than one thing in it is told, straight and through a server alike", async () => {
  const folder = newFolder();
  const { fileName, bytes } = makeSent(FILES);
  const broken = { name: "broken.json", data: '{"organization-name": oops' };
  writeFileSync(join(folder, "both.zip"), makeZip([{ name: fileName, data: bytes }, broken]));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const inboxUrl = `${installation.url}/api/tls-reports/${account.domain.inboxToken}`;
  for (const [args, counts] of [
    [["--to", inboxUrl], "1 stored, 0 known already"],
    [["--to", inboxUrl], "0 stored, 1 known already"],
    [[], "0 stored, 1 known already"],
  ] as const) {
    const run = command(["import", folder, ...args]);
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(run.stderr()).toMatch(/^both\.zip: .*"broken\.json".*JSON/m);
    expect(run.stderr()).toContain("pipe: this is a named pipe, not a file.");
    expect(run.stderr()).toContain(`2 files: ${counts}, 1 in quarantine, 1 not taken.`);
  }
});

test("without the server it brings PostgreSQL up and takes it down again; two at once share it", async () => {
  await stopped();
  const both = [command(["import", join(inbox, "2026")]), command(["import", inbox])];
  expect((await Promise.all(both.map((one) => one.ended))).map(({ code }) => code)).toEqual([0, 1]);
  expect(processesOn(installation.folder)).toEqual([]);
  installation = await start(installation.folder);
  await expectAllOnce();
});

test("killed in the middle, with and without the server, and run again: everything is there once", async () => {
  for (const isRunning of [true, false]) {
    for (const table of ["reports", "day_totals", "failure_totals"]) await sql(`DELETE FROM ${table}`, []);
    if (!isRunning) await stopped();
    const first = command(["import", inbox]);
    await first.says(FIRST_BATCH);
    kill(first.pid);
    expect(await first.ended).toEqual({ code: null, signal: "SIGKILL" });
    const second = command(["import", inbox]);
    await second.ended;
    const known = /(\d+) stored, (\d+) known already/.exec(second.stderr());
    expect(Number(known?.[2])).toBeGreaterThanOrEqual(500);
    expect(Number(known?.[1]) + Number(known?.[2])).toBe(FILES);
    if (!isRunning) {
      expect(processesOn(installation.folder)).toEqual([]);
      installation = await start(installation.folder);
    }
    await expectAllOnce();
  }
});

test("stopped by Ctrl-C it leaves no server behind; a start in the middle of it takes the server over", async () => {
  await stopped();
  const first = command(["import", inbox]);
  await first.says(FIRST_BATCH);
  process.kill(first.pid, "SIGINT");
  expect(await first.ended).toEqual({ code: 130, signal: null });
  expect(processesOn(installation.folder)).toEqual([]);

  const second = command(["import", inbox]);
  await second.says("files, ");
  installation = await start(installation.folder);
  expect((await second.ended).code).toBe(1);
  expect(await health(installation.url)).toBe(200);
  await expectAllOnce();
  expect(await health(installation.url)).toBe(200);
  expect(installation.stderr()).not.toContain("PostgreSQL ended");
});

test("the server stops in the middle of it: the sentence says how to go on", async () => {
  const first = command(["import", inbox]);
  await first.says(FIRST_BATCH);
  await stopped();
  expect(await first.ended).toEqual({ code: 2, signal: null });
  expect(first.stderr()).toContain("run the same command again to go on.");
  const second = command(["import", inbox]);
  await second.ended;
  installation = await start(installation.folder);
  await expectAllOnce();
});

test("a domain or team that is not there is named", async () => {
  for (const [args, says] of [
    [["--domain", "example.com"], "example.com is not registered."],
    [["--team", "nobody"], "in the team nobody"],
  ] as const) {
    const run = command(["import", inbox, ...args]);
    expect(await run.ended).toEqual({ code: 2, signal: null });
    expect(run.stderr()).toContain(says);
  }
});

test("reset-password prints a link that works, and only that", async () => {
  const run = command(["reset-password", account.email]);
  expect(await run.ended).toEqual({ code: 0, signal: null });
  expect(run.stdout()).toMatch(/^http:\/\/localhost:3000\/reset-password\/[\w-]{20,}\n$/);
  expect(run.stderr()).toContain("The link works once");
  const page = await fetch(`${installation.url}${new URL(run.stdout().trim()).pathname}`);
  expect(await page.text()).toContain("New password");
  const nobody = command(["reset-password", "nobody@example.org"]);
  expect(await nobody.ended).toEqual({ code: 1, signal: null });
  expect(nobody.stderr()).toContain("There is no account with the address nobody@example.org.");
});

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { type Account, makeAccount } from "./account.ts";
import { cleanUp, health, type Installation, kill, start, until } from "./installation.ts";
import { KILL_ROUNDS } from "./kill-rounds.ts";
import { type Answer, makeSent, type Sent, upload } from "./traffic.ts";

const SENDERS = 3;
const FILES_AT_ONCE = 5;

let sealpost: Installation;
let account: Account;
const sent = new Map<string, Sent>();
const acknowledged = new Set<string>();
/** Ids of reports in requests that were answered with an error, and not sent again. */
const refused = new Set<string>();
/** The same, where the answer says that nobody knows. */
const unsure = new Set<string>();
const errors = new Set<string>();
let broken = 0;
/** By the supervisors that were killed. */
const printed: string[] = [];

beforeAll(async () => {
  sealpost = await start();
  account = await makeAccount(sealpost);
});
afterAll(async () => {
  await closeDatabase();
  await cleanUp();
});

/** Sends reports without a pause until told; what broke off without an answer is sent again, as people and scripts do. */
async function send(sender: number, going: () => boolean): Promise<void> {
  let number = sender;
  let batch: Sent[] = [];
  while (going() || batch.length > 0) {
    if (batch.length === 0) {
      const first = number;
      batch = Array.from({ length: FILES_AT_ONCE }, (_, index) => makeSent(first + index * SENDERS));
      number += FILES_AT_ONCE * SENDERS;
      for (const report of batch) sent.set(report.id, report);
    }
    const nonsense = { fileName: `nonsense-${number}`, bytes: Buffer.from(`no report ${number}`) };
    const answer = await upload(account, [...batch, nonsense]);
    if (answer.status === null) {
      broken++;
      await sleep(50);
      continue;
    }
    note(answer, batch);
    batch = [];
    if (answer.status !== 200) await sleep(50);
  }
}

function note({ status, error, files }: Answer, batch: readonly Sent[]): void {
  if (status === 200) {
    expect(files.at(-1)).toMatchObject([{ outcome: "quarantined" }]);
    for (const [index, { id }] of batch.entries()) {
      expect(["stored", "duplicate"]).toContain(files[index]?.[0]?.outcome);
      acknowledged.add(id);
    }
  } else {
    errors.add(`${status} ${error}`);
    for (const { id } of batch) (error?.includes("stored or not") ? unsure : refused).add(id);
  }
}

async function comesBack(): Promise<void> {
  await until("all processes are there", () => Object.values(sealpost.pids()).every((pid) => pid !== null));
  await until("the site answers", async () => (await health(sealpost.url)) === 200);
  const before = acknowledged.size;
  await until("reports are taken", () => acknowledged.size > before + FILES_AT_ONCE * SENDERS);
}

test("kill -9 of any process during uploads loses nothing that was acknowledged, and stores nothing twice or by half", async () => {
  let going = true;
  const senders = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender, () => going)));
  await comesBack();
  for (let round = 0; round < KILL_ROUNDS; round++) {
    for (const role of ["web", "postgres", "worker"] as const) {
      kill(sealpost.pids()[role]);
      await comesBack();
    }
    if (round % 3 === 2) continue;
    kill(sealpost.pid);
    printed.push(sealpost.stderr());
    sealpost = await start(sealpost.folder, { PORT: new URL(sealpost.url).port });
    await comesBack();
  }
  const { web, worker, postgres } = sealpost.pids();
  for (const pid of [postgres, sealpost.pid, web, worker]) if (pid !== null) kill(pid);
  sealpost = await start(sealpost.folder, { PORT: new URL(sealpost.url).port });
  going = false;
  await senders;

  const other = [...errors].filter((error) => !error.startsWith("503 The database"));
  expect(other, printed.join("\n") + sealpost.stderr()).toEqual([]);
  expect(refused.size).toBeGreaterThan(0); // else PostgreSQL was never away while somebody asked
  expect(broken).toBeGreaterThan(0);
  await expectNothingLostOrDoubled();
}, 900_000);

async function expectNothingLostOrDoubled(): Promise<void> {
  const { id } = account.domain;
  const stored = await sql<{ id: string; count: string; policies: string; counted: boolean }>(
    `SELECT r.report_id AS id, count(DISTINCT r.id) AS count, count(p.*) AS policies, bool_and(r.counted) AS counted
     FROM reports r LEFT JOIN policy_results p ON p.domain_id = r.domain_id AND p.report_id = r.id
     WHERE r.domain_id = $1 GROUP BY r.report_id`,
    [id],
  );
  expect(stored.filter((row) => row.count !== "1" || row.policies !== "1" || !row.counted)).toEqual([]);
  const there = new Set(stored.map((row) => row.id));
  expect([...acknowledged].filter((one) => !there.has(one))).toEqual([]);
  expect([...refused].filter((one) => there.has(one))).toEqual([]);
  expect([...there].filter((one) => !sent.has(one))).toEqual([]);

  const reports = [...there].map((one) => sent.get(one));
  const sum = (what: "successes" | "failures") => String(reports.reduce((total, one) => total + (one?.[what] ?? 0), 0));
  const expected = { reports: String(reports.length), successes: sum("successes"), failures: sum("failures") };
  const totals = `SELECT sum(reports)::text AS reports, sum(successes)::text AS successes, sum(failures)::text AS failures
                  FROM day_totals WHERE domain_id = $1`;
  expect(await sql(totals, [id])).toEqual([expected]);
  const failures = "SELECT sum(sessions)::text AS failures FROM failure_totals WHERE domain_id = $1";
  expect(await sql(failures, [id])).toEqual([{ failures: expected.failures }]);
  const details = "SELECT sum(sessions)::text AS failures FROM failures WHERE domain_id = $1";
  expect(await sql(details, [id])).toEqual([{ failures: expected.failures }]);
  const twice = "SELECT hash FROM quarantined WHERE domain_id = $1 GROUP BY hash HAVING count(*) > 1";
  expect(await sql(twice, [id])).toEqual([]);
  // Each request brought one file that is no report: it is there with the reports of its request, or like them not there.
  const aside = await sql<{ count: string }>("SELECT count(*) FROM quarantined WHERE domain_id = $1", [id]);
  expect(Number(aside[0]?.count) * FILES_AT_ONCE).toBe(there.size);
}

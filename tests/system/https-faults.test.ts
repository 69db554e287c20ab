import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { type Account, makeAccount } from "./account.ts";
import { cleanUp, type Installation, kill, start, until } from "./installation.ts";
import { KILL_ROUNDS } from "./kill-rounds.ts";
import { makeSent, type Sent } from "./traffic.ts";

const SENDERS = 8;

let sealpost: Installation;
let account: Account;
const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
const sent = new Map<string, Sent>();
const acknowledged = new Set<string>();
const refused = new Map<number, number>();
let broken = 0;

beforeAll(async () => {
  sealpost = await start();
  account = await makeAccount(sealpost);
});
afterAll(async () => {
  agent.destroy();
  await closeDatabase();
  await cleanUp();
});

/** POSTs one report as senders do. @returns the status, or null when the connection broke before there was one */
function post({ bytes }: Sent, client: number): Promise<number | null> {
  return new Promise((done) => {
    const headers = { "content-type": "application/tlsrpt+gzip", "x-forwarded-for": `198.51.100.${client}` };
    const url = `${sealpost.url}/api/tls-reports/${account.domain.inboxToken}`;
    const asked = request(url, { method: "POST", agent, headers }, (response) => {
      const { statusCode = 0 } = response;
      response.resume().on("close", () => done(response.complete ? statusCode : null));
    });
    asked.on("error", () => done(null)).end(bytes);
  });
}

/** Sends one report after the other, each until it is taken, as senders that keep a queue do. */
async function send(sender: number, going: () => boolean): Promise<void> {
  for (let number = sender; going(); number += SENDERS) {
    const report = makeSent(number);
    sent.set(report.id, report);
    for (let tries = 0; ; tries++) {
      // One address may send only so much.
      const status = await post(report, (number + tries) % 250);
      if (status === 200 || status === 201) break;
      if (status === null) broken++;
      else refused.set(status, (refused.get(status) ?? 0) + 1);
      await sleep(status === 429 ? 1_000 : 20);
    }
    acknowledged.add(report.id);
  }
}

async function comesBack(): Promise<void> {
  await until("all processes are there", () => Object.values(sealpost.pids()).every((pid) => pid !== null));
  const taken = acknowledged.size;
  await until("reports are taken", () => acknowledged.size > taken + SENDERS);
}

/** The supervisor waits longer each time that something dies; a new one begins with its shortest pause. */
async function newSupervisor(): Promise<void> {
  const { web, worker, postgres } = sealpost.pids();
  for (const pid of [sealpost.pid, web, worker, postgres]) if (pid !== null) kill(pid);
  sealpost = await start(sealpost.folder, { PORT: new URL(sealpost.url).port });
  await comesBack();
}

test(`kill -9 of web, PostgreSQL and worker, ${KILL_ROUNDS} rounds each, while senders POST: no report that was taken is lost or doubled`, async () => {
  let going = true;
  const senders = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender, () => going)));
  await comesBack();
  for (let round = 1; round <= KILL_ROUNDS; round++) {
    for (const roles of [["postgres", "worker"], ["web"]] as const) {
      for (const role of roles) kill(sealpost.pids()[role]);
      await comesBack();
    }
    if (round % 3 === 0) await newSupervisor();
  }
  going = false;
  await senders;
  expect(broken).toBeGreaterThan(0);
  expect([...refused.keys()].filter((status) => status !== 503 && status !== 429)).toEqual([]);

  const { id } = account.domain;
  const stored = await sql<{ id: string; count: string; policies: string; counted: boolean }>(
    `SELECT r.report_id AS id, count(DISTINCT r.id) AS count, count(p.*) AS policies, bool_and(r.counted) AS counted
     FROM reports r LEFT JOIN policy_results p ON p.domain_id = r.domain_id AND p.report_id = r.id
     WHERE r.domain_id = $1 GROUP BY r.report_id`,
    [id],
  );
  expect(stored.filter((row) => row.count !== "1" || row.policies !== "1" || !row.counted)).toEqual([]);
  expect(stored.map((row) => row.id).sort()).toEqual([...acknowledged].sort());
  const sum = (what: "successes" | "failures") => [...sent.values()].reduce((total, one) => total + one[what], 0);
  const totals = await sql(
    `SELECT sum(reports)::int AS reports, sum(successes)::int AS successes, sum(failures)::int AS failures
     FROM day_totals WHERE domain_id = $1`,
    [id],
  );
  expect(totals).toEqual([{ reports: sent.size, successes: sum("successes"), failures: sum("failures") }]);
  const failures = "SELECT sum(sessions)::int AS failures FROM failure_totals WHERE domain_id = $1";
  expect(await sql(failures, [id])).toEqual([{ failures: sum("failures") }]);
}, 900_000);

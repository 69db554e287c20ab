import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "#lib/cli/migrate.ts";
import { databaseOn, type PackagedPostgres, startPostgres } from "#lib/cli/postgres.ts";
import { closeDatabase, sql } from "#lib/db/client.ts";
import type { DomainRow } from "#lib/db/domains.ts";
import { ensureDatabase } from "#lib/db/migrations-applied.ts";
import { changeReportPolicy } from "#lib/db/report-policy.ts";
import { makeOwner } from "#tests/integration/people.ts";
import { makeDomain, totalsOf } from "#tests/integration/reports.ts";
import { cleanUp, environment, freePort, kill, newFolder, type Running, sealpost, until } from "./installation.ts";
import { KILL_ROUNDS } from "./kill-rounds.ts";
import { asMail, makeSender } from "./mails.ts";
import { makeSent } from "./traffic.ts";

// The worker and PostgreSQL without a supervisor, whose pauses grow with each fall; the web process has no part in mail.
const SENDERS = 4;

const folder = newFolder();
let postgres: PackagedPostgres;
let worker: Running;
let domain: DomainRow;
let port: number;
let env: Record<string, string>;

const startDatabase = () =>
  startPostgres({
    folder: join(folder, "postgres"),
    socketFolder: join(folder, "run"),
    password: "only-for-this-test",
  });
const startWorker = () => {
  worker = sealpost(["worker"], env);
};

beforeAll(async () => {
  postgres = await startDatabase();
  await ensureDatabase(postgres.url, "sealpost");
  const url = databaseOn(postgres.url, "sealpost");
  await migrate(url);
  process.env.DATABASE_URL = url;
  const owner = await makeOwner();
  domain = await makeDomain(owner, "example.org");
  await changeReportPolicy(owner.team.id, { holdUnverified: false, authservIds: [] }, owner.user);
  port = await freePort();
  env = environment(folder, {
    ...{ DATABASE_URL: url, SEALPOST_MAIL_DOMAIN: "reports.test", SEALPOST_SMTP_LISTEN: `127.0.0.1:${port}` },
    SEALPOST_SMTP_RELAYS: "127.0.0.1",
  });
  startWorker();
});
afterAll(async () => {
  await closeDatabase();
  kill(worker.pid);
  await postgres.stop();
  await cleanUp();
});

test("kill -9 of the worker and of PostgreSQL under mail loses nothing that got 250, and doubles nothing", async () => {
  const sender = makeSender(port, `${domain.inboxToken}@reports.test`, SENDERS);
  const acknowledged = new Set<string>();
  const before: string[] = [];
  let going = true;
  const send = async (first: number) => {
    for (let number = first; going; number += SENDERS) {
      const report = makeSent(number);
      before.push(...(await sender.deliver(asMail(report))));
      acknowledged.add(report.id);
    }
  };
  const senders = Promise.all(Array.from({ length: SENDERS }, (_, first) => send(first)));
  const comesBack = async () => {
    const there = acknowledged.size;
    await until("mail is taken", () => acknowledged.size > there + SENDERS);
  };
  await comesBack();
  for (let round = 0; round < KILL_ROUNDS; round++) {
    kill(worker.pid);
    await worker.ended;
    startWorker();
    await comesBack();
    kill(postgres.pid);
    await postgres.gone;
    await sleep(100 * (round % 3)); // for some mails meanwhile
    postgres = await startDatabase();
    await comesBack();
  }
  going = false;
  await senders;
  sender.close();

  const stored = await sql<{ id: string; count: string }>(
    "SELECT report_id AS id, count(*) FROM reports WHERE domain_id = $1 AND counted GROUP BY report_id",
    [domain.id],
  );
  expect(stored.filter(({ count }) => count !== "1")).toEqual([]);
  expect(new Set(stored.map(({ id }) => id))).toEqual(acknowledged);
  const [all] = await sql<{ count: string }>("SELECT count(*) FROM reports WHERE domain_id = $1", [domain.id]);
  expect(Number(all?.count)).toBe(acknowledged.size);
  const { standing, summed } = await totalsOf(domain.id);
  expect(standing).toEqual(summed);
  // Both kinds of fault met mail under way: some broke off, some were answered with 451.
  expect(before.some((message) => message.includes("451 4.3.0"))).toBe(true);
  expect(before.some((message) => !/\b451 4\.3\.0/.test(message))).toBe(true);
}, 400_000);

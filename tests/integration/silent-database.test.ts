import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { GET as health } from "#app/api/health/route.ts";
import { closeDatabase, sql, transact } from "#lib/db/client.ts";
import { WatchedPool } from "#lib/db/watched-pool.ts";
import { httpsDoor } from "#lib/doors/https-door.ts";
import { DatabaseAway } from "#lib/errors.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { makeDomain, reportAbout } from "./reports.ts";

const url = await ownDatabase();
const owner = await makeOwner();
const stopped = new Set<number>();

/** Stops the processes of sessions: they keep their connections, and say nothing more. */
function freeze(rows: readonly { pid: number }[]): void {
  for (const { pid } of rows) {
    process.kill(pid, "SIGSTOP");
    stopped.add(pid);
  }
}

function thaw(): void {
  for (const pid of stopped) process.kill(pid, "SIGCONT");
  stopped.clear();
}

const OWN = "SELECT pg_backend_pid() AS pid";
const OF_SERVER = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'`;

afterEach(async () => {
  thaw();
  await closeDatabase();
});

describe("a session that says nothing more", () => {
  it("is given up, and the next question goes to another", async () => {
    freeze(await sql<{ pid: number }>(OWN, []));
    await expect(sql("SELECT 1", [], 500)).rejects.toBeInstanceOf(DatabaseAway);
    expect(await sql("SELECT 1 AS one", [], 500)).toEqual([{ one: 1 }]);
  });

  it("inside a transaction of Prisma too", async () => {
    const lost = transact(async (transaction) => {
      freeze(await transaction.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`);
      await transaction.team.findFirst();
    }, 500);
    await expect(lost).rejects.toBeInstanceOf(DatabaseAway);
    expect(await transact((transaction) => transaction.team.count())).toBe(1);
  });

  it("does not keep a monitor waiting, nor senders to any inbox", async () => {
    const domain = await makeDomain(owner);
    const door = httpsDoor({ clientAddress: () => "192.0.2.1" });
    const server = createServer((request, response) => door(request, response)).listen(0, "127.0.0.1");
    const inbox = () =>
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/tls-reports/${domain.inboxToken}`;
    const post = () => fetch(inbox(), { method: "POST", body: JSON.stringify(reportAbout(domain.name)) });
    // All that this process has open: as many as are asked side by side.
    await Promise.all([
      sql("SELECT pg_sleep(0.2)", []),
      sql("SELECT pg_sleep(0.2)", []),
      sql("SELECT pg_sleep(0.2)", []),
    ]);
    freeze(await sql<{ pid: number }>(OF_SERVER, []));
    const answers = await Promise.all([health(), post(), post()]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    for (const { headers } of answers) expect(headers.get("retry-after")).toMatch(/^\d+$/);
    expect([(await health()).status, (await post()).status]).toEqual([200, 201]);
    server.close().closeAllConnections();
  });
});

describe("the limit on a connection", () => {
  it("is the usual one, or that of the task", async () => {
    const pool = new WatchedPool({ connectionString: url, max: 1 }, 500);
    const slow = () => pool.query("SELECT pg_sleep(3)");
    await expect(slow()).rejects.toThrow("Connection terminated");
    expect((await pool.within(60_000, slow)).rowCount).toBe(1);
    await pool.end();
  });

  it("counts for those who waited for a free one from then on", async () => {
    const pool = new WatchedPool({ connectionString: url, max: 1 }, 500);
    const first = pool.within(60_000, () => pool.query("SELECT pg_sleep(3)"));
    const second = pool.query("SELECT 1");
    expect((await Promise.all([first, second])).map(({ rowCount }) => rowCount)).toEqual([1, 1]);
    await pool.end();
  });

  it("does not count while this process is busy and could hear no answer", async () => {
    const pool = new WatchedPool({ connectionString: url, max: 1 }, 500);
    const client = await pool.connect();
    const answer = client.query("SELECT pg_sleep(0.1)");
    await client.query("SELECT 1");
    const asked = client.query("SELECT 2 AS two");
    await new Promise((done) => setImmediate(done));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000);
    expect((await asked).rows).toEqual([{ two: 2 }]);
    await answer;
    client.release();
    await pool.end();
  });
});

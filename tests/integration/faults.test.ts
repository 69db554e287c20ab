import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { auditTrail } from "#lib/db/audit.ts";
import { inTransaction, sql, transact } from "#lib/db/client.ts";
import { renameTeam } from "#lib/db/teams.ts";
import { findUserByEmail } from "#lib/db/users.ts";
import { addSample } from "#lib/domains/sample.ts";
import { DatabaseAway } from "#lib/errors.ts";
import { makePolicy } from "#prisma/seed.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, kinds, makeDomain, reportAbout, rowsOf, totalsOf, upload } from "./reports.ts";

const url = await ownDatabase();
const owner = await makeOwner();

/** Runs `task` while another session holds what `lock` takes, and `meanwhile` once somebody waits for it. */
async function whileLocked<T>(lock: string, task: () => Promise<T>, meanwhile: (pids: number[]) => Promise<unknown>) {
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query("BEGIN");
  await other.query(lock);
  const running = task();
  running.catch(() => {});
  try {
    let pids: number[] = [];
    while (pids.length === 0) {
      await sleep(20);
      const waiting = await other.query<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      pids = waiting.rows.map(({ pid }) => pid);
    }
    await meanwhile(pids);
  } finally {
    await other.query("ROLLBACK");
    await other.end();
  }
  return running;
}

async function kill(pids: number[]): Promise<void> {
  for (const pid of pids) await sql("SELECT pg_terminate_backend($1)", [pid]);
}

describe("when the connection dies while reports are stored", () => {
  // From the first statement to the last: each table is held in turn, so that the death comes at that point.
  it.each(["raw_files", "reports", "policy_results", "failures", "day_totals", "failure_totals", "quarantined"])(
    "at the table %s, nothing is half stored, and the next try stores all",
    async (table) => {
      const domain = await makeDomain(owner);
      const details = [{ "result-type": "certificate-expired", "failed-session-count": 2 }];
      const policies = [makePolicy({ domain: domain.name, details })];
      const files = [
        file(reportAbout(domain.name, { policies })),
        file(reportAbout(domain.name, { day: "2026-11-02" })),
        { bytes: Buffer.from("no report"), fileName: null },
      ];
      const lost = whileLocked(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`, () => upload(domain, files), kill);
      await expect(lost).rejects.toBeInstanceOf(DatabaseAway);
      expect(await rowsOf(domain.id)).toEqual({});
      expect(kinds(await upload(domain, files))).toEqual(["stored", "stored", "quarantined"]);
      expect(await rowsOf(domain.id)).toMatchObject({ reports: 2, failures: 1, day_totals: 2, quarantined: 1 });
      const { standing, summed } = await totalsOf(domain.id);
      expect(standing).toEqual(summed);
    },
  );

  it("or while sample data is added, there is no half sample", async () => {
    const team = await makeOwner("Sampler");
    const now = new Date("2026-11-22T12:00:00Z");
    const add = () => addSample(team.team.id, team.user, now);
    for (const table of ["reports", "lookups"]) {
      const lost = whileLocked(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`, add, kill);
      await expect(lost).rejects.toBeInstanceOf(DatabaseAway);
      expect(await sql("SELECT 1 FROM domains WHERE team_id = $1", [team.team.id])).toEqual([]);
      expect((await auditTrail(team.team.id, { skip: 0, take: 9 })).total).toBe(1);
    }
    expect(await add()).toBe("sample-mail.example");
  });
});

describe("when the connection dies inside a transaction", () => {
  // Between two statements nobody waits for an answer: without care such an error ends the process.
  it("of SQL, the process goes on and says that the database is away", async () => {
    const lost = inTransaction(async (client) => {
      const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      await kill(rows.map(({ pid }) => pid));
      await sleep(200);
      await client.query("SELECT 1");
    });
    await expect(lost).rejects.toBeInstanceOf(DatabaseAway);
  });

  it.each([
    ["in between", true],
    ["before its end", false],
  ])("of Prisma %s, the change is lost as a whole", async (_, another) => {
    const name = `Lost ${another}`;
    const lost = transact(async (transaction) => {
      await transaction.team.update({ where: { id: owner.team.id }, data: { name } });
      const rows = await transaction.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
      await kill(rows.map(({ pid }) => pid));
      await sleep(200);
      if (another) await transaction.team.findFirst();
    });
    await expect(lost).rejects.toBeInstanceOf(DatabaseAway);
    await renameTeam(owner.team.id, "Found", owner.user);
    expect((await auditTrail(owner.team.id, { skip: 0, take: 1 })).events[0]?.before).toEqual({
      name: owner.team.name,
    });
    await renameTeam(owner.team.id, owner.team.name, owner.user);
  });
});

describe("many who store at the same moment", () => {
  it("leave connections for pages, however long one domain's turn takes", async () => {
    const domain = await makeDomain(owner);
    const files = Array.from({ length: 20 }, (_, index) => file(reportAbout(domain.name, { id: String(index) })));
    const lock = `SELECT pg_advisory_xact_lock(hashtextextended('${domain.id}', 0))`;
    let over = 0;
    const stored = await whileLocked(
      lock,
      () => Promise.all(files.map((one) => upload(domain, [one]).finally(() => over++))),
      async () => {
        // More than there are connections; who finds none while the turn lasts is told that the database is away.
        await Promise.all(Array.from({ length: 12 }, () => findUserByEmail(owner.user.email)));
        expect(over).toBe(0);
        // Longer than anybody waits for a connection.
        await sleep(5_500);
      },
    );
    expect(new Set(stored.flatMap(kinds))).toEqual(new Set(["stored"]));
    expect(await rowsOf(domain.id)).toMatchObject({ reports: 20 });
  });

  it("the same bad files in another order do not block each other", async () => {
    const domain = await makeDomain(owner);
    const files = Array.from({ length: 6 }, (_, index) => ({ bytes: Buffer.from(`bad ${index}`), fileName: null }));
    const orders = Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? files : [...files].reverse()));
    await Promise.all(orders.map((order) => upload(domain, order)));
    expect(await rowsOf(domain.id)).toEqual({ quarantined: 6 });
  });
});

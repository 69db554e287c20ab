import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { migrate } from "#lib/cli/migrate.ts";
import { databaseOn, startPostgres } from "#lib/cli/postgres.ts";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { createMailbox, type MailboxSettings } from "#lib/db/mailboxes.ts";
import { ensureDatabase } from "#lib/db/migrations-applied.ts";
import { newId } from "#lib/db/new-id.ts";
import { sealCredentials } from "#lib/doors/mailbox-credentials.ts";
import { PASSWORD, startDovecot, whyNoDovecot } from "#tests/integration/dovecot.ts";
import { makeOwner } from "#tests/integration/people.ts";
import { makeDomain, reportAbout } from "#tests/integration/reports.ts";
import { createAuthority } from "#tests/lab/authority.ts";
import { a, onStop, servePackets, stopServers } from "#tests/unit/probes/own-dns.ts";
import { makeMail } from "#tests/unit/reports/make-mail.ts";
import { reportMail } from "#tests/unit/reports/sign-mail.ts";
import { cleanUp, environment, kill, newFolder, type Running, sealpost, until } from "./installation.ts";
import { KILL_ROUNDS } from "./kill-rounds.ts";

// The worker and PostgreSQL are killed again and again while mail comes; in the end each mail is there exactly once.
const EVERY_MS = 60;
const USER = "reports";
const MOVED = "Taken";
const HOST = "imap.mail.test";
const OTHER = makeMail(["From: a@example.org", "Subject: Lunch"], [{ type: "text/plain", body: "At noon?" }]);

afterAll(async () => {
  await closeDatabase();
  await stopServers();
  await cleanUp();
});

const why = whyNoDovecot();

test.skipIf(why !== null)(
  "kill -9 of worker and PostgreSQL while mail comes: nothing is lost, nothing doubled",
  async () => {
    const folder = newFolder();
    const authority = await createAuthority();
    writeFileSync(join(folder, "roots.pem"), authority.rootPem);
    const dns = await servePackets(({ questions }) => {
      const { name = "", type } = questions?.[0] ?? {};
      return type === "A" && name === HOST ? { answers: [a(name, "127.0.0.1")] } : {};
    });
    mkdirSync(join(folder, "postgres"));
    const place = {
      folder: join(folder, "postgres"),
      socketFolder: join(folder, "run"),
      password: "only-for-this-test",
    };
    let postgres = await startPostgres(place);
    await ensureDatabase(postgres.url, "sealpost");
    const databaseUrl = databaseOn(postgres.url, "sealpost");
    await migrate(databaseUrl);
    const env = { DATABASE_URL: databaseUrl, SEALPOST_SECRET: "a secret of this test, 32 characters long" };
    Object.assign(process.env, env);
    const owner = await makeOwner();
    const domain = await makeDomain(owner);
    const dovecot = await startDovecot(await authority.issue("good", HOST));
    onStop(dovecot.stop);
    const id = newId();
    const settings: MailboxSettings = {
      ...{ host: HOST, port: dovecot.ports.tls, security: "tls", userName: USER, auth: "password" },
      ...{ folder: "INBOX", afterwards: "move", moveTo: MOVED, trayDomainId: domain.id },
    };
    const secret = sealCredentials({ kind: "password", password: PASSWORD }, id);
    await createMailbox(owner.team.id, id, settings, secret, owner.user);

    const lab = { SEALPOST_DNS: dns.address, SEALPOST_PROBE_CA_FILE: join(folder, "roots.pem") };
    const work = (): Running =>
      sealpost(["worker"], environment(folder, { ...env, ...lab, SEALPOST_PROBE_ALLOW: "127.0.0.0/8" }));
    const ids: string[] = [];
    let others = 0;
    let going = true;
    const delivering = (async () => {
      while (going) {
        const next = `m-${ids.length}`;
        ids.push(next);
        dovecot.deliver(USER, reportMail(reportAbout(domain.name, { id: next }), { domain: domain.name }));
        if (ids.length % 10 === 0) {
          dovecot.deliver(USER, OTHER);
          others++;
        }
        await sleep(EVERY_MS);
      }
    })();
    const stored = async () => {
      const rows = await sql<{ count: string }>("SELECT count(*) FROM reports WHERE domain_id = $1", [domain.id]);
      return Number(rows[0]?.count);
    };
    const goesOn = async () => {
      let before: number | null = null;
      await until("mail is taken", async () => {
        const now = await stored().catch(() => null);
        before ??= now;
        return now !== null && before !== null && now > before;
      });
      await sleep(Math.random() * 300);
    };

    let worker = work();
    await goesOn();
    for (let round = 0; round < 2 * KILL_ROUNDS; round++) {
      if (round % 2 === 0) {
        kill(worker.pid);
        await worker.ended;
        worker = work();
        // In place of the half minute after which a dead worker's mailbox is anybody's.
        await until("the lease is over", () => sql("UPDATE mailboxes SET lease_until = now()", []).then(() => true));
      } else {
        kill(Number.parseInt(readFileSync(join(folder, "postgres/cluster/postmaster.pid"), "utf8"), 10));
        await sleep(Math.random() * 300);
        postgres = await startPostgres(place);
      }
      await goesOn();
    }
    going = false;
    await delivering;
    await until("all is moved", () => dovecot.flags(USER, MOVED)[""] === ids.length, 30_000);
    process.kill(worker.pid, "SIGTERM");
    expect(await worker.ended).toEqual({ code: 0, signal: null });

    expect(dovecot.flags(USER)).toEqual({ "": others });
    const rows = await sql<{ report_id: string; policies: string }>(
      `SELECT r.report_id, (SELECT count(*) FROM policy_results p
                           WHERE p.domain_id = r.domain_id AND p.report_id = r.id) AS policies
     FROM reports r WHERE r.domain_id = $1 ORDER BY length(r.report_id), r.report_id`,
      [domain.id],
    );
    expect(rows.map((row) => row.report_id)).toEqual(ids);
    expect(rows.filter(({ policies }) => policies !== "1")).toEqual([]);
    expect(await sql("SELECT code FROM quarantined WHERE domain_id = $1", [domain.id])).toEqual([]);
    expect(await sql("SELECT lease_holder FROM mailboxes", [])).toEqual([{ lease_holder: null }]);
    await closeDatabase();
    await postgres.stop();
  },
  400_000,
);

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { isAlive } from "#lib/cli/alive.ts";
import { begin, cleanUp, health, type Installation, kill, processesOn, start, until } from "./installation.ts";

afterEach(cleanUp);

async function query(sealpost: Installation, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: sealpost.databaseUrl() });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const keep = (sealpost: Installation) => query(sealpost, "CREATE TABLE kept AS SELECT 8460 AS number");
const kept = (sealpost: Installation) => query(sealpost, "SELECT number FROM kept");

describe("kill -9", () => {
  test("of the supervisor: web and worker end, the next start adopts PostgreSQL with all its data", async () => {
    const first = await start();
    const { web, worker, postgres } = first.pids();
    await keep(first);
    kill(first.pid);
    await until("web and worker end", () => !isAlive(web ?? 0) && !isAlive(worker ?? 0));
    expect(isAlive(postgres ?? 0)).toBe(true);

    const second = await start(first.folder, { PORT: new URL(first.url).port });
    expect(second.stderr()).toContain(`PostgreSQL was still running (pid ${postgres}); adopted.`);
    expect(second.pids().postgres).toBe(postgres);
    expect(await health(second.url)).toBe(200);
    expect(await kept(second)).toEqual([{ number: 8460 }]);
    kill(postgres);
    await until("the adopted one is replaced", () => second.stderr().includes("PostgreSQL is back."));
    await until("the site answers", async () => (await health(second.url)) === 200);
    expect(await second.stop()).toEqual({ code: 0, signal: null });
    expect(processesOn(first.folder)).toEqual([]);
  });

  test("of the supervisor, and a start at the same moment on the same port", async () => {
    const first = await start();
    kill(first.pid);
    const second = await start(first.folder, { PORT: new URL(first.url).port });
    expect(await health(second.url)).toBe(200);
    expect(await second.stop()).toEqual({ code: 0, signal: null });
  });

  test("of a supervisor while it starts leaves nothing that a start cannot take up", async () => {
    let folder: string | undefined;
    for (const delay of [600, 1_000, 1_500, 2_000, 2_500]) {
      const run = await begin(folder);
      folder = run.folder;
      await sleep(delay);
      kill(run.pid);
      await run.ended;
    }
    const last = await start(folder);
    expect(await health(last.url)).toBe(200);
    await until("no other web or worker is left", () => {
      const { web, worker } = last.pids();
      const roles = processesOn(last.folder).filter((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("main.ts"),
      );
      return roles.every((pid) => [web, worker, last.pid].includes(pid));
    });
    await last.stop();
  });

  test.each(["web", "worker", "postgres"] as const)(
    "of %s: it comes back by itself, each time after a longer pause",
    async (role) => {
      const sealpost = await start();
      await keep(sealpost);
      for (const pause of ["0.5", "1"]) {
        const before = sealpost.pids()[role];
        const name = role === "postgres" ? "PostgreSQL" : `The ${role} process`;
        kill(before);
        await until(`the ${pause} s are told`, () => sealpost.stderr().includes(`starts again in ${pause} s.`));
        expect(sealpost.stderr()).toContain(`${name} ended`);
        await until(`${role} is another process`, () => ![null, before].includes(sealpost.pids()[role]));
        await until("the site answers", async () => (await health(sealpost.url)) === 200);
      }
      const { web, worker } = sealpost.pids();
      expect(isAlive(web ?? 0) && isAlive(worker ?? 0)).toBe(true);
      expect(await kept(sealpost)).toEqual([{ number: 8460 }]);
      expect(await sealpost.stop()).toEqual({ code: 0, signal: null });
      expect(processesOn(sealpost.folder)).toEqual([]);
    },
  );

  test("of PostgreSQL right before a stop: nothing is started again and nothing left", async () => {
    for (const delay of [0, 450, 600]) {
      const sealpost = await start();
      kill(sealpost.pids().postgres);
      await sleep(delay);
      expect(await sealpost.stop()).toEqual({ code: 0, signal: null });
      expect(processesOn(sealpost.folder)).toEqual([]);
    }
  });

  test("of everything: the next start has all that was there", async () => {
    const first = await start();
    await keep(first);
    const { web, worker, postgres } = first.pids();
    for (const pid of [first.pid, web, worker, postgres]) kill(pid);
    const second = await start(first.folder);
    expect(await health(second.url)).toBe(200);
    expect(await kept(second)).toEqual([{ number: 8460 }]);
    await second.stop();
  });
});

describe("a pid file that a killed PostgreSQL left", () => {
  // The postmaster believes it while any process of its own user has that number.
  test("names another program by now: that is left alone, and PostgreSQL starts", async () => {
    const first = await start();
    await keep(first);
    const { web, worker, postgres } = first.pids();
    const owner = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${postgres}/status`, "utf8"))?.[1] ?? "0";
    for (const pid of [first.pid, web, worker, postgres]) kill(pid);
    await until("all have ended", () => processesOn(first.folder).length === 0);
    const user = Number(owner) === process.getuid?.() ? {} : { uid: Number(owner), gid: Number(owner) };
    const stranger = spawn("sleep", ["60"], { stdio: "ignore", cwd: "/", ...user });
    for (const file of ["postgres/cluster/postmaster.pid", "run/pg/.s.PGSQL.5432.lock"]) {
      const path = join(first.folder, file);
      writeFileSync(path, readFileSync(path, "utf8").replace(/^\d+/, String(stranger.pid)));
    }
    const second = await start(first.folder);
    expect(second.stderr()).not.toContain("adopted");
    expect(await kept(second)).toEqual([{ number: 8460 }]);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    await second.stop();
    stranger.kill();
  });
});

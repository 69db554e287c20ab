import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { isAlive } from "#lib/cli/alive.ts";
import { closeDatabase } from "#lib/db/client.ts";
import { makePolicy, makeReport, makeReportFile } from "#prisma/seed.ts";
import { makeAccount } from "./account.ts";
import { begin, cleanUp, health, newFolder, processesOn, start, until } from "./installation.ts";

afterEach(cleanUp);

describe("a stop", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("by %s goes in order and leaves nothing running", async (signal) => {
    const sealpost = await start();
    const pids = sealpost.pids();
    const gone: string[] = [];
    const watch = setInterval(() => {
      for (const [name, pid] of Object.entries(pids)) {
        if (!gone.includes(name) && !isAlive(pid ?? 0)) gone.push(name);
      }
    }, 5);
    expect(await sealpost.stop(signal)).toEqual({ code: 0, signal: null });
    await until("all were seen to end", () => gone.length === 3, 1_000);
    clearInterval(watch);
    expect(gone).toEqual(["web", "worker", "postgres"]);
    expect(await health(sealpost.url)).toBe(0);
    expect(processesOn(sealpost.folder)).toEqual([]);
  });

  test("finishes what was asked before, and takes nothing new", async () => {
    const sealpost = await start();
    const { domain } = await makeAccount(sealpost);
    const { bytes } = makeReportFile(makeReport({ policies: [makePolicy()] }));
    const half = Math.floor(bytes.length / 2);
    const post = request(`${sealpost.url}/api/tls-reports/${domain.inboxToken}`, { method: "POST" });
    const answer = new Promise<number>((done, failed) => {
      post.on("response", (response) => done(response.resume().statusCode ?? 0)).on("error", failed);
    });
    post.write(bytes.subarray(0, half));
    await sleep(500);
    const { web } = sealpost.pids();
    const stopped = sealpost.stop();
    await until("it takes no more requests", async () => (await health(sealpost.url)) === 0);
    expect(isAlive(web ?? 0)).toBe(true);
    post.end(bytes.subarray(half));
    expect(await answer).toBe(201);
    expect(await stopped).toEqual({ code: 0, signal: null });
    await closeDatabase();
  });
});

describe("a stop during the start", () => {
  test.each([100, 400, 800, 1_200, 1_600, 2_000, 2_600, 3_200])("%d ms after its beginning", async (delay) => {
    const run = await begin(newFolder());
    await sleep(delay);
    const { code, signal } = await run.stop();
    // Before Sealpost listens for signals the system ends it, which leaves nothing behind either.
    expect(signal === "SIGTERM" || code === 0, `${signal} ${code} ${run.stderr()}`).toBe(true);
    expect(processesOn(run.folder)).toEqual([]);
    const again = await start(run.folder);
    expect(await health(again.url)).toBe(200);
    await again.stop();
  });
});

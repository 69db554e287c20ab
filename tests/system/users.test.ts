import { chmodSync, chownSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ROOT } from "#lib/cli/run.ts";
import { cleanUp, health, newFolder, start } from "./installation.ts";

afterEach(cleanUp);

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

function userOf(pid: number | null): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** True when every user may come to this file. */
function isOpen(path: string): boolean {
  return path === dirname(path) || ((statSync(path).mode & 0o001) !== 0 && isOpen(dirname(path)));
}

describe.runIf(isRoot)("as root", () => {
  test("in a folder that others may enter PostgreSQL runs as nobody", async (context) => {
    context.skip(!isOpen(ROOT), "the clone itself is in a closed folder");
    const folder = newFolder();
    chmodSync(folder, 0o755);
    const sealpost = await start(folder);
    expect(userOf(sealpost.pids().postgres)).toBe(NOBODY);
    expect(await health(sealpost.url)).toBe(200);
    expect(await sealpost.stop()).toEqual({ code: 0, signal: null });
    const again = await start(folder);
    expect(await health(again.url)).toBe(200);
    await again.stop();
  });

  test("in a folder of mode 0700 it takes root's own files for nobody's", async () => {
    const folder = newFolder();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const sealpost = await start(folder);
    expect(userOf(sealpost.pids().postgres)).toBe(0);
    expect(await health(sealpost.url)).toBe(200);
    expect(await sealpost.stop()).toEqual({ code: 0, signal: null });
    // The same folder opened later, and closed again: the files change hands, nothing is lost.
    for (const mode of [0o755, 0o700]) {
      chmodSync(folder, mode);
      const again = await start(folder);
      expect(await health(again.url)).toBe(200);
      await again.stop();
    }
  });

  test("an ordinary user needs no rights in the clone", async (context) => {
    context.skip(!isOpen(ROOT) || !isOpen(process.execPath), "the clone itself is in a closed folder");
    const folder = newFolder();
    chownSync(folder, NOBODY, NOBODY);
    const change = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"];
    const sealpost = await start(folder, {}, change);
    const { web, worker, postgres } = sealpost.pids();
    expect([web, worker, postgres].map(userOf)).toEqual([NOBODY, NOBODY, NOBODY]);
    expect(await health(sealpost.url)).toBe(200);
    expect((await fetch(sealpost.url)).status).toBe(200);
    expect(statSync(join(folder, "secrets.json"))).toMatchObject({ uid: NOBODY });
    expect(await sealpost.stop()).toEqual({ code: 0, signal: null });
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "#lib/cli/alive.ts";
import { databaseOn } from "#lib/cli/postgres.ts";
import { ROOT } from "#lib/cli/run.ts";

/** A command of Sealpost that runs, and what it has printed so far. */
export interface Running {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves when standard error holds a text; rejects when the command ends before. */
  says(text: string): Promise<void>;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

/** A whole Sealpost on a data folder of its own. */
export interface Installation extends Running {
  url: string;
  folder: string;
  pids(): { web: number | null; worker: number | null; postgres: number | null };
  databaseUrl(): string;
  /** Ends the supervisor with a signal and waits for its end. */
  stop(signal?: "SIGTERM" | "SIGINT"): Promise<{ code: number | null; signal: string | null }>;
}

const folders: string[] = [];

/** A new data folder, with mode 0700 and removed by `cleanUp`. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sealpost-system-"));
  folders.push(folder);
  return folder;
}

/** Nothing of the test runner's environment; and no lookup leaves this machine: nobody answers on port 9. */
export function environment(folder: string, more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: folder, SEALPOST_DATA: folder, SEALPOST_DNS: "127.0.0.1:9", ...more };
}

/** Runs the sealpost command. `before` stands in front of it, such as a program that changes the user. */
export function sealpost(args: string[], env: Record<string, string>, before: string[] = []): Running {
  const node = [process.execPath, "--disable-warning=DEP0169", join(ROOT, "lib/cli/main.ts")];
  const [file = "", ...rest] = [...before, ...node, ...args];
  return running(
    spawn(file, rest, { cwd: ROOT, env: { NODE_ENV: "production", ...env }, stdio: ["ignore", "pipe", "pipe"] }),
  );
}

/** `sealpost start` on a folder, up to its last line. */
export async function start(
  folder = newFolder(),
  more: Record<string, string> = {},
  before: string[] = [],
): Promise<Installation> {
  const installation = await begin(folder, more, before);
  await installation.says("Sealpost is ready");
  return installation;
}

/** As `start`, without waiting. */
export async function begin(
  folder = newFolder(),
  more: Record<string, string> = {},
  before: string[] = [],
): Promise<Installation> {
  const port = more.PORT ?? String(await freePort());
  const command = sealpost(["start"], environment(folder, { PORT: port, ...more }), before);
  return {
    ...command,
    url: `http://localhost:${port}`,
    folder,
    pids: () => ({
      web: childOf(command.pid, "web"),
      worker: childOf(command.pid, "worker"),
      postgres: postgresOn(folder),
    }),
    databaseUrl() {
      const { database } = JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8"));
      const host = encodeURIComponent(join(folder, "run/pg"));
      return databaseOn(`postgresql://sealpost:${database}@localhost/postgres?host=${host}`, "sealpost");
    },
    async stop(signal = "SIGTERM") {
      process.kill(command.pid, signal);
      return command.ended;
    },
  };
}

/** Ends what still runs on the test's folders, and removes them. */
export async function cleanUp(): Promise<void> {
  for (const folder of folders.splice(0)) {
    for (const pid of processesOn(folder)) kill(pid);
    for (const limit = Date.now() + 5_000; processesOn(folder).length > 0 && Date.now() < limit; ) await sleep(20);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** kill -9. */
export function kill(pid: number | null): void {
  if (pid === null) throw new Error("There is no process to kill.");
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone already
  }
}

/** Pids of all processes that have to do with a data folder, by their arguments or their environment. */
export function processesOn(folder: string): number[] {
  return pids().filter(
    (pid) => pid !== process.pid && isAlive(pid) && (reads(pid, "cmdline") + reads(pid, "environ")).includes(folder),
  );
}

/** Waits until something is so. @throws Error that names it */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, limit = 20_000): Promise<void> {
  for (const end = Date.now() + limit; !(await isSo()); ) {
    if (Date.now() > end) throw new Error(`Not so within ${limit / 1000} s: ${what}`);
    await sleep(50);
  }
}

/** Status of the health check; 0 when nobody answers. */
export async function health(url: string): Promise<number> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** A port on which nobody listens, in both families. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "::", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function running(child: ChildProcess): Running {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (bytes) => {
    stdout += bytes;
  });
  child.stderr?.on("data", (bytes) => {
    stderr += bytes;
  });
  let over = false;
  const ended = new Promise<{ code: number | null; signal: string | null }>((done) => {
    child.once("close", (code, signal) => {
      over = true;
      done({ code, signal });
    });
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    async says(text) {
      await until(`it says "${text}"`, () => over || stderr.includes(text), 120_000);
      if (!stderr.includes(text)) throw new Error(`It ended without "${text}":\n${stdout}${stderr}`);
    },
  };
}

function childOf(parent: number, role: string): number | null {
  const isIt = (pid: number) =>
    Number(/\) \S (\d+)/.exec(reads(pid, "stat"))?.[1]) === parent &&
    reads(pid, "cmdline").includes(`main.ts\0${role}\0`) &&
    isAlive(pid);
  return pids().find(isIt) ?? null;
}

function postgresOn(folder: string): number | null {
  const file = join(folder, "postgres/cluster/postmaster.pid");
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : 0;
  return pid > 0 && isAlive(pid) ? pid : null;
}

function pids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function reads(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // it has ended
  }
}

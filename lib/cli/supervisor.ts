import { join } from "node:path";
import { ensureDatabase } from "#lib/db/migrations-applied.ts";
import { readSettings, type Settings, unknownSettings } from "#lib/settings.ts";
import { buildDatabaseClient, buildWeb } from "./build.ts";
import { keepRunning } from "./child.ts";
import { openDataFolder, readSecrets, socketFolder } from "./data-folder.ts";
import { folderOwner, holdFolder } from "./instance-lock.ts";
import { keepPostgres } from "./kept-postgres.ts";
import { migrate } from "./migrate.ts";
import { databaseOn } from "./postgres.ts";
import { say, step } from "./progress.ts";
import { interruption } from "./run.ts";

const STOP_LIMIT_MS = 15_000;

/**
 * `sealpost start` and `sealpost dev`: everything on one machine. PostgreSQL (the packaged one unless DATABASE_URL names
 * another), the migrations, the web process and the worker; stopped in the opposite order.
 * @returns the exit code: 0 after an orderly stop, 1 when the start failed
 */
export async function supervise(mode: "start" | "dev"): Promise<number> {
  const stop = stopSignal();
  const settings = readSettings(process.env);
  for (const name of unknownSettings(process.env))
    say(`Warning: ${name} is not a setting of Sealpost; is it misspelt?`);
  const folder = openDataFolder(settings.dataFolder);
  const sockets = socketFolder(folder);
  const release = await holdFolder(sockets);
  if (release === null) {
    const { pid } = await folderOwner(sockets);
    say(
      `Sealpost is running on ${folder} already${pid ? ` (pid ${pid})` : ""}. Stop it first, or set SEALPOST_DATA and PORT.`,
    );
    return 1;
  }
  const opened: (() => Promise<void>)[] = [release];
  try {
    await open(mode, settings, folder, sockets, opened, stop.requested);
    if (!stop.requested()) say(`\nSealpost is ready; stop it with Ctrl-C. Open it at\n${settings.url}`);
    await stop.promise;
    say("Stopping ...");
    return 0;
  } catch (error) {
    if (stop.requested()) return 0; // stopped while starting: the interrupted step is no fault
    throw error;
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

/** Opens everything in order, and notes for each how to close it. */
async function open(
  mode: "start" | "dev",
  settings: Settings,
  folder: string,
  sockets: string,
  opened: (() => Promise<void>)[],
  stopped: () => boolean,
): Promise<void> {
  const secrets = readSecrets(folder);
  const [url] = await Promise.all([
    settings.databaseUrl ?? packagedDatabase(folder, sockets, secrets.database, opened),
    mode === "start" ? buildWeb() : buildDatabaseClient(),
  ]);
  await migrate(url);
  if (stopped()) return;
  const env = {
    DATABASE_URL: url,
    SEALPOST_DATA: folder,
    SEALPOST_SECRET: settings.secret ?? secrets.session,
    NODE_ENV: mode === "start" ? "production" : "development",
  };
  const web = keepRunning("web", mode === "dev" ? ["--dev"] : [], env);
  opened.push(() => web.stop(STOP_LIMIT_MS));
  const worker = keepRunning("worker", [], env);
  opened.push(() => worker.stop(STOP_LIMIT_MS));
  await step("Starting", () => Promise.all([web.ready, worker.ready]));
}

/** Starts the packaged server; returns the address of Sealpost's database on it. */
async function packagedDatabase(
  folder: string,
  sockets: string,
  password: string,
  opened: (() => Promise<void>)[],
): Promise<string> {
  const place = { folder: join(folder, "postgres"), socketFolder: sockets, password };
  const server = await step("Starting PostgreSQL", () => keepPostgres(place));
  opened.push(server.stop);
  await ensureDatabase(server.url, "sealpost");
  return databaseOn(server.url, "sealpost");
}

/** Becomes "requested" at the first SIGTERM, SIGINT or SIGHUP; a second SIGINT ends the process at once. */
function stopSignal(): { promise: Promise<void>; requested: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let requested = false;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (requested && signal === "SIGINT") process.exit(130);
      requested = true;
      interruption.abort();
      resolve();
    });
  }
  return { promise, requested: () => requested };
}

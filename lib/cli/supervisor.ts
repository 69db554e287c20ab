import { join } from "node:path";
import { ensureDatabase } from "#lib/db/migrations-applied.ts";
import { smtpDoorSettings } from "#lib/doors/smtp-settings.ts";
import { probeSettings } from "#lib/lookups/probe-settings.ts";
import { readSettings, type Settings, unknownSettings } from "#lib/settings.ts";
import { buildDatabaseClient, buildWeb } from "./build.ts";
import { keepRunning } from "./child.ts";
import { trustedProxies } from "./client-address.ts";
import { openDataFolder, openSocketFolder, readSecrets } from "./data-folder.ts";
import { holdFolder } from "./instance-lock.ts";
import { keepPostgres } from "./kept-postgres.ts";
import { migrate } from "./migrate.ts";
import { databaseOn } from "./postgres.ts";
import { say, step } from "./progress.ts";
import { interruption } from "./run.ts";

const STOP_LIMIT_MS = 15_000;

/**
 * `sealpost start` and `sealpost dev`: everything on one machine. PostgreSQL (the packaged one unless DATABASE_URL names
 * another), the migrations, the worker and the web process; stopped in the opposite order.
 * @returns the exit code: 0 after an orderly stop, 1 when another one holds the data folder
 * @throws Error with a sentence when the start fails
 */
export async function supervise(mode: "start" | "dev"): Promise<number> {
  const stop = stopSignal();
  const settings = readSettings(process.env);
  // What only the processes below look at; now is the time to say what is wrong with it.
  probeSettings(settings);
  trustedProxies(settings.trustedProxies);
  smtpDoorSettings(settings);
  for (const name of unknownSettings(process.env))
    say(`Warning: ${name} is not a setting of Sealpost; is it misspelt?`);
  const folder = openDataFolder(settings.dataFolder);
  const held = await holdFolder(openSocketFolder(folder));
  if (typeof held !== "function") {
    const who = held.pid === null ? "" : ` (pid ${held.pid})`;
    say(`Sealpost is running on ${folder} already${who}. Stop it first, or set SEALPOST_DATA and PORT.`);
    return 1;
  }
  const opened: (() => Promise<void>)[] = [held];
  try {
    await open(mode, settings, folder, opened, stop);
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
  opened: (() => Promise<void>)[],
  stop: Stop,
): Promise<void> {
  const secrets = readSecrets(folder);
  // Both to their end, also when one fails: a server that is still starting has to be noted before it can be stopped.
  const [database, build] = await Promise.allSettled([
    settings.databaseUrl ?? packagedDatabase(folder, secrets.database, opened),
    mode === "start" ? buildWeb() : buildDatabaseClient(),
  ]);
  if (database.status === "rejected") throw database.reason;
  if (build.status === "rejected") throw build.reason;
  if (stop.requested()) return;
  await migrate(database.value);
  if (stop.requested()) return;
  const env = {
    DATABASE_URL: database.value,
    SEALPOST_DATA: folder,
    SEALPOST_SECRET: settings.secret ?? secrets.session,
    NODE_ENV: mode === "start" ? "production" : "development",
  };
  const worker = keepRunning("worker", [], env);
  opened.push(() => worker.stop(STOP_LIMIT_MS));
  const web = keepRunning("web", build.value === undefined ? ["--dev"] : ["--build", build.value], env);
  opened.push(() => web.stop(STOP_LIMIT_MS));
  await step("Starting", () => Promise.race([Promise.all([web.ready, worker.ready]), stop.promise]));
}

/** Starts the packaged server; returns the address of Sealpost's database on it. */
async function packagedDatabase(folder: string, password: string, opened: (() => Promise<void>)[]): Promise<string> {
  const place = { folder: join(folder, "postgres"), socketFolder: openSocketFolder(folder), password };
  const server = await step("Starting PostgreSQL", () => keepPostgres(place));
  opened.push(server.stop);
  await ensureDatabase(server.url, "sealpost");
  return databaseOn(server.url, "sealpost");
}

interface Stop {
  promise: Promise<void>;
  requested: () => boolean;
}

/** Becomes "requested" at the first SIGTERM, SIGINT or SIGHUP; a second SIGINT ends the process at once. */
function stopSignal(): Stop {
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

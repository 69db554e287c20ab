import { existsSync } from "node:fs";
import { join } from "node:path";
import { closeDatabase } from "#lib/db/client.ts";
import { ensureDatabase } from "#lib/db/migrations-applied.ts";
import { readSettings } from "#lib/settings.ts";
import { buildDatabaseClient } from "./build.ts";
import { openDataFolder, openSocketFolder, readSecrets } from "./data-folder.ts";
import { GUEST } from "./instance-lock.ts";
import { migrate } from "./migrate.ts";
import { databaseOn, startPostgres } from "./postgres.ts";
import { announce, others } from "./presence.ts";
import { interruption } from "./run.ts";

/** As a shell counts a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Runs a command with the configured database: DATABASE_URL, the packaged server of a Sealpost that runs on the data folder,
 * or that server started for this command only. Interrupted, the command ends here and leaves no server behind.
 * @throws Error with a sentence when there is no database yet, or it cannot be reached
 */
export async function withDatabase(run: () => Promise<number>): Promise<number> {
  const settings = readSettings(process.env);
  await buildDatabaseClient();
  let ended = false;
  const interrupted = new Promise<number>((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        ended = true;
        interruption.abort();
        done(INTERRUPTED);
      });
    }
  });
  const opened = settings.databaseUrl === null ? await packaged(settings.dataFolder) : null;
  const url = settings.databaseUrl ?? opened?.url ?? "";
  try {
    process.env.DATABASE_URL = url;
    await migrate(url);
    return await Promise.race([run(), interrupted]);
  } finally {
    await closeDatabase();
    await opened?.close();
    if (ended) process.exit(INTERRUPTED);
  }
}

async function packaged(dataFolder: string): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = openDataFolder(dataFolder);
  if (!existsSync(join(folder, "postgres", "cluster"))) {
    throw new Error(
      `There is no database in ${folder} yet. Run \`npm start\` once, or set SEALPOST_DATA or DATABASE_URL.`,
    );
  }
  const { database: password } = readSecrets(folder);
  const sockets = openSocketFolder(folder);
  const here = await announce(sockets, GUEST);
  const server = await startPostgres({ folder: join(folder, "postgres"), socketFolder: sockets, password });
  await ensureDatabase(server.url, "sealpost");
  return {
    url: databaseOn(server.url, "sealpost"),
    async close() {
      await here.leave();
      // Whoever is still there, a `sealpost start` or another command, goes on with the server.
      if ((await others(sockets)).length === 0) await server.stop();
    },
  };
}

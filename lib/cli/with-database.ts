import { existsSync } from "node:fs";
import { join } from "node:path";
import { closeDatabase } from "#lib/db/client.ts";
import { ensureDatabase } from "#lib/db/migrations-applied.ts";
import { readSettings } from "#lib/settings.ts";
import { buildDatabaseClient } from "./build.ts";
import { openDataFolder, readSecrets, socketFolder } from "./data-folder.ts";
import { migrate } from "./migrate.ts";
import { databaseOn, startPostgres } from "./postgres.ts";

/**
 * Runs a command with the configured database: DATABASE_URL, the packaged server of a Sealpost that runs on the data folder,
 * or that server started for this command only.
 * @throws Error with a sentence when there is no database yet, or it cannot be reached
 */
export async function withDatabase(run: () => Promise<number>): Promise<number> {
  const settings = readSettings(process.env);
  await buildDatabaseClient();
  const opened = settings.databaseUrl === null ? await packaged(settings.dataFolder) : null;
  const url = settings.databaseUrl ?? opened?.url ?? "";
  try {
    process.env.DATABASE_URL = url;
    await migrate(url);
    return await run();
  } finally {
    await closeDatabase();
    await opened?.close();
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
  const server = await startPostgres({
    folder: join(folder, "postgres"),
    socketFolder: socketFolder(folder),
    password,
  });
  await ensureDatabase(server.url, "sealpost");
  // A server that was running already belongs to somebody else, who stops it.
  return { url: databaseOn(server.url, "sealpost"), close: server.adopted ? async () => {} : server.stop };
}

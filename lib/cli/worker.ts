import { deleteExpired } from "#lib/db/clean-up.ts";
import { closeDatabase } from "#lib/db/client.ts";
import { startJobs } from "#lib/db/jobs.ts";
import { lookUpDue } from "#lib/lookups/look-up-due.ts";
import { settings } from "#lib/settings.ts";
import { say } from "./progress.ts";
import { untilTold } from "./until-told.ts";

/** `sealpost worker`: scheduled lookups and cleaning up, until it is told to stop. */
export async function worker(): Promise<number> {
  if (settings().databaseUrl === null) {
    throw new Error("`sealpost worker` needs DATABASE_URL; `sealpost start` brings its own PostgreSQL.");
  }
  const stop = await startJobs(
    [
      { name: "look-up-due", cron: "*/2 * * * *", run: lookUpDue },
      { name: "delete-expired", cron: "17 * * * *", run: deleteExpired },
    ],
    (what, error) => say(`${what} failed: ${error instanceof Error ? error.message : String(error)}`),
  );
  process.send?.("ready");
  await untilTold();
  await stop();
  await closeDatabase();
  return 0;
}

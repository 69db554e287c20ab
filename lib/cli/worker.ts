import { deleteExpired } from "#lib/db/clean-up.ts";
import { closeDatabase } from "#lib/db/client.ts";
import { startJobs } from "#lib/db/jobs.ts";
import { runMailboxes } from "#lib/doors/run-mailboxes.ts";
import { openSmtpDoor } from "#lib/doors/smtp-door.ts";
import { smtpDoorSettings } from "#lib/doors/smtp-settings.ts";
import { lookUpDue } from "#lib/lookups/look-up-due.ts";
import { removePastRetention } from "#lib/reports/retention.ts";
import { verifyAgain } from "#lib/reports/verify-again.ts";
import { settings } from "#lib/settings.ts";
import { say } from "./progress.ts";
import { untilTold } from "./until-told.ts";

/** `sealpost worker`: scheduled lookups, second tries, cleaning up, the SMTP door and mailboxes, until it is told to stop. */
export async function worker(): Promise<number> {
  if (settings().databaseUrl === null) {
    throw new Error("`sealpost worker` needs DATABASE_URL; `sealpost start` brings its own PostgreSQL.");
  }
  const smtp = smtpDoorSettings(settings());
  const failed = (what: string, error: unknown) =>
    say(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
  const stop = await startJobs(
    [
      { name: "look-up-due", cron: "*/2 * * * *", run: lookUpDue },
      { name: "delete-expired", cron: "17 * * * *", run: deleteExpired },
      { name: "verify-again", cron: "*/10 * * * *", run: verifyAgain },
      { name: "remove-past-retention", cron: "41 2 * * *", run: removePastRetention },
    ],
    failed,
  );
  const stopMailboxes = runMailboxes(failed);
  const door = "closed" in smtp ? null : await openSmtpDoor(smtp, say);
  if ("closed" in smtp) say(`The SMTP door stays closed: ${smtp.closed}.`);
  process.send?.("ready");
  await untilTold();
  await Promise.all([door?.stop(), stop(), stopMailboxes()]);
  await closeDatabase();
  return 0;
}

import { PgBoss } from "pg-boss";
import { settings } from "#lib/settings.ts";

/** Work that comes round again, done by one worker at a time however many there are. */
export interface RecurringJob {
  name: string;
  /** Cron expression, UTC. */
  cron: string;
  run: () => Promise<void>;
}

const JOB_LIMIT_SECONDS = 3_600;
const POLL_SECONDS = 10;

/**
 * Starts this process's part in the recurring jobs; the queue is in the database.
 * @param failed is told of each job that threw, and of faults of the queue itself
 * @returns a function that stops, after the jobs under way
 */
export async function startJobs(
  jobs: readonly RecurringJob[],
  failed: (what: string, error: unknown) => void,
): Promise<() => Promise<void>> {
  const boss = new PgBoss({
    ...(settings().databaseUrl ? { connectionString: settings().databaseUrl ?? "" } : {}),
    max: 3,
    application_name: "sealpost worker",
  });
  boss.on("error", (error) => failed("The job queue", error));
  await boss.start();
  for (const { name, cron, run } of jobs) {
    await boss.createQueue(name, { policy: "singleton", expireInSeconds: JOB_LIMIT_SECONDS, retryLimit: 0 });
    await boss.schedule(name, cron, null, { tz: "UTC" });
    await boss.work(name, { pollingIntervalSeconds: POLL_SECONDS }, async () => {
      await run().catch((error: unknown) => {
        failed(`The job ${name}`, error);
        throw error;
      });
    });
    await boss.send(name, null, { singletonKey: "at-start", singletonSeconds: 60 });
  }
  return () => boss.stop({ graceful: true, timeout: 10_000 });
}

import { PgBoss } from "pg-boss";
import { settings } from "#lib/settings.ts";
import { sql } from "./client.ts";
import { oncePerMinute, queueFault } from "./queue-fault.ts";

/** Work that comes round again, done by one worker at a time however many there are. */
export interface RecurringJob {
  name: string;
  /** Cron expression, UTC. */
  cron: string;
  run: () => Promise<unknown>;
}

const JOB_LIMIT_SECONDS = 3_600;
/** Of a statement of the queue itself: each takes milliseconds, and waits for ever where a server says nothing more. */
const STATEMENT_LIMIT_MS = 60_000;
/** As long as somebody who has just added domains waits for the first lookup. */
const POLL_SECONDS = 3;

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
    ...{ max: 3, query_timeout: STATEMENT_LIMIT_MS }, // the latter is for the driver
    application_name: "sealpost worker",
  });
  const tell = oncePerMinute((fault) => failed("The job queue", fault), Date.now);
  boss.on("error", (error: unknown) => tell(queueFault(error)));
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

/**
 * Asks the workers to do a recurring job now rather than at its time; when one is at it, it is done again after that.
 * @returns false when no worker has ever been there to take it, or the database is away: it comes at its time all the same
 */
export async function askForJob(name: string): Promise<boolean> {
  // Through the pool of this process, and without the parts that only a worker needs.
  const boss = new PgBoss({
    db: { executeSql: async (text, values = []) => ({ rows: await sql(text, values) }) },
    ...{ migrate: false, supervise: false, schedule: false },
  });
  boss.on("error", () => {}); // told by what follows
  try {
    await boss.start();
    return (await boss.send(name, null)) !== null;
  } catch {
    return false;
  } finally {
    await boss.stop({ graceful: false }).catch(() => {});
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { type PostgresPlace, startPostgres } from "./postgres.ts";
import { say } from "./progress.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Starts (or adopts) the packaged PostgreSQL and starts it again whenever it ends, until `stop` is called.
 * @throws Error with a sentence when the first start fails
 */
export async function keepPostgres(place: PostgresPlace): Promise<{ url: string; stop: () => Promise<void> }> {
  let server = await startPostgres(place);
  if (server.adopted) say(`PostgreSQL was still running (pid ${server.pid}); adopted.`);
  let stopping = false;

  const watch = async () => {
    while (!stopping) {
      await server.gone;
      for (let wait = FIRST_WAIT_MS; !stopping; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
        say(`PostgreSQL ended; it starts again in ${wait / 1000} s.`);
        await sleep(wait);
        if (stopping) return;
        try {
          server = await startPostgres(place);
          say("PostgreSQL is back.");
          break;
        } catch (error) {
          say(error instanceof Error ? error.message : String(error));
        }
      }
    }
  };
  void watch();
  return {
    url: server.url,
    async stop() {
      stopping = true;
      await server.stop();
    },
  };
}

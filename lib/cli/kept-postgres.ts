import { setTimeout as sleep } from "node:timers/promises";
import { type PostgresPlace, startPostgres } from "./postgres.ts";
import { say } from "./progress.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A server that has run this long was healthy; its next fall starts the waiting anew. */
const HEALTHY_MS = 60_000;

/**
 * Starts (or adopts) the packaged PostgreSQL and starts it again, after a growing pause, whenever it ends, until `stop` is
 * called.
 * @throws Error with a sentence when the first start fails
 */
export async function keepPostgres(place: PostgresPlace): Promise<{ url: string; stop: () => Promise<void> }> {
  let server = await startPostgres(place);
  if (server.adopted) say(`PostgreSQL was still running (pid ${server.pid}); adopted.`);
  const stopping = new AbortController();
  let starting: Promise<void> | undefined;

  const start = async () => {
    try {
      server = await startPostgres(place);
      say("PostgreSQL is back.");
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  const watch = async () => {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const began = Date.now();
      await server.gone;
      if (Date.now() - began > HEALTHY_MS) wait = FIRST_WAIT_MS;
      if (stopping.signal.aborted) return;
      say(`PostgreSQL ended; it starts again in ${wait / 1000} s.`);
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      starting = start();
      await starting;
    }
  };
  void watch();
  return {
    url: server.url,
    async stop() {
      stopping.abort();
      await starting; // what is just coming up has to be stopped too
      await server.stop();
    },
  };
}

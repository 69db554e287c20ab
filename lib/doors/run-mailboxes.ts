import { setTimeout as sleep } from "node:timers/promises";
import { claimMailbox } from "#lib/db/mailbox-lease.ts";
import { watchMailbox } from "./watch-mailbox.ts";

/** As long as somebody who has just added a mailbox waits for its first mail. */
const CLAIM_MS = 3_000;
/** Connections that one worker holds open; others take the rest. */
const MOST_MAILBOXES = 500;

/**
 * Starts this process's part in reading the mailboxes: each is read by one worker at a time, whichever takes it first.
 * @param failed is told of faults of our own
 * @returns a function that stops, after what is under way
 */
export function runMailboxes(failed: (what: string, error: unknown) => void): () => Promise<void> {
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const loop = async () => {
    while (!stop.signal.aborted) {
      await claimAll(running, stop.signal, failed).catch(() => {}); // the database is away: it comes back
      await sleep(CLAIM_MS, undefined, { signal: stop.signal }).catch(() => {});
    }
    await Promise.all(running);
  };
  const ended = loop();
  return async () => {
    stop.abort();
    await ended;
  };
}

async function claimAll(
  running: Set<Promise<void>>,
  signal: AbortSignal,
  failed: (what: string, error: unknown) => void,
): Promise<void> {
  while (running.size < MOST_MAILBOXES && !signal.aborted) {
    const lease = await claimMailbox();
    if (lease === null) return;
    const tell = (error: unknown) => failed(`Reading the mailbox ${lease.mailboxId}`, error);
    const watching = watchMailbox(lease, signal, tell)
      .catch(tell)
      .finally(() => running.delete(watching));
    running.add(watching);
  }
}

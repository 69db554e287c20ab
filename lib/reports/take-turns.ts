import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * As long as others wait for work that waits for nothing itself. A request for a page would not notice ten; but a transaction
 * is open while the database's answers wait, and it asks several times.
 */
const TURN_MS = 2;

/** Gives what lets everything else have its turn, if it was long enough since the last one. */
export function takingTurns(): () => Promise<void> {
  let due = performance.now() + TURN_MS;
  return async () => {
    if (performance.now() < due) return;
    await nextTurn();
    due = performance.now() + TURN_MS;
  };
}

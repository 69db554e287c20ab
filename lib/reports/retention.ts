import { horizons, removeOldBytes, thinOldReports } from "#lib/db/retention.ts";

/** What a nightly run has removed. */
export interface Removed {
  files: number;
  reports: number;
}

/**
 * Removes what is past the time that each team keeps it, batch by batch, so that nobody waits for it and an interruption loses
 * nothing; the totals stay as they are.
 */
export async function removePastRetention(): Promise<Removed> {
  const removed: Removed = { files: 0, reports: 0 };
  for (const horizon of await horizons()) {
    removed.files += await allOf(() => removeOldBytes(horizon));
    removed.reports += await allOf(() => thinOldReports(horizon));
  }
  return removed;
}

async function allOf(batch: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let more = await batch(); more > 0; more = await batch()) sum += more;
  return sum;
}

import { setTimeout as sleep } from "node:timers/promises";
import { announce, others } from "./presence.ts";
import { interruption } from "./run.ts";

/** Who holds a folder; the pid is null when the holder is too busy to say. */
export interface Holder {
  pid: number | null;
}

/** What a process that only uses the folder says; it does not compete. */
export const GUEST = "guest";
const TRYING = "trying";
const HOLDING = "holding";

/**
 * Holds a folder for this process until it ends, however that happens; of several that try at the same moment exactly one
 * succeeds. Whoever sees an earlier one trying gives way, the earliest waits until the others have; one that saw nobody
 * was there before all others could look.
 * @returns a function that lets go, or who holds the folder
 */
export async function holdFolder(folder: string): Promise<(() => Promise<void>) | Holder> {
  const mine = await announce(folder, TRYING);
  for (;;) {
    const rivals = (await others(folder, mine)).filter(({ words }) => words !== GUEST);
    const [first] = rivals;
    if (first === undefined) {
      mine.say(HOLDING);
      return mine.leave;
    }
    const winner = rivals.find(({ name, words }) => words !== TRYING || name < mine.name);
    if (winner !== undefined) {
      await mine.leave();
      return { pid: winner.pid };
    }
    await sleep(20);
  }
}

/** Runs what only one process at a time may do; the others wait, after `tell` was called once. */
export async function oneAtATime<T>(folder: string, work: () => Promise<T>, tell = () => {}): Promise<T> {
  for (let told = false; ; told = true) {
    const release = await holdFolder(folder);
    if (typeof release === "function") {
      try {
        return await work();
      } finally {
        await release();
      }
    }
    if (!told) tell();
    await sleep(200, undefined, { signal: interruption.signal });
  }
}

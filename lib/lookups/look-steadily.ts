import { setTimeout as sleep } from "node:timers/promises";

/** How many things may be done at the same time, and what becomes of those that take long. */
export interface Pace {
  atOnce: number;
  /** Milliseconds after which a task gives its place to the next one and goes on beside it. */
  slowAfter: number;
  /** Tasks that may go on like that; one more keeps its place. */
  slowAtOnce: number;
  /** Milliseconds after which a task is no longer waited for. */
  longest: number;
}

/**
 * Does a task for each thing that `next` gives, until it gives none: always as many at the same time, so that neither memory
 * nor the load on resolvers grows with their number, and a dead one holds nobody up.
 * @returns the errors of tasks that threw or took too long
 * @throws what `next` throws, once the tasks under way are done
 */
export async function doSteadily<T>(
  next: () => Promise<T | null>,
  task: (thing: T) => Promise<unknown>,
  pace: Pace,
): Promise<unknown[]> {
  const errors: unknown[] = [];
  const slow = new Set<Promise<unknown>>();
  const work = async () => {
    for (let thing = await next(); thing !== null; thing = await next()) {
      const done = within(task(thing), pace.longest).catch((error: unknown) => errors.push(error));
      if (await doneWithin(done, pace.slowAfter)) continue;
      if (slow.size >= pace.slowAtOnce) {
        await done;
        continue;
      }
      slow.add(done);
      void done.finally(() => slow.delete(done));
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: pace.atOnce }, work));
  await Promise.all(slow);
  for (const worker of workers) if (worker.status === "rejected") throw worker.reason;
  return errors;
}

/** True when a promise that does not reject is settled in time. */
async function doneWithin(done: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const over = new AbortController();
  const late = sleep(milliseconds, false, { signal: over.signal }).catch(() => false);
  const isDone = await Promise.race([done.then(() => true), late]);
  over.abort();
  return isDone;
}

/** What a promise comes to. @throws when that takes longer */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No end after ${milliseconds} ms.`)), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

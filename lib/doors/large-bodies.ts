import { constants, gunzipSync } from "node:zlib";
import { MAX_INFLATED_BYTES, MAX_RATIO, RATIO_FREE_BYTES } from "#lib/reports/limits.ts";
import { type Kind, sniff } from "#lib/reports/sniff.ts";
import type { HttpsLimits } from "./limits.ts";

/** Enough to see what a gzip file begins with. */
const BEGINNING = 512;

/** What gzip data holds, by its beginning; null where that cannot be read. */
export function kindInGzip(bytes: Buffer): Kind | null {
  try {
    const finishFlush = constants.Z_SYNC_FLUSH; // or else it would demand the end
    return sniff(gunzipSync(bytes.subarray(0, BEGINNING), { finishFlush }));
  } catch {
    return null;
  }
}

/** What some bytes may come to once they are read, whatever they say of that themselves. */
export function mayComeTo(bytes: Buffer): number {
  const kind = sniff(bytes);
  // In each of these may be something that is compressed once more, and the ratio to which that may inflate holds each time.
  if (kind === "zip" || kind === "mail" || kind === "utf-16") return MAX_INFLATED_BYTES;
  if (kind !== "gzip") return bytes.length;
  if (kindInGzip(bytes) !== "json") return MAX_INFLATED_BYTES;
  return Math.min(Math.max(bytes.length * MAX_RATIO, RATIO_FREE_BYTES), MAX_INFLATED_BYTES);
}

/**
 * Lets work that needs memory begin as far as there is some; the rest waits in turn, and not for ever.
 * @returns a function that does work of a size, or gives null when its turn did not come in time
 */
export function inRoom({ largeBytes, largeWaitMs }: Pick<HttpsLimits, "largeBytes" | "largeWaitMs">) {
  const queue = new Set<{ size: number; go: () => void }>();
  let used = 0;
  // What is larger than the room by itself goes alone.
  const fits = (size: number) => used === 0 || used + size <= largeBytes;
  const next = () => {
    for (const one of queue) {
      if (!fits(one.size)) return;
      queue.delete(one);
      used += one.size;
      one.go();
    }
  };
  const enter = (size: number): Promise<boolean> =>
    new Promise((done) => {
      const late = setTimeout(() => {
        queue.delete(one);
        done(false);
        next(); // those behind it may be smaller
      }, largeWaitMs);
      const one = {
        size,
        go: () => {
          clearTimeout(late);
          done(true);
        },
      };
      queue.add(one);
      next();
    });
  return async <T>(size: number, work: () => Promise<T>): Promise<T | null> => {
    if (!(await enter(size))) return null;
    try {
      return await work();
    } finally {
      used -= size;
      next();
    }
  };
}

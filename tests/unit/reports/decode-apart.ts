import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Decoded } from "#lib/reports/place.ts";

export interface FileToDecode {
  bytes: Uint8Array;
  name: string | null;
}

let thread: Worker | null = null;
let busy = false;

/**
 * Decodes in another thread: where that hangs, the test meets its own limit, and not the whole run. One call at a time;
 * `endIfBusy` belongs behind each test, and `end` behind all.
 */
export async function decodeApart(files: FileToDecode[]): Promise<Decoded[][]> {
  thread ??= new Worker(new URL("./decode-apart-worker.ts", import.meta.url));
  busy = true;
  thread.postMessage(files);
  const [results] = await once(thread, "message");
  busy = false;
  return results;
}

/** Ends a thread that has not answered; the next call starts another. */
export async function endIfBusy(): Promise<void> {
  if (busy) await end();
}

/** Ends the thread. */
export async function end(): Promise<void> {
  await thread?.terminate();
  thread = null;
  busy = false;
}

import { createInflateRaw, inflateRawSync } from "node:zlib";
import { MAX_INFLATED_BYTES, MAX_RATIO, MAX_SYNC_BYTES, RATIO_FREE_BYTES } from "./limits.ts";
import { Refusal, type RejectedCode, rejected } from "./refusal.ts";

/** What all compressed data of one file may still come to. */
export interface Budget {
  left: number;
}

export interface Inflated {
  bytes: Buffer;
  /** How many of the compressed bytes were read. */
  read: number;
}

/** Whose deflate data it is, for reasons and codes. */
export interface Wrapping {
  what: string;
  truncated: RejectedCode;
  damaged: RejectedCode;
}

const STREAM_CHUNK = 64 * 1024;
/** Reports shrink to a tenth or a fiftieth. */
const USUAL_RATIO = 50;
/** RFC 1951 §3.2.5: 258 bytes are the longest match, and two codes of one bit name it. */
const MOST_OF_DEFLATE = (258 * 8) / 2;

/** Whether so much compressed data is inflated at once, without waiting. */
export function isSmall(deflated: Buffer): boolean {
  return deflated.length <= MAX_SYNC_BYTES;
}

/**
 * Inflates raw deflate data (RFC 1951), never to more than its budget and ratio allow. Throws a Refusal. Large data is done
 * in pieces on libuv's threads, so that a bomb is stopped long before it is big.
 */
export async function inflate(deflated: Buffer, sizeHint: number, budget: Budget, from: Wrapping): Promise<Inflated> {
  if (isSmall(deflated)) return inflateNow(deflated, sizeHint, budget, from);
  try {
    return charge(await inflateLarge(deflated, sizeHint, budget), budget);
  } catch (error) {
    throw explain(error, deflated, budget, from);
  }
}

/** The same for small data, at once: waiting would be a tenth of the time of reading a usual report. */
export function inflateNow(deflated: Buffer, sizeHint: number, budget: Budget, from: Wrapping): Inflated {
  try {
    return charge(inflateSmall(deflated, sizeHint, budget), budget);
  } catch (error) {
    throw explain(error, deflated, budget, from);
  }
}

function charge(inflated: Inflated, budget: Budget): Inflated {
  budget.left -= inflated.bytes.length;
  return inflated;
}

/** How far some bytes may be inflated, and what it is that ends it there. */
function limitOf(compressed: number, budget: Budget): { most: number; why: "ratio" | "too-large" } {
  const most = Math.max(RATIO_FREE_BYTES, compressed * MAX_RATIO);
  return most < budget.left ? { most, why: "ratio" } : { most: Math.max(budget.left, 0), why: "too-large" };
}

function inflateSmall(deflated: Buffer, sizeHint: number, budget: Budget): Inflated {
  // A buffer of the right size at once saves a third of the time; the hint is only believed as far as real reports shrink.
  const believed = Math.max(STREAM_CHUNK, USUAL_RATIO * deflated.length);
  const chunkSize = Math.min(Math.max(sizeHint + 1, 1024), believed);
  const result: unknown = inflateRawSync(deflated, {
    info: true,
    // Zero would mean no limit.
    maxOutputLength: Math.max(limitOf(deflated.length, budget).most, 1),
    chunkSize,
  });
  if (!isInfo(result)) throw new TypeError("inflateRawSync() gave no information");
  return { bytes: result.buffer, read: result.engine.bytesWritten };
}

function isInfo(result: unknown): result is { buffer: Buffer; engine: { bytesWritten: number } } {
  return typeof result === "object" && result !== null && "engine" in result;
}

class TooMuch extends Error {
  readonly why: "ratio" | "too-large";
  constructor(why: "ratio" | "too-large") {
    super(why);
    this.why = why;
  }
}

async function inflateLarge(deflated: Buffer, sizeHint: number, budget: Budget): Promise<Inflated> {
  const engine = createInflateRaw({ chunkSize: STREAM_CHUNK });
  engine.end(deflated);
  // One buffer that is filled: pieces and what they are joined to are twice as much. A hint that promises too much costs
  // nothing, since the system gives memory that is written to.
  const { most: atMost } = limitOf(deflated.length, budget);
  let bytes: Buffer = Buffer.allocUnsafeSlow(Math.min(Math.max(sizeHint, STREAM_CHUNK), atMost));
  let size = 0;
  for await (const chunk of engine) {
    // The ratio is judged as it goes: a bomb is over after its first megabyte. Leaving the loop destroys the engine.
    const { most, why } = limitOf(engine.bytesWritten, budget);
    if (size + chunk.length > most) throw new TooMuch(why);
    if (size + chunk.length > bytes.length) bytes = grown(bytes, size + chunk.length, most);
    bytes.set(chunk, size);
    size += chunk.length;
  }
  return { bytes: bytes.subarray(0, size), read: engine.bytesWritten };
}

function grown(bytes: Buffer, needed: number, most: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(2 * bytes.length, most)));
  larger.set(bytes);
  return larger;
}

function explain(error: unknown, deflated: Buffer, budget: Budget, from: Wrapping): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  const { most, why: limit } = limitOf(deflated.length, budget);
  // What was inflated in vain counts too, as the most that it can have been: an archive of bombs is over when the budget is.
  budget.left -= Math.min(most, MAX_SYNC_BYTES * MAX_RATIO, deflated.length * MOST_OF_DEFLATE);
  const tooMuch = code === "ERR_BUFFER_TOO_LARGE" ? limit : null;
  const why = error instanceof TooMuch ? error.why : tooMuch;
  if (why === "ratio") {
    return new Refusal(rejected("ratio", `${from.what} inflates to more than ${MAX_RATIO} times its size`));
  }
  if (why === "too-large") {
    const most = MAX_INFLATED_BYTES / 1024 / 1024;
    return new Refusal(rejected("too-large", `what the file inflates to is more than ${most} MB in all`));
  }
  if (code === "Z_BUF_ERROR") {
    return new Refusal(rejected(from.truncated, `${from.what} is cut off: it ends before its data does`));
  }
  if (typeof code === "string" && code.startsWith("Z_")) {
    return new Refusal(rejected(from.damaged, `${from.what} is damaged and cannot be inflated`));
  }
  return error;
}

import { randomBytes } from "node:crypto";

let last = { time: 0, count: 0 };

/**
 * A fresh UUID version 7: made by the program, ordered by time, so that indexes grow at their end. Those of one millisecond
 * are counted (RFC 9562 §6.2, method 1), so that one process's ids are in the order in which they were made.
 */
export function newId(now: number = Date.now()): string {
  const time = Math.max(now, last.time);
  const count = time === last.time ? last.count + 1 : 0;
  // 12 bits of count; the 4097th of a millisecond borrows the next one.
  last = count > 0xfff ? { time: time + 1, count: 0 } : { time, count };
  const bytes = randomBytes(16);
  bytes.writeUIntBE(last.time, 0, 6);
  bytes.writeUInt16BE(0x7000 | last.count, 6);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** True for a text in the form of an id; PostgreSQL answers any other with an error instead of "nothing". */
export function isId(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

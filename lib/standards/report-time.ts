import type { QuirkCode } from "./report-quirks.ts";

// RFC 3339 §5.6, and what real senders make of it: a blank for the T, no seconds, no zone (quirk 11).
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)([Tt ])(\d\d):(\d\d)(?::(\d\d)(?:([.,])(\d{1,12}))?)?(?:([Zz])| ?([+-])(\d\d):?(\d\d))?$/;
// The usual form, in days that every month has: nothing to convert and nothing to check.
const USUAL = /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const ZERO = 0x30;
const MINUTE = 60_000;
const DAY = 86_400_000;

/** A time as milliseconds since 1970 and as text in UTC, and what was odd about it. */
export interface ReadTime {
  time: number;
  /** With `Z`; milliseconds only when there are some. Its first ten letters are the day. */
  text: string;
  quirks: readonly QuirkCode[];
}

/** Reads a date and time; null when it is none. A missing zone is UTC: `new Date()` would take the machine's own. */
export function readTime(sent: string): ReadTime | null {
  if (USUAL.test(sent)) return { time: usualTime(sent), text: sent, quirks: [] };
  const match = TIME.exec(sent.trim());
  if (match === null) return null;
  const [, year, month, day, separator, hour, minute, second = "", point, fraction = "", zulu, sign, oh, om] = match;
  const quirks: QuirkCode[] = [];
  const zoned = zulu !== undefined || sign !== undefined;
  if (!zoned) quirks.push("date-without-zone");
  if (separator === " " || second === "" || point === "," || /[+-]\d{4}$| [+-]/.test(sent)) {
    quirks.push("date-format");
  }
  // RFC 3339 §5.7 allows a leap second; it is read as the second before it.
  const seconds = Math.min(Number(second), 59);
  const millis = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), seconds, millis);
  const offset = (Number(oh ?? 0) * 60 + Number(om ?? 0)) * MINUTE;
  const sane =
    Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60 && Number(oh ?? 0) < 24 && Number(om ?? 0) < 60;
  // Date.UTC() takes the 31st of February for the second of March.
  if (!sane || new Date(local).getUTCMonth() !== Number(month) - 1) return null;
  const time = sign === "-" ? local + offset : local - offset;
  return { time, text: new Date(time).toISOString().replace(".000Z", "Z"), quirks };
}

// `Date.parse` takes twice as long.
function usualTime(text: string): number {
  const two = (at: number) => (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
  return Date.UTC(2000 + two(2), two(5) - 1, two(8), two(11), two(14), two(17));
}

/** True at the start of a UTC day. */
export function isMidnight(time: number): boolean {
  return time % DAY === 0;
}

/** True for a range of one day, with its end at 23:59:59 or at the next midnight (RFC 8460 §4.1, quirk 12). */
export function isOneDay(begin: number, end: number): boolean {
  return end - begin >= DAY - 1000 && end - begin <= DAY;
}

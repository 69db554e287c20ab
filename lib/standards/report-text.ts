import { isIpAddress } from "./report-ip.ts";
import type { QuirkCode } from "./report-quirks.ts";
import { isEmpty, pathTo, type Reading, shown, Unreadable } from "./report-reading.ts";

/** A text as sent, or null when it is absent or empty. A number is read as text; other types are left out. */
export function readText(reading: Reading, value: unknown): string | null {
  if (typeof value === "string") {
    const text = clean(reading, value);
    if (text.length > 0 && !(text.charCodeAt(0) <= 0x20 && text.trim() === "")) return text;
    reading.quirks.add("empty-optional");
    return null;
  }
  if (value === undefined) return null;
  reading.quirks.add(value === null ? "null-optional" : "wrong-type");
  return typeof value === "number" ? String(value) : null;
}

/** A text that the RFC expects: its absence is named, with whatever says nothing taken as absence. */
export function readExpected(reading: Reading, value: unknown, missing: QuirkCode): string | null {
  const text = isEmpty(value) ? null : readText(reading, value);
  if (text === null) reading.quirks.add(missing);
  return text;
}

/** An address as sent; what is no IP address is kept and named (quirk 15: "x.x.x.x"). */
export function readIp(reading: Reading, value: unknown): string | null {
  const text = readText(reading, value)?.trim() ?? null;
  if (text !== null && !isIpAddress(text)) reading.quirks.add("ip-invalid");
  return text;
}

interface ListQuirks {
  string: QuirkCode;
  json: QuirkCode;
}

/**
 * A list of texts: null when absent or empty text, [] when it was sent as []. One string is a list of one (quirks 1 and
 * 7), and a string that holds a JSON array is that array (quirk 10). Empty entries stay: a policy is given as published,
 * errors included (RFC 8460 §4.4).
 */
export function readList(reading: Reading, value: unknown, key: string, quirks: ListQuirks): string[] | null {
  if (Array.isArray(value)) {
    const only = value.length === 1 ? unfold(reading, value[0], key, quirks.json) : null;
    return only ?? readEntries(reading, value, key);
  }
  const unfolded = unfold(reading, value, key, quirks.json);
  if (unfolded !== null) return unfolded;
  const text = readText(reading, value);
  if (text !== null) reading.quirks.add(quirks.string);
  return text === null ? null : [text];
}

function readEntries(reading: Reading, values: unknown[], key: string): string[] {
  if (values.length > reading.limits.entries) {
    throw new Unreadable(
      "too-many-entries",
      `${pathTo(reading, key)} has ${values.length} entries, more than ${reading.limits.entries}`,
    );
  }
  const entries: string[] = [];
  for (const value of values) {
    const text = value === "" ? "" : readText(reading, value);
    if (text !== null) entries.push(text);
  }
  return entries;
}

function unfold(reading: Reading, value: unknown, key: string, quirk: QuirkCode): string[] | null {
  // Quirk 10: Microsoft sends all TLSA records of a host as one string, "[\"3 1 1 6007…\",\"3 1 1 837C…\"]".
  if (typeof value !== "string" || !value.startsWith("[") || value.length > 100 * reading.limits.text) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || !parsed.every((entry) => typeof entry === "string")) return null;
  reading.quirks.add(quirk);
  return readEntries({ ...reading, unicodeEscapes: true }, parsed, key);
}

/** RFC 8460 §4.4: counts are integers. Null when the count is missing; anything else than a safe integer is refused. */
export function readCount(reading: Reading, value: unknown, key: string): number | null {
  // RFC 7493 §2.2: beyond 2^53 a number does not survive.
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value === 0 ? 0 : value;
  const text = typeof value === "string" ? value.trim() : value;
  if (isEmpty(text)) return null;
  if (typeof text === "string" && /^[0-9]+(?:\.0+)?$/.test(text) && Number.isSafeInteger(Number(text))) {
    reading.quirks.add("count-as-string");
    return Number(text);
  }
  throw new Unreadable(
    "count-invalid",
    `${pathTo(reading, key)} is ${shown(value)}, not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
  );
}

function clean(reading: Reading, sent: string): string {
  let text = sent;
  if (reading.unicodeEscapes) {
    if (text.includes("\0")) {
      reading.quirks.add("nul-removed");
      text = text.replaceAll("\0", "");
    }
    if (!text.isWellFormed()) {
      reading.quirks.add("lone-surrogate");
      text = text.toWellFormed();
    }
  }
  if (text.length <= reading.limits.text) return text;
  reading.quirks.add("text-cut");
  // A surrogate pair at the cut is left out as a whole.
  return text.slice(0, reading.limits.text).replace(/[\ud800-\udbff]$/, "");
}

/** A token of the RFC: in lower case when it is known (quirk 18: `STS`), as sent when it is not (quirk 19). */
export function readToken(
  reading: Reading,
  value: unknown,
  isKnown: (token: string) => boolean,
  otherCase: QuirkCode,
  unknown: QuirkCode,
): string | null {
  if (typeof value === "string" && isKnown(value)) return value;
  const text = readText(reading, value);
  if (text === null) return null;
  const token = text.trim().toLowerCase();
  reading.quirks.add(isKnown(token) ? otherCase : unknown);
  return isKnown(token) ? token : text;
}

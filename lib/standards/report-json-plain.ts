import { type PlainFailures, takeFailures } from "./report-failures-plain.ts";
import type { JsonLimits } from "./report-json.ts";
import type { ReportLimits } from "./report-reading.ts";

const NUL = 0;
const QUOTE = 0x22;
const COLON = 0x3a;
const BLANK = 0x20;

/**
 * The value of a JSON text that is wholly in order, at half the price of the scanner: `JSON.parse` reads it, and of two
 * equal keys keeps one, so that it then has fewer keys than the text has. Undefined when there is something to say about
 * the text, or when nothing is known; then `scanJson` says it.
 */
export function parsePlainJson(text: string, limits: JsonLimits, reportLimits: ReportLimits): unknown {
  // With its comma or its brackets each value takes two letters; so this many are within the limit, whatever they are.
  if (text.length >= 2 * limits.values) return undefined;
  // An escape can hide what is counted below.
  if (text.includes("\\")) return undefined;
  const { rest, taken } = takeFailures(text, reportLimits);
  let value: unknown;
  try {
    value = JSON.parse(rest);
  } catch {
    return undefined;
  }
  return quotesBeforeColons(rest) === keysAndColons(value, limits.depth, taken) ? value : undefined;
}

/**
 * How often a colon follows a quote: behind each key, and where a string begins with a colon. Not a number where a blank
 * stands before one, as between a key and its colon it may (RFC 8259 §2).
 */
function quotesBeforeColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before === QUOTE) count++;
    else if (before <= BLANK) return Number.NaN;
  }
  return count;
}

/** The same, of what was read; not a number where it is nested deeper than `depth`. Puts failures back in their places. */
function keysAndColons(value: unknown, depth: number, taken: readonly PlainFailures[]): number {
  if (typeof value === "string") return beginsWithColon(value);
  if (typeof value !== "object" || value === null) return 0;
  if (depth === 0) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const entry of value) count += keysAndColons(entry, depth - 1, taken);
    return count;
  }
  const fields = value as Record<string, unknown>;
  for (const key in fields) {
    const sent = fields[key];
    count += 1 + beginsWithColon(key) + keysAndColons(sent, depth - 1, taken);
    if (typeof sent === "string" && sent.charCodeAt(0) === NUL) {
      // An array and the objects in it.
      if (depth < 3) return Number.NaN;
      fields[key] = taken[Number(sent.slice(1))];
    }
  }
  return count;
}

function beginsWithColon(text: string): number {
  return text.charCodeAt(0) === COLON ? 1 : 0;
}

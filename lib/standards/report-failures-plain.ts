import { type Failure, readAdditional, readResultType } from "./report-failure.ts";
import { findLayout, type Layout, latestLayout, MAX_NEW_LAYOUTS } from "./report-failure-layout.ts";
import { readHelo, readName } from "./report-name.ts";
import type { QuirkCode } from "./report-quirks.ts";
import { type Reading, type ReportLimits, startReading } from "./report-reading.ts";
import { readText } from "./report-text.ts";

/** Entries of one `failure-details` that were read already, and what was odd about them. No JSON text becomes one. */
export class PlainFailures {
  readonly failures: Failure[];
  readonly quirks: ReadonlySet<QuirkCode>;
  constructor(failures: Failure[], quirks: ReadonlySet<QuirkCode>) {
    this.failures = failures;
    this.quirks = quirks;
  }
}

/** Without its first quote, as a quote stands everywhere in a text and makes the search for it slow. */
const KEY = 'failure-details":';
const QUOTE = 0x22;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/**
 * Takes the arrays of failures out of a JSON text without a backslash and reads them, in half the time that `JSON.parse`
 * takes to build objects of them: failures are nearly all of a long report, flat, and alike. Where there may be anything
 * to say about an array, be it a quirk of an address or broken JSON, it stays in the text with all those behind it, for
 * others to say it.
 *
 * In `rest` a string that a text without a backslash cannot hold, NUL and an index, stands for each array in `taken`. As
 * quotes only delimit strings there, what follows a key's letters in quotes is a key's value; or else the quote before
 * them ends a string, and `rest` is as broken as the text.
 *
 * The texts of failures are slices: each keeps the whole text in memory.
 */
export function takeFailures(text: string, limits: ReportLimits): { rest: string; taken: PlainFailures[] } {
  const taken: PlainFailures[] = [];
  let at = text.indexOf(KEY);
  if (at < 0) return { rest: text, taken };
  let rest = "";
  const reading = startReading(limits, false, new Set());
  const left = { layouts: MAX_NEW_LAYOUTS };
  let from = 0;
  for (; at >= 0; at = text.indexOf(KEY, at)) {
    if (text.charCodeAt(at - 1) !== QUOTE) break;
    at = behindBlanks(text, at + KEY.length);
    if (text.charCodeAt(at) !== OPEN_ARRAY) break;
    const first = behindBlanks(text, at + 1);
    if (text.charCodeAt(first) === CLOSE_ARRAY) continue;
    const failures: Failure[] = [];
    reading.quirks = new Set();
    const end = readEntries(text, first, failures, reading, left);
    if (end < 0) break;
    rest += `${text.slice(from, at)}"\\u0000${taken.length}"`;
    taken.push(new PlainFailures(failures, reading.quirks));
    at = end;
    from = end;
  }
  if (from === 0) return { rest: text, taken };
  return { rest: rest + text.slice(from), taken };
}

function behindBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Reads the entries of an array. @returns the offset behind it, or -1 where it has to be read by others */
function readEntries(
  text: string,
  start: number,
  failures: Failure[],
  reading: Reading,
  left: { layouts: number },
): number {
  let at = start;
  let layout = latestLayout();
  do {
    if (failures.length === reading.limits.failures) return -1;
    let match = layout === null ? null : matchAt(layout, text, at);
    if (match === null) {
      layout = findLayout(text, at, left);
      match = layout === null ? null : matchAt(layout, text, at);
    }
    if (layout === null || match === null) return -1;
    failures.push(readMatch(reading, layout, match));
    at = layout.pattern.lastIndex;
  } while (text.charCodeAt(at - 1) !== CLOSE_ARRAY);
  return at;
}

function matchAt({ pattern }: Layout, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function readMatch(reading: Reading, { groups }: Layout, match: RegExpExecArray): Failure {
  const { helo, reason, additional } = groups;
  return {
    resultType: readResultType(reading, match[groups.resultType]),
    cause: undefined,
    sendingIp: groups.sendingIp === 0 ? null : (match[groups.sendingIp] as string),
    mx: groups.mx === 0 ? null : readName(reading, match[groups.mx]),
    helo: helo === 0 ? null : readHelo(reading, match[helo]),
    receivingIp: groups.receivingIp === 0 ? null : (match[groups.receivingIp] as string),
    sessions: Number(match[groups.sessions]),
    reason: reason === 0 ? null : readText(reading, match[reason]),
    additional: additional === 0 ? null : readAdditional(reading, match[additional]),
  };
}

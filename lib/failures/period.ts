/** Days that a page shows, YYYY-MM-DD in UTC, both included. */
export interface Period {
  from: string;
  to: string;
  /** Number of days. */
  days: number;
  /** The preset that it comes from, or null for a choice of one's own. */
  preset: Preset | null;
}

export const PRESETS = [7, 30, 90, 365] as const;
export type Preset = (typeof PRESETS)[number];
export const DEFAULT_PRESET: Preset = 30;

/** Longest choice of one's own; a chart of more days would have bars thinner than a pixel. */
const LONGEST_DAYS = 3 * 366;
const DAY_MS = 86_400_000;

/**
 * The period that an address asks for: `period` (7, 30, 90, 365, the last of them being today) or `from` and `to`. What is
 * not understood falls back to the default, and days beyond today or in the wrong order are put right.
 */
export function readPeriod(
  query: { period?: string | null; from?: string | null; to?: string | null },
  now: Date,
): Period {
  const today = dayOf(now);
  const from = parseDay(query.from);
  const to = parseDay(query.to);
  if (from !== null || to !== null) {
    const last = earlier(to ?? today, today);
    const first = from ?? addDays(last, -(DEFAULT_PRESET - 1));
    const [a, b] = first <= last ? [first, last] : [last, earlier(first, today)];
    const start = dayCount(a, b) > LONGEST_DAYS ? addDays(b, -(LONGEST_DAYS - 1)) : a;
    return { from: start, to: b, days: dayCount(start, b), preset: null };
  }
  const preset = PRESETS.find((days) => String(days) === query.period) ?? DEFAULT_PRESET;
  return { from: addDays(today, -(preset - 1)), to: today, days: preset, preset };
}

/** All days of a period in order. */
export function daysOf({ from, days }: Pick<Period, "from" | "days">): string[] {
  return Array.from({ length: days }, (_, index) => addDays(from, index));
}

/** The UTC day of a moment. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The day `count` days after a day. */
export function addDays(day: string, count: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS));
}

function dayCount(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
}

/** A real day in the form YYYY-MM-DD, or null: 2026-02-30 is none. */
function parseDay(text: string | null | undefined): string | null {
  if (!text || !/^20\d\d-\d\d-\d\d$/.test(text)) return null;
  const at = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || dayOf(at) !== text ? null : text;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

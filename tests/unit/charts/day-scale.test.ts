import { describe, expect, it } from "vitest";
import { type ChartDay, countTicks, gapsOf, labelledDays } from "#components/charts/day-scale.ts";
import { addDays } from "#lib/failures/period.ts";

const days = (counts: readonly (readonly [number, number] | null)[]): ChartDay[] =>
  counts.map((count, index) => ({
    day: addDays("2026-11-01", index),
    successes: count?.[0] ?? null,
    failures: count?.[1] ?? null,
    href: null,
  }));

describe("countTicks", () => {
  it.each([
    [
      [0, 0],
      [0, 1],
      [0, 1],
    ],
    [
      [1, 1],
      [0, 1, 2],
      [0, 1],
    ],
    [
      [7, 3],
      [0, 3, 6, 9, 12],
      [0, 2, 4],
    ],
    [
      [90, 10],
      [0, 30, 60, 90, 120],
      [0, 5, 10],
    ],
    [
      [4_100, 177],
      [0, 2_000, 4_000, 6_000],
      [0, 100, 200],
    ],
    [
      [123_456_789, 0],
      [0, 50_000_000, 100_000_000, 150_000_000],
      [0, 1],
    ],
  ] as const)("of %s are round, whole, and enough", (most, sessions, failures) => {
    const shown = days([null, most, [0, 0]]);
    expect(countTicks({ days: shown, marks: [], show: "sessions" })).toEqual(sessions);
    expect(countTicks({ days: shown, marks: [], show: "failures" })).toEqual(failures);
  });
});

describe("labelledDays", () => {
  it.each([1, 2, 7, 30, 90, 365])("of %i days are few, in order, and evenly apart", (count) => {
    const shown = days(Array.from({ length: count }, () => null));
    const places = labelledDays(shown).map((day) => shown.findIndex((one) => one.day === day));
    expect(places.length).toBeGreaterThanOrEqual(Math.min(count, 3));
    expect(places.length).toBeLessThanOrEqual(5);
    const steps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
    expect(new Set(steps).size).toBeLessThanOrEqual(1);
  });
});

describe("gapsOf", () => {
  it("are runs of days without a report; a day without sessions is none", () => {
    expect(gapsOf(days([null, [1, 0], null, null, [0, 0], null]))).toEqual([
      ["2026-11-01", "2026-11-01"],
      ["2026-11-03", "2026-11-04"],
      ["2026-11-06", "2026-11-06"],
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { daySeries, echoingReporters, sharpestRise, silentReporters, sumUp } from "#lib/failures/series.ts";

const period = { from: "2026-11-01", to: "2026-11-04", days: 4, preset: null };
const row = (day: string, successes: number, failures: number) => ({
  day: `2026-11-0${day}`,
  reports: 1,
  successes,
  failures,
});

describe("daySeries", () => {
  it("has null on a day without a report, and zero only where zero was reported", () => {
    expect(daySeries([row("2", 10, 0), row("4", 0, 0)], period)).toEqual([
      { day: "2026-11-01", successes: null, failures: null, reports: 0 },
      { day: "2026-11-02", successes: 10, failures: 0, reports: 1 },
      { day: "2026-11-03", successes: null, failures: null, reports: 0 },
      { day: "2026-11-04", successes: 0, failures: 0, reports: 1 },
    ]);
  });

  it("leaves out what lies beside the period", () => {
    expect(daySeries([row("9", 10, 1)], period).every((point) => point.reports === 0)).toBe(true);
  });
});

describe("sumUp", () => {
  it("is null without any report: no data is neither zero nor all well", () => {
    expect(sumUp(daySeries([], period))).toEqual({ reports: 0, successes: null, failures: null, daysReported: 0 });
  });

  it("adds what was reported", () => {
    const points = daySeries([row("1", 10, 1), row("3", 5, 2)], period);
    expect(sumUp(points)).toEqual({ reports: 2, successes: 15, failures: 3, daysReported: 2 });
  });
});

describe("sharpestRise", () => {
  const points = (...failures: (number | null)[]) =>
    failures.map((count, index) => ({
      day: `2026-11-0${index + 1}`,
      successes: 100,
      failures: count,
      reports: count === null ? 0 : 1,
    }));

  it.each([
    [points(3, 212), { day: "2026-11-02", before: 3, after: 212 }, "a clear rise"],
    [points(0, 10), { day: "2026-11-02", before: 0, after: 10 }, "just enough"],
    [points(0, 9), null, "a handful is noise"],
    [points(100, 150), null, "less than threefold"],
    [points(10, 40, 20, 90), { day: "2026-11-04", before: 20, after: 90 }, "the greatest of two"],
    [points(3, null, 50), { day: "2026-11-03", before: 3, after: 50 }, "a day without a report is skipped, not zero"],
    [points(50), null, "nothing before it"],
    [points(50, 3), null, "a fall"],
  ])("%#", (given, expected, _reason) => {
    expect(sharpestRise(given)).toEqual(expected);
  });
});

describe("silentReporters", () => {
  const window = { from: "2026-08-25", to: "2026-11-22", days: 90, preset: 90 } as const;
  it.each([
    [{ reports: 30, lastDay: "2026-11-14" }, true, "regular, then nothing for more than a week"],
    [{ reports: 30, lastDay: "2026-11-15" }, false, "a week is not yet silence"],
    [{ reports: 6, lastDay: "2026-09-01" }, false, "never regular"],
  ])("%o", (reporter, silent, _reason) => {
    const found = silentReporters([{ organization: "A", ...reporter }], window);
    expect(found).toEqual(silent ? [{ organization: "A", lastDay: reporter.lastDay }] : []);
  });
});

describe("echoingReporters", () => {
  it.each([
    [{ reports: 5, successes: 5, failures: 0 }, true, "quirk 40: one session a report, and it went well"],
    [{ reports: 4, successes: 4, failures: 0 }, false, "too few to tell"],
    [{ reports: 5, successes: 6, failures: 0 }, false, "one of them had two sessions"],
    [{ reports: 5, successes: 4, failures: 1 }, false, "one failed: that is worth a look"],
    [{ reports: 5, successes: 5, failures: 1 }, false, "a failure beside them"],
  ])("%o", (reporter, echoes, _reason) => {
    expect(echoingReporters([{ organization: "A", ...reporter }])).toEqual(echoes ? ["A"] : []);
  });
});

import { describe, expect, it } from "vitest";
import { addDays, dayOf, daysOf, readPeriod } from "#lib/failures/period.ts";

const NOW = new Date("2026-11-22T23:59:59Z");

describe("readPeriod", () => {
  it.each([
    [{}, "2026-10-24", "2026-11-22", 30, 30, "the default"],
    [{ period: "7" }, "2026-11-16", "2026-11-22", 7, 7, "a preset ends today"],
    [{ period: "365" }, "2025-11-23", "2026-11-22", 365, 365, "a year"],
    [{ period: "8" }, "2026-10-24", "2026-11-22", 30, 30, "no preset: the default"],
    [{ period: "7.0" }, "2026-10-24", "2026-11-22", 30, 30, "the number has to be written as it is"],
    [{ from: "2026-11-01", to: "2026-11-03" }, "2026-11-01", "2026-11-03", 3, null, "one's own choice"],
    [
      { from: "2026-11-03", to: "2026-11-03", period: "7" },
      "2026-11-03",
      "2026-11-03",
      1,
      null,
      "one day; it goes before the preset",
    ],
    [{ from: "2026-11-03", to: "2026-11-01" }, "2026-11-01", "2026-11-03", 3, null, "put in order"],
    [{ from: "2026-11-20", to: "2027-05-01" }, "2026-11-20", "2026-11-22", 3, null, "not beyond today"],
    [{ from: "2027-01-01" }, "2026-11-22", "2026-11-22", 1, null, "all of it beyond today: today"],
    [{ to: "2026-03-01" }, "2026-01-31", "2026-03-01", 30, null, "only an end: the default's length before it"],
    [{ from: "2026-02-30" }, "2026-10-24", "2026-11-22", 30, 30, "no real day"],
    [{ from: "1.11.2026" }, "2026-10-24", "2026-11-22", 30, 30, "another form"],
    [{ from: "2001-01-01", to: "2026-11-22" }, "2023-11-21", "2026-11-22", 1098, null, "cut to three years"],
  ])("%o", (query, from, to, days, preset, _reason) => {
    expect(readPeriod(query, NOW)).toEqual({ from, to, days, preset });
  });
});

describe("days", () => {
  it("go over the ends of months and years, and do not know of summer time", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
    expect(daysOf({ from: "2026-03-28", days: 3 })).toEqual(["2026-03-28", "2026-03-29", "2026-03-30"]);
    expect(dayOf(new Date("2026-10-25T23:30:00-02:00"))).toBe("2026-10-26");
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { QuirkCode } from "#lib/standards/report-quirks.ts";
import { readTime } from "#lib/standards/report-time.ts";

function good(sent: string, text: string, quirks: QuirkCode[], why: string): void {
  test(`${sent} is ${text}: ${why}`, () => {
    expect(readTime(sent)).toEqual({ time: Date.parse(text), text, quirks });
  });
}

function bad(sent: string, why: string): void {
  test(`${sent} is no time: ${why}`, () => {
    expect(readTime(sent)).toBeNull();
  });
}

describe("times of reports (RFC 3339 §5.6, quirk 11)", () => {
  good("2026-05-04T00:00:00Z", "2026-05-04T00:00:00Z", [], "the usual form");
  good("2026-05-31T23:59:59Z", "2026-05-31T23:59:59Z", [], "the end of a long month");
  good("2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z", [], "a leap day");
  good("2026-05-04t00:00:00z", "2026-05-04T00:00:00Z", [], "small letters are allowed");
  good("2026-05-04T00:00:00.000Z", "2026-05-04T00:00:00Z", [], "a fraction of nothing");
  good("2026-05-04T23:59:59.999Z", "2026-05-04T23:59:59.999Z", [], "milliseconds");
  good(
    "2026-05-04T23:59:59.999999999Z",
    "2026-05-04T23:59:59.999Z",
    [],
    "finer than milliseconds: cut, never rounded up",
  );
  good("2026-05-04T23:59:59.5Z", "2026-05-04T23:59:59.500Z", [], "tenths");
  good("2026-05-04T02:00:00+02:00", "2026-05-04T00:00:00Z", [], "an offset");
  good("2026-05-03T19:30:00-04:30", "2026-05-04T00:00:00Z", [], "an offset to the west, with minutes");
  good("2026-05-04T00:00:00+00:00", "2026-05-04T00:00:00Z", [], "no offset");
  good("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z", [], "an offset over the new year");
  good("2026-06-30T23:59:60Z", "2026-06-30T23:59:59Z", [], "a leap second");
  good(" 2026-05-04T00:00:00Z ", "2026-05-04T00:00:00Z", [], "blanks around");
  good("2023-01-10T00:00:00", "2023-01-10T00:00:00Z", ["date-without-zone"], "Microsoft in 2023");
  good("2023-01-10T00:00:00.000", "2023-01-10T00:00:00Z", ["date-without-zone"], "with a fraction");
  good("2026-05-04 00:00:00Z", "2026-05-04T00:00:00Z", ["date-format"], "a blank for the T");
  good("2026-05-04 00:00:00", "2026-05-04T00:00:00Z", ["date-without-zone", "date-format"], "SQL's form");
  good("2026-05-04T00:00Z", "2026-05-04T00:00:00Z", ["date-format"], "no seconds");
  good("2026-05-04T02:00:00+0200", "2026-05-04T00:00:00Z", ["date-format"], "an offset without a colon");
  good("2026-05-04 02:00:00 +0200", "2026-05-04T00:00:00Z", ["date-format"], "Ruby's form");
  good("2026-05-04T00:00:00,25Z", "2026-05-04T00:00:00.250Z", ["date-format"], "a comma");

  bad("", "empty");
  bad("2026-05-04", "a date only: it does not say which end of the day");
  bad("2026-02-30T00:00:00Z", "no such day");
  bad("2025-02-29T00:00:00Z", "no leap year");
  bad("2026-13-01T00:00:00Z", "no such month");
  bad("2026-00-10T00:00:00Z", "no such month");
  bad("2026-05-00T00:00:00Z", "no such day");
  bad("2026-05-04T24:00:00Z", "no such hour");
  bad("2026-05-04T23:60:00Z", "no such minute");
  bad("2026-05-04T23:59:61Z", "no such second");
  bad("2026-05-04T00:00:00+24:00", "no such offset");
  bad("2026-05-04T00:00:00+02:60", "no such offset");
  bad("2026-05-04T00:00:00 UTC", "a name of a zone");
  bad("Mon, 04 May 2026 00:00:00 GMT", "the form of mails");
  bad("1777852800", "seconds");
  bad("26-05-04T00:00:00Z", "a short year");
  bad("2026-05-04T00:00:00Z\n2026-05-05T00:00:00Z", "two times");
  bad("2026-05-04T00:00:00.Z", "a fraction without digits");
});

test("what Date writes is read again, in each offset", () => {
  const dates = fc.date({ min: new Date("2016-01-01"), max: new Date("2100-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(dates, fc.integer({ min: -23 * 60, max: 23 * 60 }), (date, minutes) => {
      const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
      const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((n) =>
        String(n).padStart(2, "0"),
      );
      const offset = `${minutes < 0 ? "-" : "+"}${hours}:${rest}`;
      expect(readTime(local + offset)).toMatchObject({ time: date.getTime(), quirks: [] });
      expect(readTime(date.toISOString())?.text).toBe(date.toISOString().replace(".000Z", "Z"));
    }),
  );
});

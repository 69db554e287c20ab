import { describe, expect, it } from "vitest";
import { readPage, withPage } from "#app/page-props.ts";
import { dayQuery, readReportQuery, reportQuery } from "#app/report-query.ts";
import { safePath } from "#app/safe-path.ts";

describe("safePath", () => {
  it.each([
    ["/teams/a", "/teams/a", "a path of this site"],
    ["/teams/a?x=1", "/teams/a?x=1", "with a query"],
    ["//evil.example", "/", "another host without a scheme"],
    ["/\\evil.example", "/", "browsers read the backslash as a slash"],
    ["https://evil.example/", "/", "another site"],
    ["javascript:alert(1)", "/", "no path at all"],
    ["/\t/evil.example", "/", "a tab is dropped by the URL parser"],
    [undefined, "/", "nothing"],
    [["/a", "/b"], "/", "given twice"],
  ])("%o", (next, expected, _reason) => {
    expect(safePath(next)).toBe(expected);
  });
});

describe("report queries", () => {
  const now = new Date("2026-11-22T12:00:00Z");

  it("are written as they were read", () => {
    const search = {
      period: "90",
      type: "sts",
      reporter: "Google Inc.",
      result: "validation-failure",
      cause: "mx-not-in-policy",
      door: "smtp",
      outcome: "held",
    };
    const query = readReportQuery(search, now);
    expect(Object.fromEntries(new URLSearchParams(reportQuery(query)))).toEqual(search);
  });

  it("keep an empty result type, which means: none was given", () => {
    const query = readReportQuery({ result: "", cause: "" }, now);
    expect(query).toMatchObject({ resultType: "", cause: "" });
    expect(reportQuery(query)).toContain("result=&cause=");
  });

  it("of one day take the day in the place of the period", () => {
    const query = readReportQuery({ period: "90", type: "tlsa" }, now);
    expect(dayQuery(query, "2026-11-01")).toBe("?from=2026-11-01&to=2026-11-01&type=tlsa");
  });

  it("know no outcome but those that there are", () => {
    expect(readReportQuery({ outcome: "constructor", door: "" }, now)).toMatchObject({ outcome: null, door: null });
  });

  it("cannot be made long", () => {
    expect(readReportQuery({ reporter: "x".repeat(5000) }, now).organization).toHaveLength(300);
  });
});

describe("readPage", () => {
  it.each([
    [{}, 1, 0],
    [{ page: "3" }, 3, 100],
    [{ page: "0" }, 1, 0],
    [{ page: "-2" }, 1, 0],
    [{ page: "x" }, 1, 0],
    [{ page: "99999999999999999999" }, 1_000_000, 49_999_950],
  ])("%o", (query, page, skip) => {
    expect(readPage(query, 50)).toEqual({ page, skip, take: 50 });
  });
});

it("the same page at another part of its list keeps the rest of its query", () => {
  expect(withPage({ done: "taken", stored: "1", page: ["4", "5"] }, 2)).toBe("?done=taken&stored=1&page=2");
  expect(withPage({}, 1)).toBe("?page=1");
});

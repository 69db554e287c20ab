import { describe, expect, it } from "vitest";
import { overviewQuery, readOverviewView, sortedBy } from "#app/overview-query.ts";

const DEFAULT = { text: null, state: null, sort: "state", descending: true };

describe("the address of an overview", () => {
  it.each([
    [{}, DEFAULT, "nothing asked for: the worst first"],
    [{ sort: "name" }, { ...DEFAULT, sort: "name", descending: false }, "a name begins with a"],
    [{ sort: "name", order: "desc" }, { ...DEFAULT, sort: "name" }, "the other way round"],
    [{ sort: "failures", order: "asc" }, { ...DEFAULT, sort: "failures", descending: false }, "the fewest first"],
    [{ sort: "name; DROP TABLE domains", order: "x" }, { ...DEFAULT, descending: false }, "no order of ours"],
    [{ sort: "constructor" }, DEFAULT, "a word that every object knows"],
    [{ q: "  Example " }, { ...DEFAULT, text: "example" }, "names are in lower case"],
    [{ q: "   " }, DEFAULT, "blanks are no text"],
    [{ q: "a\0b" }, { ...DEFAULT, text: "ab" }, "PostgreSQL has no NUL"],
    [{ q: "x".repeat(5_000) }, { ...DEFAULT, text: "x".repeat(253) }, "no name is longer"],
    [{ state: "fail" }, { ...DEFAULT, state: "fail" }, "a state"],
    [{ state: "none" }, { ...DEFAULT, state: "none" }, "not looked at yet"],
    [{ state: "" }, DEFAULT, "all of them, as the form sends it"],
    [{ state: "green" }, DEFAULT, "no state of ours"],
    [{ q: ["a", "b"], sort: ["mode"] }, { ...DEFAULT, text: "a", sort: "mode" }, "given twice"],
  ])("%j", (query, view, _reason) => {
    expect(readOverviewView(query)).toEqual(view);
  });

  it.each([
    "",
    "?q=a",
    "?state=fail",
    "?sort=name",
    "?sort=name&order=desc",
    "?q=%C3%BC&state=none&sort=mode&order=asc",
  ])("%s is written as it was read", (query) => {
    expect(overviewQuery(readOverviewView(Object.fromEntries(new URLSearchParams(query))))).toBe(query);
  });

  it("names a page but the first one", () => {
    const view = readOverviewView({ q: "a" });
    expect([overviewQuery(view, 1), overviewQuery(view, 2)]).toEqual(["?q=a", "?q=a&page=2"]);
  });

  it("of a column's heading keeps the filter, and turns the order round at the second click", () => {
    const once = sortedBy(readOverviewView({ q: "a", state: "fail" }), "report");
    expect(once).toEqual({ text: "a", state: "fail", sort: "report", descending: true });
    expect(sortedBy(once, "report").descending).toBe(false);
    expect(sortedBy(once, "name").descending).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { csvLine, domainsCsv } from "#lib/domains/csv.ts";
import { parseList } from "#lib/domains/parse-list.ts";

describe("a row of a CSV file", () => {
  it.each([
    [["a", 1, null], "a,1,\r\n", "texts, numbers and what is not known"],
    [["a,b", 'says "x"'], '"a,b","says ""x"""\r\n', "RFC 4180 §2.6"],
    [["two\nlines", "a\r\nb", "a\0b"], "two\\u{a}lines,a\\u{d}\\u{a}b,a\\u{0}b\r\n", "a row is one line"],
    [["\u202emoc.elgoog", "a\u200bb"], "\\u{202e}moc.elgoog,a\\u{200b}b\r\n", "letters that turn or hide others"],
    [["<script>alert(1)</script>"], "<script>alert(1)</script>\r\n", "markup is text here"],
    [["=1+1"], "'=1+1\r\n", "a formula"],
    [["+1"], "'+1\r\n", "a formula"],
    [["-1+cmd"], "'-1+cmd\r\n", "a formula"],
    [["@SUM(A1)"], "'@SUM(A1)\r\n", "a formula"],
    [["＝1+1", "＠a"], "'＝1+1,'＠a\r\n", "formulas of full width"],
    [["\t=1", "\r=1", "\n=1"], "\\u{9}=1,\\u{d}=1,\\u{a}=1\r\n", "blanks that would be cut off before a formula"],
    [['=HYPERLINK("x","y")'], '"\'=HYPERLINK(""x"",""y"")"\r\n', "a formula with quotes"],
    [["a=1"], "a=1\r\n", "no formula"],
    [[" =1", "\u00a0=1", "\u3000＝1"], "' =1,'\u00a0=1,'\u3000＝1\r\n", "blanks before a formula"],
    [["x;=cmd", "a; =1", "a;b"], '"x;\'=cmd","a;\' =1","a;b"\r\n', "semicolons separate too"],
    [[-5], "-5\r\n", "a number of ours stays one"],
    [[""], "\r\n", "an empty text"],
  ])("%j: %j", (cells, line, _reason) => {
    expect(csvLine(cells)).toBe(line);
  });
});

describe("the domains of a team as CSV", () => {
  const row = {
    ...{ name: "xn--bcher-kva.example", sample: false, worst: "fail", checkedAt: new Date("2026-11-22T12:00:00Z") },
    ...{ mode: "testing", problems: 2, warnings: 0, successes: 488, failures: 12, lastReport: "2026-11-20" },
  };
  const unknown = {
    ...{ name: "a.example", sample: true, worst: null, checkedAt: null, mode: null, problems: null, warnings: null },
    ...{ successes: null, failures: null, lastReport: null },
  };

  it("tell what the page tells, and nothing of what is not known", () => {
    expect(domainsCsv([row, unknown]).split("\r\n")).toEqual([
      "domain,name,state,problems,warnings,last_lookup,policy_mode,sessions_7_days,failed_sessions_7_days,last_report,sample",
      "xn--bcher-kva.example,bücher.example,fail,2,0,2026-11-22T12:00:00.000Z,testing,500,12,2026-11-20,no",
      "a.example,a.example,,,,,,,,,yes",
      "",
    ]);
  });

  it("can be added to another team as they are", () => {
    const { domains, refused } = parseList(domainsCsv([row, unknown]));
    expect([domains.map(({ name }) => name), refused]).toEqual([["xn--bcher-kva.example", "a.example"], []]);
  });
});

import { describe, expect, test } from "vitest";
import { about } from "#lib/checks/finding.ts";
import type { Verdict } from "#lib/checks/verdict.ts";
import { junitReport } from "#lib/cli/junit.ts";

const say = about("mx", "example.org");
const VERDICTS: Verdict[] = [
  say("mx-present", { hosts: ["10 mx1.example.org"] }),
  say("mx-null-with-others", { hosts: ["mx1.example.org"] }),
  say("mx-local-name", { hosts: ["localhost"], domain: "example.org" }),
  say("dns-timeout", { name: "example.org", type: "MX", resolver: "192.0.2.53:53" }),
  say("skipped-after-fail", { prerequisite: "mx" }),
];
const lookup = (verdicts: Verdict[]) => ({ domain: "example.org", checkedAt: "2026-11-22T08:00:00.123Z", verdicts });

/** The elements by name, as a strict reader sees them. */
function elements(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  for (const [, slash, name = "", attributes = "", self] of xml.matchAll(
    /<(\/?)([\w-]+)((?:\s+\w+="[^"<]*")*)(\/?)>/g,
  )) {
    if (slash) expect(open.pop()).toBe(name);
    else {
      seen.push(name + attributes);
      if (!self) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return seen;
}

describe("junitReport", () => {
  test("has a suite per domain with the counts, and a case per verdict", () => {
    const seen = elements(junitReport([lookup(VERDICTS), lookup([])], "fail"));
    expect(seen.filter((one) => one.startsWith("testsuite "))).toEqual([
      'testsuite name="example.org" timestamp="2026-11-22T08:00:00" tests="5" failures="1" errors="1" skipped="1"',
      'testsuite name="example.org" timestamp="2026-11-22T08:00:00" tests="0" failures="0" errors="0" skipped="0"',
    ]);
    expect(seen.filter((one) => one.startsWith("testcase "))).toHaveLength(5);
    expect(seen.filter((one) => /^(failure|error|skipped) /.test(one)).map((one) => one.split(" ")[0])).toEqual([
      ...["failure", "error", "skipped"],
    ]);
  });

  test("counts warnings as failures only where the exit code does", () => {
    expect(junitReport([lookup(VERDICTS)], "warn")).toContain('failures="2"');
  });

  test("no text from the network can break out of its place, or make the document unreadable", () => {
    const hostile = `"/><x a='&\u0000\u001b\ud800]]>\ufffe`;
    const verdict = { ...say("mx-present", { hosts: [hostile] }), title: hostile, subject: hostile, detail: hostile };
    const xml = junitReport([{ ...lookup([verdict]), domain: hostile }], "fail");
    expect(elements(xml).map((one) => one.split(" ")[0])).toEqual([
      "testsuites",
      "testsuite",
      "testcase",
      "system-out",
    ]);
    expect(xml).toContain("&quot;/&gt;&lt;x a=&apos;&amp;\ufffd\ufffd\ufffd]]&gt;\ufffd");
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import { about, sayProblems } from "#lib/checks/finding.ts";
import { FINDING_CODES, wordsOf } from "#lib/checks/wording.ts";
import { clip, fill, isFillable, visible } from "#lib/checks/words.ts";
import { error } from "#lib/standards/problem.ts";
import { factsWith, mxOf, rptOf, served, stsOf } from "./facts.ts";

describe.each(FINDING_CODES)("%s", (code) => {
  const { title, detail, fix, otherwise, reference, status } = wordsOf(code);

  test("has a title, whole sentences, and something to do where something is wrong", () => {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(title).toMatch(/^[A-Z][^.]{5,70}$/);
    for (const text of [detail, otherwise].filter((one) => one !== undefined)) expect(text).toMatch(/^[A-Z{`].*[.)]$/);
    if (["fail", "warn"].includes(status)) expect(fix).toMatch(/^[A-Z].{8,}/);
    if (status === "pass") expect(fix).toBeNull();
    if (["fail", "warn"].includes(status)) expect(reference).toMatch(/^RFC \d{4} §[\d.]+$/);
  });

  test("has values from the network in backticks of their own only", () => {
    for (const text of [title, detail, fix ?? "", otherwise ?? ""]) {
      expect(text.split("`").length % 2, "backticks in pairs").toBe(1);
      expect(text).not.toMatch(/`[^`{]*\{[^=][^`]*`/);
    }
    expect(title).not.toMatch(/\{/);
  });
});

describe("fill", () => {
  test("puts values in as code, and our own words as they are", () => {
    expect(fill("{a} and {=b}", { a: "x", b: 5 })).toBe("`x` and 5");
    expect(fill("{a}", { a: ["x", "y"] })).toBe("`x`, `y`");
  });

  test("leaves a placeholder without a value, which other tests look for", () => {
    expect(fill("{a} {b}", { b: null })).toBe("{a} {b}");
    expect(isFillable("{a} {=b}", { a: "", b: 0 })).toBe(true);
    expect(isFillable("{a}", {})).toBe(false);
    expect(isFillable("{a}", { a: null })).toBe(false);
    expect(isFillable("{a}", { a: [] })).toBe(false);
  });

  test("does not fill in what a value holds", () => {
    expect(fill("{a} {b}", { a: "{b}", b: "x" })).toBe("`{b}` `x`");
  });

  test("cuts long values and long lists", () => {
    expect(fill("{a}", { a: "x".repeat(121) })).toBe(`\`${"x".repeat(120)}…\``);
    expect(fill("{a}", { a: "x".repeat(120) })).toBe(`\`${"x".repeat(120)}\``);
    expect(fill("{a}", { a: Array.from({ length: 10 }, (_, i) => i) })).toBe(
      "`0`, `1`, `2`, `3`, `4`, `5`, `6`, `7` and 2 more",
    );
  });
});

test.each([
  ["a\tb\r\n", "a\\tb\\r\\n"],
  ["\0\x1b[31m", "\\x00\\x1b[31m"],
  ["\u202eevil", "\\u{202e}evil"],
  ["a\u200bb", "a\\u{200b}b"],
  ["\ud800", "\\u{d800}"],
  ["`code`", "'code'"],
  ["grün 😀", "grün 😀"],
])("visible writes %j as %j", (text, written) => {
  expect(visible(text)).toBe(written);
});

test("clip never cuts a character in two", () => {
  expect(clip("😀😀😀", 2)).toBe("😀😀…");
  expect(clip("😀😀", 2)).toBe("😀😀");
});

describe("what strangers publish stays data", () => {
  const hostile = fc.string({ unit: "binary", maxLength: 400 });

  test("in any text there is nothing invisible, and the evidence stays small", () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const texts = [`v=STSv1; id=${a}`, `v=TLSRPTv1; rua=mailto:${b}@x.example`];
        const facts = factsWith({
          stsTxt: stsOf(texts[0] ?? ""),
          tlsRptTxt: rptOf(texts[1] ?? ""),
          mx: mxOf(a.slice(0, 60), b.slice(0, 60)),
          policyFetch: served(`version: STSv1\nmode: ${a}\nmx: ${b}\n`),
        });
        for (const { title, detail, fix, evidence } of judge(facts)) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
          expect(`${title}${detail}${fix}`).not.toMatch(/[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
          expect(`${title}${detail}${fix}`.split("`").length % 2).toBe(1);
          expect(JSON.stringify(evidence).length).toBeLessThan(20_000);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a policy of 64 KiB of faults gives verdicts of a size that can be stored", () => {
    const verdicts = judge(factsWith({ policyFetch: served("x y\n".repeat(16_000)) }));
    expect(JSON.stringify(verdicts).length).toBeLessThan(50_000);
    const fault = verdicts.find((verdict) => verdict.code === "sts-policy-line-malformed");
    expect(fault?.detail).toMatch(/^In lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 15990 more no key/);
  });
});

test("faults of one kind are one verdict that names each line and each proposal", () => {
  const say = about("mta-sts-policy", "mta-sts.example.org");
  const problems = [2, 5].map((line) =>
    error("sts-policy-mx-trailing-dot", `m${line}.`, { line, suggestion: `mx: m${line}` }),
  );
  const [verdict, ...others] = sayProblems(say, problems);
  expect(others).toEqual([]);
  expect(verdict?.detail).toContain("In lines 2 and 5 stands `m2.`, `m5.`.");
  expect(verdict?.fix).toBe("Write `mx: m2`, `mx: m5`.");
  expect(verdict?.evidence).toMatchObject({ lines: [2, 5], found: ["m2.", "m5."], meant: ["mx: m2", "mx: m5"] });
});

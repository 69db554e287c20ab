import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStsPolicy } from "#lib/standards/sts-policy.ts";

/** "error mode-invalid 2" with the line number, where there is one. */
const codesOf = (reading: ReturnType<typeof readStsPolicy>) =>
  reading.problems.map(({ level, code, line }) => `${level} ${code.replace("sts-policy-", "")} ${line ?? ""}`.trim());

const LINES = ["version: STSv1", "mode: enforce", "mx: mail.example.org", "max_age: 604800"];
const VALUE = { mode: "enforce", maxAge: 604_800, mx: ["mail.example.org"], extensions: [] };

function good(body: string, problems: string[], why: string): void {
  test(`takes ${JSON.stringify(body)}: ${why}`, () => {
    const reading = readStsPolicy(body);
    expect(codesOf(reading)).toEqual(problems);
    expect(reading.value).toMatchObject({ mode: "enforce", maxAge: 604_800, mx: ["mail.example.org"] });
  });
}

function bad(body: string, problems: string[], why: string): void {
  test(`refuses ${JSON.stringify(body.slice(0, 200))}: ${why}`, () => {
    const reading = readStsPolicy(body);
    expect(codesOf(reading)).toEqual(problems);
    expect(reading.value).toBeNull();
  });
}

/** The good policy with one line replaced, or with lines put before it. */
const withLine = (number: number, line: string) => LINES.with(number - 1, line).join("\n");
const without = (number: number) => LINES.toSpliced(number - 1, 1).join("\n");
const plus = (...lines: string[]) => [...LINES, ...lines].join("\n");

describe("lines (M40, M41, M51)", () => {
  good(LINES.join("\n"), [], "LF, no last terminator");
  good(`${LINES.join("\n")}\n`, [], "LF");
  good(`${LINES.join("\r\n")}\r\n`, [], "CR LF");
  good(`${LINES[0]}\r\n${LINES.slice(1).join("\n")}`, [], "both, mixed");
  good(LINES.map((line) => `${line} \t`).join("\n"), [], "trailing blanks");
  good(LINES.map((line) => line.replace(": ", ":")).join("\n"), [], "no blank behind the colon");
  good(LINES.map((line) => line.replace(": ", ":\t  ")).join("\n"), [], "several blanks behind the colon");
  good(withLine(2, " mode: enforce"), ["warning leading-blank 2"], "leading blank");
  good(withLine(2, "mode : enforce"), ["warning blank-before-colon 2"], "blank before the colon");
  good(`\n${LINES.join("\n")}`, ["warning blank-line 1"], "blank line first");
  good(LINES.join("\n\n"), ["warning blank-line 2", "warning blank-line 4", "warning blank-line 6"], "blank lines");
  good(`${LINES.join("\n")}\n\n`, ["warning blank-line 5"], "blank line last");
  good(`${LINES.join("\n")}\n  `, ["warning blank-line 5"], "a last line of blanks");
  good(plus("# mode: none"), ["warning comment 5"], "comment with a colon");
  good(plus("// a comment"), ["warning comment 5"], "comment of another kind");
  bad(LINES.join("\r"), ["error bare-cr 1"], "CR alone");
  bad(`${LINES.join("\r\r\n")}\r\r\n`, ["error bare-cr 1"], "CR CR LF, as a wrong file transfer makes it");
  bad(`${LINES.join("\n")}\r`, ["error bare-cr 4"], "CR alone at the end");
  bad(withLine(3, "mx: mail\0.example.org"), ["error control-character 3"], "NUL");
  bad(plus("note: a\x1bb"), ["error control-character 5", "note unknown-key 5"], "escape character");
  bad(plus("mode=enforce"), ["error line-malformed 5"], "equals sign in the place of the colon");
  bad(plus("hello"), ["error line-malformed 5"], "no key");
  bad(plus(": x"), ["error key-invalid 5"], "empty key");
  bad(plus("a b: x"), ["error key-invalid 5"], "blank in a key");
  bad(plus(`${"k".repeat(33)}: x`), ["error key-invalid 5"], "key of 33 characters");
  bad(`\xef\xbb\xbf${LINES.join("\n")}`, ["error bom 1"], "byte order mark");
  bad(plus("note: \xe9"), ["note unknown-key 5", "error not-utf8"], "latin1");
  bad("", ["error empty"], "nothing");
  bad("\r\n \r\n", ["error empty"], "blanks only");
  bad("\xef\xbb\xbf", ["error empty"], "a byte order mark only");
  bad("<!DOCTYPE html><html>", ["error html"], "HTML");
  bad("\n  <html lang=en>", ["error html"], "HTML behind blanks");
  bad("\xef\xbb\xbf<?xml version='1.0'?>", ["error html"], "XML behind a byte order mark");
});

describe("keys (M42 to M44, M49 to M51)", () => {
  good([...LINES.slice(1), LINES[0]].join("\n"), ["warning version-not-first 4"], "M42: version last");
  good(plus("mode: testing"), ["warning repeated-key 5"], "M50: the first mode wins");
  good(plus("mode: nonsense"), ["warning repeated-key 5"], "M50: also when the second is none");
  good(plus("max_age: 1", "version: STSv2"), ["warning repeated-key 5", "warning repeated-key 6"], "M50");
  good(plus("x-note_1.0: h\xc3\xa9 \xe2\x82\xac"), ["note unknown-key 5"], "M51: UTF-8 in an unknown value");
  good(plus("x: a", "x: b"), ["note unknown-key 5", "warning repeated-key 6"], "M50: an unknown key twice");
  good(plus("Mode: testing"), ["warning key-similar 5"], "M49: an unknown key that looks known");
  good(withLine(4, "max_age: 0000604800"), [], "M44: ten digits, leading zeroes");
  bad(without(1), ["error version-missing"], "M42");
  bad(withLine(1, "version: STSv2"), ["error version-invalid 1"], "M42");
  bad(withLine(1, "version: stsv1"), ["error version-invalid 1"], "M42: case");
  bad(withLine(1, "version:"), ["error version-invalid 1"], "M42: empty");
  bad(withLine(1, "Version: STSv1"), ["error key-misspelt 1"], "M49");
  bad(without(2), ["error mode-missing"], "M43");
  bad(withLine(2, "mode: Enforce"), ["error mode-invalid 2"], "M43: case");
  bad(withLine(2, "mode: report"), ["error mode-invalid 2"], "M43: the word of an old draft");
  bad(withLine(2, "mode: enforce # now"), ["error mode-invalid 2"], "M41: no comments behind a value");
  bad(withLine(2, "MODE: enforce"), ["error key-misspelt 2"], "M49");
  bad(without(4), ["error max-age-missing"], "M44");
  bad(withLine(4, "max-age: 604800"), ["error key-misspelt 4"], "M44: hyphen");
  bad(withLine(4, "max_age: -1"), ["error max-age-invalid 4"], "M44: sign");
  bad(withLine(4, "max_age: +1"), ["error max-age-invalid 4"], "M44: sign");
  bad(withLine(4, "max_age: 604800.0"), ["error max-age-invalid 4"], "M44: fraction");
  bad(withLine(4, "max_age: 1w"), ["error max-age-invalid 4"], "M44: unit");
  bad(withLine(4, "max_age: 604 800"), ["error max-age-invalid 4"], "M44: separator");
  bad(withLine(4, "max_age: 1e6"), ["error max-age-invalid 4"], "M44: exponent");
  bad(withLine(4, "max_age:"), ["error max-age-invalid 4"], "M44: empty");
  bad(withLine(4, "max_age: 00000604800"), ["error max-age-invalid 4"], "M44: eleven digits");
  bad(withLine(4, "max_age: 31557601"), ["error max-age-too-large 4"], "M44: a second more than a year");
  bad(withLine(4, "max_age: 4294967297"), ["error max-age-too-large 4"], "M44: 1 after an overflow of 32 bits");
  bad(withLine(4, "max_age: 18446744073709551617"), ["error max-age-too-large 4"], "M44: 1 after one of 64 bits");
  bad(plus("x:"), ["error extension-invalid 5"], "M51: empty value");
  bad(plus("x: a\tb"), ["error extension-invalid 5"], "M51: a tab is a control character");

  test.each([
    ["max_age: 31557600", 31_557_600],
    ["max_age: 0", 0],
  ])("takes %s", (line, maxAge) => {
    expect(readStsPolicy(withLine(4, line)).value?.maxAge).toBe(maxAge);
  });

  test.each([
    [withLine(2, "mode: Enforce"), "mode: enforce"],
    [withLine(2, 'mode: "testing"'), "mode: testing"],
    [withLine(2, "mode: report"), undefined],
    [withLine(4, "max-age: 604800"), "max_age: 604800"],
    [withLine(4, "maxage: 604800"), "max_age: 604800"],
    [plus("mode = enforce"), "mode: enforce"],
    [plus("mode enforce"), "mode: enforce"],
  ])("proposes for %j: %j", (body, suggestion) => {
    expect(readStsPolicy(body).problems[0]?.suggestion).toBe(suggestion);
  });
});

describe("mx (M46 to M48, M52)", () => {
  const mx = (value: string) => withLine(3, `mx: ${value}`);
  test.each([
    ["mail.example.org", "a name"],
    ["*.example.org", "a wildcard"],
    ["MX1.Example.ORG", "capitals"],
    ["xn--bcher-kva.example", "an A-label"],
    ["localhost", "one label is within the grammar"],
    [`${"a".repeat(63)}.example`, "the longest label"],
  ])("takes %s: %s", (pattern) => {
    expect(readStsPolicy(mx(pattern))).toMatchObject({ value: { mx: [pattern] }, problems: [] });
  });

  bad(mx(""), ["error mx-empty 3"], "M46: nothing");
  bad(mx("a.example.org, b.example.org"), ["error mx-list 3"], "M46: comma");
  bad(mx("a.example.org b.example.org"), ["error mx-list 3"], "M46: blank");
  bad(mx("*"), ["error mx-wildcard 3"], "M47: an asterisk alone");
  bad(mx("*."), ["error mx-wildcard 3"], "M47: nothing behind it");
  bad(mx("*.*.example.org"), ["error mx-wildcard 3"], "M47: two asterisks");
  bad(mx("mail*.example.org"), ["error mx-wildcard 3"], "M47: part of a label");
  bad(mx("mail.*.example.org"), ["error mx-wildcard 3"], "M47: not left-most");
  bad(mx(".example.org"), ["error mx-wildcard 3"], "M47: as the drafts had it");
  bad(mx("mail.example.org."), ["error mx-trailing-dot 3"], "M47: trailing dot");
  bad(mx("192.0.2.1"), ["error mx-address 3"], "M47: IPv4");
  bad(mx("[192.0.2.1]"), ["error mx-address 3"], "M47: address literal");
  bad(mx("2001:db8::1"), ["error mx-address 3"], "M47: IPv6");
  bad(mx("https://mail.example.org/"), ["error mx-not-a-name 3"], "M47: URL");
  bad(mx("mail.example.org:25"), ["error mx-not-a-name 3"], "M47: port");
  bad(mx("10 mail.example.org"), ["error mx-not-a-name 3"], "M47: preference");
  bad(mx("a@mail.example.org"), ["error mx-not-a-name 3"], "M47: address");
  bad(mx("mail_1.example.org"), ["error mx-not-a-name 3"], "M47: underscore");
  bad(mx("-mail.example.org"), ["error mx-not-a-name 3"], "M47: hyphen first");
  bad(mx("mail..example.org"), ["error mx-not-a-name 3"], "M47: empty label");
  bad(mx(`${"a".repeat(64)}.example`), ["error mx-not-a-name 3"], "M47: label too long");
  bad(mx("b\xc3\xbccher.example"), ["error mx-unicode 3"], "M48: UTF-8");
  bad(without(3), ["error mx-missing"], "M46: none in enforce");
  bad(without(3).replace("enforce", "testing"), ["error mx-missing"], "M52: none in testing");
  bad(withLine(3, "MX: mail.example.org"), ["error key-misspelt 3"], "M49: capitals");
  bad(plus("mx: bad_name"), ["error mx-not-a-name 5"], "one bad line spoils the policy");

  test.each([
    [mx("a.example.org,b.example.org"), "mx: a.example.org\nmx: b.example.org"],
    [mx("b\xc3\xbccher.example"), "mx: xn--bcher-kva.example"],
    [mx("*.b\xc3\xbccher.example"), "mx: *.xn--bcher-kva.example"],
    [mx(".example.org"), "mx: *.example.org"],
    [mx("mail.example.org."), "mx: mail.example.org"],
    [mx("https://mail.example.org:25/x"), "mx: mail.example.org"],
    [mx("10 mail.example.org."), "mx: mail.example.org"],
    [mx('"mail.example.org"'), "mx: mail.example.org"],
    [mx("*"), undefined],
  ])("proposes for %j: %j", (body, suggestion) => {
    expect(readStsPolicy(body).problems[0]?.suggestion).toBe(suggestion);
  });

  test("mode none needs no mx, and may have some", () => {
    const none = LINES.with(1, "mode: none");
    expect(readStsPolicy(none.join("\n"))).toMatchObject({ value: { mode: "none" }, problems: [] });
    expect(readStsPolicy(none.toSpliced(2, 1).join("\n"))).toMatchObject({ value: { mx: [] }, problems: [] });
    expect(readStsPolicy(none.with(2, "MX: mail.example.org").join("\n"))).toMatchObject({
      value: { mx: [] },
      problems: [{ level: "warning", code: "sts-policy-key-similar" }],
    });
  });
});

test("the parts of an invalid policy can still be shown", () => {
  const reading = readStsPolicy(["mode: testing", "mx: a.example.org", "mx: *", "max_age: 86400"].join("\n"));
  expect(reading.value).toBeNull();
  expect(reading.parts).toEqual({ mode: "testing", maxAge: 86_400, mx: ["a.example.org"] });
});

test("a problem carries its line as sent", () => {
  const { problems } = readStsPolicy(withLine(2, "  mode: Enforce "));
  expect(problems).toMatchObject([
    { line: 2, text: "  mode: Enforce ", found: "mode: Enforce" },
    { line: 2, text: "  mode: Enforce ", found: "Enforce" },
  ]);
});

test("each policy that the grammar makes is read back", () => {
  const host = fc.domain().map((name) => name.toLowerCase());
  const pattern = fc.tuple(fc.constantFrom("", "*."), host).map(([wildcard, name]) => wildcard + name);
  const policy = fc.record({
    mode: fc.constantFrom("enforce", "testing", "none"),
    maxAge: fc.integer({ min: 0, max: 31_557_600 }),
    mx: fc.array(pattern, { minLength: 1, maxLength: 4 }),
    extension: fc.stringMatching(/^[!-~](?:[ -~é€]{0,10}[!-~é€])?$/),
  });
  const style = fc.record({
    end: fc.constantFrom("\n", "\r\n"),
    gap: fc.constantFrom("", " ", "\t "),
    after: fc.constantFrom("", " ", " \t"),
    last: fc.boolean(),
  });
  fc.assert(
    fc.property(policy, style, ({ mode, maxAge, mx, extension }, { end, gap, after, last }) => {
      const fields = [["version", "STSv1"], ["mode", mode], ...mx.map((one) => ["mx", one]), ["max_age", `${maxAge}`]];
      const lines = [...fields, ["x", extension]].map(([key, value]) => `${key}:${gap}${value}${after}`);
      const octets = Buffer.from(lines.join(end) + (last ? end : "")).toString("latin1");
      const { value, problems } = readStsPolicy(octets);
      expect(value).toEqual({ mode, maxAge, mx, extensions: [{ name: "x", value: extension }] });
      expect(problems.map((problem) => problem.code)).toEqual(["sts-policy-unknown-key"]);
    }),
  );
});

test("the good policy of these tests is good", () => {
  expect(readStsPolicy(LINES.join("\n"))).toEqual({
    value: VALUE,
    parts: { mode: VALUE.mode, maxAge: VALUE.maxAge, mx: VALUE.mx },
    problems: [],
  });
});

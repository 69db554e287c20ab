import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStsRecord } from "#lib/standards/sts-record.ts";

/** One TXT answer of one string. */
const txt = (...strings: string[]) => ({ strings });
const codesOf = (reading: ReturnType<typeof readStsRecord>) =>
  reading.problems.map((problem) => `${problem.level} ${problem.code.replace("sts-record-", "")}`);

function good(record: string, id: string, problems: string[], why: string): void {
  test(`takes ${JSON.stringify(record)}: ${why}`, () => {
    const reading = readStsRecord([txt(record)]);
    expect(codesOf(reading)).toEqual(problems);
    expect(reading.value?.id).toBe(id);
  });
}

function bad(record: string, problems: string[], why: string): void {
  test(`refuses ${JSON.stringify(record)}: ${why}`, () => {
    const reading = readStsRecord([txt(record)]);
    expect(codesOf(reading)).toEqual(problems);
    expect(reading.value).toBeNull();
  });
}

describe("the grammar of the record (RFC 8461 §3.1)", () => {
  good("v=STSv1; id=20160831085700Z;", "20160831085700Z", [], "the example of the RFC");
  good("v=STSv1;id=1", "1", [], "M3: no blanks, no trailing delimiter");
  good("v=STSv1;\t id=1 \t; ", "1", [], "M3: blanks and tabs around the delimiter");
  good(`v=STSv1; id=${"a".repeat(32)};`, "a".repeat(32), [], "M4: the longest id");
  good("v=STSv1; id=AbC09;", "AbC09", [], "M4: letters in both cases");
  good("v=STSv1; foo=bar; id=a", "a", ["note extension"], "M7, M9: unknown field first");
  good("v=STSv1; id=a; x.y_z-1=!<>~", "a", ["note extension"], "M6: all that an unknown field may have");
  good("v=STSv1; id=a; ID=b", "a", ["note extension"], "M6: names are case-sensitive, so ID is unknown");
  good("v=STSv1; id=1; id=2", "1", ["warning repeated-field"], "M8: the first id wins");
  good("v=STSv1; id=1; id=2024-01-01", "1", ["warning repeated-field"], "M8: also when the second is no id");
  good("v=STSv1; v=STSv1; id=1", "1", ["warning repeated-field"], "M8: the version again");
  good("v=STSv1;; id=1", "1", ["warning empty-field"], "M3: an empty field");
  good("v=STSv1; id=1;;", "1", ["warning empty-field"], "M3: two delimiters at the end");
  good("v=STSv1; id=1 ", "1", ["warning outer-blank"], "M3: a blank at the end without a delimiter");
  good("v=STSv1 ; id=1", "1", ["warning blank-before-semicolon"], "M15: erratum 6285");
  good("v=STSv1\t;id=1", "1", ["warning blank-before-semicolon"], "M15: a tab");

  bad("v=STSv1;", ["error id-missing"], "M4: no id");
  bad("v=STSv1; ID=1", ["error id-case"], "M4: ID is another name");
  bad("v=STSv1; id=", ["error id-empty"], "M4: at least one character");
  bad(`v=STSv1; id=${"a".repeat(33)}`, ["error id-too-long"], "M4: at most 32");
  bad("v=STSv1; id=2024-01-01", ["error id-characters"], "M4: an ISO date");
  bad("v=STSv1; id=2024.1", ["error id-characters"], "M4: a dot");
  bad("v=STSv1; id=a_b", ["error id-characters"], "M4: an underscore");
  bad("v=STSv1; id=08:57", ["error id-characters"], "M4: a colon");
  bad('v=STSv1; id="1"', ["error id-characters"], "M4: quotation marks");
  bad("v=STSv1; id=1 2", ["error id-characters"], "M4: a blank inside");
  bad("v=STSv1; id=2-3; id=1", ["error id-characters", "warning repeated-field"], "M8: the first counts, and is none");
  bad("v=STSv1; id = 1", ["error blank-around-equals"], "M6: blanks beside the equals sign");
  bad("v=STSv1; id=1; x=a=b", ["error extension-invalid"], "M6: an equals sign in a value");
  bad("v=STSv1; id=1; x=", ["error extension-invalid"], "M6: an empty value");
  bad("v=STSv1; id=1; x=a b", ["error extension-invalid"], "M6: a blank in a value");
  bad(
    "v=STSv1; id=1; x=1; x=a b",
    ["error extension-invalid", "note extension", "warning repeated-field"],
    "M6 and M8",
  );
  bad("v=STSv1; id=1; foo", ["error field-malformed"], "M6: no equals sign");
  bad("v=STSv1; id=1; -x=1", ["error field-malformed"], "M6: a name begins with a letter or digit");
  bad(`v=STSv1; id=1; ${"x".repeat(33)}=1`, ["error field-malformed"], "M6: a name of 33 characters");
  bad("v=STSv1; id=1; =2", ["error field-malformed"], "M6: no name");
  bad("v=STSv1; id=\xe9", ["error character"], "M1: an octet beyond ASCII");
  bad("v=STSv1; id=\xe2\x80\x9c1\xe2\x80\x9d", ["error character"], "M1: curly quotation marks as UTF-8");
  bad("v=STSv1; id=1; x=\x07", ["error character"], "M6: a control character");
  bad("v=STSv1; id=1; n\xf6=2", ["error character"], "M1: in a name");
  bad("v=STSv1;\xa0id=1", ["error character", "error id-missing"], "M1: a hard blank from a word processor");
});

describe("a version that makes senders discard the record is explained (M2, M10)", () => {
  bad("V=STSv1; id=1", ["error version-case"], "capital V");
  bad("v=stsv1; id=1", ["error version-case"], "small letters");
  bad("v=STSV1; id=1", ["error version-case"], "capital V in the value");
  bad(" v=STSv1; id=1", ["error version-preceded"], "leading blank");
  bad('"v=STSv1; id=1;"', ["error version-preceded"], "quotation marks that a DNS form added");
  bad("id=1; v=STSv1", ["error version-not-first"], "id first");
  bad("id=1; v=STSv1;", ["error version-not-first"], "id first, trailing delimiter");
  bad("v=STSv1 id=1", ["error version-unterminated"], "no semicolon");
  bad("v=STSv1, id=1", ["error version-unterminated"], "comma in its place");
  bad("v=STSv1", ["error version-unterminated", "error id-missing"], "the version alone: two things are wrong");
  bad("v = STSv1; id=1", ["error version-blanks"], "blanks beside the equals sign");
  bad("v:STSv1; id=1", ["error version-blanks"], "colon");
  bad("v=STS1; id=1", ["error version-misspelt"], "a letter lost");
  bad("v=STSv2; id=1", ["error version-misspelt"], "a version that does not exist");
  bad("v=SSTv1; id=1", ["error version-misspelt"], "letters swapped");
  bad("v=SPFv1; id=1", ["error version-misspelt"], "two letters wrong");
  bad("v=XPFv1; id=1", ["error missing", "note stray-text"], "three letters wrong are another thing");
  bad("v=ST1; id=1", ["error version-misspelt"], "two letters lost");
  bad("v=T1; id=1", ["error missing", "note stray-text"], "three letters lost are another thing");
  bad("STSv1; id=1", ["error version-misspelt"], "no v=");
  bad("STv1; id=1", ["error version-misspelt"], "no v=, and a letter lost");
  bad("Tv1; id=1", ["error missing", "note stray-text"], "no v=, and two letters lost");
  bad("v=STSv1.0; id=1", ["error version-misspelt"], "something behind it");
  bad("v=stsv1; id=2024-01-01", ["error version-case", "error id-characters"], "what else is wrong is told too");
  bad("v=TLSRPTv1; rua=mailto:a@example.org", ["error other-record"], "the record of another name");
  bad("v=spf1 -all", ["error missing", "note stray-text"], "nothing to do with it");
  bad("v=DMARC1; p=none", ["error missing", "note stray-text"], "nothing to do with it");
  bad("", ["error missing", "note stray-text"], "an empty text");
  bad("google-site-verification=abc", ["error missing", "note stray-text"], "nothing to do with it");
});

describe("one record among all TXT answers (M10, M13)", () => {
  function choice(name: string, answers: string[][], id: string | null, problems: string[]): void {
    test(name, () => {
      const reading = readStsRecord(answers.map((strings) => ({ strings })));
      expect(codesOf(reading)).toEqual(problems);
      expect(reading.value?.id ?? null).toBe(id);
    });
  }
  choice("none", [], null, ["error missing"]);
  choice("two", [["v=STSv1; id=1"], ["v=STSv1; id=2"]], null, ["error several"]);
  choice("two, one of them invalid, are still two", [["v=STSv1; id=1"], ["v=STSv1;"]], null, ["error several"]);
  choice("one and an SPF record", [["v=spf1 -all"], ["v=STSv1; id=1"]], "1", ["note stray-text"]);
  choice("one and one in the wrong case", [["v=STSv1; id=1"], ["v=stsv1; id=2"]], "1", ["note stray-text"]);
  choice("one and a twin with a blank", [["v=STSv1; id=1"], ["v=STSv1 ; id=2"]], "1", ["warning second-ambiguous"]);
  choice("a blank, and an SPF record: discarded", [["v=STSv1 ; id=1"], ["v=spf1 -all"]], null, [
    "error version-blanks",
    "note stray-text",
  ]);
  choice("strings are joined with nothing between", [["v=STSv1; id=2016", "0831;"]], "20160831", []);
  choice("the semicolon at the end of the first string", [["v=STSv1;", "id=1"]], "1", []);
  choice("a join that loses the semicolon after the version", [["v=STSv1", "id=1"]], null, [
    "error joined-without-separator",
  ]);
  choice("a join that loses a later semicolon", [["v=STSv1; id=1", "foo=bar"]], null, [
    "error joined-without-separator",
  ]);
  choice("a join that is not what is wrong", [["v=STSv1; ", "id=1-2"]], null, ["error id-characters"]);

  test("the text with its separator is proposed", () => {
    const [problem] = readStsRecord([txt("v=STSv1; id=1", "foo=bar")]).problems;
    expect(problem).toMatchObject({ found: "v=STSv1; id=1foo=bar", suggestion: "v=STSv1; id=1;foo=bar" });
  });

  test("an attempt is told from a stray text", () => {
    expect(readStsRecord([txt("v=stsv1")]).attempted).toBe(true);
    expect(readStsRecord([txt("v=STSv1; id=1")]).attempted).toBe(true);
    expect(readStsRecord([txt("v=STSv1 ; id=1")]).attempted).toBe(true);
    expect(readStsRecord([txt("v=STSv1; id=1"), txt("v=STSv1; id=2")]).attempted).toBe(true);
    expect(readStsRecord([txt("v=spf1 -all")]).attempted).toBe(false);
    expect(readStsRecord([]).attempted).toBe(false);
  });
});

test.each([
  ["v=STSv1; id=2024-01-01T10:00", "20240101T1000"],
  ["v=STSv1; id=1", "1"],
  ["v=STSv1, id=7", "7"],
  ["v=STSv1; foo=bar", null],
  [`v=STSv1; id=${"9".repeat(40)}`, "9".repeat(32)],
])("an id is proposed for %s", (record, id) => {
  expect(readStsRecord([txt(record)]).suggestedId).toBe(id);
});

test("a repeated field names the value that senders use", () => {
  const { problems } = readStsRecord([txt("v=STSv1; id=1; id=2")]);
  expect(problems).toMatchObject([{ found: "id=2", effective: "id=1" }]);
});

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/).filter((text) => text !== "v" && text !== "id");
const value = fc.stringMatching(/^[!-:<>-~]{1,20}$/);
const wsp = fc.stringMatching(/^[ \t]{0,2}$/);

test("each record that the grammar makes is read back", () => {
  const extensions = fc.uniqueArray(fc.record({ name, value }), { selector: (one) => one.name, maxLength: 3 });
  const parts = fc.record({ id: fc.stringMatching(/^[A-Za-z0-9]{1,32}$/), extensions, gap: wsp, at: fc.nat(3) });
  fc.assert(
    fc.property(parts, fc.boolean(), ({ id, extensions: extra, gap, at }, ends) => {
      const fields = extra.map((one) => `${one.name}=${one.value}`);
      fields.splice(Math.min(at, fields.length), 0, `id=${id}`);
      const record = `v=STSv1;${gap}${fields.join(`${gap};${gap}`)}${ends ? `;${gap}` : ""}`;
      const { value: read, problems } = readStsRecord([txt(record)]);
      expect(read).toEqual({ id, extensions: extra });
      expect(problems.every((problem) => problem.level === "note")).toBe(true);
    }),
  );
});

test("splitting a record into strings anywhere changes nothing", () => {
  fc.assert(
    fc.property(fc.nat(28), (at) => {
      const record = "v=STSv1; id=20160831085700Z;";
      const reading = readStsRecord([txt(record.slice(0, at), record.slice(at))]);
      expect(reading.value?.id).toBe("20160831085700Z");
    }),
  );
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeList } from "#lib/domains/decode-list.ts";
import { MOST_DOMAINS, parseList } from "#lib/domains/parse-list.ts";

/** The names of a list, each with its line, and the refused lines. */
const read = (text: string) => {
  const { domains, refused, repeated } = parseList(text);
  return {
    good: domains.map(({ line, name }) => `${line} ${name}`),
    bad: refused.map(({ line, text: typed }) => `${line} ${typed}`),
    again: repeated.map(({ line, name, first }) => `${line} ${name} ${first}`),
  };
};

describe("a list of domains", () => {
  it.each([
    ["a.example\nb.example", ["1 a.example", "2 b.example"], "one on each line"],
    ["a.example\r\nb.example\r\n", ["1 a.example", "2 b.example"], "Windows"],
    ["a.example\rb.example", ["1 a.example", "2 b.example"], "an old Mac"],
    ["\n\n  A.Example.  \n\n", ["3 a.example"], "blanks, capitals, a trailing dot"],
    ["# ours\na.example # main\n#b.example\nc.example", ["2 a.example", "4 c.example"], "comments"],
    ["\ufeffa.example\nb.example", ["1 a.example", "2 b.example"], "a byte order mark"],
    ["bücher.example\nfaß.example", ["1 xn--bcher-kva.example", "2 xn--fa-hia.example"], "other scripts"],
    ["a.example,mx.b.example\nc.example,x", ["1 a.example", "2 c.example"], "the first column"],
    ["a.example;x\nc.example;y", ["1 a.example", "2 c.example"], "semicolons"],
    ["a.example\tx\nc.example\ty", ["1 a.example", "2 c.example"], "tabs"],
    ["domain,owner\na.example,Ada", ["2 a.example"], "a heading"],
    ["sep=;\nDomain Name;x\na.example;y", ["3 a.example"], "two headings, as spreadsheets write them"],
    ['"a.example","Ada, of sales"\n"b.example","says ""hi"""', ["1 a.example", "2 b.example"], "quoted cells"],
    ['a.example,"two\nlines"\nb.example,x', ["1 a.example", "3 b.example"], "a line break inside quotes"],
    ["a.example, b.example; c.example", ["1 a.example", "1 b.example", "1 c.example"], "all on one line"],
    ["a.example,b.example\n", ["1 a.example", "1 b.example"], "the same with a line break at the end"],
  ])("%j", (text, good, _reason) => {
    expect(read(text)).toEqual({ good, bad: [], again: [] });
  });

  it.each([
    ["a.example\nnonsense\nb.example", ["2 nonsense"], "a single word"],
    ["ada@a.example\nx.example", ["1 ada@a.example"], "an address"],
    ["x.example\nhttps://a.example/b", ["2 https://a.example/b"], "a web address"],
    ["x.example\na.example b.example", ["2 a.example b.example"], "two on one line"],
    ['x.example\n"a.example', ['2 "a.example'], "a quote that is never closed takes nothing with it"],
    ['x.example\n"a.example" b\ny.example', ['2 "a.example" b'], "text after a quoted cell"],
    ["x.example\nco.uk", ["2 co.uk"], "a public suffix"],
    ["x.example\n=cmd|' /C calc'!A0", ["2 =cmd|' /C calc'!A0"], "a formula"],
    ["x.example\ndomain", ["2 domain"], "a heading is at the top only"],
    ["x.example\na#b.example", ["2 a#b.example"], "no comment without a blank before it"],
  ])("%j refuses a line and keeps the others", (text, bad, _reason) => {
    const { refused } = parseList(text);
    expect(read(text).bad).toEqual(bad);
    expect(parseList(text).domains.length + bad.length).toBe(text.split("\n").length);
    for (const { sentence } of refused) expect(sentence).toMatch(/\.$/);
  });

  it.each([
    ["a.example,x\nb.example,\nc.example", 1],
    ["a.example\nb.example", 0],
    ["a.example,b.example", 0],
  ])("%j says of how many lines it left columns aside", (text, wide) => {
    expect(parseList(text).wide).toBe(wide);
  });

  it("tells what was perhaps meant", () => {
    expect(parseList("x.example\nada@a.example").refused).toMatchObject([{ suggestion: "a.example" }]);
  });

  it("takes a name once, in whatever notation, and says where it stood first", () => {
    expect(read("bücher.example\na.example\nBÜCHER.example.\nxn--bcher-kva.example")).toEqual({
      good: ["1 xn--bcher-kva.example", "2 a.example"],
      bad: [],
      again: ["3 xn--bcher-kva.example 1", "4 xn--bcher-kva.example 1"],
    });
  });

  it("holds 1,000 domains; the next one is refused, and a repeated one is not counted", () => {
    const lines = Array.from({ length: MOST_DOMAINS }, (_, index) => `d${index}.example`);
    expect(read(lines.join("\n")).bad).toEqual([]);
    const more = parseList([...lines, "one-more.example", "d0.example"].join("\n"));
    expect(more.domains).toHaveLength(MOST_DOMAINS);
    expect(more.refused).toMatchObject([{ line: 1_001, text: "one-more.example" }]);
    expect(more.repeated).toEqual([{ line: 1_002, name: "d0.example", first: 1 }]);
  });

  it("loses no line, whatever stands there", () => {
    const line = fc.constantFrom(
      "a.example",
      "b.example",
      "nonsense",
      "",
      "# x",
      '"',
      'x"y',
      "ü.example",
      "1.2.3.4",
      "a b",
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 2 }), (lines) => {
        const { domains, refused, repeated } = parseList(["first.example", ...lines].join("\n"));
        const told = [...domains, ...refused, ...repeated].map((one) => one.line).toSorted((a, b) => a - b);
        const wanted = ["first.example", ...lines].flatMap((text, index) => (/^(#.*)?$/.test(text) ? [] : [index + 1]));
        expect(told).toEqual(wanted);
      }),
    );
  });

  it("throws for no text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => void parseList(text)),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom('"', ",", "\n", "\r", ";", "a.example", " ", "#", "\t")), (parts) => {
        parseList(parts.join(""));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("an uploaded list", () => {
  it.each([
    [Buffer.from("bücher.example"), "UTF-8"],
    [Buffer.from("\ufeffbücher.example"), "UTF-8 with a byte order mark"],
    [Buffer.from("\ufeffbücher.example", "utf16le"), "UTF-16, little end first"],
    [Buffer.from("\ufeffbücher.example", "utf16le").swap16(), "UTF-16, big end first"],
    [Buffer.from("bücher.example", "latin1"), "Windows-1252"],
  ])("%#: %s", (bytes, _name) => {
    expect(parseList(decodeList(bytes)).domains).toEqual([{ line: 1, name: "xn--bcher-kva.example" }]);
  });

  it.each([[Buffer.from("PK\x03\x04rest", "latin1")], [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1])]])(
    "that is a spreadsheet is refused with what to do",
    (bytes) => {
      expect(() => decodeList(bytes)).toThrow("Save it as CSV");
    },
  );
});

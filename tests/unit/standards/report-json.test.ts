import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonScan, scanJson } from "#lib/standards/report-json.ts";
import { comesToAnEnd } from "#tests/unit/comes-to-an-end.ts";

const LIMITS = { depth: 32, values: 1_000 };

function scan(text: string, start = 0): JsonScan {
  return scanJson(Buffer.from(text), start, LIMITS);
}

function good(text: string, why: string): void {
  test(`${text} is JSON: ${why}`, () => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(scan(text)).toMatchObject({ ok: true, end: Buffer.byteLength(text.trimEnd()) });
  });
}

function bad(text: string, offset: number, what: string): void {
  test(`${JSON.stringify(text)} is no JSON: ${what}`, () => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(scan(text)).toMatchObject({ ok: false, fault: "json-syntax", offset, what });
  });
}

describe("what is JSON (RFC 8259)", () => {
  good("{}", "an empty object");
  good("[]", "an empty array");
  good('{"a":{"b":[{},[],"",0,true,false,null]}}', "each kind of value");
  good(' \t\r\n{ "a" : [ 1 , 2 ] } ', "blanks anywhere");
  good("-0", "minus zero");
  good("[0,-1,1.5,1e3,1E+3,-1.25e-7,9007199254740993]", "numbers");
  good('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"', "each escape");
  good('{"":1,"a":{"":1}}', "an empty key");
  good('{"b":{"a":1},"a":{"b":1},"c":[{"d":1}],"d":1}', "a key that an object inside had before");
  good('{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', "the same key in different objects");
  good('"ünïcode 漢字"', "more than ASCII");
  good('"\u007f\u2028"', "characters that only JavaScript once forbade");

  bad("", 0, "the text ends where a value should come");
  bad("{", 1, "the text ends where a key in quotes should come");
  bad('{"a"', 4, 'the text ends where ":" should come');
  bad('{"a":1', 6, 'the text ends where "," or "}" should come');
  bad("[1", 2, 'the text ends where "," or "]" should come');
  bad('"abc', 4, "the text ends where the rest of a string should come");
  bad('"abc\\', 5, "the text ends where an escape that JSON knows should come");
  bad('{"a":1,}', 7, '"}" stands where a key in quotes should come');
  bad("[1,]", 3, '"]" stands where a value should come');
  bad("[1 2]", 3, '"2" stands where "," or "]" should come');
  bad('{"a":1]', 6, '"]" stands where "," or "}" should come');
  bad("[1}", 2, '"}" stands where "," or "]" should come');
  bad("{a:1}", 1, '"a" stands where a key in quotes should come');
  bad("{'a':1}", 1, '"\'" stands where a key in quotes should come');
  bad('{"a"=1}', 4, '"=" stands where ":" should come');
  bad("[01]", 2, '"1" stands where "," or "]" should come');
  bad("[1.]", 3, '"]" stands where a digit should come');
  bad("[.5]", 1, '"." stands where a value should come');
  bad("[-]", 2, '"]" stands where a digit should come');
  bad("[+1]", 1, '"+" stands where a value should come');
  bad("[1e]", 3, '"]" stands where a digit should come');
  bad("[NaN]", 1, '"N" stands where a value should come');
  bad("[truE]", 4, '"E" stands where "true" should come');
  bad('["\\x41"]', 3, '"x" stands where an escape that JSON knows should come');
  bad('["\\u00g0"]', 6, '"g" stands where a hexadecimal digit should come');
  bad('["a\nb"]', 3, "byte 0x0a stands where the rest of a string should come");
  bad('["a\u0000b"]', 3, "byte 0x00 stands where the rest of a string should come");
  bad("/* x */ {}", 0, '"/" stands where a value should come');
  bad('{"a":1 "b":2}', 7, 'a quote stands where "," or "}" should come');
});

describe("keys given twice (RFC 7493 §2.3)", () => {
  function duplicate(text: string, path: string, why: string): void {
    test(`${text}: ${why}`, () => {
      expect(scan(text)).toMatchObject({ ok: false, fault: "duplicate-key", path });
    });
  }
  duplicate('{"a":1,"a":1}', "a", "with the same value");
  duplicate('{"a":1,"b":2,"a":3}', "a", "with another between");
  duplicate('{"a":1,"\\u0061":2}', "a", "written in another way");
  duplicate('{"\\u0061":1,"a":2}', "a", "written in another way, first");
  duplicate('{"\\u0061":1,"\\u0061":2}', "a", "both written in another way");
  duplicate('{"":1,"":2}', "", "the empty key");
  duplicate('{"é":1,"\\u00e9":2}', "é", "not ASCII");
  duplicate('{"policies":[{"x":1},{"policy":{"k":1,"l":{},"k":2}}]}', "policies[1].policy.k", "deep inside");
  duplicate('{"a":[[0,{"b":1,"b":2}]]}', "a[0][1].b", "in arrays");

  test("many keys in one object: the last one repeats the first", () => {
    const keys = Array.from({ length: 200 }, (_, i) => `"key-${i}":{"x":1,"y":[1]}`);
    expect(scan(`{${keys.join(",")}}`)).toMatchObject({ ok: true });
    expect(scan(`{${keys.join(",")},"key-0":1}`)).toMatchObject({ fault: "duplicate-key", path: "key-0" });
  });

  test("half a million keys in one object are not compared each with each", () => {
    const keys = Array.from({ length: 500_000 }, (_, i) => `"${i}":0`);
    const bytes = Buffer.from(`{${keys.join(",")},"499999":0}`);
    expect(comesToAnEnd(() => scanJson(bytes, 0, { depth: 1, values: 1_000_000 }))).toMatchObject({
      fault: "duplicate-key",
      path: "499999",
    });
  });

  test("after many keys the inner objects are still judged, and the outer ones after them", () => {
    const keys = Array.from({ length: 40 }, (_, i) => `"k${i}":0`).join(",");
    expect(scan(`{${keys},"in":{"a":1,"a":2}}`)).toMatchObject({ fault: "duplicate-key", path: "in.a" });
    expect(scan(`{"z":0,"in":{${keys}},"z":1}`)).toMatchObject({ fault: "duplicate-key", path: "z" });
    expect(scan(`{"z":0,"in":{${keys}},"y":{"z":1,"k1":1}}`)).toMatchObject({ ok: true });
  });
});

describe("limits", () => {
  test("32 levels are read, 33 are not", () => {
    expect(scan("[".repeat(32) + "]".repeat(32))).toMatchObject({ ok: true });
    expect(scan("[".repeat(33) + "]".repeat(33))).toMatchObject({ fault: "json-depth", offset: 32 });
    expect(scan('{"a":'.repeat(33))).toMatchObject({ fault: "json-depth" });
  });

  test("levels beside each other do not count", () => {
    expect(scan(`[${Array(100).fill("[[]]").join(",")}]`)).toMatchObject({ ok: true });
  });

  test("1,000 values are read, 1,001 are not", () => {
    expect(scan(`[${Array(999).fill("1").join(",")}]`)).toMatchObject({ ok: true });
    expect(scan(`[${Array(1_000).fill("1").join(",")}]`)).toMatchObject({ fault: "json-values" });
  });

  test("many open brackets cost no stack", () => {
    expect(scanJson(Buffer.from("[".repeat(200_000)), 0, { depth: 200_000, values: 200_000 })).toMatchObject({
      ok: false,
    });
  });
});

describe("what else is told", () => {
  test("where the value ends, with something behind it", () => {
    expect(scan('{"a":1} {"b":2}')).toEqual({ ok: true, end: 7, unicodeEscapes: false });
    expect(scan('{"a":1} {"b":2}', 7)).toEqual({ ok: true, end: 15, unicodeEscapes: false });
  });

  test("whether some string has a \\u escape", () => {
    expect(scan('{"a":"\\n"}')).toMatchObject({ unicodeEscapes: false });
    expect(scan('{"a":"\\u0000"}')).toMatchObject({ unicodeEscapes: true });
    expect(scan('{"\\u0061":"x","b":"y"}')).toMatchObject({ unicodeEscapes: true });
  });
});

describe("compared with JSON.parse", () => {
  test("takes whatever JSON.stringify writes, to its end", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, "\t"), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const limits = { depth: 64, values: 1_000_000 };
        expect(scanJson(Buffer.from(text), 0, limits)).toMatchObject({ ok: true, end: Buffer.byteLength(text) });
      }),
    );
  });

  test("agrees on what is JSON, for pieces of JSON in any order", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      '"',
      "1",
      "-",
      ".",
      "e",
      "0",
      "true",
      "nul",
      " ",
      "\\",
      "\\u00",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const result = scan(text);
        const rest = result.ok ? text.slice(result.end).trim() : "";
        expect(result.ok || result.fault === "duplicate-key").toBe(parses(text, result, rest));
      }),
      { numRuns: 20_000 },
    );
  });

  function parses(text: string, result: JsonScan, rest: string): boolean {
    // With something behind it the first value alone has to be JSON; JSON.parse does not read on behind it.
    if (result.ok && rest !== "") return parses(text.slice(0, result.end), result, "");
    try {
      JSON.parse(text);
      return true;
    } catch {
      return !result.ok && result.fault === "duplicate-key";
    }
  }

  test("finds a repeated key wherever one is put", () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 0, maxLength: 8 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(keys, fc.nat(), fc.nat(), (names, which, where) => {
        const pairs = names.map((name) => `${JSON.stringify(name)}:{"x":[]}`);
        expect(scan(`{${pairs.join(",")}}`)).toMatchObject({ ok: true });
        const repeated = names[which % names.length] ?? "";
        pairs.splice(where % (names.length + 1), 0, `${JSON.stringify(repeated)}:0`);
        expect(scan(`{${pairs.join(",")}}`)).toMatchObject({ fault: "duplicate-key", path: repeated });
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanJson } from "#lib/standards/report-json.ts";
import { parsePlainJson } from "#lib/standards/report-json-plain.ts";

const LIMITS = { depth: 4, values: 50 };
const REPORT_LIMITS = { policies: 10, failures: 20, entries: 5, text: 100 };
const parse = (text: string) => parsePlainJson(text, LIMITS, REPORT_LIMITS);
const scan = (text: string) => scanJson(Buffer.from(text), 0, LIMITS);

describe("a text that is wholly in order is read", () => {
  const good = (text: string) => it(text, () => expect(parse(text)).toEqual(JSON.parse(text)));
  good("{}");
  good('{"a":1,"b":{"a":[2,"3"]}}');
  good('{ "a": 1,\n\t"b" : 2 }'.replace(" :", ":"));
  good('{"time":"2026-11-01T00:00:00Z","ip":"::1","":":",":":"x"}');
  good('{"a":[[[1]]]}'); // as deep as allowed
  good('{"__proto__":1,"constructor":2}');
});

describe("about others there is something to say, or nothing is known", () => {
  const bad = (text: string, why: string) => it(`${text}: ${why}`, () => expect(parse(text)).toBeUndefined());
  bad('{"a":1,"a":1}', "a key twice");
  bad('{"a":{"b":1,"b":{}}}', "a key twice, below");
  bad('{"a" :1,"a":2}', "a key twice, once with a blank before its colon");
  bad('{"a"\n:1,"b":2}', "a line between key and colon");
  bad('{"a":":","a":2}', "a key twice, and a string that begins with a colon");
  bad('{"a":"\\u003ab","b":2,"b":3}', "a key twice, and a colon written as an escape");
  bad('{"__proto__":1,"__proto__":2}', "a key twice that is none of an object's own elsewhere");
  bad('{"a":[[[[1]]]]}', "too deep");
  bad(`[${"0,".repeat(50)}0]`, "too many values");
  bad('{"a":1}{"b":2}', "two values");
  bad('{"a":1', "cut off");
  bad('{"a":"\\n"}', "an escape");
});

it("says nothing that the scanner does not say too", () => {
  const text = fc.string({ maxLength: 3, unit: fc.constantFrom("a", ":", '\\"', "\\u003a", " ") });
  const blank = fc.constantFrom("", "", "", " ", "\n");
  const { json } = fc.letrec<{ json: string }>((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("1", "null", '":"'),
      text.map((one) => `"${one}"`),
      fc.array(tie("json"), { maxLength: 3 }).map((entries) => `[${entries.join(",")}]`),
      fc
        .array(fc.tuple(text, blank, blank, tie("json")), { maxLength: 4 })
        .map((all) => `{${all.map(([key, before, after, value]) => `"${key}"${before}:${after}${value}`).join(",")}}`),
    ),
  }));
  let plain = 0;
  fc.assert(
    fc.property(json, (sent) => {
      const value = parse(sent);
      if (value === undefined) return;
      plain++;
      expect(scan(sent), sent).toEqual({ ok: true, end: Buffer.byteLength(sent), unicodeEscapes: false });
      expect(value).toEqual(JSON.parse(sent));
    }),
    { numRuns: 5_000 },
  );
  expect(plain).toBeGreaterThan(500);
});

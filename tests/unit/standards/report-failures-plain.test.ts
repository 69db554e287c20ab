import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReadReport, readReport } from "#lib/standards/report.ts";
import { takeFailures } from "#lib/standards/report-failures-plain.ts";
import { scanJson } from "#lib/standards/report-json.ts";
import { parsePlainJson } from "#lib/standards/report-json-plain.ts";
import { makeRandom, mutate } from "#tests/unit/reports/mutants.ts";

const JSON_LIMITS = { depth: 8, values: 5_000 };
const LIMITS = { policies: 4, failures: 12, entries: 5, text: 40 };

const read = (value: unknown): ReadReport =>
  readReport(value, { limits: LIMITS, unicodeEscapes: false, quirks: [], hints: [] });

/** Expects that the quick path says of a text what the scanner and `JSON.parse` say. @returns whether it took failures */
function expectSame(text: string): boolean {
  const value = parsePlainJson(text, JSON_LIMITS, LIMITS);
  if (value === undefined) return false;
  const bytes = Buffer.from(text.trimEnd());
  expect(scanJson(bytes, 0, JSON_LIMITS), text).toEqual({ ok: true, end: bytes.length, unicodeEscapes: false });
  expect(read(value), text).toStrictEqual(read(JSON.parse(text)));
  return takeFailures(text, LIMITS).taken.length > 0;
}

/** A report whose only policy has this as the rest of its text. */
function reportWith(rest: string, more = ""): string {
  const range = '"date-range":{"start-datetime":"2026-05-04T00:00:00Z","end-datetime":"2026-05-04T23:59:59Z"}';
  return `{${range}${more},"policies":[{"policy":{"policy-type":"sts","policy-domain":"example.com"}${rest}}]}`;
}

const NAMES = '"receiving-mx-hostname":"mx1.example.com"';
const ENTRY = `{"result-type":"certificate-expired",${NAMES},"failed-session-count":7}`;
const pretty = (text: string) => JSON.stringify(JSON.parse(text), null, 2);

describe("failures that are taken out of the text", () => {
  const good = (text: string, why: string) => it(why, () => expect(expectSame(text)).toBe(true));
  const failure = (fields: string, why: string) => good(reportWith(`,"failure-details":[${ENTRY},{${fields}}]`), why);
  good(reportWith(`,"failure-details":[${ENTRY}]`), "one");
  good(reportWith(`,"failure-details":[${`${ENTRY},`.repeat(11)}${ENTRY}]`), "as many as are allowed");
  good(pretty(reportWith(`,"failure-details":[${ENTRY},${ENTRY}]`)), "printed for people");
  good(pretty(reportWith(`,"failure-details":[${ENTRY}]`)).replaceAll("\n", "\r\n"), "with the line ends of Windows");
  failure(`"failed-session-count":0,${NAMES},"result-type":"tlsa-invalid"`, "keys in another order");
  failure('"result-type":"tlsa-invalid","failed-session-count":999999999999999', "a long count");
  failure('"result-type":"Something-Else","failed-session-count":1', "an unknown result type");
  failure('"result-type":"a","failed-session-count":1,"sending-mta-ip":"::1","receiving-ip":"192.0.2.1"', "addresses");
  failure('"result-type":"a","failed-session-count":1,"receiving-mx-hostname":"MX1.Bücher.example."', "an odd name");
  failure('"result-type":"a","failed-session-count":1,"receiving-mx-helo":"[192.0.2.1]"', "an odd name in HELO");
  failure('"result-type":"a","failed-session-count":1,"failure-reason-code":"   "', "a blank text");
  failure(
    `"result-type":"a","failed-session-count":1,"failure-reason-code":"${"é漢😀".repeat(20)}"`,
    "a text to be cut",
  );
  failure(
    '"result-type":"a","failed-session-count":1,"additional-information":"no URI: at all"',
    "a text that is no URI",
  );
  good(
    reportWith("", `,"failure-details":[${ENTRY}],"x":{"failure-details":[${ENTRY}]}`),
    "in places where none are read",
  );
  good(reportWith(',"failure-details":[]', `,"x":{"failure-details":[${ENTRY}]}`), "beside an empty array");
});

describe("what others read", () => {
  const bad = (text: string, why: string) =>
    it(why, () => {
      expect(takeFailures(text, LIMITS)).toEqual({ rest: text, taken: [] });
      expectSame(text);
    });
  const failure = (fields: string, why: string) =>
    bad(reportWith(`,"failure-details":[${ENTRY},{"result-type":"a","failed-session-count":1,${fields}}]`), why);
  bad(reportWith(""), "no failures");
  bad(reportWith(',"failure-details":[]'), "an empty array");
  bad(reportWith(`,"failure-details":${ENTRY}`), "an object");
  bad(reportWith(',"failure-details":null'), "null");
  bad(reportWith(`,"failure-details":[${ENTRY},]`), "a comma at the end");
  bad(reportWith(`,"failure-details":[${ENTRY}`), "no end");
  bad(reportWith(`,"failure-details":[${ENTRY},{}]`), "an empty entry");
  bad(reportWith(`,"failure-details":[${ENTRY},null]`), "an entry that is none");
  bad(reportWith(`,"failure-details":[${`${ENTRY},`.repeat(12)}${ENTRY}]`), "more than are allowed");
  bad(reportWith(`,"failure-details":\0[${ENTRY}]`), "a control character before the array");
  bad(reportWith(`,"failure-details":[\0${ENTRY}]`), "a control character before an entry");
  bad(reportWith(`,"failure-details" :[${ENTRY}]`), "a blank before the colon");
  bad(reportWith(`,"x-failure-details":[${ENTRY}]`), "another key");
  bad(reportWith(`,"failure-details":[{${NAMES},"failed-session-count":1}]`), "no result type");
  bad(reportWith(`,"failure-details":[{"result-type":"a",${NAMES}}]`), "no count");
  failure('"result-type":"b"', "a key twice");
  failure('"x":1', "an unknown key");
  failure('"receiving-mx-host-name":"mx1.example.com"', "a key of quirk 3");
  failure('"receiving-ip":"192.0.2.256"', "what is no address");
  failure('"receiving-ip":" 192.0.2.1"', "an address with a blank");
  failure('"receiving-ip":""', "an empty text");
  failure('"receiving-ip":null', "a text that is null");
  failure('"failure-reason-code":7', "a text that is a number");
  failure('"failure-reason-code":"\t"', "a raw control character in a text");
  for (const count of ["1e3", "1.0", "-0", "-1", "01", '"1"', "1000000000000000", "null", "true"]) {
    bad(reportWith(`,"failure-details":[{"result-type":"a","failed-session-count":${count}}]`), `a count of ${count}`);
  }
});

describe("what the text around decides", () => {
  const refused = (text: string, why: string) =>
    it(why, () => {
      expect(takeFailures(text, LIMITS).taken).not.toEqual([]);
      expect(parsePlainJson(text, JSON_LIMITS, LIMITS)).toBeUndefined();
    });
  const array = `"failure-details":[${ENTRY}]`;
  refused(reportWith(`,${array},${array}`), "the key twice");
  refused(reportWith(`,${array},"failure-details":[]`), "the key twice, the second time empty");
  refused(reportWith(`,"x":["failure-details":[${ENTRY}]]`), "no key but an entry of an array");
  refused(reportWith(`,"x"failure-details":[${ENTRY}]`), "no key but what follows one");
  refused(reportWith(`,"x":"y"failure-details":[${ENTRY}]`), "no key but what follows a text");
  refused(reportWith("", `,"x":${'{"x":'.repeat(5)}{${array}}${"}".repeat(5)}`), "too deep");
  it("as deep as allowed", () =>
    expect(expectSame(reportWith("", `,"x":${'{"x":'.repeat(4)}{${array}}${"}".repeat(4)}`))).toBe(true));
});

describe("how many orders of keys are learnt from one text", () => {
  const keys = ["sending-mta-ip", "receiving-ip", "receiving-mx-helo", "failure-reason-code", "additional-information"];
  /** Entries of the first so many orders of keys, which no other test has. */
  const orders = (count: number) =>
    Array.from({ length: count }, (_, index) => {
      const [first = "", ...others] = [...keys.slice(index), ...keys.slice(0, index)];
      const texts = [...others, first].map((key) => `"${key}":"::1"`);
      return `{${texts.join(",")},"failed-session-count":1,"result-type":"a"}`;
    });
  it("as many as one has", () => expect(expectSame(reportWith(`,"failure-details":[${orders(4)}]`))).toBe(true));
  it("no more", () => {
    const text = reportWith(`,"failure-details":[${orders(5).map((one) => one.replace("{", `{${NAMES},`))}]`);
    expect(takeFailures(text, LIMITS)).toEqual({ rest: text, taken: [] });
    // The next text finds them learnt.
    expect(expectSame(text)).toBe(true);
  });
});

it("all the failures of a report count", () => {
  const seven = `"failure-details":[${`${ENTRY},`.repeat(6)}${ENTRY}]`;
  const text = reportWith(`,${seven}},{"policy":{"policy-type":"sts","policy-domain":"example.com"},${seven}`);
  expect(takeFailures(text, LIMITS).taken).toHaveLength(2);
  expect(read(parsePlainJson(text, JSON_LIMITS, LIMITS))).toMatchObject({ ok: false, fault: "too-many-failures" });
  expectSame(text);
});

const VALUES: Record<string, string[]> = {
  "result-type": ['"certificate-expired"', '"validation-failure"', '"STARTTLS-Not-Supported"', '"odd"', '"\\u0061"'],
  "sending-mta-ip": ['"192.0.2.1"', '"2001:db8::1"', '"::1"', '"1:2:3:4:5:6:7:8"', '"x.x.x.x"', '"192.0.2.256"'],
  "receiving-mx-hostname": ['"mx1.example.com"', '"mx2.example.com"', '"MX1.example.com."', '"bücher.example"', '":x"'],
  "receiving-mx-helo": ['"mx1.example.com"', '"[192.0.2.1]"', '"a }]{ b"', '"漢"'],
  "receiving-ip": ['"203.0.113.56"', '"2001:db8:abcd:12::1"', '" 192.0.2.1"', '"failure-details"'],
  "failed-session-count": [
    "1",
    "303",
    "0",
    "1e3",
    "1.0",
    "-0",
    "-1",
    "01",
    '"12"',
    "9007199254740993",
    "123456789012345",
  ],
  "failure-reason-code": ['"X509_V_ERR"', '"with: colon"', '"  "', '"\t"', '"\\n"', `"${"long ".repeat(20)}"`],
  "additional-information": ['"https://reporter.example/"', '"no uri"', '"[{"'],
  "receiving-mx-host-name": ['"mx1.example.com"'],
  "x-unknown": ["1", '{"a":[]}', "[]"],
};

/** Failures of one report: mostly alike, mostly in order. */
const fields = fc
  .tuple(
    fc.shuffledSubarray(Object.keys(VALUES).slice(0, 8), { minLength: 2 }),
    fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, fc.constantFrom(...Object.keys(VALUES))),
  )
  .map(([keys, extra]) => [...new Set(["result-type", "failed-session-count", ...keys]), ...(extra ? [extra] : [])]);
const place = fc.oneof({ weight: 12, arbitrary: fc.nat(1) }, fc.nat(12));
const entry = (keys: string[], blank: string, before: string) =>
  fc.tuple(...keys.map(() => place)).map((places) => {
    const members = keys.map((key, index) => {
      const values = [...(VALUES[key] ?? []), "null", '""'];
      return `"${key}"${before}:${blank}${values[(places[index] ?? 0) % values.length]}`;
    });
    return `{${blank}${members.join(`,${blank}`)}${blank}}`;
  });
const style = fc.tuple(
  // JSON has four blanks (RFC 8259 §2); the last two are none of them.
  fc.constantFrom("", "", "", " ", "\n  ", "\r\n\t", "\v", "\u00a0"),
  fc.oneof({ weight: 9, arbitrary: fc.constant("") }, fc.constant(" ")),
);
const details = fc
  .tuple(style, fields, fields)
  .chain(([[blank, before], usual, other]) =>
    fc
      .array(
        fc.oneof({ weight: 4, arbitrary: entry(usual, blank, before) }, entry(other, blank, before), fc.constant("{}")),
        { maxLength: 5 },
      )
      .map((all) => `"failure-details"${before}:${blank}[${blank}${all.join(`,${blank}`)}${blank}]`),
  );
const report = fc
  .tuple(fc.array(fc.oneof(details, fc.constant('"x":{}')), { maxLength: 3 }), fc.option(details), fc.nat(9))
  .map(([all, elsewhere, twice]) => {
    const next = '},{"policy":{"policy-type":"sts","policy-domain":"example.com"},';
    const inPolicies = all.length === 0 ? "" : `,${all.join(twice === 0 ? "," : next)}`;
    return reportWith(inPolicies, elsewhere === null ? "" : `,"x":{${elsewhere}}`);
  });

it("says what the scanner says, of whatever report", () => {
  let taken = 0;
  fc.assert(
    fc.property(report, (text) => {
      if (expectSame(text)) taken++;
    }),
    { numRuns: 5_000 },
  );
  expect(taken).toBeGreaterThan(500);
});

it("says what the scanner says, of broken ones", () => {
  let taken = 0;
  fc.assert(
    fc.property(report, fc.nat(), (text, seed) => {
      if (expectSame(mutate(Buffer.from(text), makeRandom(seed)).toString())) taken++;
    }),
    { numRuns: 10_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

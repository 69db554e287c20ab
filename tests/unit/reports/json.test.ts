import { describe, expect, test } from "vitest";
import { decode } from "#lib/reports/decode.ts";
import { inPlace, rejected } from "#lib/reports/refusal.ts";
import { bytesOf, makeReport } from "./sample-report.ts";

async function reasonOf(json: string | Buffer): Promise<string> {
  const [result, ...others] = await decode(Buffer.from(json), null);
  expect(others).toEqual([]);
  return result?.outcome === "rejected" ? `${result.code}: ${result.reason}` : "";
}

function bad(json: string | Buffer, reason: string, why: string): void {
  test(`${why}: ${reason}`, async () => expect(await reasonOf(json)).toBe(reason));
}

describe("where JSON is broken", () => {
  bad(
    '{"a":x}',
    'json-syntax: the JSON is broken at line 1, column 6 (at a): "x" stands where a value should come',
    "first line",
  );
  bad(
    '\n\n  {"a":\r\n  x}',
    'json-syntax: the JSON is broken at line 4, column 3 (at a): "x" stands where a value should come',
    "later line",
  );
  bad(
    '\ufeff{"a":x}',
    'json-syntax: the JSON is broken at line 1, column 6 (at a): "x" stands where a value should come',
    "a byte order mark is no column",
  );
  bad(
    '{"é漢😀":x}',
    'json-syntax: the JSON is broken at line 1, column 9 (at é漢😀): "x" stands where a value should come',
    "columns are characters",
  );
  bad(
    '{"policies":[{},{"policy":{"a" 1}}]}',
    'json-syntax: the JSON is broken at line 1, column 32 (at policies[1].policy.a): "1" stands where ":" should come',
    "a path",
  );
  bad(
    '{"a":1',
    'json-syntax: the JSON is broken at line 1, column 7 (at a): the text ends where "," or "}" should come',
    "cut off",
  );
  bad(
    "{",
    "json-syntax: the JSON is broken at line 1, column 2: the text ends where a key in quotes should come",
    "only begun",
  );
});

describe("what JSON.parse would take", () => {
  bad(
    `${JSON.stringify(makeReport()).slice(0, -1)},"report-id":"2"}`,
    'duplicate-key: the key "report-id" is given twice, the second time at line 1, column 877 (RFC 7493 §2.3)',
    "a key given twice",
  );
  bad(
    JSON.stringify(makeReport()).replace('"policy-type":"sts"', '"policy-type":"sts","policy\\u002dtype":"tlsa"'),
    'duplicate-key: the key "policies[0].policy.policy-type" is given twice, the second time at line 1, column 242 (RFC 7493 §2.3)',
    "a key given twice in a policy, in another spelling",
  );
  bad(
    '{"":1,"":2}',
    'duplicate-key: the key "" is given twice, the second time at line 1, column 7 (RFC 7493 §2.3)',
    "the empty key",
  );
});

describe("a reason", () => {
  const nasty = '{"\\u0000\\ud800\\n\\u202e":1,"\\u0000\\ud800\\n\\u202e":2}';
  bad(
    nasty,
    'duplicate-key: the key "\\u{0}\ufffd\\u{a}\\u{202e}" is given twice, the second time at line 1, column 27 (RFC 7493 §2.3)',
    "is one line that a database keeps",
  );

  test("is never long", async () => {
    const key = "x".repeat(100_000);
    expect((await reasonOf(`{"${key}":1,"${key}":2}`)).length).toBeLessThan(700);
    expect(inPlace(rejected("too-large", "b".repeat(590)), "a".repeat(590)).reason).toHaveLength(601);
  });
});

test("reports that follow each other in one file are all read", async () => {
  const lines = [1, 2, 3].map((id) => JSON.stringify(makeReport({ "report-id": `id-${id}` })));
  for (const separator of ["", "\n", "\r\n\r\n  "]) {
    const results = await decode(Buffer.from(lines.join(separator)), null);
    expect(results).toMatchObject([1, 2, 3].map((id) => ({ report: { reportId: `id-${id}`, quirks: [] } })));
  }
});

test("what stands behind a report is told of alike, whether all is in order otherwise or not", async () => {
  const quirks = async (id: string, tail: string) =>
    (await decode(Buffer.from(JSON.stringify(makeReport({ "report-id": id })) + tail), null)).map((result) =>
      result.outcome === "report" ? result.report.quirks : null,
    );
  for (const id of ["plain", "with an escape:\n"]) {
    for (const tail of ["", " ", "\r\n\t\v\f", "\ufeff"])
      expect([id, tail, await quirks(id, tail)]).toEqual([id, tail, [[]]]);
    for (const tail of ["x", "\u00a0", "\u2028"]) {
      expect([id, tail, await quirks(id, tail)]).toEqual([id, tail, [["trailing-data"]]]);
    }
  }
});

test("the content's hash is of the JSON alone, however it came", async () => {
  const hashes = async (bytes: Buffer) =>
    (await decode(bytes, null)).map((result) => (result.outcome === "report" ? result.contentHash : null));
  const plain = bytesOf(makeReport());
  const [hash] = await hashes(plain);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(await hashes(Buffer.concat([Buffer.from("\ufeff \n"), plain, Buffer.from("\n")]))).toEqual([hash]);
  expect(await hashes(Buffer.concat([plain, plain]))).toEqual([hash, hash]);
  expect(await hashes(bytesOf(makeReport({ "report-id": "other" })))).not.toEqual([hash]);
});

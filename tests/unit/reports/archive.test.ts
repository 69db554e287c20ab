import { deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { endOfZip } from "#lib/reports/archive.ts";
import { decode } from "#lib/reports/decode.ts";
import { makeMail } from "./make-mail.ts";
import { type EntryToZip, makeZip } from "./make-zip.ts";
import { bytesOf, makeReport } from "./sample-report.ts";

const REPORT = bytesOf(makeReport());
const GOOD: EntryToZip = { name: "good.json", data: REPORT };

/** What comes of each entry of an archive: the report's id, or the code and the reason. */
async function outcomes(bytes: Buffer): Promise<string[]> {
  const results = await decode(bytes, "reports.zip");
  return results.map((result) =>
    result.outcome === "report" ? "report" : `${result.outcome} ${result.code}: ${result.reason}`,
  );
}

function good(entries: EntryToZip[], count: number, why: string): void {
  test(`${count} reports: ${why}`, async () => {
    expect(await outcomes(makeZip(entries))).toEqual(Array(count).fill("report"));
  });
}

function bad(entry: EntryToZip, code: string, reason: string): void {
  test(`${code}: ${reason}`, async () => {
    const line = `rejected ${code}: in the entry "${entry.name}": ${reason}`;
    expect(await outcomes(makeZip([entry]))).toEqual([line]);
    // One bad entry stops no other.
    expect(await outcomes(makeZip([GOOD, entry, GOOD]))).toEqual(["report", line, "report"]);
  });
}

describe("entries", () => {
  good([GOOD], 1, "one");
  good([GOOD, { ...GOOD, name: "again.json" }], 2, "two");
  good([{ ...GOOD, stored: true }], 1, "stored without compression");
  good([{ name: "a.json.gz", data: gzipSync(REPORT) }], 1, "gzip inside");
  good(
    [{ name: "a.eml", data: makeMail(["Subject: x"], [{ type: "application/json", body: REPORT }]) }],
    1,
    "a mail inside",
  );
  good(
    [
      { name: "2026/", data: "" },
      { name: "2026/05/a.json", data: REPORT },
    ],
    1,
    "in folders",
  );
  good(
    [GOOD, { name: "__MACOSX/._good.json", data: "\0\x05\x16\x07" }, { name: "a/.DS_Store", data: "{" }],
    1,
    "beside what macOS adds",
  );
  good(
    [GOOD, { name: "readme.txt", data: "These are reports." }, { name: "x.xml", data: "<feedback></feedback>" }],
    1,
    "beside what is no report",
  );
  good([{ ...GOOD, name: "../../etc/passwd" }], 1, "a name that leads out: it is only a name");
  good([{ ...GOOD, name: "C:\\reports\\a.json" }], 1, "a Windows path");
  good(
    [
      { ...GOOD, name: "/abs.json" },
      { ...GOOD, name: "" },
    ],
    2,
    "an absolute path, and no name",
  );
  good([GOOD, { name: "none.json", data: "" }], 1, "beside an empty file");

  bad({ name: "inner.zip", data: makeZip([GOOD]) }, "nested-archive", "it is a zip archive inside a zip archive");
  bad({ name: "a.gz", data: gzipSync(gzipSync(REPORT)) }, "nested-archive", "it is gzip data inside gzip data");
  bad({ name: "a.gz", data: gzipSync(makeZip([GOOD])) }, "nested-archive", "it is a zip archive inside a zip archive");
  bad({ ...GOOD, name: "secret.json", flags: 1 }, "encrypted-zip", "it is encrypted");
  bad(
    { ...GOOD, name: "a.json", method: 12 },
    "zip-method",
    "its compression method is 12; 0 and 8 (deflate) are read",
  );
  bad({ ...GOOD, name: "a.json", crc: 1 }, "damaged-zip", "its checksum does not match");
  bad({ ...GOOD, name: "a.json", size: 5 }, "damaged-zip", "its length does not match");
  bad(
    { ...GOOD, name: "a.json", packed: Buffer.from([0xff, 0xff]) },
    "damaged-zip",
    "its data is damaged and cannot be inflated",
  );
  bad(
    { ...GOOD, name: "a.json", packed: deflateRawSync(REPORT).subarray(0, -9) },
    "truncated-zip",
    "its data is cut off: it ends before its data does",
  );
  bad(
    { name: "a.json", data: '{"a":' },
    "json-syntax",
    "the JSON is broken at line 1, column 6 (at a): the text ends where a value should come",
  );
  bad(
    { name: "a.json", data: bytesOf(makeReport({ policies: [] })) },
    "field-missing",
    "policies is empty: the report says nothing",
  );
});

describe("the archive", () => {
  test("with nothing of ours in it is no report", async () => {
    const line = "not-a-report no-report-in-zip: the zip archive has no TLS report in it";
    expect(await outcomes(makeZip([]))).toEqual([line]);
    expect(await outcomes(makeZip([{ name: "a/", data: "" }]))).toEqual([line]);
    expect(
      await outcomes(
        makeZip([
          { name: "a.txt", data: "hello" },
          { name: "b.json", data: "{}" },
        ]),
      ),
    ).toEqual([line]);
  });

  test("with a comment is read, and what stands behind it is left out", async () => {
    const zip = makeZip([GOOD], "comment");
    expect(await outcomes(zip)).toEqual(["report"]);
    expect(endOfZip(zip)).toBe(zip.length);
    expect(endOfZip(Buffer.concat([zip, Buffer.from("rest")]))).toBe(zip.length);
  });

  test("cut off at any byte is rejected, or gives what was read before", async () => {
    const zip = makeZip([GOOD, GOOD]);
    for (let length = 4; length < zip.length; length += 7) {
      const [first, ...others] = await outcomes(zip.subarray(0, length));
      expect([first, others]).toEqual([
        "rejected truncated-zip: the zip archive is cut off: its directory at the end is missing",
        [],
      ]);
    }
  });

  test("with a broken directory is rejected, with what was read before", async () => {
    const zip = makeZip([GOOD, GOOD]);
    const second = zip.lastIndexOf(Buffer.from("PK\x01\x02"));
    zip[second] = 0;
    expect(await outcomes(zip)).toEqual([
      "report",
      "rejected damaged-zip: the zip archive is damaged: its directory cannot be read",
    ]);
  });

  test("whose directory is not where it says is rejected", async () => {
    const zip = makeZip([GOOD]);
    zip.writeUInt32LE(zip.length, zip.length - 6);
    expect(await outcomes(zip)).toEqual([
      "rejected damaged-zip: the zip archive is damaged: its directory cannot be read",
    ]);
  });
});

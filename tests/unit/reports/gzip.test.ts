import { randomBytes } from "node:crypto";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "#lib/reports/decode.ts";
import { gunzip } from "#lib/reports/gzip.ts";
import { MAX_INFLATED_BYTES } from "#lib/reports/limits.ts";
import type { Decoded } from "#lib/reports/place.ts";
import { Refusal, type Refused } from "#lib/reports/refusal.ts";
import { makeMail } from "./make-mail.ts";
import { bytesOf, makeReport } from "./sample-report.ts";

const DATA = Buffer.from("The quick brown fox jumps over the lazy dog. ".repeat(20));

async function unpack(bytes: Buffer): Promise<{ bytes: Buffer; quirks: string[] } | Refused> {
  try {
    return await gunzip(bytes, { left: MAX_INFLATED_BYTES });
  } catch (error) {
    if (error instanceof Refusal) return error.refused;
    throw error;
  }
}

function codeOf(result: Decoded): string {
  return result.outcome === "report" ? "report" : result.code;
}

/** A gzip member written by hand (RFC 1952 §2.3). */
function makeMember({
  flags = 0,
  header = Buffer.alloc(0),
  method = 8,
  crc = crc32(DATA),
  size = DATA.length,
} = {}): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size, 4);
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, method, flags, 0, 0, 0, 0, 0, 3]),
    header,
    deflateRawSync(DATA),
    trailer,
  ]);
}

function good(member: Buffer, why: string): void {
  test(`read: ${why}`, async () => expect(await unpack(member)).toEqual({ bytes: DATA, quirks: [], broken: null }));
}

function bad(member: Buffer, code: string, reason: string): void {
  test(`${code}: ${reason}`, async () => expect(await unpack(member)).toEqual({ outcome: "rejected", code, reason }));
}

const EXTRA = Buffer.from([4, 0, 1, 2, 3, 4]);
const NAME = Buffer.from("google.com!example.com!1!2.json\0");
const CUT = "the gzip data is cut off: it ends before its data does";
const DAMAGED = "the gzip data is damaged:";

describe("the header (RFC 1952 §2.3.1)", () => {
  good(gzipSync(DATA), "as Node writes it");
  good(makeMember(), "no flags");
  good(makeMember({ flags: 1 }), "a text");
  good(makeMember({ flags: 2, header: Buffer.from([9, 9]) }), "a header checksum");
  good(makeMember({ flags: 4, header: EXTRA }), "an extra field");
  good(makeMember({ flags: 8, header: NAME }), "a name");
  good(makeMember({ flags: 16, header: Buffer.from("a comment\0") }), "a comment");
  good(
    makeMember({ flags: 31, header: Buffer.concat([EXTRA, NAME, Buffer.from("\0"), Buffer.from([0, 0])]) }),
    "all at once",
  );
  bad(makeMember({ flags: 32 }), "damaged-gzip", `${DAMAGED} its header has flags that gzip does not know`);
  bad(makeMember({ method: 7 }), "damaged-gzip", `${DAMAGED} its compression method is 7, not 8 (deflate)`);
  bad(Buffer.from([0x1f, 0x8b]), "truncated-gzip", CUT);
  bad(Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 200]), "truncated-gzip", CUT);
  bad(Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 200, 0, 1]), "truncated-gzip", CUT);
  bad(Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3, 65, 66]), "truncated-gzip", CUT);
});

describe("the trailer", () => {
  bad(makeMember({ crc: 1 }), "damaged-gzip", `${DAMAGED} its checksum does not match`);
  bad(makeMember({ size: DATA.length + 1 }), "damaged-gzip", `${DAMAGED} its length does not match`);
  bad(gzipSync(DATA).subarray(0, -1), "truncated-gzip", CUT);
  bad(gzipSync(DATA).subarray(0, -8), "truncated-gzip", CUT);
  bad(gzipSync(DATA).subarray(0, -20), "truncated-gzip", CUT);
  bad(
    Buffer.concat([makeMember().subarray(0, 10), Buffer.from([0xff, 0xff, 0xff, 0xff])]),
    "damaged-gzip",
    "the gzip data is damaged and cannot be inflated",
  );

  test("an empty file is one", async () => {
    expect(await unpack(gzipSync(""))).toEqual({ bytes: Buffer.alloc(0), quirks: [], broken: null });
  });
});

describe("behind the first member", () => {
  test("other members belong to it (RFC 1952 §2.2)", async () => {
    const halves = [gzipSync(DATA.subarray(0, 100)), gzipSync(DATA.subarray(100))];
    expect(await unpack(Buffer.concat(halves))).toEqual({ bytes: DATA, quirks: ["gzip-members"], broken: null });
  });

  test("bytes that begin as a member and are none are stray behind one whole report (quirk 37)", async () => {
    const [report, member] = [bytesOf(makeReport()), gzipSync(bytesOf(makeReport()))];
    const flipped = Buffer.from(member);
    flipped.writeUInt32LE(0, member.length - 8);
    const text = (bytes: string) => Buffer.from(bytes, "latin1");
    const strays = [text("\x1f\x8b\x08"), text(`\x1f\x8b\x08${"\xff".repeat(200)}`), member.subarray(0, -9), flipped];
    const read = async (...pieces: Buffer[]) =>
      (await decode(Buffer.concat(pieces), null)).map((result) =>
        result.outcome === "report" ? result.report.quirks : result.code,
      );
    const large = bytesOf(makeReport({ noise: randomBytes(100_000).toString("base64") }));
    for (const stray of strays) {
      expect(await read(gzipSync(report), stray)).toEqual([["gzip-trailing-data"]]);
      expect(await read(gzipSync(large), stray)).toEqual([["gzip-trailing-data"]]);
      const halves = [gzipSync(report.subarray(0, 100)), gzipSync(report.subarray(100))];
      expect(await read(...halves, stray)).toEqual([["gzip-members", "gzip-trailing-data"]]);
    }
  });

  test("one that is cut off is told where it holds the rest: half a report is none (quirk 38)", async () => {
    const report = bytesOf(makeReport());
    const rest = (bytes: Buffer) => gzipSync(bytes).subarray(0, -9);
    const code = async (...pieces: Buffer[]) => (await decode(Buffer.concat(pieces), null)).map(codeOf);
    expect(await code(gzipSync(report.subarray(0, 100)), rest(report.subarray(100)))).toEqual(["truncated-gzip"]);
    expect(await code(gzipSync(Buffer.concat([report, report])), rest(report))).toEqual(["truncated-gzip"]);
    const mail = makeMail(["From: a@b.example"], [{ type: "application/json", body: report }]);
    expect(await code(gzipSync(mail), rest(mail))).toEqual(["truncated-gzip"]);
    expect(await code(rest(report))).toEqual(["truncated-gzip"]);
    const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024));
    expect(await code(gzipSync(report), bomb)).toEqual(["ratio"]);
  });

  test("anything else is left out and named (quirk 37)", async () => {
    for (const rest of ["\r\n", "\0", "\x1f\x8b\x07", "x".repeat(1_000)]) {
      expect(await unpack(Buffer.concat([gzipSync(DATA), Buffer.from(rest, "latin1")]))).toEqual({
        bytes: DATA,
        quirks: ["gzip-trailing-data"],
        broken: null,
      });
    }
  });
});

test("whatever was packed comes out, at each size and level", async () => {
  const bytes = fc.uint8Array({ maxLength: 3_000 });
  const level = fc.constantFrom(0, 1, 6, 9);
  await fc.assert(
    fc.asyncProperty(bytes, level, fc.uint8Array({ maxLength: 3 }), async (data, compression, rest) => {
      const gz = Buffer.concat([gzipSync(data, { level: compression }), rest]);
      expect(await unpack(gz)).toEqual({
        bytes: Buffer.from(data),
        quirks: rest.length === 0 ? [] : ["gzip-trailing-data"],
        broken: null,
      });
    }),
  );
});

test("large data, which is inflated in pieces, is the same", async () => {
  // Half of it does not shrink, so that the compressed data is above the limit for doing it at once.
  const data = Buffer.concat(Array.from({ length: 4_000 }, (_, i) => Buffer.from(`${Math.sin(i)}${"pad".repeat(40)}`)));
  const large = Buffer.concat([
    data,
    ...Array.from({ length: 8_000 }, (_, i) => Buffer.from(String(Math.cos(i) ** 2))),
  ]);
  const gz = gzipSync(large);
  expect(gz.length).toBeGreaterThan(64 * 1024);
  expect(await unpack(gz)).toEqual({ bytes: large, quirks: [], broken: null });
  expect(await unpack(Buffer.concat([gz, Buffer.from("\r\n")]))).toEqual({
    bytes: large,
    quirks: ["gzip-trailing-data"],
    broken: null,
  });
  expect(await unpack(gz.subarray(0, -100))).toMatchObject({ code: "truncated-gzip" });
  const flipped = Buffer.from(gz);
  flipped.writeUInt32LE(0, gz.length - 8);
  expect(await unpack(flipped)).toMatchObject({ code: "damaged-gzip" });
});

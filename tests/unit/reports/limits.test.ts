import { randomBytes } from "node:crypto";
import { constants, crc32, deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decode } from "#lib/reports/decode.ts";
import * as limits from "#lib/reports/limits.ts";
import { makeMail, type PartToSend } from "./make-mail.ts";
import { type EntryToZip, makeZip } from "./make-zip.ts";
import { bytesOf, makePolicy, makeReport } from "./sample-report.ts";

const REPORT = bytesOf(makeReport());
const MB = 1024 * 1024;

/** The outcomes of some bytes, in short: how often each. */
async function outcomes(bytes: Buffer): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await decode(bytes, null)) {
    const key = result.outcome === "report" ? "report" : result.code;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** A report of exactly that many bytes, filled up with blanks inside. */
function padded(size: number): Buffer {
  return Buffer.concat([REPORT.subarray(0, 1), Buffer.alloc(size - REPORT.length, 0x20), REPORT.subarray(1)]);
}

/** A report of about that many bytes that hardly shrinks: a key that we do not know holds noise. */
function noisy(size: number): Buffer {
  const noise = randomBytes(Math.ceil((size * 3) / 4)).toString("base64");
  return bytesOf(makeReport({ noise: noise.slice(0, size) }));
}

/**
 * Deflate data of that many megabytes of text, and one letter more if asked for. It shrinks to a fiftieth, and is made
 * quickly: data that is flushed can be put after itself.
 */
function sparse(megabytes: number, more = ""): { packed: Buffer; size: number; crc: number } {
  const text = Buffer.alloc(MB, `${randomBytes(750).toString("base64")}${" ".repeat(63_000)}`);
  const piece = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
  let crc = 0;
  for (let i = 0; i < megabytes; i++) crc = crc32(text, crc);
  const packed = Buffer.concat([...Array(megabytes).fill(piece), deflateRawSync(more)]);
  return { packed, size: megabytes * MB + more.length, crc: crc32(more, crc) };
}

const GOOD: EntryToZip = { name: "good.json", data: REPORT };

describe("the size of a file", () => {
  test("16 MB are read, one byte more is not, and is not looked at", async () => {
    expect(await outcomes(padded(limits.MAX_FILE_BYTES))).toEqual({ report: 1 });
    const unread = new Proxy(Buffer.alloc(limits.MAX_FILE_BYTES + 1), {
      get: (buffer, key) => (key === "length" ? buffer.length : expect.fail(`${String(key)} was asked for`)),
    });
    expect(await outcomes(unread)).toEqual({ "too-large": 1 });
  });

  test("a report of 12 MB is read", async () => {
    expect(await outcomes(noisy(12 * MB))).toEqual({ report: 1 });
  });

  test("10 MB of compressed data are read, one byte more is not", async () => {
    const report = gzipSync(noisy(MB));
    const filled = Buffer.concat([report, Buffer.alloc(limits.MAX_COMPRESSED_BYTES - report.length)]);
    expect(await outcomes(filled)).toEqual({ report: 1 });
    expect(await outcomes(Buffer.concat([filled, Buffer.alloc(1)]))).toEqual({ "too-large": 1 });
    const zip = makeZip([
      { name: "a.json", data: REPORT },
      { name: "noise.txt", data: randomBytes(limits.MAX_COMPRESSED_BYTES), stored: true },
    ]);
    expect(await outcomes(zip)).toEqual({ "too-large": 1 });
  });

  test("a report that fills its mail is read: base64 of 10 MB is below the limit of a file", async () => {
    const body = gzipSync(noisy(10 * MB), { level: 1 });
    expect(body.length).toBeLessThan(limits.MAX_COMPRESSED_BYTES);
    const mail = makeMail(
      ["From: a@b.example"],
      [
        { type: "text/plain", body: "x" },
        { type: "application/tlsrpt+gzip", body, encoding: "base64" },
      ],
    );
    expect(mail.length).toBeGreaterThan(limits.MAX_COMPRESSED_BYTES);
    expect(await outcomes(mail)).toEqual({ report: 1 });
  });
});

describe("what data inflates to", () => {
  test("any ratio below one megabyte, not above it", async () => {
    expect(await outcomes(gzipSync(padded(limits.RATIO_FREE_BYTES)))).toEqual({ report: 1 });
    expect(await outcomes(gzipSync(padded(limits.RATIO_FREE_BYTES + 1)))).toEqual({ ratio: 1 });
  });

  test("250 times its size, not 260 times", async () => {
    // Half a megabyte of what hardly shrinks, and blanks.
    const base = noisy(20_000);
    const blanks = (count: number) => Buffer.concat([Buffer.alloc(count, 0x20), base]);
    const ratio = (bytes: Buffer) => bytes.length / (gzipSync(bytes).length - 18);
    const [below, above] = [blanks(4_800_000), blanks(6_500_000)];
    expect(ratio(below)).toBeLessThan(limits.MAX_RATIO);
    expect(ratio(below)).toBeGreaterThan(200);
    expect(ratio(above)).toBeGreaterThan(limits.MAX_RATIO);
    expect(await outcomes(gzipSync(below))).toEqual({ report: 1 });
    expect(await outcomes(gzipSync(above))).toEqual({ ratio: 1 });
  });

  test("above 64 kB of compressed data the ratio is judged as it goes, not at the end", async () => {
    const noise = noisy(200_000);
    const blanks = Buffer.alloc(10 * MB, 0x20);
    expect(gzipSync(Buffer.concat([blanks, noise])).length * 100).toBeGreaterThan(10 * MB);
    expect(await outcomes(gzipSync(Buffer.concat([blanks, noise])))).toEqual({ ratio: 1 });
    expect(await outcomes(gzipSync(Buffer.concat([noise, blanks])))).toEqual({ report: 1 });
  });

  test("100 MB in all, in one piece or in many", async () => {
    const zip = (...parts: Partial<EntryToZip>[]) => makeZip(parts.map((part) => ({ name: "a", data: "", ...part })));
    const most = limits.MAX_INFLATED_BYTES / MB;
    expect(await outcomes(zip(sparse(most)))).toEqual({ "no-report-in-zip": 1 });
    expect(await outcomes(zip(sparse(most, "x")))).toEqual({ "too-large": 1 });
    const half = sparse(most / 2);
    expect(await outcomes(zip(GOOD, half, half))).toEqual({ report: 1, "too-large": 1 });
    expect(await outcomes(zip({ ...GOOD, stored: true }, half, half))).toEqual({ report: 1 });
    expect(await outcomes(zip(half, half, GOOD))).toEqual({ "too-large": 1 });
  });

  test("what is damaged counts as the most that it can have been, not as a megabyte", async () => {
    const cut = gzipSync(noisy(400)).subarray(0, 300);
    const zip = makeZip([...Array.from({ length: 120 }, (_, i) => ({ name: `${i}`, data: cut, stored: true })), GOOD]);
    expect(await outcomes(zip)).toEqual({ report: 1, "truncated-gzip": 120 });
  });

  test("a size that is rounded to its limit is told in bytes", async () => {
    const reasonOf = async (bytes: Buffer) =>
      (await decode(bytes, null)).map((result) => "reason" in result && result.reason);
    const gzip = Buffer.concat([gzipSync(REPORT), Buffer.alloc(limits.MAX_COMPRESSED_BYTES)]);
    expect(await reasonOf(gzip.subarray(0, limits.MAX_COMPRESSED_BYTES + 1))).toEqual([
      "the gzip data has 10485761 bytes, more than 10485760 bytes (10.0 MB)",
    ]);
    const larger = Buffer.concat([gzip, Buffer.alloc(MB)]);
    expect(await reasonOf(larger)).toEqual(["the gzip data has 11.0 MB, more than 10.0 MB"]);
    expect(await reasonOf(Buffer.alloc(limits.MAX_FILE_BYTES + 1))).toEqual([
      "the file has 16777217 bytes, more than 16777216 bytes (16.0 MB)",
    ]);
  });

  test("bombs are over early: a file of 10 MB that would be 10 GB, alone, in a zip, and 140 times in a zip", async () => {
    const zeros = deflateRawSync(Buffer.alloc(100 * MB), { finishFlush: constants.Z_SYNC_FLUSH });
    const gzip = (...pieces: Buffer[]) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), ...pieces]);
    const bomb = gzip(...Array<Buffer>(100).fill(zeros));
    expect(bomb.length).toBeGreaterThan(9.5 * MB);
    const before = process.memoryUsage();
    expect(await outcomes(bomb)).toEqual({ ratio: 1 });
    expect(await outcomes(makeZip([{ name: "bomb", data: "", packed: zeros }]))).toEqual({ ratio: 1 });
    // Behind the first megabytes nothing is inflated: what is damaged there is not met.
    const early = deflateRawSync(Buffer.alloc(4 * MB), { finishFlush: constants.Z_SYNC_FLUSH });
    const damaged = [early, Buffer.alloc(limits.MAX_SYNC_BYTES, 0xff)];
    expect(await outcomes(gzip(...damaged))).toEqual({ ratio: 1 });
    expect(await outcomes(makeZip([{ name: "bomb", data: "", packed: Buffer.concat(damaged) }]))).toEqual({ ratio: 1 });
    const small = zeros.subarray(0, limits.MAX_SYNC_BYTES);
    const many = await outcomes(
      makeZip(Array.from({ length: 140 }, (_, i) => ({ name: `${i}`, data: "", packed: small }))),
    );
    // Six of 16 MB each, and then the budget of 100 MB is used up.
    expect(many).toEqual({ ratio: 6, "too-large": 2 });
    const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
    expect(grown).toBeLessThan(64 * MB);
  });

  test("64 gzip members are read, 65 are not", async () => {
    const members = (count: number) =>
      Buffer.concat(Array.from({ length: count }, (_, i) => gzipSync(i === 0 ? REPORT : " ")));
    expect(await outcomes(members(limits.MAX_GZIP_MEMBERS))).toEqual({ report: 1 });
    expect(await outcomes(members(limits.MAX_GZIP_MEMBERS + 1))).toEqual({ "too-many-members": 1 });
  });
});

describe("containers in containers", () => {
  test("512 entries of a zip are read, 513 are not", async () => {
    const zip = (count: number) =>
      makeZip(Array.from({ length: count }, (_, i) => ({ name: `${i}.json`, data: REPORT })));
    expect(await outcomes(zip(limits.MAX_ZIP_ENTRIES))).toEqual({ report: 512 });
    expect(await outcomes(zip(limits.MAX_ZIP_ENTRIES + 1))).toEqual({ "too-many-zip-entries": 1 });
  });

  test("one layer of zip and one of gzip are read, in each order, not two of one", async () => {
    const zip = (data: Buffer) => makeZip([{ name: "x", data }]);
    expect(limits.MAX_ARCHIVE_LAYERS).toBe(1);
    expect(await outcomes(zip(gzipSync(REPORT)))).toEqual({ report: 1 });
    expect(await outcomes(gzipSync(zip(REPORT)))).toEqual({ report: 1 });
    for (const bytes of [
      zip(zip(REPORT)),
      gzipSync(gzipSync(REPORT)),
      zip(gzipSync(zip(REPORT))),
      gzipSync(zip(gzipSync(REPORT))),
    ]) {
      expect(await outcomes(bytes)).toEqual({ "nested-archive": 1 });
    }
    const mail = (body: Buffer) => makeMail(["From: a@b.example"], [{ type: "x/y", body, encoding: "base64" }]);
    expect(await outcomes(mail(zip(mail(gzipSync(REPORT)))))).toEqual({ report: 1 });
    expect(await outcomes(mail(zip(mail(zip(REPORT)))))).toEqual({ "nested-archive": 1 });
    // Dovecot keeps mails gzipped, and archives of an mbox are.
    expect(await outcomes(gzipSync(mail(gzipSync(REPORT))))).toEqual({ report: 1 });
    expect(await outcomes(gzipSync(`From a\n${mail(gzipSync(REPORT))}\nFrom a\n${mail(REPORT)}`))).toEqual({
      report: 2,
    });
    expect(await outcomes(mail(gzipSync(mail(gzipSync(REPORT)))))).toEqual({ report: 1 });
    expect(await outcomes(gzipSync(gzipSync(mail(REPORT))))).toEqual({ "nested-archive": 1 });
    expect(await outcomes(gzipSync(mail(gzipSync(gzipSync(REPORT)))))).toEqual({ "nested-archive": 1 });
  });

  test("ten mails inside each other are read, eleven are not", async () => {
    const nest = (count: number) => {
      let mail = makeMail(["From: a@b.example"], [{ type: "application/json", body: REPORT }]);
      for (let i = 1; i < count; i++) mail = makeMail(["From: a@b.example"], [{ type: "message/rfc822", body: mail }]);
      return mail;
    };
    expect(await outcomes(nest(limits.MAX_MAIL_DEPTH))).toEqual({ report: 1 });
    expect(await outcomes(nest(limits.MAX_MAIL_DEPTH + 1))).toEqual({ "mail-depth": 1 });
  });

  test("parts inside parts, ten levels deep, are read, eleven are not", async () => {
    const nest = (levels: number) => {
      let text = `Content-Type: application/json\r\n\r\n${REPORT}`;
      for (let i = 0; i < levels; i++)
        text = `Content-Type: multipart/mixed; boundary="b${i}"\r\n\r\n--b${i}\r\n${text}\r\n--b${i}--`;
      return Buffer.from(`From: a@b.example\r\n${text}\r\n`);
    };
    expect(await outcomes(nest(limits.MAX_MAIL_DEPTH))).toEqual({ report: 1 });
    expect(await outcomes(nest(limits.MAX_MAIL_DEPTH + 1))).toEqual({ "mail-depth": 1 });
  });

  test("1,000 parts of a mail are read, 1,001 are not", async () => {
    const report: PartToSend = { type: "application/json", body: REPORT };
    const empty: PartToSend = { type: "text/plain", body: "" };
    const mail = (count: number) => makeMail(["From: a@b.example"], [report, ...Array(count - 1).fill(empty)]);
    expect(await outcomes(mail(limits.MAX_MAIL_PARTS))).toEqual({ report: 1 });
    expect(await outcomes(mail(limits.MAX_MAIL_PARTS + 1))).toEqual({ "mail-parts": 1 });
  });

  test("256 kB of header are read, more is not", async () => {
    const mail = (size: number) => {
      const filler = Array.from({ length: Math.floor(size / 1_000) }, () => `X-Filler: ${"x".repeat(990)}`);
      return makeMail(["From: a@b.example", ...filler], [{ type: "application/json", body: REPORT }]);
    };
    expect(await outcomes(mail(limits.MAX_MAIL_HEADER_BYTES - 1_000))).toEqual({ report: 1 });
    expect(await outcomes(mail(limits.MAX_MAIL_HEADER_BYTES + 1_000))).toEqual({ "too-large": 1 });
  });

  test("60,000 parts of all mails of a file are read, what is behind one more is not and is told of once", async () => {
    const mail = (parts: number) =>
      `From a\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n${part.repeat(parts)}--b--\n\n`;
    const part = "--b\n\n\n";
    const report = `From a\nSubject: x\nContent-Type: application/json\n\n${REPORT}\n\n`;
    // A mail counts as one itself.
    const last = limits.MAX_FILE_PARTS - 2 - 100 * 599;
    const mbox = (more: number) => Buffer.from(report + mail(598).repeat(100) + mail(last - 1 + more) + report);
    expect(await outcomes(mbox(0))).toEqual({ report: 2 });
    expect(await outcomes(mbox(1))).toEqual({ report: 1, "mail-parts": 1 });
    const more = makeZip([
      { name: "mbox", data: Buffer.concat([mbox(1), mbox(1)]) },
      { name: "2", data: mbox(1) },
      GOOD,
    ]);
    expect(await outcomes(more)).toEqual({ report: 2, "mail-parts": 1 });
  });

  test("mails in a mail have the same room as those of an mbox", async () => {
    const inner = makeMail(
      ["From: a@b.example"],
      Array<PartToSend>(999).fill({ type: "text/plain", body: "" }),
      "multipart/mixed",
    );
    const mail = (count: number) =>
      makeMail(
        ["To: a@b.example"],
        [
          { type: "application/json", body: REPORT },
          ...Array<PartToSend>(count).fill({ type: "message/rfc822", body: inner }),
        ],
      );
    const most = Math.floor(limits.MAX_FILE_PARTS / 1_001);
    expect(await outcomes(mail(most))).toEqual({ report: 1 });
    expect(await outcomes(mail(most + 1))).toEqual({ report: 1, "mail-parts": 1 });
  });

  test("40 MB of header of all mails of a file are read, more is not and is told of once", async () => {
    const report = `From a\nSubject: x\nContent-Type: application/json\n\n${REPORT}\n\n`;
    const mail = `From a\nSubject: x\n${`X-Filler: ${"x".repeat(85)}\n`.repeat(2_500)}\nx\n\n`;
    const count = Math.floor(limits.MAX_FILE_HEADER_BYTES / mail.length);
    const mbox = (mails: number) => gzipSync(Buffer.from(noise + report + mail.repeat(mails) + report));
    // What hardly shrinks, so that the filler may shrink as it does.
    const noise = `From a\nSubject: x\n\n${noisy(400_000).toString("base64")}\n\n`;
    expect(await outcomes(mbox(count))).toEqual({ report: 2 });
    expect(await outcomes(mbox(count + 2))).toEqual({ report: 1, "too-large": 1 });
  });

  test("others have their turn while many mails are read", async () => {
    const mail = `From a\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n${"--b\n\n\n".repeat(599)}--b--\n\n`;
    let turns = 0;
    const count = () => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    await outcomes(Buffer.from(mail.repeat(99)));
    clearImmediate(next);
    expect(turns).toBeGreaterThan(5);
  });

  test("5,000 mails of an mbox are read, those behind are not and are told of", async () => {
    const mbox = (count: number) => {
      const report = `From a\nSubject: x\nContent-Type: application/json\n\n${REPORT}\n\n`;
      return Buffer.from(report + "From a\nSubject: x\n\n\n".repeat(count - 1));
    };
    expect(await outcomes(mbox(limits.MAX_MBOX_MAILS))).toEqual({ report: 1 });
    expect(await outcomes(mbox(limits.MAX_MBOX_MAILS + 1))).toEqual({ report: 1, "too-many-mails": 1 });
  });
});

describe("the JSON", () => {
  const withExtra = (extra: string) => Buffer.from(`${REPORT.subarray(0, -1)},"x":${extra}}`);

  test("32 levels are read, 33 are not", async () => {
    const deep = (levels: number) => withExtra("[".repeat(levels - 1) + "]".repeat(levels - 1));
    expect(await outcomes(deep(limits.JSON_LIMITS.depth))).toEqual({ report: 1 });
    expect(await outcomes(deep(limits.JSON_LIMITS.depth + 1))).toEqual({ "json-depth": 1 });
  });

  test("two million values are read, more are not, before anything is built of them", async () => {
    const own = 31;
    const many = (count: number) => withExtra(`[${"0,".repeat(count - own - 1)}0]`);
    expect(await outcomes(many(limits.JSON_LIMITS.values - 100))).toEqual({ report: 1 });
    expect(await outcomes(many(limits.JSON_LIMITS.values + 100))).toEqual({ "json-values": 1 });
  });

  test("512 reports in one file are read, those behind are not and are told of", async () => {
    const file = (count: number) => Buffer.from(`${REPORT}\n`.repeat(count));
    expect(await outcomes(file(limits.MAX_JSON_REPORTS))).toEqual({ report: 512 });
    expect(await outcomes(file(limits.MAX_JSON_REPORTS + 1))).toEqual({ report: 512, "too-many-reports": 1 });
  });

  test("1,000 policies are read, 1,001 are not", async () => {
    const report = (count: number) =>
      bytesOf(makeReport({ policies: Array.from({ length: count }, () => makePolicy()) }));
    expect(await outcomes(report(limits.REPORT_LIMITS.policies))).toEqual({ report: 1 });
    expect(await outcomes(report(limits.REPORT_LIMITS.policies + 1))).toEqual({ "too-many-policies": 1 });
  });

  test("100,000 failures are read, 100,001 are not", async () => {
    const failures = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        "result-type": "certificate-expired",
        "receiving-mx-hostname": `mx${i * 7_919}.example.com`,
      }));
    const report = (...counts: number[]) =>
      bytesOf(makeReport({ policies: counts.map((count) => makePolicy({ "failure-details": failures(count) })) }));
    expect(await outcomes(report(60_000, 40_000))).toEqual({ report: 1 });
    expect(await outcomes(report(60_000, 40_001))).toEqual({ "too-many-failures": 1 });
  });

  test("a policy of 1,000 lines is read, of 1,001 not; a text of 4,096 characters is kept, a longer one cut", async () => {
    const lines = (count: number) =>
      bytesOf(
        makeReport({
          policies: [
            makePolicy({ policy: { "policy-type": "sts", "policy-string": Array(count).fill("mx: a.example") } }),
          ],
        }),
      );
    expect(await outcomes(lines(limits.REPORT_LIMITS.entries))).toEqual({ report: 1 });
    expect(await outcomes(lines(limits.REPORT_LIMITS.entries + 1))).toEqual({ "too-many-entries": 1 });
    const quirks = async (length: number) => {
      const [first] = await decode(bytesOf(makeReport({ "organization-name": "x".repeat(length) })), null);
      return first?.outcome === "report" ? [first.report.organization?.length, first.report.quirks] : null;
    };
    expect(await quirks(limits.REPORT_LIMITS.text)).toEqual([4_096, []]);
    expect(await quirks(limits.REPORT_LIMITS.text + 1)).toEqual([4_096, ["text-cut"]]);
  });
});

import { hash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gunzip } from "#lib/reports/gzip.ts";
import { MAX_INFLATED_BYTES, MAX_SYNC_BYTES } from "#lib/reports/limits.ts";
import { DecodedReport } from "#lib/reports/place.ts";

const PIECE = 1024 * 1024;

describe("the hash of a large report is that of its UTF-8", () => {
  const hashOf = (json: string) => Reflect.get(DecodedReport.prototype, "contentHash", { json });

  it.each([
    ["in one piece", "é".repeat(PIECE)],
    ["one letter more", "é".repeat(PIECE + 1)],
    ["a letter of two halves across the border", `${"a".repeat(PIECE - 1)}🙂${"b".repeat(PIECE)}`],
    ["only such letters", "🙂".repeat(PIECE)],
  ])("%s", (_, json) => {
    expect(hashOf(json)).toBe(hash("sha256", json));
  });
});

describe("large gzip data", () => {
  const noise = randomBytes(4 * MAX_SYNC_BYTES);

  // The last four bytes of gzip data are the size of its last member: right, too small, or anything.
  it.each([
    ["one member", [noise]],
    ["a tiny last member", [noise, Buffer.from("end")]],
    ["a large last member", [Buffer.from("begin"), noise]],
  ])("is inflated in full whatever its end promises: %s", async (_, members) => {
    const bytes = Buffer.concat(members.map((member) => gzipSync(member)));
    const budget = { left: MAX_INFLATED_BYTES };
    expect((await gunzip(bytes, budget)).bytes.equals(Buffer.concat(members))).toBe(true);
    expect(budget.left).toBe(MAX_INFLATED_BYTES - Buffer.concat(members).length);
  });

  it("that promises far more is refused for that, and for nothing else", async () => {
    const bytes = gzipSync(noise);
    bytes.writeUInt32LE(0xffffffff, bytes.length - 4);
    const read = (async () => gunzip(bytes, { left: MAX_INFLATED_BYTES }))();
    await expect(read).rejects.toMatchObject({
      refused: { reason: expect.stringContaining("its length does not match") },
    });
  });
});

import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inRoom, mayComeTo } from "#lib/doors/large-bodies.ts";
import { HTTPS_LIMITS } from "#lib/doors/limits.ts";
import { MAX_INFLATED_BYTES, MAX_RATIO, RATIO_FREE_BYTES } from "#lib/reports/limits.ts";

const json = Buffer.from(JSON.stringify({ "report-id": "1" }));
const zip = Buffer.from("PK\x03\x04 and so on");
const mail = Buffer.from("From: a@b.example\r\nSubject: Report Domain: a.example\r\n\r\nHello");
/** Gzip data that begins like a report, and of which nobody knows what follows. */
const padded = (length: number) => Buffer.concat([gzipSync(json), Buffer.alloc(length)]).subarray(0, length);

describe("what a body may come to", () => {
  it.each<[string, Buffer, number]>([
    ["JSON is as large as it is", json, json.length],
    ["a usual report is small, whatever is in it", gzipSync(json), RATIO_FREE_BYTES],
    ["gzip data, as far as it may inflate", padded(100_000), 100_000 * MAX_RATIO],
    ["no more than anything may", padded(1_500_000), MAX_INFLATED_BYTES],
    ["gzip in gzip", gzipSync(gzipSync(json)), MAX_INFLATED_BYTES],
    ["a zip in gzip", gzipSync(zip), MAX_INFLATED_BYTES],
    ["a mail in gzip", gzipSync(mail), MAX_INFLATED_BYTES],
    ["a zip, whose entries may be gzip data", zip, MAX_INFLATED_BYTES],
    ["a mail, whose parts may be anything", mail, MAX_INFLATED_BYTES],
    ["gzip data that begins with nothing", gzipSync(Buffer.alloc(0)), MAX_INFLATED_BYTES],
    ["what is only said to be gzip data", Buffer.from("\x1f\x8b no", "latin1"), MAX_INFLATED_BYTES],
    ["UTF-16, which may be a mail's", Buffer.from("\ufeff{}", "utf16le"), MAX_INFLATED_BYTES],
    ["text is none", Buffer.from("Hello"), 5],
  ])("%s", (_, bytes, size) => {
    expect(mayComeTo(bytes)).toBe(size);
  });

  it("a report of a few kilobytes is small by that", () => {
    expect(mayComeTo(padded(16_000))).toBeLessThanOrEqual(HTTPS_LIMITS.smallBytes);
    expect(mayComeTo(padded(17_000))).toBeGreaterThan(HTTPS_LIMITS.smallBytes);
  });
});

describe("the room", () => {
  /** Works of these sizes, that end when told. */
  function works(largeBytes: number, sizes: number[], largeWaitMs = 60_000) {
    const enter = inRoom({ largeBytes, largeWaitMs });
    const begun: number[] = [];
    const ends = sizes.map(() => Promise.withResolvers<void>());
    const results = sizes.map((size, index) =>
      enter(size, async () => {
        begun.push(index);
        await ends[index]?.promise;
        return index;
      }),
    );
    const settle = async () => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      return [...begun];
    };
    return { settle, results, end: (index: number) => ends[index]?.resolve() };
  }

  it("takes as much at a time as fits, the others in turn", async () => {
    const { settle, results, end } = works(10, [6, 4, 1, 10, 1]);
    expect(await settle()).toEqual([0, 1]);
    end(1);
    expect(await settle()).toEqual([0, 1, 2]);
    end(0);
    expect(await settle()).toEqual([0, 1, 2]); // the small one at the end passes nobody
    end(2);
    expect(await settle()).toEqual([0, 1, 2, 3]);
    end(3);
    end(4);
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4]);
  });

  it("takes by itself what is larger than it", async () => {
    const { settle, results, end } = works(10, [11, 1]);
    expect(await settle()).toEqual([0]);
    end(0);
    end(1);
    expect(await Promise.all(results)).toEqual([0, 1]);
  });

  it("sends away who waits too long, and never begins with that", async () => {
    const { settle, results, end } = works(10, [6, 10, 4], 50);
    expect(await results[1]).toBeNull();
    end(0);
    await results[0];
    expect(await settle()).not.toContain(1);
    end(2);
    await results[2];
  });

  it("is free again after a failure", async () => {
    const enter = inRoom({ largeBytes: 10, largeWaitMs: 60_000 });
    await expect(enter(10, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await enter(10, async () => "yes")).toBe("yes");
  });
});

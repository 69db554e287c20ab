import fc from "fast-check";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Decoded } from "#lib/reports/place.ts";
import { decodeApart, end, endIfBusy } from "./decode-apart.ts";
import { FIXTURES, makeRandom, mutate } from "./mutants.ts";

const ROUNDS = 100;

afterEach(endIfBusy);
afterAll(end);
/** What holds of any bytes: reading them ends, and in an outcome. */
async function expectOutcomes(bytes: Buffer, name: string | null): Promise<void> {
  for (const results of await decodeApart([{ bytes, name }])) expectComplete(results);
}

/** At least one result, each complete, none of them a fault of ours. */
function expectComplete(results: Decoded[]): void {
  expect(results.length).toBeGreaterThan(0);
  for (const result of results) {
    if (result.outcome === "report") expectReport(result);
    else {
      // Shows the error, if there is one.
      expect(result.cause).toBeUndefined();
      expect(result.code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(result.code).not.toBe("internal");
      // One sentence, that fits on a page, and shows nothing of the program.
      expect(result.reason).toMatch(/^\P{Cc}{10,1000}$/u);
      expect(result.reason).not.toMatch(/node:|undefined|\[object/);
    }
  }
}

function expectReport({ report, contentHash }: Decoded & { outcome: "report" }): void {
  expect(contentHash).toMatch(/^[0-9a-f]{64}$/);
  for (const time of [report.begin, report.end]) expect(new Date(time).toISOString().replace(".000Z", "Z")).toBe(time);
  expect(report.begin.slice(0, 10)).toBe(report.day);
  expect(report.quirks).toEqual([...new Set(report.quirks)].toSorted());
  expect(report.policies.length).toBeGreaterThan(0);
  for (const { successes, failures, details } of report.policies) {
    for (const count of [successes, failures, ...details.map(({ sessions }) => sessions)]) {
      expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
    }
  }
  // PostgreSQL keeps neither a NUL nor half a surrogate pair.
  const text = JSON.stringify(report);
  expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i);
  // An empty text is null; only the lines of a policy stay as they were published.
  JSON.stringify(report, (key, value: unknown) => {
    expect(value).not.toBe("");
    return key === "strings" ? null : value;
  });
}

describe(`${ROUNDS} mutants of each fixture have an outcome`, () => {
  for (const [index, { name, bytes }] of FIXTURES.entries()) {
    test(name, async () => {
      const random = makeRandom(index + 1);
      const seen = new Set<string>();
      const mutants = Array.from({ length: ROUNDS }, () => ({ bytes: mutate(bytes, random), name }));
      for (const results of await decodeApart(mutants)) {
        expectComplete(results);
        for (const { outcome } of results) seen.add(outcome);
      }
      // They do get somewhere: some of them are still taken. (In compressed data the checksum finds each change.)
      expect(seen.size).toBeGreaterThan(/^(?!policies-empty).*\.json$|^(?!dmarc|no-).*\.eml$/.test(name) ? 1 : 0);
    });
  }
});

test("any bytes have an outcome, whatever they begin with", async () => {
  const beginnings = fc.constantFrom(
    "",
    "{",
    '{"policies":[',
    "\x1f\x8b\x08\0\0\0\0\0\0\x03",
    "PK\x03\x04",
    "PK\x05\x06",
    "From: a\r\n",
    "From a\n",
    "<",
    "\xef\xbb\xbf{",
    "\xff\xfe{",
  );
  await fc.assert(
    fc.asyncProperty(
      beginnings,
      fc.uint8Array({ maxLength: 300 }),
      fc.option(fc.string()),
      async (start, rest, name) => {
        await expectOutcomes(Buffer.concat([Buffer.from(start, "latin1"), rest]), name);
      },
    ),
    { numRuns: 3_000 },
  );
});

test("any JSON has an outcome, as any key of a report", async () => {
  const key = fc.constantFrom(
    "organization-name",
    "date-range",
    "contact-info",
    "report-id",
    "policies",
    "policy",
    "policy-type",
    "policy-string",
    "policy-domain",
    "mx-host",
    "summary",
    "total-failure-session-count",
    "failure-details",
    "result-type",
    "sending-mta-ip",
    "receiving-mx-hostname",
    "failed-session-count",
    "failure-reason-code",
  );
  const original = FIXTURES.find(({ name }) => name === "lenient.json")?.bytes.toString("utf8") ?? "";
  expect(original).not.toBe("");
  await fc.assert(
    fc.asyncProperty(key, fc.jsonValue({ maxDepth: 3 }), async (name, value) => {
      const replaced = JSON.parse(original, (k, v: unknown) => (k === name ? value : v));
      await expectOutcomes(Buffer.from(JSON.stringify(replaced)), null);
    }),
    { numRuns: 3_000 },
  );
});

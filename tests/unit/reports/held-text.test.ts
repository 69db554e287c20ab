import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { type ReadTlsReport, readJson } from "#lib/reports/json.ts";
import { makeReport } from "./sample-report.ts";

const COUNT = 40;
const BLANKS = 2_000_000;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function inUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("a report that is kept does not keep a text that is mostly something else", () => {
  const text = JSON.stringify(makeReport());
  const padded = Buffer.from(`${text.slice(0, -1)}${" ".repeat(BLANKS)}}`);
  const before = inUse();
  const kept: ReadTlsReport[] = [];
  for (let i = 0; i < COUNT; i++) {
    for (const result of readJson(padded, [], [])) if (result.ok) kept.push(result.report);
  }
  expect(kept).toHaveLength(COUNT);
  expect(kept[0]?.policies[0]?.details).toHaveLength(1);
  expect(inUse() - before).toBeLessThan((COUNT * BLANKS) / 4);
  expect(kept).toHaveLength(COUNT);
});

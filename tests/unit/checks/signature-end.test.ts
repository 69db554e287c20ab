import { expect, test } from "vitest";
import { soonEnding } from "#lib/checks/signature-end.ts";
import { mxOf, NOW, secure, signedFor } from "./facts.ts";

test.each([
  [71.9, "holds until 2026-11-25 07:54 UTC (2 days and 23 hours left)"],
  [48, "holds until 2026-11-24 08:00 UTC (2 days left)"],
  [25, "holds until 2026-11-23 09:00 UTC (1 day and 1 hour left)"],
  [7, "holds until 2026-11-22 15:00 UTC (7 hours left)"],
  [0.5, "holds until 2026-11-22 08:30 UTC (less than an hour left)"],
  [-3, "ran out at 2026-11-22 05:00 UTC, 3 hours ago; resolvers let that pass for a short while only"],
])("a signature with %j hours left %s", (left, end) => {
  expect(soonEnding([signedFor(mxOf("mx1.example.org"), 240, left)], NOW)).toMatchObject({ end });
});

test("of several answers the first to end is told", () => {
  const names = [30, 20, 40].map((left, i) => ({ ...signedFor(mxOf(), 240, left), name: `${i}.example` }));
  expect(soonEnding(names, NOW)).toMatchObject({ name: "1.example" });
});

test("where no signature was seen, as in facts of older lookups, nothing is said", () => {
  expect(soonEnding([secure(mxOf("mx1.example.org"))], NOW)).toBeNull();
});

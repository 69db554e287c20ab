import { expect, it } from "vitest";
import { policyMarks } from "#lib/failures/policy-marks.ts";

const version = (firstDay: string, mode: string, mx = "mx.example.org") => ({
  firstDay,
  strings: ["version: STSv1", `mode: ${mode}`, `mx: ${mx}`, "max_age: 86400"],
});

it.each([
  [[version("2026-11-02", "testing")], [], "one policy all the time is no change"],
  [[version("2026-10-01", "testing"), version("2026-10-05", "enforce")], [], "before the period"],
  [
    [version("2026-10-01", "testing"), version("2026-11-05", "enforce")],
    [{ day: "2026-11-05", label: "Policy: enforce" }],
    "the mode is what matters most",
  ],
  [
    [version("2026-10-01", "testing"), version("2026-11-05", "testing", "mx2.example.org")],
    [{ day: "2026-11-05", label: "Policy changed" }],
    "another host",
  ],
  [
    [version("2026-10-01", "testing"), { firstDay: "2026-11-05", strings: ["what a reporter made of an error page"] }],
    [{ day: "2026-11-05", label: "Policy changed" }],
    "a text without a mode",
  ],
])("%#", (versions, marks, _reason) => {
  expect(policyMarks(versions, "2026-11-01")).toEqual(marks);
});

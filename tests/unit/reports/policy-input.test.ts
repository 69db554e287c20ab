import { expect, it } from "vitest";
import { Refused } from "#lib/errors.ts";
import { readReportPolicy, readRetention } from "#lib/reports/policy-input.ts";

it.each([
  ["", [], "nobody is believed"],
  ["mx.example.org", ["mx.example.org"], "one"],
  [" MX.Example.org,relay\nrelay ", ["mx.example.org", "relay"], "in any notation, once"],
])("%j are the names of believed systems", (authservIds, expected, _reason) => {
  expect(readReportPolicy({ unverified: "hold", authservIds })).toEqual({
    holdUnverified: true,
    authservIds: expected,
  });
});

it.each([
  [{ unverified: "hold", authservIds: "mx.example.org; dkim=pass" }, "authservIds", "a whole field"],
  [{ unverified: "hold", authservIds: ".example.org" }, "authservIds", "no name begins so"],
  [{ unverified: "hold", authservIds: "a".repeat(254) }, "authservIds", "longer than any host"],
  [{ unverified: "hold", authservIds: "a b c d e f g h i j k" }, "authservIds", "eleven"],
  [{ unverified: "maybe", authservIds: "" }, "unverified", "neither of the two"],
  [{}, "unverified", "nothing was sent"],
])("%j is refused at %s", (fields, field, _reason) => {
  expect(() => readReportPolicy(fields as Record<string, string>)).toThrow(expect.objectContaining({ field }));
});

it.each([
  ["30", "1", { detailDays: 30, rawDays: 1 }, "the least"],
  ["3650", "3650", { detailDays: 3_650, rawDays: 3_650 }, "the most"],
])("%s and %s days", (detailDays, rawDays, expected, _reason) => {
  expect(readRetention({ detailDays, rawDays })).toEqual(expected);
});

it.each([
  ["29", "90", "detailDays", "one less than the least"],
  ["3651", "90", "detailDays", "one more than the most"],
  ["400", "0", "rawDays", "one less than the least"],
  ["400", "3651", "rawDays", "one more than the most"],
  ["400.5", "90", "detailDays", "no whole number"],
  ["4e2", "90", "detailDays", "no plain number"],
  ["", "90", "detailDays", "nothing"],
])("%s and %s days are refused at %s", (detailDays, rawDays, field, _reason) => {
  const read = () => readRetention({ detailDays, rawDays });
  expect(read).toThrow(Refused);
  expect(read).toThrow(expect.objectContaining({ field }));
});

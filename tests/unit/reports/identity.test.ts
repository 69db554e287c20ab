import { expect, it } from "vitest";
import { identityHash, organizationOf } from "#lib/reports/identity.ts";
import { readJson } from "#lib/reports/json.ts";
import { makeReport } from "./sample-report.ts";

function nameOf(organization: unknown, submitter: string | null = null): string {
  const [read] = readJson(Buffer.from(JSON.stringify(makeReport({ "organization-name": organization }))), [], []);
  if (!read?.ok) throw new Error("the report is not read");
  return organizationOf(read.report, submitter);
}

it.each([
  ["Google Inc.", null, "Google Inc.", "as sent"],
  ["a".repeat(120), null, "a".repeat(120), "as long as a key may be"],
  [undefined, "reporter.example", "reporter.example", "without a name, the submitter"],
  [undefined, null, "reporter.example", "without both, the contact's domain"],
])("%# the reporter's name is what there is", (organization, submitter, expected, _reason) => {
  expect(nameOf(organization, submitter)).toBe(expected);
});

it("a domain that the mail told is none of the report's own: through another door it comes without", () => {
  const nameless = makeReport({});
  for (const { policy } of nameless.policies as { policy: Record<string, unknown> }[]) delete policy["policy-domain"];
  const [told, untold] = [[{ domain: "example.org", from: "header" } as const], []].map((hints) => {
    const [read] = readJson(Buffer.from(JSON.stringify(nameless)), [], hints);
    if (!read?.ok) throw new Error("the report is not read");
    return identityHash(read.report, "0");
  });
  expect(told).toBe(untold);
});

it("two very long names that begin alike are two, and short enough for lists to show what tells them apart", () => {
  const beginning = "Großkanzlei ".repeat(300);
  const [one, other] = [nameOf(`${beginning}A`), nameOf(`${beginning}B`)];
  expect(one).not.toBe(other);
  expect(nameOf(`${beginning}A`)).toBe(one);
  for (const name of [one, other]) {
    expect(name).toMatch(/^Großkanzlei .*…[0-9a-f]{8}$/);
    expect(name.length).toBeLessThanOrEqual(80);
  }
  expect(nameOf(`${"a".repeat(69)}${"😀".repeat(60)}`)).toMatch(/^a{69}…[0-9a-f]{8}$/);
});

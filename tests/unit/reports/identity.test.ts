import { describe, expect, it } from "vitest";
import { identityHash, organizationOf, reporterOf } from "#lib/reports/identity.ts";
import { readJson } from "#lib/reports/json.ts";
import type { Hints } from "#lib/reports/place.ts";
import { makeReport } from "./sample-report.ts";

const NOBODY: Hints = { domains: [], submitter: null, author: null };

function read(change: Parameters<typeof makeReport>[0]) {
  const [result] = readJson(Buffer.from(JSON.stringify(makeReport(change))), [], []);
  if (!result?.ok) throw new Error("the report is not read");
  return result.report;
}

function nameOf(organization: unknown, hints: Partial<Hints>, contact: unknown): string {
  const report = read({ "organization-name": organization, "contact-info": contact });
  return organizationOf(report, reporterOf(report, { ...NOBODY, ...hints }));
}

it.each([
  ["Google Inc.", {}, "tls@google.com", "Google Inc.", "as sent"],
  ["a".repeat(120), {}, "tls@google.com", "a".repeat(120), "as long as a key may be"],
  [undefined, { submitter: "google.com" }, "a@evil.example", "evil.example", "no header's word against the contact"],
  [undefined, { submitter: "reporter.example" }, undefined, "reporter.example", "without a contact, the submitter"],
  [undefined, { submitter: "reporter.example" }, "call us", "reporter.example", "a contact that is no address"],
  [undefined, { author: "author.example" }, undefined, "author.example", "without both, the mail's author"],
  [undefined, {}, undefined, "Unnamed reporter", "nobody is named"],
])("%# the reporter's name is what there is", (organization, hints, contact, expected, _reason) => {
  expect(nameOf(organization, hints, contact)).toBe(expected);
});

describe("a report", () => {
  const report = { "contact-info": "tls@google.com" };
  const identity = (change: Parameters<typeof makeReport>[0], hints: Partial<Hints> = {}) => {
    const changed = read({ ...report, ...change });
    return identityHash(changed, reporterOf(changed, { ...NOBODY, ...hints }), "content");
  };

  it.each([
    [{ "contact-info": "other@reports.google.com" }, {}, "another address of the same organisation"],
    [{}, { submitter: "evil.example", author: "evil.example" }, "what is around it says otherwise"],
    [{ "contact-info": undefined }, { submitter: "mail.google.com" }, "the submitter instead of a contact"],
    [{ "contact-info": undefined }, { author: "google.com" }, "the author instead of both"],
  ])("%# is the same one as before", (change, hints, _reason) => {
    expect(identity(change, hints)).toBe(identity({}));
  });

  it.each([
    [{ "contact-info": "tls@evil.example" }, {}, "somebody else's, with the same name and id"],
    [{ "contact-info": "tls@google.com.evil.example" }, {}, "a name that begins alike"],
    [{ "contact-info": undefined }, {}, "from nobody"],
    [{ "organization-name": "Other" }, {}, "another reporter under the same domain"],
    [{ "report-id": "other" }, {}, "another id"],
  ])("%# is another one", (change, hints, _reason) => {
    expect(identity(change, hints)).not.toBe(identity({}));
  });
});

it("a domain that the mail told is none of the report's own: through another door it comes without", () => {
  const nameless = makeReport({});
  for (const { policy } of nameless.policies as { policy: Record<string, unknown> }[]) delete policy["policy-domain"];
  const [told, untold] = [[{ domain: "example.org", from: "header" } as const], []].map((hints) => {
    const [result] = readJson(Buffer.from(JSON.stringify(nameless)), [], hints);
    if (!result?.ok) throw new Error("the report is not read");
    return identityHash(result.report, null, "0");
  });
  expect(told).toBe(untold);
});

it("two very long names that begin alike are two, and short enough for lists to show what tells them apart", () => {
  const longName = (organization: string) => nameOf(organization, {}, "tls@reporter.example");
  const beginning = "Großkanzlei ".repeat(300);
  const [one, other] = [longName(`${beginning}A`), longName(`${beginning}B`)];
  expect(one).not.toBe(other);
  expect(longName(`${beginning}A`)).toBe(one);
  for (const name of [one, other]) {
    expect(name).toMatch(/^Großkanzlei .*…[0-9a-f]{8}$/);
    expect(name.length).toBeLessThanOrEqual(80);
  }
  expect(longName(`${"a".repeat(69)}${"😀".repeat(60)}`)).toMatch(/^a{69}…[0-9a-f]{8}$/);
});

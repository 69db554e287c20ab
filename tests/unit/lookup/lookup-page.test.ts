import { describe, expect, test } from "vitest";
import { CHECK_GROUPS, summaryOf } from "#components/lookup/check-groups.ts";
import { byHost } from "#components/lookup/mail-hosts.ts";
import { mergedRows } from "#components/lookup/outcome-rows.ts";
import { alike, detailOf, subjectOf, titleOf } from "#components/lookup/shown-verdict.ts";
import { joined } from "#components/lookup/soon.tsx";
import { templateText } from "#components/lookup/template-text.ts";
import { about } from "#lib/checks/finding.ts";
import { CHECKS, type CheckName, type OutcomeRow, type Verdict } from "#lib/checks/verdict.ts";
import type { FindingCode } from "#lib/checks/wording.ts";

const say = (check: CheckName, code: FindingCode, subject = "example.org", evidence = {}): Verdict =>
  about(check, subject)(code, evidence);
const notOffered = (subject: string) => say("starttls", "starttls-not-offered", subject);
const established = (subject: string) => say("starttls", "starttls-established", subject);

test("each check stands in one group", () => {
  const grouped = CHECK_GROUPS.flatMap(({ checks }): readonly CheckName[] => checks);
  expect(grouped.toSorted()).toEqual([...CHECKS].sort());
});

describe("the summary", () => {
  test("counts a finding once, however many addresses have it, and the outcome not at all", () => {
    const verdicts = [
      say("outcome", "outcome-mail-stops"),
      notOffered("mx1.example.org [192.0.2.1]"),
      notOffered("mx1.example.org [192.0.2.2]"),
      say("mta-sts-mode", "sts-mode-none"),
      say("mx", "dns-timeout"),
    ];
    expect(summaryOf(verdicts)).toEqual({
      status: "fail",
      sentence: "1 problem, 1 finding needs attention, 1 check could not be made.",
    });
  });

  test("has the status of the worst, also where only the outcome is not well", () => {
    expect(summaryOf([say("mx", "mx-present"), say("mx", "dns-timeout")]).status).toBe("error");
    expect(summaryOf([say("mx", "mx-present")])).toEqual({ status: "pass", sentence: "No problem was found." });
    expect(summaryOf([]).status).toBe("info");
    const untested = say("dnssec", "dnssec-resolver-not-validating", "example.org", { resolver: "192.0.2.53:53" });
    expect(summaryOf([say("mx", "mx-present"), untested])).toEqual({
      status: "info",
      sentence: "No problem was found in what could be tested.",
    });
    expect(titleOf(untested)).toContain("not tested");
  });
});

describe("a verdict", () => {
  test("of what was not tested says what that was, and names what it waits for", () => {
    expect(titleOf(say("mx", "mx-present"))).toBe("Mail hosts are in place");
    const skipped = say("mta-sts-policy", "skipped-after-skip", "example.org", { prerequisite: "mta-sts-fetch" });
    expect(titleOf(skipped)).toBe("Policy content: not tested");
    expect(detailOf(skipped)).toBe("This can be tested once “Policy fetch” has been tested.");
    expect(titleOf(say("mta-sts-host", "sts-host-not-published"))).toBe(
      "Policy host: not tested, MTA-STS is not set up",
    );
  });

  test("names its subject only where that is news", () => {
    const at = notOffered("mx1.example.org [2001:db8::1]");
    expect(subjectOf(at, "example.org", null)).toBe("mx1.example.org [2001:db8::1]");
    expect(subjectOf(at, "example.org", "mx1.example.org")).toBe("2001:db8::1");
    expect(subjectOf(say("mx", "mx-present"), "example.org", null)).toBeNull();
    expect(subjectOf(say("mta-sts-fetch", "sts-fetch-ok", "mta-sts.example.org"), "example.org", null)).toBeNull();
  });

  test("stands with those that say the same, the worst first", () => {
    const groups = alike([established("a"), notOffered("b"), established("c")]);
    expect(groups.map(({ first, all }) => [first.code, all.length])).toEqual([
      ["starttls-not-offered", 1],
      ["starttls-established", 2],
    ]);
  });
});

test("verdicts are put together by host, the worst first, and those of the domain apart", () => {
  const { ofDomain, hosts } = byHost(
    [
      say("mx-address", "mx-address-found", "mx1.example.org"),
      established("mx1.example.org [192.0.2.1]"),
      notOffered("mx2.example.org [192.0.2.2]"),
      say("starttls", "skipped-after-fail", "example.org", { prerequisite: "mx" }),
    ],
    "example.org",
  );
  expect(ofDomain.map(({ code }) => code)).toEqual(["skipped-after-fail"]);
  expect(hosts.map(({ host, addresses, status }) => [host, addresses, status])).toEqual([
    ["mx2.example.org", ["192.0.2.2"], "fail"],
    ["mx1.example.org", ["192.0.2.1"], "pass"],
  ]);
});

test("addresses that fare the same share a row; who defers comes before who is not known, then who is in the clear", () => {
  const row = (mx: string, address: string | null, act: OutcomeRow["mtaSts"]): OutcomeRow => ({
    ...{ mx, address, mtaSts: act, dane: "deliver", opportunistic: "deliver", reason: "" },
  });
  const merged = mergedRows([
    row("a", "192.0.2.1", "deliver"),
    row("a", "192.0.2.2", "deliver"),
    row("b", "192.0.2.3", "unprotected"),
    row("c", "192.0.2.4", null),
    row("d", null, "defer"),
  ]);
  expect(merged.map(({ mx, addresses }) => [mx, addresses])).toEqual([
    ["d", []],
    ["c", ["192.0.2.4"]],
    ["b", ["192.0.2.3"]],
    ["a", ["192.0.2.1", "192.0.2.2"]],
  ]);
});

test("lists that are there are joined at once, others when they come", async () => {
  expect(joined([[1], [2, 3]])).toEqual([1, 2, 3]);
  const later = joined([[1], Promise.resolve([2])]);
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toEqual([1, 2]);
});

test.each([
  ["{subject} leads to {addresses}.", "`<name>` leads to `<addresses>`."],
  ["for example `mx1.{=domain}`.", "for example `mx1.<domain>`."],
  ["{commonName} at {=url}{=hint}", "`<common name>` at `<url>`"],
])("a text without a lookup: %s", (template, text) => {
  expect(templateText(template)).toBe(text);
});

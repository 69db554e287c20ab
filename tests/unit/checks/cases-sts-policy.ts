import type { Facts } from "#lib/checks/gather.ts";
import { type Outcome, table } from "./case.ts";
import { fetched, httpWith, mxOf, notReached, POLICY, served, stsOf } from "./facts.ts";

const { cases, when } = table();

export { cases };

// mta-sts-policy (M40 to M52)
{
  const lines = POLICY.trimEnd().split("\n");
  const body = (text: string, outcomes: Outcome[], why: string) =>
    when("mta-sts-policy", { policyFetch: served(text) }, outcomes, why);
  const line = (number: number, text: string, outcomes: Outcome[], why: string) =>
    body(lines.with(number - 1, text).join("\n"), outcomes, why);
  const plus = (text: string, outcomes: Outcome[], why: string) => body(POLICY + text, outcomes, why);
  const less = (number: number, outcomes: Outcome[], why: string) =>
    body(lines.toSpliced(number - 1, 1).join("\n"), outcomes, why);
  body(POLICY, ["pass sts-policy-valid"], "valid");
  body("", ["fail sts-policy-empty"], "empty");
  body(`\xef\xbb\xbf${POLICY}`, ["fail sts-policy-bom"], "M51");
  plus("x: \xff", ["fail sts-policy-not-utf8", "info sts-policy-unknown-key"], "M51");
  body(POLICY.replaceAll("\n", "\r"), ["fail sts-policy-bare-cr"], "M40");
  line(3, "mx: a\0.example.org", ["fail sts-policy-control-character"], "M51");
  plus("\n\n", ["warn sts-policy-blank-line"], "M41: two blank lines are one finding");
  plus("# x", ["warn sts-policy-comment"], "M41");
  plus(" x: y", ["warn sts-policy-leading-blank", "info sts-policy-unknown-key"], "M41");
  plus("x : y", ["warn sts-policy-blank-before-colon", "info sts-policy-unknown-key"], "M41");
  plus("x", ["fail sts-policy-line-malformed"], "M40");
  plus("mode = none", ["fail sts-policy-line-malformed"], "M40: with a proposal");
  plus("a b: x", ["fail sts-policy-key-invalid"], "M50");
  line(5, "max-age: 7776000", ["fail sts-policy-key-misspelt"], "M49");
  plus("Mode: none", ["warn sts-policy-key-similar"], "M49");
  plus("mode: none", ["warn sts-policy-repeated-key"], "M50");
  plus("x: y", ["pass sts-policy-valid", "info sts-policy-unknown-key"], "M50");
  plus("x:", ["fail sts-policy-extension-invalid"], "M51");
  less(1, ["fail sts-policy-version-missing"], "M42");
  line(1, "version: 1", ["fail sts-policy-version-invalid"], "M42");
  body([...lines.slice(1), lines[0]].join("\n"), ["warn sts-policy-version-not-first"], "M42");
  less(2, ["fail sts-policy-mode-missing"], "M43");
  line(2, "mode: Enforce", ["fail sts-policy-mode-invalid"], "M43");
  line(2, "mode: report", ["fail sts-policy-mode-invalid"], "M43: nothing to propose");
  less(5, ["fail sts-policy-max-age-missing"], "M44");
  line(5, "max_age: 90d", ["fail sts-policy-max-age-invalid"], "M44");
  line(5, "max_age: 99999999", ["fail sts-policy-max-age-too-large"], "M44");
  body(lines.toSpliced(2, 2).join("\n"), ["fail sts-policy-mx-missing"], "M46");
  line(3, "mx:", ["fail sts-policy-mx-empty"], "M46");
  line(3, "mx: a.example, b.example", ["fail sts-policy-mx-list"], "M46");
  line(3, "mx: b\xc3\xbccher.example", ["fail sts-policy-mx-unicode"], "M48");
  line(3, "mx: a.example.", ["fail sts-policy-mx-trailing-dot"], "M47");
  line(3, "mx: 192.0.2.1", ["fail sts-policy-mx-address"], "M47");
  line(3, "mx: *", ["fail sts-policy-mx-wildcard"], "M47");
  line(3, "mx: a_b.example", ["fail sts-policy-mx-not-a-name"], "M47");
  line(
    3,
    "mx: *\nmx: *.*.example\nmx: https://x.example",
    ["fail sts-policy-mx-wildcard", "fail sts-policy-mx-not-a-name"],
    "two kinds of slip",
  );
  const noHosts = (text: string, outcomes: Outcome[]) => {
    const policyFetch = served(["version: STSv1", "mode: testing", text, "max_age: 604800"].join("\n"));
    when("mta-sts-policy", { mx: mxOf(""), policyFetch }, outcomes, `${text} and no mail hosts to propose`);
  };
  noHosts("mx:", ["fail sts-policy-mx-empty"]);
  noHosts("mx: 192.0.2.1", ["fail sts-policy-mx-address"]);
  noHosts("x: y", ["fail sts-policy-mx-missing", "info sts-policy-unknown-key"]);
  when(
    "mta-sts-policy",
    { policyFetch: fetched({ http: httpWith({ status: 404 }) }) },
    ["skipped skipped-after-fail"],
    "no text",
  );
  when(
    "mta-sts-policy",
    { policyFetch: notReached("connection-timeout") },
    ["skipped skipped-after-error"],
    "no answer",
  );
}

// mta-sts-mode (M43, M70 to M72, M76)
{
  const mode = (text: string, outcomes: Outcome[], why: string, changes: Partial<Facts> = {}) =>
    when("mta-sts-mode", { policyFetch: served(text), ...changes }, outcomes, why);
  const off = (maxAge: number) => `version: STSv1\nmode: none\nmax_age: ${maxAge}\n`;
  mode(POLICY, ["pass sts-mode-enforce"], "M70");
  mode(POLICY.replace("enforce", "testing"), ["info sts-mode-testing"], "M71");
  mode(off(604_800), ["warn sts-mode-none"], "M72: switched off to stay");
  mode(off(86_400), ["info sts-mode-none-removal"], "M76: a removal under way");
  mode(off(86_400), ["info sts-mode-none-unannounced"], "M76: the record is gone", { stsTxt: stsOf() });
  mode(POLICY.replace("enforce", "Enforce"), ["fail sts-mode-invalid"], "M43");
  mode(POLICY.replace("mode: enforce\n", ""), ["fail sts-mode-invalid"], "M43: missing");
  mode(POLICY.replace("max_age", "maxage"), ["skipped skipped-after-fail"], "never green on an invalid policy");
  mode("", ["skipped skipped-after-fail"], "nothing to read a mode from");
}

// mta-sts-max-age (M44, M45, M76)
{
  const age = (mode: string, seconds: number, outcomes: Outcome[], why: string) => {
    const text = `version: STSv1\nmode: ${mode}\nmx: mx1.example.org\nmax_age: ${seconds}\n`;
    when("mta-sts-max-age", { policyFetch: served(text) }, outcomes, why);
  };
  age("enforce", 0, ["fail sts-max-age-zero"], "never kept");
  age("enforce", 86_399, ["warn sts-max-age-below-day"], "less than a day");
  age("enforce", 86_400, ["warn sts-max-age-below-week"], "a day in enforce");
  age("enforce", 604_799, ["warn sts-max-age-below-week"], "less than a week in enforce");
  age("enforce", 604_800, ["pass sts-max-age-good", "info sts-max-age-below-month"], "a week in enforce");
  age("enforce", 2_592_000, ["pass sts-max-age-good"], "a month in enforce");
  age("enforce", 31_557_600, ["pass sts-max-age-good"], "a year");
  age("testing", 86_399, ["warn sts-max-age-below-day"], "less than a day in testing");
  age("testing", 86_400, ["pass sts-max-age-good"], "a day in testing");
  age("none", 3600, ["pass sts-max-age-good"], "M76: removal");
  age("none", 604_801, ["warn sts-max-age-long-removal"], "M76: more than a week");
  age("none", 0, ["fail sts-max-age-zero"], "never kept");
  when("mta-sts-max-age", { policyFetch: served("mode: enforce") }, ["skipped skipped-after-fail"], "after the policy");
}

import { describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import { CHECKS } from "#lib/checks/verdict.ts";
import { FINDING_CODES } from "#lib/checks/wording.ts";
import type { Case } from "./case.ts";
import { cases as ofDane } from "./cases-dane.ts";
import { cases as ofMx } from "./cases-mx.ts";
import { cases as ofMxCertificate } from "./cases-mx-certificate.ts";
import { cases as ofMxHosts } from "./cases-mx-hosts.ts";
import { cases as ofMxTls } from "./cases-mx-tls.ts";
import { cases as ofOutcome } from "./cases-outcome.ts";
import { cases as ofStarttls } from "./cases-starttls.ts";
import { cases as ofCertificate } from "./cases-sts-certificate.ts";
import { cases as ofFetch } from "./cases-sts-fetch.ts";
import { cases as ofHost } from "./cases-sts-host.ts";
import { cases as ofId } from "./cases-sts-id.ts";
import { cases as ofPolicy } from "./cases-sts-policy.ts";
import { cases as ofRecord } from "./cases-sts-record.ts";
import { cases as ofReports } from "./cases-tls-rpt.ts";
import { cases as ofReportHosts } from "./cases-tls-rpt-hosts.ts";
import { DOMAIN, factsWith, HOST } from "./facts.ts";

const OF_MAIL_HOSTS = [ofDane, ofMxHosts, ofStarttls, ofMxCertificate, ofMxTls, ofReportHosts];
const ALL: Case[] = [
  ...OF_MAIL_HOSTS,
  ofId,
  ofOutcome,
  ofMx,
  ofRecord,
  ofHost,
  ofCertificate,
  ofFetch,
  ofPolicy,
  ofReports,
].flat();

/** A placeholder that was not filled in, a value that is none, or an empty piece of code. */
const UNFINISHED = /\{=?\w+\}|undefined|\bnull\b(?! MX)|NaN|\[object|\.\.(?!\.)|`\s*`|, \.|\(\)/;

describe.each(CHECKS)("%s", (name) => {
  const cases = ALL.filter((one) => one.check === name).map((one) => [one.why, one] as const);

  test.each(cases)("%s", (_, { changes, outcomes }) => {
    const verdicts = judge(factsWith(changes)).filter((verdict) => verdict.check === name);
    const seen = verdicts.map(({ status, code, subject }) =>
      subject === DOMAIN || subject === HOST ? `${status} ${code}` : `${status} ${code} @${subject}`,
    );
    expect(seen.toSorted()).toEqual(outcomes.toSorted());
  });

  test.each(cases)("the text is whole: %s", (_, { changes }) => {
    for (const { title, detail, fix } of judge(factsWith(changes))) {
      expect(`${title} ${detail} ${fix ?? ""}`).not.toMatch(UNFINISHED);
    }
  });
});

describe("whatever the facts are", () => {
  const judged = ALL.map((one) => [`${one.check}: ${one.why}`, judge(factsWith(one.changes))] as const);

  test.each(judged)("each check has a verdict, the worst first: %s", (_, verdicts) => {
    expect([...new Set(verdicts.map((verdict) => verdict.check))]).toEqual([...CHECKS]);
    for (const check of CHECKS) {
      const statuses = verdicts.filter((verdict) => verdict.check === check).map((verdict) => verdict.status);
      const order = ["fail", "error", "warn", "skipped", "info", "pass"];
      expect(statuses).toEqual(statuses.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    }
  });

  test.each(judged)("no finding stands twice, and none stands beside a pass of the same subject: %s", (_, verdicts) => {
    const keys = verdicts.map(({ check, code, subject }) => `${check} ${code} ${subject}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { check, subject } of verdicts.filter((verdict) => verdict.status === "pass")) {
      const beside = verdicts.filter((verdict) => verdict.check === check && verdict.subject === subject);
      expect(beside.filter(({ status }) => status !== "info").map(({ status }) => status)).toEqual(["pass"]);
    }
  });
});

/** Said of a policy that is not published yet: tests/unit/cli/check.test.ts. */
const ELSEWHERE = ["policy-proposed", "sts-policy-too-large"];

test("each code is met in some case", () => {
  const met = new Set(ALL.flatMap((one) => judge(factsWith(one.changes)).map((verdict) => verdict.code)));
  expect(FINDING_CODES.filter((code) => !met.has(code) && !ELSEWHERE.includes(code))).toEqual([]);
});

describe("a healthy domain", () => {
  const verdicts = judge(factsWith());

  test("has nothing but passes, and notes about what is new, optional, or elsewhere", () => {
    const others = verdicts.filter((verdict) => verdict.status !== "pass");
    expect(others.map(({ status, code }) => `${status} ${code}`)).toEqual([
      "info dnssec-mx-insecure",
      "info dane-records-none",
      "info dane-match-not-applicable",
      "info sts-id-first-seen",
      "info tls-rpt-destination-external",
      "info tls-rpt-hosts-none",
    ]);
  });

  test("is judged the same again from stored JSON", () => {
    expect(judge(JSON.parse(JSON.stringify(factsWith())))).toEqual(verdicts);
    expect(JSON.parse(JSON.stringify(verdicts))).toEqual(verdicts);
  });
});

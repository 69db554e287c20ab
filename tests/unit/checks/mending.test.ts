import { describe, expect, test } from "vitest";
import { ABOUT_CHECKS } from "#lib/checks/about-checks.ts";
import { mendingOf } from "#lib/checks/mending.ts";
import { type Mending, PLATFORMS } from "#lib/checks/mending-step.ts";
import { CHECKS } from "#lib/checks/verdict.ts";
import { checkOf, codesOf, FINDING_CODES, SHARED_CODES, wordsOf } from "#lib/checks/wording.ts";

describe("each finding belongs to one check, or to all", () => {
  test("no code is in two tables, and none in no table", () => {
    const own = CHECKS.flatMap((check) => codesOf(check));
    expect(new Set([...own, ...SHARED_CODES]).size).toBe(own.length + SHARED_CODES.length);
    expect([...own, ...SHARED_CODES].toSorted()).toEqual(FINDING_CODES.toSorted());
  });

  test.each(CHECKS)("%s has findings, and is theirs", (check) => {
    expect(codesOf(check).length).toBeGreaterThan(1);
    for (const code of codesOf(check)) expect(checkOf(code)).toBe(check);
  });

  test("a shared finding has no check of its own, nor has one that does not exist", () => {
    expect([...SHARED_CODES, "no-such-finding", "toString"].map(checkOf)).toEqual([
      ...SHARED_CODES.map(() => null),
      null,
      null,
    ]);
  });
});

describe.each(CHECKS)("about %s", (check) => {
  const { name, looksAt, matters } = ABOUT_CHECKS[check];

  test("has a name of its own and whole sentences", () => {
    expect(name).toMatch(/^[A-Z][^.:`]{3,40}$/);
    expect(CHECKS.filter((other) => ABOUT_CHECKS[other].name === name)).toEqual([check]);
    for (const text of [looksAt, matters]) expect(text).toMatch(/^[A-Z][^`]{20,}\.$/);
  });
});

const MENDED = FINDING_CODES.flatMap((code) => {
  const mending = mendingOf(code);
  return mending === null ? [] : [{ code, mending }];
});

test("where mail is stopped or read along, there are steps to mend it", () => {
  const needed = [
    ...["starttls-not-offered", "mx-certificate-expired", "mx-certificate-chain-incomplete", "mx-tls-sni-demanded"],
    ...["dane-match-none", "dane-match-rollover", "dnssec-mx-bogus", "dnssec-mx-insecure"],
    ...["sts-mx-not-covered", "sts-fetch-redirect", "sts-certificate-expired", "tls-rpt-record-missing"],
  ];
  expect(needed.filter((code) => mendingOf(code) === null)).toEqual([]);
});

test("what is well, or could not be seen at all, has no steps; nor has what does not exist", () => {
  const calm = MENDED.filter(({ code }) => ["pass", "skipped"].includes(wordsOf(code).status));
  expect(calm.map(({ code }) => code)).toEqual([]);
  expect([...SHARED_CODES, "no-such-finding", "constructor"].map(mendingOf).filter((one) => one !== null)).toEqual([]);
});

/** Each set of steps once, under the name of a finding that it is for. */
const TEXTS = new Map<Mending, string>(MENDED.map(({ code, mending }) => [mending, code]));

describe.each([...TEXTS].map(([mending, code]) => [code, mending] as const))("the steps for %s", (_, mending) => {
  const steps = [mending.general, ...PLATFORMS.map(({ key }) => mending[key] ?? [])].flat();

  test("is steps in whole sentences, with code in pairs of backticks", () => {
    expect(mending.general.length).toBeGreaterThan(0);
    for (const step of steps) {
      const [sentence = "", ...lines] = step.split("\n");
      expect(sentence).toMatch(lines.length > 0 ? /^[A-Z`].{8,}[.:)]$/ : /^[A-Z`].{8,}[.)]$/);
      expect(sentence.split("`").length % 2, sentence).toBe(1);
      expect(
        lines.every((line) => line.trim() !== ""),
        step,
      ).toBe(true);
    }
  });

  test("names no step twice in one list", () => {
    for (const list of [mending.general, ...PLATFORMS.map(({ key }) => mending[key] ?? [])]) {
      expect(new Set(list).size).toBe(list.length);
    }
  });

  test("has only names and addresses of examples (RFC 2606)", () => {
    const hosts = steps.join("\n").match(/\b[\w-]+\.(?:com|net|org)\b/g) ?? [];
    const allowed = /^(?:example\.(?:com|net|org)|outlook\.com|google\.com|haproxy\.org|dnsviz\.net)$/;
    expect(hosts.filter((host) => !allowed.test(host))).toEqual([]);
  });
});

test("the two hosters of mail are told apart wherever an mx line is to be written", () => {
  const { microsoft365 = [], googleWorkspace = [] } = mendingOf("sts-mx-not-covered") ?? {};
  expect(microsoft365.join("\n")).toContain("\nmx: *.mail.protection.outlook.com");
  // M61: an asterisk stands for one label.
  expect(microsoft365.join("\n")).not.toMatch(/^mx: \*\.mx\.microsoft$/m);
  expect(googleWorkspace.join("\n")).toContain("\nmx: smtp.google.com");
});

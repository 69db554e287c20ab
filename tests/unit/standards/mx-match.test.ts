import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesMxPattern, matchMx } from "#lib/standards/mx-match.ts";

function good(pattern: string, host: string, why: string): void {
  test(`${pattern} covers ${host}: ${why}`, () => expect(matchesMxPattern(pattern, host)).toBe(true));
}

function bad(pattern: string, host: string, why: string): void {
  test(`${pattern} does not cover ${host}: ${why}`, () => expect(matchesMxPattern(pattern, host)).toBe(false));
}

describe("matching a host with an mx pattern (RFC 8461 §4.1)", () => {
  good("mail.example.org", "mail.example.org", "equal");
  good("Mail.Example.ORG", "mail.example.org", "M49: case of the pattern");
  good("mail.example.org", "MAIL.EXAMPLE.ORG", "M49: case of the host");
  good("mail.example.org", "mail.example.org.", "root dot of the host");
  good("*.example.org", "mail.example.org", "M61: one label");
  good("*.Example.org", "MAIL.example.ORG.", "M61: one label, other case, root dot");
  good("*.mail.protection.outlook.com", "example-org.mail.protection.outlook.com", "a provider");
  good("*.example.org", "xn--bcher-kva.example.org", "an A-label is a label");
  good("*.org", "example.org", "nothing in the RFC forbids it");
  bad("mail.example.org", "mx.example.org", "another name");
  bad("example.org", "mail.example.org", "no wildcard");
  bad("mail.example.org", "example.org", "longer than the host");
  bad("*.example.org", "example.org", "M61: not the name itself");
  bad("*.example.org", ".example.org", "M61: an empty label");
  bad("*.example.org", "a.b.example.org", "M61: two labels");
  bad("*.mx.microsoft", "example-org.x-v1.mx.microsoft", "M61: two labels, seen at a provider");
  bad("*.example.org", "notexample.org", "the dot is part of it");
  bad("*", "mail", "M47: an asterisk alone is no pattern");
  bad("*", "mail.example.org", "M47");
  bad("*.", "mail.", "M47: nothing behind the dot");
  bad("*.*.example.org", "a.b.example.org", "M47: one wildcard");
  bad("*.*.example.org", "a.*.example.org", "M47: not even itself");
  bad("ma*.example.org", "mail.example.org", "M47: the whole label");
  bad("ma*.example.org", "ma*.example.org", "M47: not even itself");
  bad("mail.*.org", "mail.example.org", "M47: left-most only");
  bad(".example.org", "mail.example.org", "M47: the way of the drafts");
  bad("mail.example.org.", "mail.example.org", "M47: a pattern has no trailing dot");
  bad("*.example..org", "mail.example..org", "M47: an empty label");
  bad("mail.", "mail..", "M47: nor when the host has two");
  bad("", "", "nothing");
  bad("mail.example.org", "", "the null MX");
  bad("*.example.org", "", "the null MX");
});

describe("matchMx says which pattern covers a host, or why none does", () => {
  test.each([
    ["mail.example.org", { matched: true, pattern: "*.example.org" }],
    ["mx.example.net", { matched: true, pattern: "mx.example.net" }],
    ["a.b.example.org", { matched: false, why: "too-deep", nearest: "*.example.org" }],
    ["example.org", { matched: false, why: "apex", nearest: "*.example.org" }],
    ["mail.example.com", { matched: false, why: "none", nearest: null }],
  ])("%s", (host, expected) => {
    expect(matchMx(["*.example.org", "mx.example.net"], host)).toEqual(expected);
  });

  test("no patterns, no match", () => {
    expect(matchMx([], "mail.example.org")).toEqual({ matched: false, why: "none", nearest: null });
  });
});

test("a wildcard covers a host exactly when one label stands for it", () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  fc.assert(
    fc.property(fc.domain(), fc.array(label, { maxLength: 3 }), (zone, labels) => {
      const host = [...labels, zone].join(".");
      expect(matchesMxPattern(`*.${zone}`, host)).toBe(labels.length === 1);
      expect(matchesMxPattern(host, host.toUpperCase())).toBe(true);
    }),
  );
});

test("matching never throws, and matchMx agrees with matchesMxPattern", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-b.*]{0,8}$/));
  fc.assert(
    fc.property(fc.array(text), text, (patterns, host) => {
      expect(matchMx(patterns, host).matched).toBe(patterns.some((pattern) => matchesMxPattern(pattern, host)));
    }),
  );
});

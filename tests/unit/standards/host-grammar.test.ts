import { describe, expect, test } from "vitest";
import { isHostName, looksLikeAddress } from "#lib/standards/host-grammar.ts";

describe("isHostName", () => {
  test.each([
    ["mail.example.org", true, "plain"],
    ["localhost", true, "one label"],
    ["1und1.de", true, "digit first"],
    ["a-b.example", true, "inner hyphen"],
    [`${"a".repeat(63)}.org`, true, "longest label"],
    [`${"a".repeat(64)}.org`, false, "label too long"],
    [`${"a.".repeat(126)}a`, true, "253 octets"],
    [`${"a.".repeat(126)}aa`, false, "254 octets"],
    ["", false, "nothing"],
    ["example.org.", false, "trailing dot"],
    ["a..b", false, "empty label"],
    ["-a.org", false, "hyphen first"],
    ["a_b.org", false, "underscore"],
    ["bücher.example", false, "not ASCII"],
    ["192.0.2.1", false, "an address"],
  ])("%s: %s (%s)", (text, expected) => {
    expect(isHostName(text)).toBe(expected);
  });
});

describe("looksLikeAddress", () => {
  test.each([
    ["192.0.2.1", true],
    ["127.1", true],
    ["0x7f000001", true],
    ["2130706433", true],
    ["::1", true],
    ["2001:db8::192.0.2.1", true],
    ["fe80::1%eth0", true],
    ["[anything]", true],
    ["1.2.3.4.5", false],
    ["example.org", false],
    ["be.ef", false],
    ["ab:cd", false],
    ["mail.example.org:25", false],
    ["", false],
  ])("%s: %s", (text, expected) => {
    expect(looksLikeAddress(text)).toBe(expected);
  });
});

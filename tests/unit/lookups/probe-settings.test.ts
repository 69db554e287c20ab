import { describe, expect, test } from "vitest";
import { probeSettings } from "#lib/lookups/probe-settings.ts";
import { readSettings } from "#lib/settings.ts";

describe("the name that mail hosts are greeted with", () => {
  const name = (expected: string | null, env: Record<string, string>, why: string) => [why, env, expected] as const;
  test.each([
    name("reports.example.org", { SEALPOST_MAIL_DOMAIN: "Reports.Example.org." }, "the domain of the reports"),
    name("reports.lan", { SEALPOST_MAIL_DOMAIN: "reports.lan" }, "even a local one, when it was said to be it"),
    name("a.example.org", { SEALPOST_URL: "https://a.example.org:8443/x" }, "else the host of the public address"),
    name(
      "reports.example.org",
      { SEALPOST_MAIL_DOMAIN: "reports.example.org", SEALPOST_URL: "https://a.example.org" },
      "the domain of the reports before it",
    ),
    name("a.example.org", { SEALPOST_MAIL_DOMAIN: "not a name", SEALPOST_URL: "https://a.example.org" }, "no name"),
    name(null, {}, "no public address: http://localhost:3000"),
    name(null, { SEALPOST_URL: "https://192.0.2.1" }, "an address is no name"),
    name(null, { SEALPOST_URL: "https://[2001:db8::1]" }, "nor in brackets"),
    name(null, { SEALPOST_URL: "https://sealpost" }, "nor is a single label"),
    name(null, { SEALPOST_URL: "https://sealpost.fritz.local" }, "nobody else knows .local"),
    name(null, { SEALPOST_URL: "https://sealpost.home.arpa" }, "nor home.arpa"),
    name(null, { SEALPOST_URL: "https://sealpost.test" }, "nor .test"),
  ])("%s", (_, env, expected) => {
    expect(probeSettings(readSettings(env)).ehloName).toBe(expected);
  });
});

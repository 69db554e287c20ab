import { describe, expect, it } from "vitest";
import { badgeSvg } from "#app/badge/[file]/badge-svg.ts";
import type { Facts } from "#lib/checks/gather.ts";
import { badgeState } from "#lib/lookups/badge-state.ts";
import {
  addressesAt,
  DOMAIN,
  factsWith,
  failed,
  fetched,
  found,
  HOST,
  httpWith,
  mailHost,
  mxOf,
  noAddressesAt,
  notReached,
  POLICY,
  secure,
  served,
  stsOf,
} from "#tests/unit/checks/facts.ts";

const NOW = new Date("2026-11-22T08:00:00Z");
const TESTING = POLICY.replace("enforce", "testing");
const NO_STS: Partial<Facts> = {
  ...{ stsTxt: failed("", "TXT", "no-such-name"), policyFetch: null },
  policyHostAddresses: noAddressesAt(HOST, "no-such-name"),
};
const MX1 = "mx1.example.org";
const MX2 = "mx2.example.org";

/** A mail host that DANE protects, but for what `changes` say. */
function daneHost(name: string, usage = 3, changes: Parameters<typeof mailHost>[2] = {}) {
  const { a, aaaa } = addressesAt(name, ["192.0.2.25"]);
  const record = { usage, selector: 1, matchingType: 1, data: "ab".repeat(32) };
  const tlsa = [{ base: name, records: secure(found(`_25._tcp.${name}`, "TLSA", [record])) }];
  return mailHost(name, 10, { addresses: { a: secure(a), aaaa: secure(aaaa) }, tlsa, ...changes });
}
const dane = (...mailHosts: Facts["mailHosts"]): Partial<Facts> => ({ mx: secure(mxOf(MX1, MX2)), mailHosts });
const insecure = [
  { base: MX2, records: found(`_25._tcp.${MX2}`, "TLSA", [{ usage: 3, selector: 1, matchingType: 1, data: "ab" }]) },
];
const short = insecure.map(({ base, records }) => ({ base, records: secure(records) }));
const unanswered = [{ base: MX2, records: failed(`_25._tcp.${MX2}`, "TLSA", "servfail") }];

describe("a badge says", () => {
  it.each([
    ["enforced", {}, "a policy in enforce"],
    ["testing", { policyFetch: served(TESTING) }, "a policy in testing"],
    ["not protected", { policyFetch: served(POLICY.replace("enforce", "none")) }, "a policy that asks for nothing"],
    ["not protected", NO_STS, "no policy and no DANE"],
    ["not protected", { stsTxt: stsOf("v=STSv1;") }, "without a valid record senders do not ask for the policy"],
    [
      "not protected",
      {
        policyFetches: [
          { ...served(POLICY), address: "192.0.2.1" },
          { ...fetched({ http: httpWith({ status: 404 }) }), address: "192.0.2.2" },
        ],
      },
      "one address of the policy host gives no policy",
    ],
    [
      "testing",
      {
        policyFetches: [
          { ...served(POLICY), address: "192.0.2.1" },
          { ...served(TESTING), address: "192.0.2.2" },
        ],
      },
      "one address of the policy host is in testing still",
    ],
    ["not protected", { policyFetch: served("mode: enforce\n") }, "a policy that no sender can use"],
    ["not protected", { policyFetch: fetched({ http: httpWith({ status: 404 }) }) }, "no policy"],
    ["not known", { policyFetch: notReached("connection-timeout") }, "the policy was not seen"],
    ["not known", { stsTxt: failed("", "TXT", "timeout") }, "the record was not seen"],
    ["not known", { ...NO_STS, mx: failed(DOMAIN, "MX", "timeout") }, "where mail goes was not seen"],
    ["enforced", { ...NO_STS, ...dane(daneHost(MX1), daneHost(MX2, 2)) }, "DANE at each host"],
    ["not protected", { ...NO_STS, ...dane(daneHost(MX1), mailHost(MX2)) }, "DANE at one of two hosts only"],
    [
      "not protected",
      { ...NO_STS, ...dane(daneHost(MX1), daneHost(MX2, 1)) },
      "a usage that is not for mail (RFC 7672 §3.1.3)",
    ],
    [
      "not protected",
      { ...NO_STS, ...dane(daneHost(MX1), daneHost(MX2, 3, { tlsa: short })) },
      "a digest of the wrong length (RFC 7672 §2.2)",
    ],
    [
      "not protected",
      { ...NO_STS, ...dane(daneHost(MX1), daneHost(MX2, 3, { tlsa: insecure })) },
      "TLSA records that are not secure",
    ],
    [
      "not protected",
      { ...NO_STS, ...dane(daneHost(MX1), daneHost(MX2)), mx: mxOf(MX1, MX2) },
      "an MX that is not secure",
    ],
    [
      "not known",
      { ...NO_STS, ...dane(daneHost(MX1), daneHost(MX2, 3, { tlsa: unanswered })) },
      "TLSA records that were not answered",
    ],
    ["not known", { ...NO_STS, ...dane(daneHost(MX1)) }, "a host that was not looked at"],
    ["testing", { policyFetch: served(TESTING), mx: failed(DOMAIN, "MX", "timeout") }, "what is known is said"],
  ] satisfies [string, Partial<Facts>, string][])("%s (%#)", (state, changes, _why) => {
    expect(badgeState({ facts: factsWith(changes), checkedAt: NOW }, NOW)).toBe(state);
  });

  it("not known, before the first lookup and when the last one is older than a week", () => {
    const days = (count: number) => new Date(NOW.getTime() - count * 86_400_000);
    expect(badgeState(null, NOW)).toBe("not known");
    expect(badgeState({ facts: factsWith(), checkedAt: days(7) }, NOW)).toBe("enforced");
    expect(badgeState({ facts: factsWith(), checkedAt: days(7.01) }, NOW)).toBe("not known");
  });

  it("so in words that are read out, with the date", () => {
    const svg = badgeSvg("testing", NOW);
    expect(svg).toContain('role="img"');
    expect(svg).toContain('<title id="title">mail transport: testing (seen 22 Nov 2026)</title>');
    expect(badgeSvg("not known", null)).toContain('<title id="title">mail transport: not known</title>');
    expect(svg).not.toMatch(/style=|<style|<script|href/);
  });
});

import { describe, expect, it } from "vitest";
import type { Facts } from "#lib/checks/gather.ts";
import type { LedgerEntry } from "#lib/db/policy-ledger.ts";
import { earlierPolicy, policiesIn } from "#lib/lookups/history-policy.ts";
import { factsWith, failed, fetched, httpWith, notReached, POLICY, served, stsOf } from "#tests/unit/checks/facts.ts";

const AT = new Date("2026-11-22T08:00:00Z");
const policy = (mode: string, maxAge = 604_800) =>
  `version: STSv1\nmode: ${mode}\nmx: mx1.example.org\nmax_age: ${maxAge}\n`;
const [A, B, C] = [policy("testing"), policy("enforce"), policy("none")];

/** A version of the ledger that was last seen so many days ago. */
function version(id: string | null, body: string, daysAgo: number, maxAge = 604_800): LedgerEntry {
  const lastSeen = new Date(AT.getTime() - daysAgo * 86_400_000);
  return { id, body, hash: body, mode: "testing", maxAge, firstSeen: lastSeen, lastSeen };
}
const now = (id: string, body: string): Facts =>
  factsWith({ stsTxt: stsOf(`v=STSv1; id=${id};`), policyFetch: served(body) });

describe("the earlier policy to hold against what is there now", () => {
  it.each([
    ["none", [], now("1", A), null, "was seen before"],
    ["the last one", [version("1", A, 1), version("0", B, 9)], now("1", A), ["1", A], "nothing has changed"],
    ["the last one", [version("1", A, 1)], now("2", B), ["1", A], "both have changed"],
    ["the last one", [version("1", A, 1)], now("2", A), ["1", A], "the id moved alone"],
    [
      "one under the same id",
      [version("1", B, 1), version("1", A, 3)],
      now("1", B),
      ["1", A],
      "senders that hold it still see nothing new (M5), however often we looked since",
    ],
    [
      "the last one",
      [version("1", B, 1), version("1", A, 8)],
      now("1", B),
      ["1", B],
      "no sender holds the other text any more: its max_age is over",
    ],
    [
      "the one that it mends",
      [version("1", B, 1), version("1", A, 3)],
      now("2", B),
      ["1", A],
      "a new id for the text that came without one is what was asked for",
    ],
    ["one with an id", [version(null, B, 1), version("1", A, 2)], now("2", C), ["1", A], "others no sender has kept"],
    ["one without", [version(null, A, 1)], now("1", A), [null, A], "there is no other"],
  ] satisfies [string, LedgerEntry[], Facts, [string | null, string] | null, string][])(
    "is %s (%#)",
    (_, ledger, facts, expected, _why) => {
      const earlier = earlierPolicy(ledger, facts, AT);
      expect(earlier && [earlier.id, earlier.body]).toEqual(expected);
      if (earlier) expect(ledger.map(({ lastSeen }) => lastSeen.toISOString())).toContain(earlier.seenAt);
    },
  );
});

describe("what a lookup enters in the ledger", () => {
  const POLICY_VALUES = { body: POLICY, mode: "enforce", maxAge: 7_776_000 };

  it.each([
    ["the policy with the id beside it", factsWith(), [{ id: "20261122", ...POLICY_VALUES }]],
    [
      "no id where there is no valid record",
      factsWith({ stsTxt: stsOf("v=STSv1;") }),
      [{ id: null, ...POLICY_VALUES }],
    ],
    [
      "no id where there is no record",
      factsWith({ stsTxt: failed("", "TXT", "no-such-name") }),
      [{ id: null, ...POLICY_VALUES }],
    ],
    [
      "an unknown id where nobody answered",
      factsWith({ stsTxt: failed("", "TXT", "timeout") }),
      [{ id: undefined, ...POLICY_VALUES }],
    ],
    [
      "the text of each address",
      factsWith({ policyFetches: [served(A)] }),
      [
        { id: "20261122", body: A, mode: "testing", maxAge: 604_800 },
        { id: "20261122", ...POLICY_VALUES },
      ],
    ],
    ["nothing that no sender can use", factsWith({ policyFetch: served("<html>") }), []],
    [
      "nothing but the body of a 200 (M21)",
      factsWith({ policyFetch: fetched({ http: httpWith({ status: 404 }) }) }),
      [],
    ],
    ["nothing that was cut", factsWith({ policyFetch: fetched({ http: httpWith({ tooLarge: true }) }) }), []],
    ["nothing from a host that was not reached", factsWith({ policyFetch: notReached("tls-handshake") }), []],
    ["nothing without a policy host", factsWith({ policyFetch: null }), []],
  ] satisfies [string, Facts, ReturnType<typeof policiesIn>][])("is %s", (_, facts, expected) => {
    expect(policiesIn(facts)).toEqual(expected);
  });
});

import { describe, expect, it } from "vitest";
import type { Facts } from "#lib/checks/gather.ts";
import { compare } from "#lib/lookups/compare.ts";
import { type Seen, type SeenEntry, seenIn } from "#lib/lookups/compare-seen.ts";
import { follow, type SeenUpTo } from "#lib/lookups/follow.ts";
import {
  addressesAt,
  certificate,
  factsWith,
  fetched,
  HOST,
  mailHost,
  mxOf,
  noAddressesAt,
  spoken,
  tlsWith,
} from "#tests/unit/checks/facts.ts";

const MX = "mx1.example.org";
const [A, B, C] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"] as const;
const START = Date.UTC(2026, 0, 1, 8);
const dayOf = (day: number) => new Date(START + day * 86_400_000);

/** What a mail host answered on a day: addresses, null when nobody answered; a certificate where it is not everybody's. */
interface Answered {
  day: number;
  addresses: readonly string[] | null;
  certificates?: Record<string, string | null>;
}

function factsOf({ addresses, certificates = {} }: Answered): Partial<Facts> {
  return {
    mx: mxOf(MX),
    mailHosts: [
      mailHost(MX, 10, { addresses: addresses ? addressesAt(MX, [...addresses]) : noAddressesAt(MX, "timeout") }),
    ],
    smtp: (addresses ?? []).flatMap((address) => {
      const fingerprint256 = certificates[address];
      // Null: nobody could speak with it.
      if (fingerprint256 === null) return [];
      const chain = [certificate({ fingerprint256: fingerprint256 ?? "AA" })];
      return [spoken(MX, address, { tls: { ...tlsWith(), chain, keyExchange: null } })];
    }),
  };
}

const seen = (facts: Partial<Facts>) => seenIn({ facts: factsWith(facts), worst: "pass" });

/** What lookups tell one after the other, each compared with what the one before it stored. */
function story(answers: readonly Answered[], begin: SeenUpTo | null = null) {
  let up = begin;
  const told = answers.flatMap((answer) => {
    const at = dayOf(answer.day);
    const followed = follow(up, { seen: seen(factsOf(answer)), at });
    up = { seen: JSON.parse(JSON.stringify(followed.seen)), at };
    return followed.changes.map(({ kind, before, after }) => {
      const value = [before, after].map((one) =>
        typeof one === "object" ? (one && "fingerprint" in one ? one.fingerprint : null) : one,
      );
      return `${answer.day} ${kind} ${value.filter((one) => one !== null).join(" > ")}`;
    });
  });
  return { told, seen: up?.seen ?? [] };
}

/** Days on end with the same answer. */
const daily = (from: number, to: number, addresses: (day: number) => Answered["addresses"]): Answered[] =>
  Array.from({ length: to - from + 1 }, (_, n) => ({ day: from + n, addresses: addresses(from + n) }));
const poolOf = (all: Seen) =>
  all.find((entry): entry is SeenEntry<"a"> => entry.kind === "a" && entry.subject === MX)?.pool;

/** Three of twelve each day, in turn: each comes back after four days. */
const POOL = Array.from({ length: 12 }, (_, n) => `192.0.2.${100 + n}`);
const turning = (day: number) => [0, 1, 2].map((n) => POOL[(day * 3 + n) % 12] ?? "");

describe("addresses of a host that does not rotate", () => {
  it.each([
    ["steady", daily(0, 40, () => [A, B]), []],
    ["in another order each day, one of them twice", daily(0, 9, (day) => (day % 2 ? [A, B] : [B, A, A])), []],
    [
      "moved once, told at once",
      [...daily(0, 3, () => [A]), ...daily(4, 50, () => [B])],
      [`4 address-removed ${A}`, `4 address-added ${B}`],
    ],
    [
      "one more, and one less",
      [...daily(0, 3, () => [A]), ...daily(4, 6, () => [A, B]), ...daily(7, 9, () => [B])],
      [`4 address-added ${B}`, `7 address-removed ${A}`],
    ],
    [
      "a return on the 31st day is a move like any other",
      [...daily(0, 0, () => [A]), ...daily(1, 30, () => [B]), ...daily(31, 33, () => [A])],
      [`1 address-removed ${A}`, `1 address-added ${B}`, `31 address-removed ${B}`, `31 address-added ${A}`],
    ],
    [
      "a month in which nobody answered",
      [...daily(0, 0, () => [A, B]), ...daily(1, 39, () => null), ...daily(40, 40, () => [A])],
      [`40 address-removed ${B}`],
    ],
    ["no address any more", [...daily(0, 0, () => [A]), ...daily(1, 3, () => [])], [`1 address-removed ${A}`]],
  ] satisfies [string, Answered[], string[]][])("%s", (_, answers, expected) => {
    expect(story(answers).told).toEqual(expected);
  });
});

describe("addresses of a host that rotates", () => {
  it("are told until one comes back, and that they rotate once", () => {
    const { told } = story(daily(0, 200, turning));
    expect(told.filter((one) => !/^[123] address-/.test(one))).toEqual([`4 addresses-rotate ${turning(0).join(", ")}`]);
    expect(told).toHaveLength(3 * 6 + 1);
  });

  it("are told when one was never seen before, at once, and when one is missing for a week", () => {
    const begun = daily(0, 20, turning);
    const moved = daily(21, 60, (day) => turning(day).map((address) => (address === POOL[0] ? A : address)));
    const { told } = story([...begun, ...moved]);
    // It was there on day 20, its successor came with its next turn.
    expect(told.slice(19)).toEqual([`24 address-added ${A}`, `27 address-removed ${POOL[0]}`]);
  });

  it("are all told when the whole host moves", () => {
    const { told } = story([...daily(0, 20, turning), ...daily(21, 60, () => [A, B])]);
    expect(told.slice(19, 21)).toEqual([`21 address-added ${A}`, `21 address-added ${B}`]);
    expect(
      told
        .slice(21)
        .map((one) => one.replace(/^\d+ /, ""))
        .toSorted(),
    ).toEqual(POOL.map((address) => `address-removed ${address}`).toSorted());
    expect(new Set(told.slice(21).map((one) => Number.parseInt(one, 10)))).toEqual(new Set([24, 25, 26, 27]));
  });

  it("are told at once again a month after the last return", () => {
    const ended = [...daily(0, 20, turning), ...daily(21, 60, () => turning(20))];
    const first = story([...ended, ...daily(61, 62, () => [A])]).told.filter((one) => one.startsWith("61 "));
    expect(first).toEqual([...turning(20).map((address) => `61 address-removed ${address}`), `61 address-added ${A}`]);
    expect(poolOf(story(daily(0, 50, (day) => turning(Math.min(day, 20)))).seen)?.rotates).toBe(
      dayOf(20).toISOString(),
    );
    expect(poolOf(story(daily(0, 51, (day) => turning(Math.min(day, 20)))).seen)?.rotates).toBeNull();
  });

  it("say what came back: a move there and back is in the history", () => {
    const there = [...daily(0, 2, () => [A]), ...daily(3, 5, () => [B])];
    expect(story([...there, ...daily(6, 40, () => [A])]).told).toEqual([
      ...[`3 address-removed ${A}`, `3 address-added ${B}`],
      ...[`6 addresses-rotate ${A}`, `12 address-removed ${B}`],
    ]);
  });

  it("are given a month once one came back that had been told as gone after a week", () => {
    // A is there each ninth day only, and stays away in the end.
    const answers = daily(0, 120, (day) => (day % 9 === 0 && day <= 63 ? [A, B] : day % 2 ? [B] : [C]));
    const { told } = story(answers);
    expect(told.filter((one) => one.includes(` ${A}`))).toEqual([
      `1 address-removed ${A}`,
      // The first return after a week says that a week is too short for it.
      `94 address-removed ${A}`,
    ]);
  });

  it("are quiet in whatever order they come", () => {
    let state = 7;
    const chance = () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state / 2 ** 31;
    };
    const shuffled = () => POOL.map((address) => ({ address, by: chance() })).toSorted((one, two) => one.by - two.by);
    const { told } = story(
      daily(0, 365, () =>
        shuffled()
          .slice(0, 3)
          .map(({ address }) => address),
      ),
    );
    expect(told.filter((one) => one.includes("added"))).toHaveLength(9);
    const late = told.filter((one) => Number.parseInt(one, 10) > 40);
    // An address that stays away for a week by chance is told as gone, and not a second time.
    expect(late.length).toBeLessThanOrEqual(POOL.length);
  });
});

describe("what is known of addresses", () => {
  it("is at most 64 of them and 30 days", () => {
    const many = (day: number) => Array.from({ length: 8 }, (_, n) => `198.51.100.${(day * 8 + n) % 200}`);
    const { seen: full } = story(daily(0, 20, many));
    expect(poolOf(full)?.addresses).toHaveLength(64);
    expect(
      poolOf(full)
        ?.addresses.slice(0, 8)
        .map(({ address }) => address),
    ).toEqual(many(20));
    const { seen: later } = story([...daily(0, 3, turning), ...daily(4, 40, () => [A])]);
    expect(poolOf(later)?.addresses.map(({ address }) => address)).toEqual([A]);
  });

  it("is all that a host answers, though it be more than that", () => {
    const huge = Array.from({ length: 100 }, (_, n) => `198.51.100.${n}`);
    expect(story(daily(0, 5, () => huge)).told).toEqual([]);
    const others = Array.from({ length: 60 }, (_, n) => `203.0.113.${n}`);
    const { seen: grown } = story([...daily(0, 1, () => others), ...daily(2, 2, () => huge)]);
    expect(poolOf(grown)?.addresses.map(({ address }) => address)).toEqual(huge);
  });

  it("begins with the last answer where an older version stored what was seen", () => {
    const old: SeenUpTo = { seen: seen(factsOf({ day: 0, addresses: [A] })), at: dayOf(0) };
    expect(poolOf(old.seen)).toBeUndefined();
    expect(story([...daily(1, 2, () => [B]), ...daily(3, 4, () => [A])], old).told).toEqual([
      ...[`1 address-removed ${A}`, `1 address-added ${B}`],
      `3 addresses-rotate ${A}`,
    ]);
  });

  it("is no part of a plain comparison of two lookups", () => {
    const [one, other] = [19, 20].map((last) => story(daily(0, last, turning)).seen);
    const plain = compare(one ?? [], other ?? []).map(({ kind, before, after }) => `${kind} ${before ?? after}`);
    expect(plain).toEqual([
      ...turning(19).map((address) => `address-removed ${address}`),
      ...turning(20).map((address) => `address-added ${address}`),
    ]);
  });
});

describe("the certificate at an address that comes back", () => {
  const away = (back: Answered[]) =>
    story([{ day: 0, addresses: [A] }, { day: 1, addresses: [B] }, ...back]).told.slice(2);

  it.each([
    ["is the same", [{ day: 2, addresses: [A] }], [`2 addresses-rotate ${A}`]],
    [
      "is another one",
      [{ day: 2, addresses: [A], certificates: { [A]: "BB" } }],
      [`2 addresses-rotate ${A}`, "2 certificate AA > BB"],
    ],
    [
      "is another one, seen a day after the address",
      [
        { day: 2, addresses: [A], certificates: { [A]: null } },
        { day: 3, addresses: [A], certificates: { [A]: "BB" } },
      ],
      [`2 addresses-rotate ${A}`, "3 certificate AA > BB"],
    ],
    [
      "is another one, and went away and came back meanwhile without being spoken with",
      [
        { day: 2, addresses: [A], certificates: { [A]: null } },
        { day: 3, addresses: [B] },
        { day: 4, addresses: [A], certificates: { [A]: "BB" } },
      ],
      [`2 addresses-rotate ${A}`, "4 certificate AA > BB"],
    ],
    [
      "is not compared with what was there a month ago",
      [{ day: 31, addresses: [A], certificates: { [A]: "BB" } }],
      [`31 address-removed ${B}`, `31 address-added ${A}`],
    ],
  ] satisfies [string, Answered[], string[]][])("%s", (_, back, expected) => {
    expect(away(back)).toEqual(expected);
  });

  it("is no news at a new address, be it a sibling's or not: the address is", () => {
    const with3 = (fingerprint: string) =>
      story([
        { day: 0, addresses: [A, B] },
        { day: 1, addresses: [A, B, C], certificates: { [C]: fingerprint } },
      ]).told;
    expect(with3("AA")).toEqual([`1 address-added ${C}`]);
    expect(with3("BB")).toEqual([`1 address-added ${C}`]);
  });
});

describe("a policy host", () => {
  type Look = [a: string[], aaaa: string[], fetchedFrom: string, fingerprint: string];
  const told = (looks: readonly Look[]) => {
    let up: SeenUpTo | null = null;
    return looks.flatMap(([a, aaaa, address, fingerprint256], day) => {
      const policyFetch = fetched({ address, tls: tlsWith({ leaf: { fingerprint256 } }) });
      const now = seen({ policyHostAddresses: addressesAt(HOST, a, aaaa), policyFetch });
      const followed = follow(up, { seen: now, at: dayOf(day) });
      up = { seen: followed.seen, at: dayOf(day) };
      return followed.changes.map(({ kind, subject }) => `${day} ${kind} ${subject}`);
    });
  };

  it("is followed as a mail host is, each family by itself", () => {
    const looks: Look[] = [
      [[A], ["2001:db8::1"], A, "AA"],
      [[B], ["2001:db8::1"], B, "AA"],
      [[A], ["2001:db8::2"], A, "BB"],
    ];
    expect(told(looks)).toEqual([
      ...[`1 address-removed ${HOST}`, `1 address-added ${HOST}`],
      ...[`2 addresses-rotate ${HOST}`, `2 address-removed ${HOST}`, `2 address-added ${HOST}`],
      `2 certificate ${HOST} [${A}]`,
    ]);
  });

  it("tells a certificate once that was fetched from an address that its own answer did not have", () => {
    const looks: Look[] = [
      [[A], [], A, "AA"],
      [[B], [], A, "BB"],
      [[A], [], A, "BB"],
    ];
    expect(told(looks).filter((one) => one.includes("certificate"))).toEqual([`1 certificate ${HOST} [${A}]`]);
  });
});

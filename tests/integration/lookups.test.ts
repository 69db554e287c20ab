import { describe, expect, it } from "vitest";
import type { Facts } from "#lib/checks/gather.ts";
import { changesOf } from "#lib/db/changes.ts";
import { deleteExpired, thinLookups } from "#lib/db/clean-up.ts";
import { sql } from "#lib/db/client.ts";
import { allowBadge, createDomain, deleteDomain, newDomain } from "#lib/db/domains.ts";
import { keepLookup, latestLookup, lookupForBadge, lookupsOf, storedLookup } from "#lib/db/lookups.ts";
import { newId } from "#lib/db/new-id.ts";
import { differenceToNow, lookupToKeep } from "#lib/lookups/history.ts";
import { addressesAt, factsWith, failed, mailHost, mxOf, stsOf } from "#tests/unit/checks/facts.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner, together } from "./people.ts";
import { makeDomain, rowsOf } from "./reports.ts";

await ownDatabase({ timezone: "America/New_York" });
const owner = await makeOwner();
const all = { skip: 0, take: 1_000 };
const at = (text: string) => new Date(`2026-11-${text}Z`);

const id = (value: string): Partial<Facts> => ({ stsTxt: stsOf(`v=STSv1; id=${value};`) });
const unseen: Partial<Facts> = { stsTxt: failed("", "TXT", "timeout") };

/** Keeps a lookup of a domain in which all is well but for what `changes` say. */
function keep(domainId: string, checkedAt: Date, changes: Partial<Facts> = {}, worst = "pass"): Promise<void> {
  const facts = factsWith({ checkedAt: checkedAt.toISOString(), ...changes });
  return keepLookup(domainId, lookupToKeep({ checkedAt, worst, verdicts: [], facts }));
}

/** A domain's changes, the latest first, in few words. */
async function told(domainId: string): Promise<string[]> {
  const { changes } = await changesOf(domainId, all);
  return changes.map(
    ({ at: when, kind, before, after }) => `${when.toISOString().slice(8, 16)} ${kind} ${before} ${after}`,
  );
}

const lookupsAt = async (domainId: string) =>
  (await lookupsOf(domainId, all)).lookups.map(({ checkedAt }) => checkedAt.toISOString());

describe("a lookup that is kept", () => {
  it("is told apart from the one before, and the first one from nothing", async () => {
    const domain = await makeDomain(owner);
    await keep(domain.id, at("01T08:00:00"), id("1"));
    expect(await told(domain.id)).toEqual([]);
    await keep(domain.id, at("02T08:00:00"), id("1"));
    await keep(domain.id, at("03T08:00:00"), id("2"), "fail");
    await keep(domain.id, at("04T08:00:00"), { ...id("2"), mx: mxOf("mx1.example.org") });
    expect(await told(domain.id)).toEqual([
      "04T08:00 mx-removed 20 null",
      "04T08:00 worst fail pass",
      "03T08:00 sts-id 1 2",
      "03T08:00 worst pass fail",
    ]);
    const { changes } = await changesOf(domain.id, all);
    const { lookups, total } = await lookupsOf(domain.id, all);
    expect(total).toBe(4);
    expect(lookups.map((lookup) => lookup.changes)).toEqual([2, 2, 0, 0]);
    expect(new Set(changes.map(({ lookupId }) => lookupId))).toEqual(
      new Set(lookups.slice(0, 2).map((lookup) => lookup.id)),
    );
  });

  it("is compared with what was last seen, however long ago that is", async () => {
    const domain = await makeDomain(owner);
    await keep(domain.id, at("01T08:00:00"), id("1"));
    await keep(domain.id, at("02T08:00:00"), unseen, "error");
    await keep(domain.id, at("03T08:00:00"), unseen, "error");
    await keep(domain.id, at("04T08:00:00"), id("1"));
    expect(await told(domain.id)).toEqual([]);
    await keep(domain.id, at("05T08:00:00"), unseen, "error");
    await keep(domain.id, at("06T08:00:00"), id("2"));
    expect(await told(domain.id)).toEqual(["06T08:00 sts-id 1 2"]);
  });

  it("is compared with one of before there was a history", async () => {
    const domain = await makeDomain(owner);
    await keep(domain.id, at("01T08:00:00"), id("1"));
    const kept = "'smtp' - 'mailHosts' - 'signedNames' - 'policyFetches' - 'earlierPolicy'";
    await sql(`UPDATE lookups SET seen = NULL, facts = facts - ${kept} WHERE domain_id = $1`, [domain.id]);
    expect((await latestLookup(domain.id))?.facts).toMatchObject({ smtp: [], mailHosts: [], earlierPolicy: null });
    await keep(domain.id, at("02T08:00:00"), id("2"));
    expect(await told(domain.id)).toEqual(["02T08:00 sts-id 1 2"]);
  });

  it("tells a change once when two are stored at the same moment, in whatever order", async () => {
    for (const [first, second] of [
      ["02T08:00:00.000", "02T08:00:00.000"],
      ["02T08:00:00.000", "02T08:00:00.007"],
      ["02T08:00:00.007", "02T08:00:00.000"],
    ] as const) {
      const domain = await makeDomain(owner);
      await keep(domain.id, at("01T08:00:00"), id("1"));
      const both = [first, second].map((when) => () => keep(domain.id, at(when), id("2")));
      expect((await together(both)).errors).toEqual([]);
      expect(await told(domain.id)).toEqual(["02T08:00 sts-id 1 2"]);
      expect(await rowsOf(domain.id)).toMatchObject({ lookups: 3, changes: 1, policy_ledger: 2 });
    }
    const domain = await makeDomain(owner);
    const many = Array.from(
      { length: 12 },
      (_, n) => () => keep(domain.id, at(`02T08:00:${10 + n}`), id(String(n % 2))),
    );
    expect((await together(many)).errors).toEqual([]);
    const { changes } = await changesOf(domain.id, all);
    // Whatever the order was: each change begins where the one before it ended.
    const ids = changes.map(({ before, after }) => [before, after]);
    for (const [n, [before]] of ids.entries()) if (ids[n + 1]) expect(before).toBe(ids[n + 1]?.[1]);
  });

  it("tells nothing when one that began later was stored before it", async () => {
    const domain = await makeDomain(owner);
    await keep(domain.id, at("01T08:00:00"), id("1"));
    await keep(domain.id, at("02T08:00:05"), id("2"));
    await keep(domain.id, at("02T08:00:00"), id("2"));
    expect(await told(domain.id)).toEqual(["02T08:00 sts-id 1 2"]);
    await keep(domain.id, at("03T08:00:00"), id("2"));
    expect(await told(domain.id)).toHaveLength(1);
    expect(await lookupsAt(domain.id)).toHaveLength(4);
  });

  it("does nothing once the domain is gone, and goes with it", async () => {
    const domain = await makeDomain(owner);
    await keep(domain.id, at("01T08:00:00"), id("1"));
    await keep(domain.id, at("02T08:00:00"), id("2"));
    expect(await rowsOf(domain.id)).toEqual({ changes: 1, lookups: 2, policy_ledger: 2 });
    await deleteDomain(owner.team.id, domain.name, owner.user);
    expect(await rowsOf(domain.id)).toEqual({});
    await keep(domain.id, at("03T08:00:00"), id("3"));
    expect(await rowsOf(domain.id)).toEqual({});
  });
});

describe("the list of lookups", () => {
  it("is cut into pages without a gap, counts verdicts, and is empty for a new domain", async () => {
    const [domain, other] = [await makeDomain(owner), await makeDomain(owner)];
    expect(await lookupsOf(domain.id, all)).toEqual({ lookups: [], total: 0, since: null });
    expect(await changesOf(domain.id, all)).toEqual({ changes: [], total: 0 });
    for (let day = 10; day < 20; day++) await keep(domain.id, at(`${day}T08:00:00`), id(String(day)));
    await keep(other.id, at("01T08:00:00"));
    const whole = await lookupsOf(domain.id, all);
    expect(whole).toMatchObject({ total: 10, since: at("10T08:00:00") });
    const pages = await Promise.all([0, 4, 8, 50].map((skip) => lookupsOf(domain.id, { skip, take: 4 })));
    expect(pages.flatMap(({ lookups }) => lookups)).toEqual(whole.lookups);
    expect(pages.map(({ total }) => total)).toEqual([10, 10, 10, 10]);
    const changes = await Promise.all([0, 4, 8, 50].map((skip) => changesOf(domain.id, { skip, take: 4 })));
    expect(changes.flatMap((page) => page.changes)).toEqual((await changesOf(domain.id, all)).changes);
    expect(changes.map(({ total }) => total)).toEqual([9, 9, 9, 9]);

    const verdicts = ["fail", "fail", "warn", "pass"].map((status) => ({ status }));
    await sql("UPDATE lookups SET verdicts = $2 WHERE domain_id = $1", [other.id, JSON.stringify(verdicts)]);
    expect((await lookupsOf(other.id, all)).lookups).toMatchObject([
      { fail: 2, warn: 1, error: 0, pass: 1, changes: 0 },
    ]);
  });

  it("leads to each lookup as it was, of this domain only", async () => {
    const [domain, other] = [await makeDomain(owner), await makeDomain(owner)];
    await keep(domain.id, at("01T08:00:00"), id("1"), "warn");
    await keep(domain.id, at("02T08:00:00"), unseen, "error");
    await keep(domain.id, at("03T08:00:00"), id("3"));
    const [last, , first] = (await lookupsOf(domain.id, all)).lookups;
    expect(await storedLookup(domain.id, first?.id ?? "")).toMatchObject({
      checkedAt: at("01T08:00:00"),
      worst: "warn",
    });
    for (const wrong of ["", "x", "%00", newId()]) {
      expect(await storedLookup(domain.id, wrong)).toBeNull();
      expect(await differenceToNow(domain.id, wrong)).toBeNull();
    }
    expect(await storedLookup(other.id, first?.id ?? "")).toBeNull();
    expect(await differenceToNow(other.id, first?.id ?? "")).toBeNull();
    expect(await differenceToNow(domain.id, first?.id ?? "")).toMatchObject({
      ...{ isLast: false, lastAt: at("03T08:00:00") },
      changes: [{ kind: "sts-id", before: "1", after: "3" }, { kind: "worst" }],
    });
    expect(await differenceToNow(domain.id, last?.id ?? "")).toMatchObject({ isLast: true, changes: [] });
  });
});

describe("a mail host whose addresses rotate", () => {
  const answer = (address: string): Partial<Facts> => ({
    mx: mxOf("mx1.example.org"),
    mailHosts: [mailHost("mx1.example.org", 10, { addresses: addressesAt("mx1.example.org", [address]) })],
    smtp: [],
  });

  it("is told once, also after a version that knew of no rotation; two lookups differ by what each of them saw", async () => {
    const domain = await makeDomain(owner);
    await keep(domain.id, at("01T08:00:00"), answer("192.0.2.1"));
    const without = "SELECT jsonb_agg(entry - 'pool') FROM jsonb_array_elements(seen) AS entry";
    await sql(`UPDATE lookups SET seen = (${without}) WHERE domain_id = $1`, [domain.id]);
    for (let day = 2; day < 10; day++)
      await keep(domain.id, at(`0${day}T08:00:00`), answer(`192.0.2.${2 - (day % 2)}`));
    expect(await told(domain.id)).toEqual([
      "03T08:00 addresses-rotate null 192.0.2.1",
      "02T08:00 address-removed 192.0.2.1 null",
      "02T08:00 address-added null 192.0.2.2",
    ]);
    const [, before] = (await lookupsOf(domain.id, all)).lookups;
    expect((await differenceToNow(domain.id, before?.id ?? ""))?.changes).toEqual([
      { kind: "address-removed", subject: "mx1.example.org", before: "192.0.2.2", after: null },
      { kind: "address-added", subject: "mx1.example.org", before: null, after: "192.0.2.1" },
    ]);
  });
});

describe("old lookups", () => {
  const daysAgo = (days: number, time: string) => {
    const day = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    return new Date(`${day}T${time}Z`);
  };

  it("are thinned to the last of each UTC day and those that saw a change, after 30 days", async () => {
    const [domain, other] = [await makeDomain(owner), await makeDomain(owner)];
    const kept = [
      ...[daysAgo(60, "23:59:59.999"), daysAgo(59, "13:00:00"), daysAgo(59, "23:30:00")],
      ...[daysAgo(40, "12:00:00"), daysAgo(30, "00:00:00"), daysAgo(30, "12:00:00"), daysAgo(1, "10:00:00")],
    ];
    const gone = [daysAgo(60, "00:00:00"), daysAgo(59, "00:00:00"), daysAgo(59, "14:00:00"), daysAgo(31, "05:00:00")];
    const oneMore = daysAgo(31, "06:00:00");
    const changedAt = daysAgo(59, "13:00:00").getTime();
    for (const when of [...kept, ...gone, oneMore].sort((a, b) => a.getTime() - b.getTime())) {
      await keep(domain.id, when, id(when.getTime() < changedAt ? "1" : "2"));
    }
    await keep(other.id, daysAgo(60, "10:00:00"));
    const before = await rowsOf(domain.id);
    await deleteExpired();
    const times = [...kept, oneMore].map((when) => when.toISOString());
    expect(await lookupsAt(domain.id)).toEqual(times.sort().reverse());
    expect(await rowsOf(domain.id)).toEqual({ ...before, lookups: times.length });
    expect(await lookupsAt(other.id)).toHaveLength(1);
    await deleteExpired();
    expect(await lookupsAt(domain.id)).toHaveLength(times.length);
    await keep(domain.id, new Date(), id("3"));
    expect((await told(domain.id)).map((line) => line.slice(9))).toEqual(["sts-id 2 3", "sts-id 1 2"]);
  });

  it("are deleted in batches, however many there are, by however many workers", async () => {
    const domain = await makeDomain(owner);
    await sql(
      `INSERT INTO lookups (domain_id, id, checked_at, worst, facts, verdicts)
       SELECT $1, gen_random_uuid(), '2020-01-01T00:00:00Z'::timestamptz + n * interval '20 seconds', 'pass', '{}', '[]'
       FROM generate_series(0, 4319) n`,
      [domain.id],
    );
    expect((await together([thinLookups, thinLookups])).errors).toEqual([]);
    expect(await lookupsAt(domain.id)).toEqual(["2020-01-01T23:59:40.000Z"]);
  });
});

describe("the badge", () => {
  it("is for domains whose team allows it, by the last lookup of any such team", async () => {
    const [other, third] = [await makeOwner("Other"), await makeOwner("Third")];
    const name = `badge-${newId().slice(-6)}.example`;
    const [mine, theirs, silent] = await Promise.all([owner, other, third].map((person) => makeDomain(person, name)));
    const set = (on: boolean, person = owner) => allowBadge(person.team.id, name, on, person.user);
    await keep(mine?.id ?? "", at("01T08:00:00"));
    await keep(theirs?.id ?? "", at("02T08:00:00"));
    await keep(silent?.id ?? "", at("03T08:00:00"));
    expect(await lookupForBadge(name)).toBeUndefined();
    await set(true);
    expect(await lookupForBadge(name)).toMatchObject({ checkedAt: at("01T08:00:00") });
    await set(true, other);
    expect(await lookupForBadge(name)).toMatchObject({ checkedAt: at("02T08:00:00") });
    await Promise.all([set(false, other), set(false)]);
    expect(await lookupForBadge(name)).toBeUndefined();
    await expect(allowBadge(other.team.id, "not-there.example", true, other.user)).rejects.toThrow("not found");
    const trail = await sql("SELECT before, after FROM audit_events WHERE team_id = $1 AND action = $2 ORDER BY at", [
      ...[other.team.id, "domain.badge-changed"],
    ]);
    expect(trail).toEqual([
      { before: { badge: false }, after: { badge: true } },
      { before: { badge: true }, after: { badge: false } },
    ]);
  });

  it("knows nothing before the first lookup, is never for sample data, and changes once", async () => {
    const domain = await makeDomain(owner);
    const twice = [1, 2].map(() => () => allowBadge(owner.team.id, domain.name, true, owner.user));
    await together(twice);
    expect(
      await sql("SELECT 1 FROM audit_events WHERE subject = $1 AND action = 'domain.badge-changed'", [domain.name]),
    ).toHaveLength(1);
    expect(await lookupForBadge(domain.name)).toBeNull();
    const sample = await createDomain(newDomain(owner.team.id, "sample-badge.example", true), owner.user);
    await keep(sample.id, new Date());
    await allowBadge(owner.team.id, sample.name, true, owner.user);
    expect(await lookupForBadge(sample.name)).toBeUndefined();
    expect(await lookupForBadge("not-there.example")).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { OVERVIEW_SORTS, type OverviewQuery } from "#lib/db/domain-overview.ts";
import { createDomain, newDomain } from "#lib/db/domains.ts";
import { addMany } from "#lib/domains/add-many.ts";
import { overviewOf } from "#lib/domains/overview.ts";
import { addDays, dayOf } from "#lib/failures/period.ts";
import { makePolicy } from "#prisma/seed.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner, type Person } from "./people.ts";
import { file, makeDomain, reportAbout, upload } from "./reports.ts";
import { storeLookup } from "./stored-lookup.ts";

await ownDatabase();

const ALL: Omit<OverviewQuery, "names"> = {
  ...{ text: null, state: null, sort: "state", descending: true },
  ...{ skip: 0, take: 100 },
};
const overview = (owner: Person, change: Partial<typeof ALL> = {}) => overviewOf(owner.team.id, { ...ALL, ...change });
const names = async (owner: Person, change: Partial<typeof ALL> = {}) =>
  (await overview(owner, change)).rows.map(({ name }) => name);
const daysAgo = (days: number) => addDays(dayOf(new Date()), -days);

/** Receives a report of so many days ago. */
async function report(domain: Awaited<ReturnType<typeof makeDomain>>, days: number, successes: number, failures = 0) {
  const policies = [
    makePolicy({ domain: domain.name, type: "tlsa", successes: 9_999 }),
    makePolicy({ domain: domain.name, successes, failures }),
  ];
  await upload(domain, [file(reportAbout(domain.name, { day: daysAgo(days), id: `${days}`, policies }))]);
}

describe("a team's overview", () => {
  it("says nothing where nothing is known, and never 0", async () => {
    const owner = await makeOwner();
    expect(await overview(owner)).toEqual({
      ...{ rows: [], matching: 0 },
      team: { domains: 0, hasSample: false, broken: 0, waiting: 0 },
    });
    const { name } = await makeDomain(owner);
    expect(await overview(owner)).toEqual({
      rows: [
        {
          ...{ name, sample: false, worst: null, checkedAt: null, mode: null, problems: null, warnings: null },
          ...{ successes: null, failures: null, lastReport: null },
        },
      ],
      ...{ matching: 1, team: { domains: 1, hasSample: false, broken: 0, waiting: 1 } },
    });
  });

  it("tells of the last lookup, the last 7 UTC days of the foremost policy type, and the last day reported", async () => {
    const owner = await makeOwner();
    const domain = await makeDomain(owner);
    const now = new Date();
    const verdicts = ["fail", "warn", "warn", "pass", "error", "info"].map((status) => ({ status }));
    await storeLookup(domain.id, { checkedAt: now, worst: "fail", mode: "testing", verdicts });
    await storeLookup(domain.id, { checkedAt: new Date(now.getTime() - 1_000), worst: "warn", verdicts: [] });
    await report(domain, 0, 10, 1);
    await report(domain, 6, 5, 1);
    await report(domain, 7, 1_000, 1_000);
    expect((await overview(owner)).rows).toEqual([
      {
        ...{ name: domain.name, sample: false, worst: "fail", checkedAt: now, mode: "testing" },
        ...{ problems: 1, warnings: 2, successes: 15, failures: 2, lastReport: daysAgo(0) },
      },
    ]);
  });

  it("counts the whole team, whatever is shown, and nothing of another", async () => {
    const [owner, stranger] = [await makeOwner(), await makeOwner("Stranger")];
    await storeLookup((await makeDomain(stranger, "theirs.example")).id, { worst: "fail" });
    await storeLookup((await makeDomain(owner, "broken.example")).id, { worst: "fail" });
    await makeDomain(owner, "waiting.example");
    await createDomain(newDomain(owner.team.id, "sample.example", true), owner.user);
    const team = { domains: 3, hasSample: true, broken: 1, waiting: 1 };
    expect(await overview(owner)).toMatchObject({ matching: 3, team });
    expect(await overview(owner, { text: "broken" })).toMatchObject({ matching: 1, team });
    expect(await overview(owner, { text: "theirs" })).toEqual({ rows: [], matching: 0, team });
    expect(await overview(owner, { take: 0 })).toEqual({ rows: [], matching: 3, team });
    expect(await overview(owner, { skip: 100 })).toEqual({ rows: [], matching: 3, team });
  });

  it("is found by a part of the name, in either form, and by the state", async () => {
    const owner = await makeOwner();
    for (const [name, worst] of [
      ["xn--bcher-kva.example", "fail"],
      ["example.org", "warn"],
      ["sub_not.example.net", null],
    ] as const) {
      const { id } = await makeDomain(owner, name);
      if (worst) await storeLookup(id, { worst });
    }
    expect(await names(owner, { text: "example." })).toEqual(["example.org", "sub_not.example.net"]);
    expect(await names(owner, { text: "büch" })).toEqual(["xn--bcher-kva.example"]);
    expect(await names(owner, { text: "bu\u0308ch" })).toEqual(["xn--bcher-kva.example"]);
    expect(await names(owner, { text: "xn--bch" })).toEqual(["xn--bcher-kva.example"]);
    // No pattern: these chars mean themselves.
    expect(await names(owner, { text: "%" })).toEqual([]);
    expect(await names(owner, { text: "_" })).toEqual(["sub_not.example.net"]);
    expect(await names(owner, { text: "'; DROP TABLE domains; --" })).toEqual([]);
    expect(await names(owner, { state: "warn" })).toEqual(["example.org"]);
    expect(await names(owner, { state: "none" })).toEqual(["sub_not.example.net"]);
    expect(await names(owner, { state: "fail", text: "org" })).toEqual([]);
  });
});

describe("the overview's orders", () => {
  const made = makeOwner().then(async (owner) => {
    const minutes = (count: number) => new Date(Date.now() - count * 60_000);
    for (const [name, worst, mode, ago, reports] of [
      ["a.example", "pass", "enforce", 1, [2, 100, 5]],
      ["b.example", "fail", "testing", 3, [1, 10, 50]],
      ["c.example", "warn", "none", 2, [3, 10, 0]],
      ["d.example", "fail", null, 4, null],
      ["e.example", null, null, null, null],
    ] as const) {
      const domain = await makeDomain(owner, name);
      if (worst) await storeLookup(domain.id, { worst, mode, checkedAt: minutes(ago) });
      if (reports) {
        const [days, successes, failures] = reports;
        await report(domain, days, successes, failures);
      }
    }
    return owner;
  });
  const letters = async (change: Partial<typeof ALL>) =>
    (await names(await made, change)).map((name) => name.charAt(0)).join("");

  it.each([
    ["state", true, "bdcae"],
    ["state", false, "acbde"],
    ["name", false, "abcde"],
    ["name", true, "edcba"],
    ["looked", true, "acbde"],
    ["looked", false, "dbcae"],
    ["mode", true, "abcde"],
    ["mode", false, "cbade"],
    ["failures", true, "bacde"],
    ["failures", false, "cabde"],
    ["report", true, "bacde"],
    ["report", false, "cabde"],
  ] as const)("by %s, descending %s: %s; what is not known is last", async (sort, descending, order) => {
    expect(await letters({ sort, descending })).toBe(order);
  });

  it.each(OVERVIEW_SORTS)("by %s: pages put together are the whole, in the same order", async (sort) => {
    const whole = await letters({ sort });
    const pages = await Promise.all([0, 2, 4].map((skip) => letters({ sort, skip, take: 2 })));
    expect(pages.join("")).toBe(whole);
  });
});

it("of 1,000 domains is read in one statement", async () => {
  const owner = await makeOwner();
  await addMany(owner.team.id, Array.from({ length: 1_000 }, (_, i) => `d${i}.example`).join("\n"), owner.user);
  const { rows, matching, team } = await overview(owner, { sort: "failures", skip: 900 });
  expect([rows.length, matching, team.waiting]).toEqual([100, 1_000, 1_000]);
});

// This process lives in New York, and so does its database: days and times must come out as UTC all the same.
process.env.TZ = "America/New_York";

import { describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { failuresOf, MOST_DETAILS, type ReportFilter, reportsOf, reportWithAll } from "#lib/db/read-reports.ts";
import {
  failureDetailsByDay,
  failuresByCause,
  failuresByMx,
  failuresByReporter,
  policyVersions,
  reportSpan,
  sessionsByDay,
  sessionsByPolicyType,
  sessionsByReporter,
} from "#lib/db/read-totals.ts";
import { openSession, sessionsOf } from "#lib/db/sessions.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, makeDomain, upload } from "./reports.ts";

// An operator may set more in the address.
await ownDatabase({ timezone: "America/New_York", query: `&options=${encodeURIComponent("-c work_mem=5MB")}` });

const owner = await makeOwner();
const none = { organization: null, resultType: null, cause: null, mx: null };
const everything: ReportFilter = { from: null, to: null, policyType: null, ...none, door: null, outcome: null };
const november = { from: "2026-11-01", to: "2026-11-30", policyType: "sts", ...none };
const all = { skip: 0, take: 1_000 };
const NOW = new Date("2026-11-22T03:00:00Z");
/** A time zone that is mistaken is off by hours. */
const HALF_AN_HOUR = 1_800_000;

const failure = (type: string, sessions: number, mx?: string) => ({
  ...{ "result-type": type, "failed-session-count": sessions },
  ...(mx === undefined ? {} : { "receiving-mx-hostname": mx }),
});

/** Two reporters on three days, the first of which also reports on DANE, about the same sessions. */
async function makeWorld() {
  const domain = await makeDomain(owner);
  const { name } = domain;
  const google = (day: string, successes: number, details: ReturnType<typeof failure>[]) =>
    makeReport({
      day,
      policies: [
        makePolicy({ domain: name, type: "tlsa", successes: successes + 1_000 }),
        makePolicy({ domain: name, successes, details }),
      ],
    });
  const files = [
    google("2026-11-01", 10, [
      failure("certificate-expired", 3, "mx1.x"),
      failure("starttls-not-supported", 1, "mx2.x"),
    ]),
    google("2026-11-03", 20, [failure("certificate-expired", 5, "mx1.x"), failure("", 2)]),
    makeReport({
      ...{ organization: "Other", day: "2026-11-03" },
      policies: [makePolicy({ domain: name, successes: 7, details: [failure("certificate-expired", 4, "mx2.x")] })],
    }),
    makeReport({
      organization: "Other",
      day: "2026-11-02",
      policies: [makePolicy({ domain: name, type: "no-policy-found" })],
    }),
  ];
  await upload(
    domain,
    files.map((report) => file(report)),
    NOW,
  );
  return domain;
}

describe("the lists of reports and failures", async () => {
  const { id } = await makeWorld();
  await makeWorld();
  const days = async (filter: Partial<ReportFilter>) =>
    (await reportsOf(id, { ...everything, ...filter }, all)).reports.map((row) => `${row.day} ${row.organization}`);
  const GOOGLE = ["2026-11-03 Google Inc.", "2026-11-01 Google Inc."];

  it.each([
    ["the latest day first", {}, 4],
    ["from a day on, included", { from: "2026-11-02" }, 3],
    ["up to a day, included", { to: "2026-11-02" }, 2],
    ["of one day", { from: "2026-11-03", to: "2026-11-03" }, 2],
    ["of no day", { from: "2026-11-04" }, 0],
    ["of a policy type", { policyType: "sts" }, 3],
    ["of another", { policyType: "no-policy-found" }, 1],
    ["of a reporter", { organization: "Other" }, 2],
    ["through a door", { door: "upload" }, 4],
    ["through another", { door: "smtp" }, 0],
    ["that are counted", { outcome: "counted" }, 4],
    ["that are held", { outcome: "held" }, 0],
    ["of nobody", { organization: "other" }, 0],
  ] as const)("show reports %s", async (_, filter, count) => {
    const shown = await days(filter);
    expect(shown).toHaveLength(count);
    expect(shown.map((row) => row.slice(0, 10))).toEqual(
      shown
        .map((row) => row.slice(0, 10))
        .sort()
        .reverse(),
    );
  });

  it("count sessions of one policy type, never of two together", async () => {
    expect(await days({ organization: "Google Inc." })).toEqual(GOOGLE);
    const of = async (policyType: string | null) =>
      (await reportsOf(id, { ...everything, organization: "Google Inc.", policyType }, all)).reports[0];
    expect(await of("sts")).toMatchObject({ policyTypes: ["tlsa", "sts"], successes: 20, failures: 7 });
    expect(await of("tlsa")).toMatchObject({ successes: 1_020, failures: 0 });
    // The report's own first type.
    expect(await of(null)).toMatchObject({ successes: 1_020, failures: 0 });
    const [report] = (await reportsOf(id, { ...everything, organization: "Google Inc." }, all)).reports;
    const whole = await reportWithAll(id, report?.id ?? "");
    expect(whole?.policies.map(({ type, successes }) => [type, successes])).toEqual([
      ["tlsa", 1_020],
      ["sts", 20],
    ]);
  });

  it("show the failure details with the most sessions first, of each policy some, and say how many there are", async () => {
    const domain = await makeDomain(owner);
    const many = Array.from({ length: MOST_DETAILS + 200 }, (_, index) => failure("certificate-expired", index + 1));
    const policies = [
      makePolicy({ domain: domain.name, details: many }),
      makePolicy({
        type: "tlsa",
        domain: domain.name,
        details: [failure("tlsa-invalid", 3), failure("dane-required", 10)],
      }),
      makePolicy({ type: "no-policy-found", domain: domain.name }),
    ];
    await upload(domain, [file(makeReport({ policies }))]);
    const [report] = (await reportsOf(domain.id, everything, all)).reports;
    const whole = await reportWithAll(domain.id, report?.id ?? "");
    const [long, short, empty] = whole?.policies ?? [];
    expect(long?.details).toHaveLength(MOST_DETAILS - 2);
    expect(long?.details.slice(0, 3).map(({ sessions }) => sessions)).toEqual([1_200, 1_199, 1_198]);
    expect(long?.detailsInAll).toBe(1_200);
    expect(short?.details.map(({ sessions }) => sessions)).toEqual([10, 3]);
    expect(empty).toMatchObject({ details: [], detailsInAll: 0 });
  });

  it.each([
    ["all of them", {}, [5, 4, 2, 3, 1]],
    ["a result type", { resultType: "certificate-expired" }, [5, 4, 3]],
    ["no result type", { resultType: "" }, [2]],
    ["a cause", { cause: "starttls-not-supported" }, [1]],
    ["a host", { mx: "mx1.x" }, [5, 3]],
    ["no host", { mx: "" }, [2]],
    ["a reporter and a day", { organization: "Google Inc.", from: "2026-11-03", to: "2026-11-03" }, [5, 2]],
    ["a policy type without any", { policyType: "tlsa" }, []],
  ] as const)("show failures of %s, the most sessions first within the latest day", async (_, filter, sessions) => {
    const found = await failuresOf(id, { ...everything, ...filter }, all);
    expect(found.failures.map((row) => row.sessions)).toEqual(sessions);
    expect(found.total).toBe(sessions.length);
    expect(found.sessions).toBe(sessions.reduce((sum: number, count) => sum + count, 0));
  });

  it("are cut into pages without a gap, and know their number of rows beyond the last page too", async () => {
    const whole = await reportsOf(id, everything, all);
    const paged = await Promise.all([0, 3, 6].map((skip) => reportsOf(id, everything, { skip, take: 3 })));
    expect(paged.flatMap(({ reports }) => reports)).toEqual(whole.reports);
    expect(paged.map(({ total }) => total)).toEqual([4, 4, 4]);
    const failures = await Promise.all([0, 2, 4, 50].map((skip) => failuresOf(id, everything, { skip, take: 2 })));
    expect(failures.flatMap((page) => page.failures)).toEqual((await failuresOf(id, everything, all)).failures);
    expect(failures.map(({ total, sessions }) => [total, sessions])).toEqual(Array.from({ length: 4 }, () => [5, 15]));
    const nobody = { ...everything, organization: "nobody" };
    expect(await reportsOf(id, nobody, { skip: 50, take: 50 })).toEqual({ reports: [], total: 0 });
    expect(await failuresOf(id, nobody, { skip: 50, take: 50 })).toEqual({ failures: [], total: 0, sessions: 0 });
    expect((await reportsOf(id, everything, { skip: 49_999_950, take: 50 })).total).toBe(4);
  });

  it("leave replaced reports in the list of reports, and their failures and policies out", async () => {
    const domain = await makeDomain(owner);
    const version = (sessions: number) =>
      file(
        makeReport({
          policies: [makePolicy({ domain: domain.name, details: [failure("certificate-expired", sessions)] })],
        }),
      );
    await upload(domain, [version(1)]);
    await upload(domain, [version(2)]);
    const { reports } = await reportsOf(domain.id, everything, all);
    expect(reports.map(({ counted, outcome }) => [counted, outcome])).toEqual([
      [true, "counted"],
      [false, "replaced"],
    ]);
    const [later, earlier] = reports.map(({ id }) => id) as [string, string];
    expect((await reportsOf(domain.id, { ...everything, outcome: "replaced" }, all)).total).toBe(1);
    expect(await reportWithAll(domain.id, later)).toMatchObject({ replacedBy: null, replaces: [earlier] });
    expect(await reportWithAll(domain.id, earlier)).toMatchObject({ replacedBy: later, replaces: [] });
    expect(await failuresOf(domain.id, everything, all)).toMatchObject({ total: 1, sessions: 2 });
    expect(await reportSpan(domain.id)).toMatchObject({ reports: 1 });
    const other = makePolicy({ domain: domain.name, mode: "enforce" });
    await upload(domain, [file(makeReport({ policies: [other] }))]);
    const versions = await policyVersions(domain.id, november.from, november.to);
    expect(versions).toEqual([{ strings: other.policy["policy-string"], firstDay: "2026-11-01" }]);
  });
});

describe("the totals", async () => {
  const { id } = await makeWorld();

  it("of a domain without reports are nothing, and never 0", async () => {
    const empty = (await makeDomain(owner)).id;
    for (const read of [sessionsByDay, sessionsByReporter, failuresByCause, failuresByMx, failuresByReporter]) {
      expect(await read(empty, november)).toEqual([]);
    }
    expect(await failureDetailsByDay(empty, november)).toEqual([]);
    expect(await sessionsByPolicyType(empty, november.from, november.to)).toEqual([]);
    expect(await policyVersions(empty, november.from, november.to)).toEqual([]);
    expect(await reportSpan(empty)).toEqual({ first: null, last: null, lastArrival: null, reports: 0 });
  });

  it("have a row for each day with a report, and none for a day without", async () => {
    expect(await sessionsByDay(id, november)).toEqual([
      { day: "2026-11-01", reports: 1, successes: 10, failures: 4 },
      { day: "2026-11-03", reports: 2, successes: 27, failures: 11 },
    ]);
    expect(await sessionsByDay(id, { ...november, organization: "Other" })).toEqual([
      { day: "2026-11-03", reports: 1, successes: 7, failures: 4 },
    ]);
  });

  it("of one policy type are never added to those of another", async () => {
    expect(await sessionsByPolicyType(id, november.from, november.to)).toEqual([
      { policyType: "sts", reports: 3, successes: 37, failures: 15 },
      { policyType: "tlsa", reports: 2, successes: 2_030, failures: 0 },
      { policyType: "no-policy-found", reports: 1, successes: 100, failures: 0 },
    ]);
    expect(await sessionsByReporter(id, { ...november, policyType: "tlsa" })).toEqual([
      { organization: "Google Inc.", reports: 2, successes: 2_030, failures: 0, lastDay: "2026-11-03" },
    ]);
  });

  it("of failures follow each filter, and are the sums of the rows that a bar leads to", async () => {
    expect(await failuresByCause(id, november)).toEqual([
      { resultType: "certificate-expired", cause: "certificate-expired", sessions: 12, reporters: 2 },
      { resultType: "", cause: "", sessions: 2, reporters: 1 },
      { resultType: "starttls-not-supported", cause: "starttls-not-supported", sessions: 1, reporters: 1 },
    ]);
    expect(await failuresByMx(id, november)).toEqual([
      { mx: "mx1.x", sessions: 8 },
      { mx: "mx2.x", sessions: 5 },
      { mx: "", sessions: 2 },
    ]);
    expect(await failuresByMx(id, { ...november, cause: "certificate-expired", organization: "Other" })).toEqual([
      { mx: "mx2.x", sessions: 4 },
    ]);
    expect(await failureDetailsByDay(id, { ...november, mx: "" })).toEqual([
      { day: "2026-11-03", cause: "", mx: "", sessions: 2 },
    ]);
    for (const { resultType, cause, sessions } of await failuresByCause(id, november)) {
      expect((await failuresOf(id, { ...november, resultType, cause }, all)).sessions).toBe(sessions);
    }
  });
});

describe("days and times", () => {
  it("are those of UTC, wherever the process, the session or the reporter is", async () => {
    const domain = await makeDomain(owner);
    const range = (begin: string, end: string, id: string) =>
      file({
        ...makeReport({ id, policies: [makePolicy({ domain: domain.name, successes: 1 })] }),
        "date-range": { "start-datetime": begin, "end-datetime": end },
      });
    await upload(
      domain,
      [
        range("2026-11-01T00:00:00Z", "2026-11-01T23:59:59Z", "first second"),
        range("2026-11-01T23:59:59Z", "2026-11-02T23:59:58Z", "last second"),
        range("2026-11-01T20:00:00-05:00", "2026-11-02T19:59:59-05:00", "New York's evening is UTC's next day"),
        range("2026-11-02T05:00:00+09:00", "2026-11-03T04:59:59+09:00", "Tokyo's morning is UTC's day before"),
        range("2026-11-01T12:00:00", "2026-11-02T11:59:59", "no zone is UTC"),
      ],
      NOW,
    );
    expect((await sessionsByDay(domain.id, november)).map(({ day, reports }) => [day, reports])).toEqual([
      ["2026-11-01", 4],
      ["2026-11-02", 1],
    ]);
    const { reports } = await reportsOf(domain.id, { ...everything, to: "2026-11-01" }, all);
    expect(reports).toHaveLength(4);
    for (const { receivedAt } of reports) expect(receivedAt).toEqual(NOW);
    const late = await reportWithAll(domain.id, reports.find(({ reportId }) => reportId === "last second")?.id ?? "");
    expect(late?.beginAt.toISOString()).toBe("2026-11-01T23:59:59.000Z");
    expect(await reportSpan(domain.id)).toMatchObject({ first: "2026-11-01", last: "2026-11-02", lastArrival: NOW });
  });

  it("come back from each way into the database as they were", async () => {
    expect(new Date("2026-11-01T12:00:00").toISOString()).toBe("2026-11-01T17:00:00.000Z");
    expect(await sql("SHOW timezone", [])).toEqual([{ TimeZone: "UTC" }]);
    expect(await sql("SHOW work_mem", [])).toEqual([{ work_mem: "5MB" }]);
    const before = Date.now();
    const sessionId = await openSession(owner.user.userId, "", "");
    const session = (await sessionsOf(owner.user.userId)).find(({ id }) => id === sessionId);
    expect(Math.abs((session?.createdAt.getTime() ?? 0) - before)).toBeLessThan(HALF_AN_HOUR);
    const [row] = await sql<{ at: Date; age: string }>(
      "SELECT created_at AS at, extract(epoch FROM now() - created_at) AS age FROM sessions WHERE id = $1",
      [sessionId],
    );
    expect(row?.at).toEqual(session?.createdAt);
    expect(Math.abs(Number(row?.age)) * 1_000).toBeLessThan(HALF_AN_HOUR);
  });
});

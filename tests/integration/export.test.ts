import { expect, it } from "vitest";
import { exportFailures, exportReports } from "#lib/db/export-reports.ts";
import { changeRetention } from "#lib/db/retention.ts";
import { failuresCsv, reportsCsv } from "#lib/reports/export.ts";
import { removePastRetention } from "#lib/reports/retention.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, makeDomain, upload } from "./reports.ts";

await ownDatabase();
const owner = await makeOwner();
const ALL = {
  ...{ from: null, to: null, policyType: null, organization: null, resultType: null, cause: null, mx: null },
  ...{ door: null, outcome: null },
};

async function linesOf(parts: AsyncGenerator<string>): Promise<string[]> {
  let text = "";
  for await (const part of parts) text += part;
  return text.split("\r\n").slice(0, -1);
}

/** Three days of a reporter, two policies and three failures in each report. */
async function makeWorld(organization = "Google Inc.") {
  const domain = await makeDomain(owner);
  const details = [1, 2, 3].map((count) => ({
    ...{ "result-type": "certificate-expired", "failed-session-count": count },
    ...{ "receiving-mx-hostname": "=mx.example", "failure-reason-code": "a\r\n=b" },
  }));
  const policies = [makePolicy({ domain: domain.name, details }), makePolicy({ type: "tlsa", domain: domain.name })];
  const reports = ["2026-11-01", "2026-11-02", "2026-11-03"].map((day) =>
    file(makeReport({ organization, day, policies })),
  );
  await upload(domain, reports);
  return domain;
}

it("holds a row for each policy result, the latest day first", async () => {
  const { id, name } = await makeWorld();
  await makeWorld();
  const [head, ...rows] = await linesOf(reportsCsv(id, ALL));
  expect(head).toMatch(/^day,reporter,.*,policy_type,policy_domain,successful_sessions,failed_sessions$/);
  expect(rows.map((row) => row.slice(0, 10))).toEqual(
    ["2026-11-03", "2026-11-02", "2026-11-01"].flatMap((d) => [d, d]),
  );
  expect(rows[0]).toMatch(new RegExp(`,upload,counted,,,name-invalid,sts,${name},100,6$`));
  expect(rows[1]).toMatch(/,tlsa,.*,100,0$/);
  expect(await linesOf(reportsCsv(id, { ...ALL, policyType: "tlsa", from: "2026-11-02" }))).toHaveLength(3);
  expect(await linesOf(reportsCsv(id, { ...ALL, door: "smtp" }))).toEqual([head]);
  expect(await linesOf(reportsCsv(id, { ...ALL, outcome: "held" }))).toEqual([head]);
});

it("holds each row once, whatever the size of its parts", async () => {
  const { id } = await makeWorld();
  const days: string[] = [];
  for (let last: { day: string; id: string } | null = null; ; ) {
    const rows: { day: string; id: string }[] = await exportReports(id, ALL, last, 1);
    if (rows.length === 0) break;
    days.push(...rows.map(({ day }) => day));
    last = rows.at(-1) ?? null;
  }
  expect(days).toEqual(["2026-11-03", "2026-11-03", "2026-11-02", "2026-11-02", "2026-11-01", "2026-11-01"]);
  const whole = await exportFailures(id, ALL, null, 100);
  expect(whole).toHaveLength(9);
  const parts = [];
  for (let last: (typeof whole)[number] | null = null; ; ) {
    const rows: typeof whole = await exportFailures(id, ALL, last, 2);
    if (rows.length === 0) break;
    parts.push(...rows);
    last = rows.at(-1) ?? null;
  }
  expect(parts).toEqual(whole);
});

it("shows what strangers wrote as text on one line", async () => {
  const { id } = await makeWorld('=HYPERLINK("https://evil.example")\n<b>\u202e');
  const [, row] = await linesOf(reportsCsv(id, ALL));
  expect(row).toContain(`,"'=HYPERLINK(""https://evil.example"")\\u{a}<b>\\u{202e}",`);
  const failures = await linesOf(failuresCsv(id, ALL));
  expect(failures).toHaveLength(10);
  expect(failures[1]).toContain(",'=mx.example,");
  expect(failures[1]).toContain(",a\\u{d}\\u{a}=b,");
});

it("has empty cells, and no zero, where details were removed", async () => {
  const { id } = await makeWorld();
  await changeRetention(owner.team.id, { detailDays: 30, rawDays: 30 }, owner.user);
  const domain = await makeDomain(owner);
  await upload(domain, [file(makeReport({ day: "2026-01-01", policies: [makePolicy({ domain: domain.name })] }))]);
  await removePastRetention();
  expect(await linesOf(reportsCsv(domain.id, { ...ALL, policyType: "sts" }))).toEqual([
    expect.any(String),
    expect.stringMatching(/,upload,thinned,,,,,,,$/),
  ]);
  expect(await linesOf(reportsCsv(id, ALL))).toHaveLength(7);
});

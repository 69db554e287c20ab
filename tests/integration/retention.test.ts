import { describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { countHeldReport } from "#lib/db/held-reports.ts";
import { quarantinedFile } from "#lib/db/quarantine.ts";
import { rawFileOfReport, reportWithAll } from "#lib/db/read-reports.ts";
import { changeRetention, previewRetention, retentionOf } from "#lib/db/retention.ts";
import { receive } from "#lib/reports/receive.ts";
import { removePastRetention } from "#lib/reports/retention.ts";
import { makePolicy } from "#prisma/seed.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, kinds, makeDomain, reportAbout, totalsOf, upload } from "./reports.ts";

await ownDatabase();

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const day = (days: number) => daysAgo(days).toISOString().slice(0, 10);
const details = [
  { "result-type": "certificate-expired", "failed-session-count": 3, "receiving-mx-hostname": "mx.a.test" },
];

async function setUp() {
  const owner = await makeOwner();
  const domain = await makeDomain(owner);
  const about = (days: number, id = `${days}`, successes = 10) =>
    reportAbout(domain.name, {
      id,
      day: day(days),
      policies: [makePolicy({ domain: domain.name, successes, details })],
    });
  const send = (days: number, id?: string, successes?: number) =>
    upload(domain, [file(about(days, id, successes))], daysAgo(days));
  const count = async (table: string) => {
    const [row] = await sql<{ count: string }>(`SELECT count(*) FROM ${table} WHERE domain_id = $1`, [domain.id]);
    return Number(row?.count);
  };
  const totals = async () => (await totalsOf(domain.id)).standing;
  return { owner, domain, about, send, count, totals };
}

describe("retention", () => {
  it("keeps 400 days of details and 90 days of bytes unless told otherwise", async () => {
    const { owner } = await setUp();
    expect(await retentionOf(owner.team.id)).toEqual({ detailDays: 400, rawDays: 90 });
  });

  it("removes what is over, on both sides of its limits, and leaves the totals as they are", async () => {
    const { owner, domain, send, count, totals } = await setUp();
    for (const days of [401, 400, 399, 91, 89]) await send(days);
    const waste = { bytes: Buffer.from("no report"), fileName: "note.txt" };
    const [aside] = await upload(domain, [waste], daysAgo(91));
    const before = await totals();
    const preview = await previewRetention(owner.team.id, { detailDays: 400, rawDays: 90 });
    expect(preview).toMatchObject({ reports: 1, firstDay: day(400), files: 5 });
    expect(preview.bytes).toBeGreaterThan(1_000);
    await removePastRetention();
    expect(await totals()).toEqual(before);
    expect(await count("reports")).toBe(5);
    expect([await count("policy_results"), await count("failures")]).toEqual([4, 4]);
    const [files] = await sql("SELECT count(bytes), count(*) AS all FROM raw_files WHERE domain_id = $1", [domain.id]);
    expect(files).toEqual({ count: "1", all: "5" });
    expect(await quarantinedFile(domain.id, aside && "id" in aside ? aside.id : "")).toBeNull();
    expect(await previewRetention(owner.team.id, { detailDays: 400, rawDays: 90 })).toMatchObject({
      reports: 0,
      files: 0,
    });
    const [oldest] = await sql<{ id: string }>("SELECT id FROM reports WHERE domain_id = $1 ORDER BY day LIMIT 1", [
      domain.id,
    ]);
    expect(await reportWithAll(domain.id, oldest?.id ?? "")).toMatchObject({
      thinned: true,
      counted: true,
      policies: [],
    });
    expect(await rawFileOfReport(domain.id, oldest?.id ?? "")).toBeNull();
  });

  it("knows a report whose details are gone, and adds late ones to what is kept", async () => {
    const { domain, send, totals } = await setUp();
    await send(500, "a", 10);
    await removePastRetention();
    const before = await totals();
    expect(kinds(await send(500, "a", 10))).toEqual(["duplicate"]);
    expect(await totals()).toEqual(before);
    // A revision cannot take back what is in the totals for good.
    expect(kinds(await send(500, "a", 99))).toEqual(["revision"]);
    expect(await totals()).toEqual(before);
    expect(kinds(await send(500, "b", 5))).toEqual(["stored"]);
    const [row] = (await totals())[0] as { successes: string; reports: string }[];
    expect(row).toMatchObject({ successes: "15", reports: "2" });
    const after = await totals();
    await removePastRetention();
    await removePastRetention();
    expect(await totals()).toEqual(after);
    expect(kinds(await send(500, "a", 99))).toEqual(["duplicate"]);
    expect(kinds(await send(500, "a", 77))).toEqual(["revision"]);
    expect(await totals()).toEqual(after);
    expect(domain.id).toBeTruthy();
  });

  it("never counts what was held when its time was over", async () => {
    const { owner, domain, about, totals } = await setUp();
    const inbox = { domain, teamId: domain.teamId, door: "smtp" } as const;
    const [outcomes = []] = await receive([file(about(500))], inbox, daysAgo(500));
    const id = outcomes[0] && "id" in outcomes[0] ? outcomes[0].id : "";
    await removePastRetention();
    expect(await countHeldReport(domain, id, owner.user)).toBe(0);
    expect(await totals()).toEqual([[], []]);
  });

  it("is each team's own, and its change is in the audit trail", async () => {
    const [mine, other] = [await setUp(), await setUp()];
    for (const { send } of [mine, other]) await send(60);
    await changeRetention(mine.owner.team.id, { detailDays: 30, rawDays: 10 }, mine.owner.user);
    await removePastRetention();
    expect([await mine.count("failures"), await other.count("failures")]).toEqual([0, 1]);
    const [event] = await sql("SELECT before, after FROM audit_events WHERE action = 'team.retention-changed'", []);
    expect(event).toEqual({ before: { detailDays: 400, rawDays: 90 }, after: { detailDays: 30, rawDays: 10 } });
  });
});

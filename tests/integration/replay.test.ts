import { describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { quarantineCounts } from "#lib/db/quarantine.ts";
import { replay } from "#lib/reports/replay.ts";
import { makePolicy } from "#prisma/seed.ts";
import { makeZip } from "#tests/unit/reports/make-zip.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, makeDomain, reportAbout, rowsOf, totalsOf, upload } from "./reports.ts";

await ownDatabase();
const owner = await makeOwner();
const details = [
  { "result-type": "validation-failure", "failed-session-count": 7, "receiving-mx-hostname": "mx9.other.test" },
];

/** A domain with reports, and a way to replay it that collects what it is told. */
async function setUp(days = 3) {
  const domain = await makeDomain(owner);
  const policies = [makePolicy({ domain: domain.name, details })];
  const reports = Array.from({ length: days }, (_, i) =>
    file(reportAbout(domain.name, { day: `2026-11-0${i + 1}`, policies })),
  );
  await upload(domain, reports);
  const run = async (dryRun = false) => {
    const lines: string[] = [];
    const sum = await replay(domain, { dryRun, tell: (line) => lines.push(line) });
    return { ...sum, lines };
  };
  const snapshot = async () => [await rowsOf(domain.id), await totalsOf(domain.id)];
  return { domain, run, snapshot };
}

const NOTHING = { changed: 0, found: 0, lost: 0, released: 0, lines: [] };

describe("a replay", () => {
  it("changes nothing where the parser reads everything as before", async () => {
    const { run, snapshot } = await setUp();
    const before = await snapshot();
    expect(await run()).toEqual({ files: 3, ...NOTHING });
    expect(await snapshot()).toEqual(before);
  });

  it("takes nothing that names another domain, and tells of no file that stays in its tray", async () => {
    const { domain, run, snapshot } = await setUp(1);
    const report = (name: string) => ({ name: `${name}.json`, data: JSON.stringify(reportAbout(name, { id: name })) });
    await upload(domain, [{ bytes: makeZip([report(domain.name), report("bank.example")]), fileName: "two.zip" }]);
    const before = await snapshot();
    for (const _ of [1, 2]) expect(await run()).toEqual({ files: 2, ...NOTHING });
    expect(await snapshot()).toEqual(before);
    expect(await quarantineCounts(domain.id)).toEqual({ quarantine: 0, unclaimed: 1 });
  });

  it("writes what is read differently, with its totals, and says it; a dry run only says it", async () => {
    const { domain, run, snapshot } = await setUp();
    const right = await snapshot();
    // As an older parser might have left it.
    await sql("UPDATE failures SET cause = 'unknown' WHERE domain_id = $1 AND day = '2026-11-02'", [domain.id]);
    await sql("UPDATE failure_totals SET cause = 'unknown' WHERE domain_id = $1 AND day = '2026-11-02'", [domain.id]);
    await sql("UPDATE reports SET quirks = '{bom}' WHERE domain_id = $1 AND day = '2026-11-03'", [domain.id]);
    await sql("DELETE FROM policy_results WHERE domain_id = $1 AND day = '2026-11-01'", [domain.id]);
    await sql("DELETE FROM day_totals WHERE domain_id = $1 AND day = '2026-11-01'", [domain.id]);
    const wrong = await snapshot();
    const dry = await run(true);
    expect(dry).toMatchObject({ files: 3, changed: 3, found: 0 });
    expect(dry.lines.toSorted()).toEqual([
      `${domain.name}, 2026-11-01, Google Inc.: 1 policies instead of 0`,
      `${domain.name}, 2026-11-02, Google Inc.: cause of 1 failures`,
      `${domain.name}, 2026-11-03, Google Inc.: quirks`,
    ]);
    expect(await snapshot()).toEqual(wrong);
    expect(await run()).toEqual(dry);
    expect(await snapshot()).toEqual(right);
    expect(await run()).toEqual({ files: 3, ...NOTHING });
  });

  it("moves a report to the day and the reporter that it is read with now", async () => {
    const { domain, run } = await setUp(1);
    await sql("UPDATE reports SET day = '2026-10-30', organization = 'Wrong' WHERE domain_id = $1", [domain.id]);
    for (const table of ["policy_results", "failures", "day_totals", "failure_totals"]) {
      await sql(`UPDATE ${table} SET day = '2026-10-30', organization = 'Wrong' WHERE domain_id = $1`, [domain.id]);
    }
    expect(await run()).toMatchObject({ changed: 1 });
    const { standing, summed } = await totalsOf(domain.id);
    expect(standing).toEqual(summed);
    expect(standing[0]).toMatchObject([{ day: "2026-11-01", organization: "Google Inc." }]);
  });

  it("finds reports that an older parser overlooked, and leaves what it can no longer read", async () => {
    const { domain, run } = await setUp(2);
    await sql("DELETE FROM reports WHERE domain_id = $1 AND day = '2026-11-01'", [domain.id]);
    await sql(
      "UPDATE raw_files w SET bytes = 'x' FROM reports r WHERE r.domain_id = $1 AND w.domain_id = $1 AND w.hash = r.raw_hash",
      [domain.id],
    );
    expect(await run()).toMatchObject({ files: 2, found: 1, lost: 1, changed: 0 });
    const [row] = await sql("SELECT count(*)::int AS count FROM reports WHERE domain_id = $1", [domain.id]);
    expect(row).toEqual({ count: 2 });
  });

  it("reads the trays again", async () => {
    const { domain, run } = await setUp(1);
    await upload(domain, [file(reportAbout("replay-late.example"))]);
    expect(await run()).toMatchObject({ released: 0 });
    await makeDomain(owner, "replay-late.example");
    expect(await run()).toMatchObject({ released: 1 });
    expect(await quarantineCounts(domain.id)).toEqual({ quarantine: 0, unclaimed: 0 });
  });
});

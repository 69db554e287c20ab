import { describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { quarantineCounts, quarantineOf } from "#lib/db/quarantine.ts";
import { NotFound } from "#lib/errors.ts";
import { assignUnclaimed, discardQuarantined, retryQuarantined } from "#lib/reports/trays.ts";
import { makeZip } from "#tests/unit/reports/make-zip.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, kinds, makeDomain, reportAbout, totalsOf, upload } from "./reports.ts";

await ownDatabase();
const owner = await makeOwner();
const page = { skip: 0, take: 10 };
const EMPTY = { bytes: Buffer.from("nothing to see"), fileName: "note.txt" };

async function idIn(domainId: string, tray: "quarantine" | "unclaimed"): Promise<string> {
  const { rows } = await quarantineOf(domainId, tray, page);
  return rows[0]?.id ?? "";
}

const trail = () =>
  sql<{ action: string; subject: string }>(
    `SELECT action, subject FROM audit_events WHERE team_id = $1
     AND (action LIKE 'quarantine.%' OR action LIKE 'unclaimed.%') ORDER BY at, id`,
    [owner.team.id],
  );

describe("an unclaimed report", () => {
  it("says of each of its file what it names", async () => {
    const domain = await makeDomain(owner);
    const parts = ["one.example", "two.example"].map((name) => ({
      ...{ name: `${name}.json`, data: JSON.stringify(reportAbout(name)) },
    }));
    await upload(domain, [{ bytes: makeZip(parts), fileName: "two.zip" }]);
    const { rows, total } = await quarantineOf(domain.id, "unclaimed", page);
    expect(total).toBe(1);
    expect(rows[0]?.reason).toMatch(/about one\.example, .* about two\.example, /);
  });

  it("is given to a domain of the team, and counts there", async () => {
    const [domain, target] = [await makeDomain(owner), await makeDomain(owner)];
    await upload(domain, [file(reportAbout("nobody.example"))], new Date("2026-11-02T00:00:00Z"));
    expect(await quarantineCounts(domain.id)).toEqual({ quarantine: 0, unclaimed: 1 });
    const stranger = await makeDomain(await makeOwner());
    const id = await idIn(domain.id, "unclaimed");
    await expect(assignUnclaimed(domain, id, stranger, owner.user)).rejects.toThrow(NotFound);
    await expect(assignUnclaimed(target, id, target, owner.user)).rejects.toThrow(NotFound);
    expect(kinds(await assignUnclaimed(domain, id, target, owner.user))).toEqual(["stored"]);
    expect(await quarantineCounts(domain.id)).toEqual({ quarantine: 0, unclaimed: 0 });
    const { standing, summed } = await totalsOf(target.id);
    expect(standing).toEqual(summed);
    expect(standing[0]).toHaveLength(1);
    const [row] = await sql("SELECT received_at FROM reports WHERE domain_id = $1", [target.id]);
    expect(row).toEqual({ received_at: new Date("2026-11-02T00:00:00Z") });
    expect(await trail()).toEqual([{ action: "unclaimed.assigned", subject: `report.json of ${domain.name}` }]);
  });

  it("finds its domain by itself once that is registered", async () => {
    const domain = await makeDomain(owner);
    await upload(domain, [file(reportAbout("late.example"))]);
    const late = await makeDomain(owner, "late.example");
    expect(await retryQuarantined(domain, await idIn(domain.id, "unclaimed"), owner.user)).toMatchObject([
      { outcome: "stored", domain: late.name },
    ]);
    expect(await quarantineCounts(domain.id)).toEqual({ quarantine: 0, unclaimed: 0 });
  });
});

describe("a file in quarantine", () => {
  it("stays there, as old as it was, when it still cannot be read", async () => {
    const domain = await makeDomain(owner);
    const came = new Date("2026-11-03T00:00:00Z");
    await upload(domain, [EMPTY], came);
    const id = await idIn(domain.id, "quarantine");
    expect(kinds(await retryQuarantined(domain, id, owner.user))).toEqual(["quarantined"]);
    const { rows } = await quarantineOf(domain.id, "quarantine", page);
    expect(rows).toMatchObject([{ id, receivedAt: came, hasBytes: true }]);
  });

  it("is gone for good when a person discards it", async () => {
    const domain = await makeDomain(owner);
    await upload(domain, [EMPTY]);
    const id = await idIn(domain.id, "quarantine");
    const other = await makeDomain(owner);
    await expect(discardQuarantined(other, id, owner.user)).rejects.toThrow(NotFound);
    await discardQuarantined(domain, id, owner.user);
    await expect(discardQuarantined(domain, id, owner.user)).rejects.toThrow(NotFound);
    await expect(retryQuarantined(domain, id, owner.user)).rejects.toThrow(NotFound);
    expect(await quarantineCounts(domain.id)).toEqual({ quarantine: 0, unclaimed: 0 });
  });
});

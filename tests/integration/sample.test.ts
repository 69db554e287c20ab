import { describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { deleteDomain, domainNamed, domainNames } from "#lib/db/domains.ts";
import { latestLookup } from "#lib/db/lookups.ts";
import { policyVersions, reportSpan, sessionsByPolicyType, sessionsByReporter } from "#lib/db/read-totals.ts";
import { addSample } from "#lib/domains/sample.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner, together } from "./people.ts";
import { makeDomain, rowsOf, totalsOf } from "./reports.ts";

await ownDatabase();

const NOW = new Date("2026-11-22T12:00:00Z");

describe("sample data", () => {
  it("are 120 days of reports from eight reporters, with a lookup, marked as a sample; removed without a trace", async () => {
    const owner = await makeOwner();
    const other = await makeDomain(owner);
    const name = await addSample(owner.team.id, owner.user, NOW);
    const domain = await domainNamed(owner.team.id, name);
    const id = domain?.id ?? "";
    expect(domain?.sample).toBe(true);
    expect(await reportSpan(id)).toMatchObject({ first: "2026-07-25", last: "2026-11-21", lastArrival: NOW });
    const types = await sessionsByPolicyType(id, "2026-07-01", "2026-11-30");
    expect(types.map(({ policyType }) => policyType)).toEqual(["sts", "tlsa"]);
    const filter = {
      from: "2026-07-01",
      to: "2026-11-30",
      organization: null,
      resultType: null,
      cause: null,
      mx: null,
    };
    expect(await sessionsByReporter(id, { ...filter, policyType: "sts" })).toHaveLength(8);
    expect(await policyVersions(id, "2026-07-01", "2026-11-30")).not.toEqual([]);
    expect(await latestLookup(id)).toMatchObject({ checkedAt: NOW, worst: "fail", mode: "testing" });
    const { standing, summed } = await totalsOf(id);
    expect(standing).toEqual(summed);
    const [quarantined] = await sql("SELECT count(*) FROM quarantined WHERE domain_id = $1", [id]);
    expect(quarantined).toEqual({ count: "0" });
    await deleteDomain(owner.team.id, name, owner.user);
    expect(await rowsOf(id)).toEqual({});
    expect((await domainNames(owner.team.id)).map((one) => one.name)).toEqual([other.name]);
  });

  it("are there once, also when the button is pressed twice; and once for each team", async () => {
    const [owner, other] = [await makeOwner(), await makeOwner("Other")];
    const { values, errors } = await together(
      [owner, owner, other].map(
        ({ team, user }) =>
          () =>
            addSample(team.id, user, NOW),
      ),
    );
    expect(values).toHaveLength(2);
    expect(errors.map(String)).toEqual(["Refused: sample-mail.example is one of your team's domains already."]);
    const counts = await sql(
      "SELECT count(*) FROM reports r JOIN domains d ON d.id = r.domain_id WHERE d.team_id = ANY ($1) GROUP BY d.id",
      [[owner.team.id, other.team.id]],
    );
    expect(counts).toHaveLength(2);
    expect(counts[0]).toEqual(counts[1]);
  });

  it("that fail at their last step leave nothing behind", async () => {
    const owner = await makeOwner();
    await sql("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$", []);
    await sql("CREATE TRIGGER no BEFORE INSERT ON lookups FOR EACH ROW EXECUTE FUNCTION no()", []);
    await expect(addSample(owner.team.id, owner.user, NOW)).rejects.toThrow("disk full");
    await sql("DROP TRIGGER no ON lookups", []);
    expect(await domainNames(owner.team.id)).toEqual([]);
    expect(
      await sql("SELECT 1 FROM audit_events WHERE team_id = $1 AND action = 'domain.added'", [owner.team.id]),
    ).toEqual([]);
    await addSample(owner.team.id, owner.user, NOW);
  });
});

import { expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { receive } from "#lib/reports/receive.ts";
import { FIXTURES, makeRandom, mutate } from "#tests/unit/reports/mutants.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { makeDomain, totalsOf } from "./reports.ts";

await ownDatabase();
const MUTANTS = 6_000;
const AT_ONCE = 500;

it(`gives each of ${MUTANTS} mutants an outcome, stores each acknowledged one once, and keeps the totals right`, async () => {
  const domain = await makeDomain(await makeOwner(), "example.com");
  const inbox = { domain, teamId: domain.teamId, door: "https" } as const;
  const counts: Record<string, number> = {};
  for (let done = 0; done < MUTANTS; done += AT_ONCE) {
    const arrivals = Array.from({ length: AT_ONCE }, (_, index) => {
      const fixture = FIXTURES[(done + index) % FIXTURES.length];
      return { bytes: mutate(fixture?.bytes ?? Buffer.alloc(0), makeRandom(7 * (done + index))), fileName: null };
    });
    const outcomes = await receive(arrivals, inbox, new Date());
    expect(outcomes.every((one) => one.length > 0)).toBe(true);
    for (const outcome of outcomes.flat()) {
      expect(outcome).not.toMatchObject({ code: "internal" });
      counts[outcome.outcome] = (counts[outcome.outcome] ?? 0) + 1;
    }
  }
  const [row] = await sql<{ reports: number }>("SELECT count(*)::int AS reports FROM reports WHERE domain_id = $1", [
    domain.id,
  ]);
  expect(row?.reports).toBe((counts.stored ?? 0) + (counts.revision ?? 0));
  expect(Object.keys(counts).toSorted()).toEqual(["duplicate", "quarantined", "revision", "stored"]);
  const { standing, summed } = await totalsOf(domain.id);
  expect(standing).toEqual(summed);
});

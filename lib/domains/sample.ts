import { judge } from "#lib/checks/catalogue.ts";
import { worstStatus } from "#lib/checks/verdict.ts";
import type { Actor } from "#lib/db/audit.ts";
import { createDomain } from "#lib/db/domains.ts";
import { keepLookup } from "#lib/db/lookups.ts";
import { summarise } from "#lib/lookups/summary.ts";
import { type Arrival, receive } from "#lib/reports/receive.ts";
import { makeSampleFacts } from "#prisma/sample-facts.ts";
import { makeSampleReports, SAMPLE_DOMAIN } from "#prisma/sample-world.ts";

const AT_ONCE = 200;

/**
 * Gives a team the sample domain, its reports by the way of all reports, and a lookup that fits them. Removing the domain
 * removes all of it.
 * @returns the domain's name
 * @throws Refused when the team has it already
 */
export async function addSample(teamId: string, by: Actor, now: Date): Promise<string> {
  const domain = await createDomain(teamId, SAMPLE_DOMAIN, true, by);
  let batch: Arrival[] = [];
  const store = async () => {
    await receive(batch, { domain, teamId, door: "sample" }, now);
    batch = [];
  };
  for (const file of makeSampleReports(now)) {
    batch.push(file);
    if (batch.length === AT_ONCE) await store();
  }
  await store();
  const facts = makeSampleFacts(now);
  const verdicts = judge(facts);
  const worst = worstStatus(verdicts.map((verdict) => verdict.status)) ?? "error";
  const mode = summarise(facts).policy?.mode ?? null;
  await keepLookup(domain.id, { checkedAt: now, worst, mode, facts, verdicts });
  return domain.name;
}

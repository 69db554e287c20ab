import { judge } from "#lib/checks/catalogue.ts";
import { worstStatus } from "#lib/checks/verdict.ts";
import type { Actor } from "#lib/db/audit.ts";
import { newDomain } from "#lib/db/domains.ts";
import { createSample } from "#lib/db/sample.ts";
import { summarise } from "#lib/lookups/summary.ts";
import { readReports } from "#lib/reports/receive.ts";
import { makeSampleFacts } from "#prisma/sample-facts.ts";
import { makeSampleReports, SAMPLE_DOMAIN } from "#prisma/sample-world.ts";

/**
 * Gives a team the sample domain, its reports, read as all reports are, and a lookup that fits them. Removing the domain
 * removes all of it.
 * @returns the domain's name
 * @throws Refused when the team has it already
 */
export async function addSample(teamId: string, by: Actor, now: Date): Promise<string> {
  const domain = newDomain(teamId, SAMPLE_DOMAIN, true);
  const reports = await readReports([...makeSampleReports(now)], { domain, teamId, door: "sample" }, now);
  const facts = makeSampleFacts(now);
  const verdicts = judge(facts);
  const worst = worstStatus(verdicts.map((verdict) => verdict.status)) ?? "error";
  const mode = summarise(facts).policy?.mode ?? null;
  await createSample(domain, { reports, lookup: { checkedAt: now, worst, mode, facts, verdicts } }, by);
  return domain.name;
}

import type { Actor } from "#lib/db/audit.ts";
import { newDomain } from "#lib/db/domains.ts";
import { createSample } from "#lib/db/sample.ts";
import { readReports } from "#lib/reports/receive.ts";
import { makeSampleReports, SAMPLE_DOMAIN } from "#prisma/sample-world.ts";
import { sampleLookups } from "./sample-lookups.ts";

/**
 * Gives a team the sample domain, its reports, read as all reports are, and lookups that fit them. Removing the domain
 * removes all of it.
 * @returns the domain's name
 * @throws Refused when the team has it already
 */
export async function addSample(teamId: string, by: Actor, now: Date): Promise<string> {
  const domain = newDomain(teamId, SAMPLE_DOMAIN, true);
  const reports = await readReports([...makeSampleReports(now)], { domain, teamId, door: "sample" }, now);
  await createSample(domain, { reports, lookups: sampleLookups(now) }, by);
  return domain.name;
}

import type { Actor } from "#lib/db/audit.ts";
import { createDomain, type DomainRow, newDomain } from "#lib/db/domains.ts";
import { Refused } from "#lib/errors.ts";
import { parseDomainName } from "#lib/standards/domain-name.ts";

/**
 * Registers a domain for a team, from what a person typed.
 * @throws Refused with a sentence when it is no domain that can be registered, or is there already
 */
export async function addDomain(teamId: string, typed: unknown, by: Actor): Promise<DomainRow> {
  const parsed = parseDomainName(typeof typed === "string" ? typed : "");
  if (!parsed.ok) throw new Refused(parsed.sentence, "domain");
  return createDomain(newDomain(teamId, parsed.name, false), by);
}

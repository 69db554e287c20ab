import type { Actor } from "#lib/db/audit.ts";
import { type DomainRow, deleteDomain } from "#lib/db/domains.ts";
import { Refused } from "#lib/errors.ts";
import { displayName, normaliseHost } from "#lib/standards/domain-name.ts";

/** Removes a domain with all that belongs to it, once its name was typed. @throws Refused, NotFound */
export async function removeDomain(domain: DomainRow, typed: unknown, by: Actor): Promise<void> {
  if (typeof typed !== "string" || normaliseHost(typed) !== domain.name) {
    throw new Refused(`Type ${displayName(domain.name)} to confirm.`, "confirm");
  }
  await deleteDomain(domain.teamId, domain.name, by);
}

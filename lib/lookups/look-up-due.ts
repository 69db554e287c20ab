import { domainsToLookUp } from "#lib/db/lookups.ts";
import { lookUpAndKeep } from "./keep-lookup.ts";

/** A registered domain is looked at once a day; a little less, so that a late run does not skip one. */
const HOURS = 23;
const AT_ONCE = 4;
const MOST = 2_000;

/** Looks at all registered domains whose turn it is, a few at a time. */
export async function lookUpDue(): Promise<void> {
  const due = await domainsToLookUp(HOURS, MOST);
  const work = async () => {
    for (let domain = due.shift(); domain !== undefined; domain = due.shift()) await lookUpAndKeep(domain).stored;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

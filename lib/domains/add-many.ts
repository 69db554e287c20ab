import { createDomains } from "#lib/db/add-domains.ts";
import type { Actor } from "#lib/db/audit.ts";
import { newDomain } from "#lib/db/domains.ts";
import { askForJob } from "#lib/db/jobs.ts";
import { Refused } from "#lib/errors.ts";
import { LONGEST_LIST, MOST_LINES, type ParsedList, parseList } from "./parse-list.ts";

/** What became of each line of a list. */
export interface AddedMany extends Omit<ParsedList, "domains"> {
  added: string[];
  /** Domains that the team had already. */
  known: ParsedList["domains"];
}

/**
 * Registers all domains of a list for a team: the good ones, whatever the others are. The worker looks at them next.
 * @throws Refused when there is no list, or it is too long to be one; nothing was added then
 */
export async function addMany(teamId: string, list: string, by: Actor): Promise<AddedMany> {
  const parsed = readable(list);
  const domains = parsed.domains.map(({ name }) => newDomain(teamId, name, false));
  const added = domains.length === 0 ? [] : await createDomains(teamId, domains, by);
  if (added.length > 0) await askForJob("look-up-due");
  const isAdded = new Set(added);
  const { refused, repeated, wide } = parsed;
  return { added, known: parsed.domains.filter(({ name }) => !isAdded.has(name)), refused, repeated, wide };
}

function readable(list: string): ParsedList {
  if (list.trim() === "") throw new Refused("Paste a list, or choose a file: one domain on each line.", "list");
  const figures = (number: number) => number.toLocaleString("en");
  if (list.length > LONGEST_LIST) {
    throw new Refused(`This list has more than ${figures(LONGEST_LIST)} characters. Cut it into several.`, "list");
  }
  const lines = list.split(/\r\n|\r|\n/).length;
  if (lines > MOST_LINES) {
    throw new Refused(`This list has more than ${figures(MOST_LINES)} lines. Cut it into several.`, "list");
  }
  const parsed = parseList(list);
  if (parsed.domains.length + parsed.refused.length > 0) return parsed;
  throw new Refused("There is nothing on this list but blank lines and comments.", "list");
}

import { domainOverview, type Overview, type OverviewQuery } from "#lib/db/domain-overview.ts";
import { domainNames } from "#lib/db/domains.ts";
import { displayName } from "#lib/standards/domain-name.ts";

/** A team's domains with their state, found by a part of their name as people write it. */
export async function overviewOf(teamId: string, query: Omit<OverviewQuery, "names">): Promise<Overview> {
  return domainOverview(teamId, { ...query, names: await namesInOtherScripts(teamId, query.text) });
}

/** An A-label does not contain what its Unicode form contains, so those are compared here. */
async function namesInOtherScripts(teamId: string, text: string | null): Promise<string[]> {
  if (text === null || /^[\0-\x7f]*$/.test(text)) return [];
  const wanted = text.normalize("NFC").toLowerCase();
  const names = (await domainNames(teamId)).map(({ name }) => name);
  return names.filter((name) => displayName(name).includes(wanted));
}

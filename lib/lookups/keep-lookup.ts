import { keepLookup } from "#lib/db/lookups.ts";
import { type FinishedLookup, lookUp, type RunningLookup } from "./look-up.ts";
import { summarise } from "./summary.ts";

/** For each lookup the registered domains for which it is kept: two pages, or two teams, can share one. */
const keeping = new WeakMap<RunningLookup, Map<string, Promise<FinishedLookup>>>();

/**
 * Looks a registered domain up now and keeps what was seen.
 * @returns the running lookup; `stored` resolves when it is in the database
 */
export function lookUpAndKeep(domain: {
  id: string;
  name: string;
}): RunningLookup & { stored: Promise<FinishedLookup> } {
  const lookup = lookUp(domain.name);
  const byDomain = keeping.get(lookup) ?? new Map<string, Promise<FinishedLookup>>();
  keeping.set(lookup, byDomain);
  const stored = byDomain.get(domain.id) ?? keep(domain.id, lookup);
  byDomain.set(domain.id, stored);
  return { ...lookup, stored };
}

async function keep(domainId: string, lookup: RunningLookup): Promise<FinishedLookup> {
  const finished = await lookup.finished;
  const mode = summarise(finished.facts).policy?.mode ?? null;
  await keepLookup(domainId, { ...finished, mode });
  return finished;
}

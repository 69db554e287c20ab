import { judge } from "#lib/checks/catalogue.ts";
import { worstStatus } from "#lib/checks/verdict.ts";
import { keepLookup } from "#lib/db/lookups.ts";
import { type LedgerEntry, policyLedger } from "#lib/db/policy-ledger.ts";
import { lookupToKeep } from "./history.ts";
import { earlierPolicy } from "./history-policy.ts";
import { type FinishedLookup, lookUp, type RunningLookup } from "./look-up.ts";

/** A lookup of a registered domain; `stored` resolves when it is in the database. */
export type KeptLookup = RunningLookup & { stored: Promise<FinishedLookup> };

/** For each lookup the registered domains for which it is kept: two pages, or two teams, can share one. */
const keeping = new WeakMap<RunningLookup, Map<string, KeptLookup>>();

/** Versions of the policy that are held against the one that is seen now. */
const VERSIONS = 50;

/** Looks a registered domain up now, holds its policy against the domain's ledger, and keeps what was seen. */
export function lookUpAndKeep(domain: { id: string; name: string }): KeptLookup {
  const shared = lookUp(domain.name);
  const byDomain = keeping.get(shared) ?? new Map<string, KeptLookup>();
  keeping.set(shared, byDomain);
  const known = byDomain.get(domain.id);
  if (known) return known;
  const lookup = heldAgainst(shared, policyLedger(domain.id, VERSIONS));
  const kept = { ...lookup, stored: keep(domain.id, lookup) };
  byDomain.set(domain.id, kept);
  // What could not be stored is tried again by whoever asks next.
  kept.stored.catch(() => byDomain.delete(domain.id));
  return kept;
}

/**
 * The same lookup for somebody with a ledger. It is shared with visitors and other teams, who must not see what this one saw
 * before, so that the one check that asks for it judges again.
 */
function heldAgainst(lookup: RunningLookup, ledger: Promise<LedgerEntry[]>): RunningLookup {
  const versions = ledger.catch(() => []); // a lookup can be seen while the database is away
  const finished = Promise.all([lookup.finished, versions]).then(([seen, entries]) => judgeAgain(seen, entries));
  const id = finished.then(({ verdicts }) => verdicts.filter(({ check }) => check === "mta-sts-id"));
  return { ...lookup, finished, checks: new Map(lookup.checks).set("mta-sts-id", id) };
}

function judgeAgain(seen: FinishedLookup, ledger: readonly LedgerEntry[]): FinishedLookup {
  const earlier = earlierPolicy(ledger, seen.facts, seen.checkedAt);
  if (earlier === null) return seen;
  const facts = { ...seen.facts, earlierPolicy: earlier };
  const anew = judge(facts).filter(({ check }) => check === "mta-sts-id");
  const place = seen.verdicts.findIndex(({ check }) => check === "mta-sts-id");
  const verdicts = seen.verdicts.filter(({ check }) => check !== "mta-sts-id");
  verdicts.splice(place < 0 ? verdicts.length : place, 0, ...anew);
  return { ...seen, facts, verdicts, worst: worstStatus(verdicts.map(({ status }) => status)) ?? "error" };
}

async function keep(domainId: string, lookup: RunningLookup): Promise<FinishedLookup> {
  const finished = await lookup.finished;
  await keepLookup(domainId, lookupToKeep(finished));
  return finished;
}

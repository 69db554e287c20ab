import { runChecks } from "#lib/checks/catalogue.ts";
import { collect, type Facts, gather } from "#lib/checks/gather.ts";
import { CHECKS, type CheckName, type Verdict, worstStatus } from "#lib/checks/verdict.ts";
import { noteFailedFetch } from "#lib/db/attempts.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { createProbes } from "#lib/probes/probes.ts";
import { settings } from "#lib/settings.ts";
import { failedFetchOf } from "./failed-fetch.ts";
import { type LookupsInTurn, lookupsInTurn } from "./in-turn.ts";
import { LOOKUPS_AT_ONCE, MOST_SHARED, MOST_WAITING, SHARED_MS, WAIT_AFTER_FAILED_FETCH } from "./limits.ts";
import { probeSettings } from "./probe-settings.ts";

/** All that came out of one look at a domain. */
export interface FinishedLookup {
  domain: string;
  checkedAt: Date;
  worst: string;
  /** In the order of the checks; within one check the worst first. */
  verdicts: Verdict[];
  facts: Facts;
}

/** A look at a domain that is under way: each check's verdicts come as soon as its facts are in. */
export interface RunningLookup {
  domain: string;
  checkedAt: Date;
  checks: ReadonlyMap<CheckName, Promise<Verdict[]>>;
  finished: Promise<FinishedLookup>;
}

/** Starts a live look at a domain (A-labels). Nothing of it rejects: what could not be seen is a fact too. */
export function startLookup(domain: string, probes: ProbeSettings): RunningLookup {
  const checkedAt = new Date();
  const gathering = gather(domain, createProbes(probes), checkedAt);
  const checks = runChecks(gathering);
  return { domain, checkedAt, checks, finished: finish(domain, checkedAt, checks, collect(gathering)) };
}

async function finish(
  domain: string,
  checkedAt: Date,
  checks: RunningLookup["checks"],
  collected: Promise<Facts>,
): Promise<FinishedLookup> {
  const verdicts = (await Promise.all(CHECKS.map((check) => checks.get(check) ?? []))).flat();
  const worst = worstStatus(verdicts.map((verdict) => verdict.status)) ?? "error";
  return { domain, checkedAt, worst, verdicts, facts: await collected };
}

interface Looking {
  shared: Map<string, RunningLookup>;
  inTurn: LookupsInTurn;
}

// The bundles of the web process must share it: it is a courtesy to the hosts that are looked at (RFC 8461 §3.3), and losing
// it with the process costs nothing but one more look.
const holder: { sealpostLooking?: Looking } = globalThis as typeof globalThis & { sealpostLooking?: Looking };

function looking(): Looking {
  holder.sealpostLooking ??= { shared: new Map(), inTurn: lookupsInTurn(LOOKUPS_AT_ONCE, startAndNote) };
  return holder.sealpostLooking;
}

/** A look at a domain of not more than a minute ago, also one that is still under way; null when there is none. */
export function sharedLookup(domain: string): RunningLookup | null {
  return looking().shared.get(domain) ?? null;
}

/** A look at a domain that is shared with others, or a new one, which waits for its turn when many are under way. */
export function lookUp(domain: string): RunningLookup {
  const known = sharedLookup(domain);
  if (known) return known;
  const { shared, inTurn } = looking();
  probeSettings(settings()); // a wrong setting is told here, not when the turn comes
  const lookup = inTurn.begin(domain);
  shared.set(domain, lookup);
  // By a timer, so that nothing is kept of the last ones of a long run.
  setTimeout(() => shared.get(domain) === lookup && shared.delete(domain), SHARED_MS).unref();
  const [oldest] = shared.keys();
  if (shared.size > MOST_SHARED && oldest !== undefined) shared.delete(oldest);
  return lookup;
}

/** True when so many lookups wait that nobody else should be let in. */
export function isBusy(): boolean {
  return looking().inTurn.waiting() >= MOST_WAITING;
}

function startAndNote(domain: string): RunningLookup {
  const lookup = startLookup(domain, probeSettings(settings()));
  void lookup.finished.then(async ({ facts }) => {
    const id = failedFetchOf(facts);
    // Without the note somebody may ask the host again too soon: no reason to fail the lookup.
    if (id !== null) await noteFailedFetch(domain, id, WAIT_AFTER_FAILED_FETCH).catch(() => {});
  });
  return lookup;
}

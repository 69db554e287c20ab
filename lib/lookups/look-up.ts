import { runChecks } from "#lib/checks/catalogue.ts";
import { collect, type Facts, gather } from "#lib/checks/gather.ts";
import { CHECKS, type CheckName, type Verdict, worstStatus } from "#lib/checks/verdict.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { createProbes } from "#lib/probes/probes.ts";
import { settings } from "#lib/settings.ts";
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

const SHARED_MS = 60_000;

interface Shared {
  lookup: RunningLookup;
  at: number;
}

// The bundles of the web process must share it: it is a courtesy to the hosts that are looked at (RFC 8461 §3.3), and losing
// it with the process costs nothing but one more look.
const holder: { sealpostLookups?: Map<string, Shared> } = globalThis as typeof globalThis & {
  sealpostLookups?: Map<string, Shared>;
};

/** A look at a domain of not more than a minute ago, also one that is still under way, or a new one. */
export function lookUp(domain: string): RunningLookup {
  holder.sealpostLookups ??= new Map();
  const shared = holder.sealpostLookups;
  const now = Date.now();
  for (const [name, { at }] of shared) if (now - at > SHARED_MS) shared.delete(name);
  const known = shared.get(domain);
  if (known) return known.lookup;
  const lookup = startLookup(domain, probeSettings(settings()));
  shared.set(domain, { lookup, at: now });
  return lookup;
}

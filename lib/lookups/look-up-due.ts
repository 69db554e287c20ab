import { claimDue, type DueDomain } from "#lib/db/claim-due.ts";
import { lookUpAndKeep } from "./keep-lookup.ts";
import { LONGEST_LOOKUP_MS, SCHEDULED_AT_ONCE, SLOW_AT_ONCE, SLOW_MS, WAIT_AFTER_FAILED_FETCH } from "./limits.ts";
import { doSteadily, type Pace } from "./look-steadily.ts";

/** A registered domain is looked at once a day; a little less, so that a late run does not skip one. */
const HOURS = 23;
/** Taken from the database at a time. Small: whoever adds a domain now need not wait for all of today's. */
const CLAIMED_AT_ONCE = 16;
/** A run ends before the queue takes it for dead; the next one goes on. */
const LONGEST_RUN_MS = 50 * 60_000;
const PACE: Pace = {
  atOnce: SCHEDULED_AT_ONCE,
  slowAfter: SLOW_MS,
  slowAtOnce: SLOW_AT_ONCE,
  longest: LONGEST_LOOKUP_MS,
};

/**
 * Looks at all registered domains whose turn it is, at a steady pace; those that were never looked at come first, also when
 * they are added meanwhile.
 * @throws AggregateError when some could not be kept: they come again, after all others were looked at
 */
export async function lookUpDue(look: (domain: DueDomain) => Promise<unknown> = lookAndKeep): Promise<void> {
  const end = Date.now() + LONGEST_RUN_MS;
  const claimed: DueDomain[] = [];
  let claiming: Promise<void> | null = null;
  const claim = async () => {
    claimed.push(...(await claimDue(HOURS, CLAIMED_AT_ONCE, WAIT_AFTER_FAILED_FETCH)));
  };
  const next = async () => {
    if (claimed.length === 0 && Date.now() < end) {
      claiming ??= claim().finally(() => {
        claiming = null;
      });
      await claiming;
    }
    return claimed.shift() ?? null;
  };
  const errors = await doSteadily(next, look, PACE);
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} lookups could not be made or kept`);
}

/** One look for all teams that have the domain. */
function lookAndKeep({ name, ids }: DueDomain): Promise<unknown> {
  return Promise.all(ids.map((id) => lookUpAndKeep({ id, name }).stored));
}

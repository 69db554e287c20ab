import { type LookupToCompare, lookupsToCompare, type NewLookup } from "#lib/db/lookups.ts";
import { type Change, carry, compare } from "./compare.ts";
import { type Seen, seenIn } from "./compare-seen.ts";
import { policiesIn } from "./history-policy.ts";
import type { FinishedLookup } from "./look-up.ts";
import { summarise } from "./summary.ts";

/** What is to be kept of a lookup of a registered domain. */
export function lookupToKeep(finished: Omit<FinishedLookup, "domain">): NewLookup {
  const { checkedAt, worst, verdicts, facts } = finished;
  return {
    ...{ checkedAt, worst, verdicts, facts },
    mode: summarise(facts).policy?.mode ?? null,
    policies: policiesIn(facts),
    follow(before) {
      const now = seenIn({ facts, worst });
      if (before === null) return { seen: now, changes: [] };
      const earlier = seenUpTo(before);
      return { seen: carry(earlier, now), changes: compare(earlier, now) };
    },
  };
}

/** What is different now from what one lookup of a domain had seen; null when there is no such lookup. */
export async function differenceToNow(
  domainId: string,
  lookupId: string,
): Promise<{ isLast: boolean; lastAt: Date; changes: Change[] } | null> {
  const found = await lookupsToCompare(domainId, lookupId);
  if (found === null) return null;
  const { one, last } = found;
  return {
    isLast: one.id === last.id,
    lastAt: last.checkedAt,
    changes: compare(seenUpTo(one), seenUpTo(last)),
  };
}

function seenUpTo({ seen, facts, worst }: LookupToCompare): Seen {
  return seen ?? seenIn({ facts, worst });
}

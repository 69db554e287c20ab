import { type LookupToCompare, lookupsToCompare, type NewLookup } from "#lib/db/lookups.ts";
import { type Change, compare } from "./compare.ts";
import { type Seen, seenIn } from "./compare-seen.ts";
import { follow } from "./follow.ts";
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
      const earlier = before && { seen: seenUpTo(before), at: before.checkedAt };
      return follow(earlier, { seen: seenIn({ facts, worst }), at: checkedAt });
    },
  };
}

/**
 * What is different now from what one lookup of a domain had seen, addresses that rotate too: here two days are held against
 * each other, and nothing is told day by day. Null when there is no such lookup.
 */
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

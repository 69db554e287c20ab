import type { DomainRow } from "#lib/db/domains.ts";
import { failuresByCause, sessionsByDay, sessionsByReporter } from "#lib/db/read-totals.ts";
import { reportDestinations } from "#lib/domains/inbox.ts";
import { addDays, dayOf } from "#lib/failures/period.ts";
import type { FinishedLookup } from "#lib/lookups/look-up.ts";
import { summarise } from "#lib/lookups/summary.ts";
import { meaningOf } from "#lib/standards/token-meanings.ts";
import { checklist, DAYS_OF_REPORTS } from "./checklist.ts";

/** The rollout's steps of a domain from its last lookup and its reports of the last two weeks. */
export async function rolloutState(
  domain: DomainRow,
  lookup: Pick<FinishedLookup, "facts" | "verdicts"> | null,
  now: Date,
) {
  const to = dayOf(now);
  const all = { policyType: "sts", organization: null, resultType: null, cause: null, mx: null };
  const filter = { ...all, from: addDays(to, -(DAYS_OF_REPORTS - 1)), to };
  const [days, reporters, causes] = await Promise.all([
    sessionsByDay(domain.id, filter),
    sessionsByReporter(domain.id, filter),
    failuresByCause(domain.id, filter),
  ]);
  const steps = checklist({
    domain: domain.name,
    lookup: lookup && { verdicts: lookup.verdicts, ...summarise(lookup.facts) },
    reports: {
      daysWithReport: days.length,
      reporters: reporters.length,
      failedSessions: days.reduce((sum, day) => sum + day.failures, 0),
      topCause: causes[0] ? meaningOf(causes[0].cause) : null,
    },
    reportDestinations: reportDestinations(domain.inboxToken),
    previousInbox: previousInbox(domain),
    now,
  });
  const problems = lookup?.verdicts.filter((verdict) => verdict.status === "fail").length ?? 0;
  return { steps, problems };
}

function previousInbox({ previousInboxToken: token, previousInboxUntil: until }: DomainRow) {
  return token === null || until === null ? null : { destinations: reportDestinations(token), until };
}

import type { DnsFact } from "#lib/probes/dns-fact.ts";
import { dnsEvidence } from "./finding.ts";
import { minuteOf } from "./times.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Long enough to mend over a weekend what did not sign the zone again (D21; RFC 6781 §4.4.2). */
const SOON = 3 * DAY;
/** Servers that sign each answer when they give it let the signature run for about two days, so that it is always short. */
const ON_DEMAND = 4 * DAY;
/** What is left at least of a signature of that kind, however long the answer was cached. */
const ON_DEMAND_SHARE = 0.25;

/**
 * What to show of the answer whose signature runs out first, where that is soon (D21); null where none does, or none was
 * seen. One that has run out, and that the resolver lets pass for its clock's sake, is soon too.
 * @param now ISO 8601
 */
export function soonEnding(facts: readonly DnsFact<unknown>[], now: string): Record<string, unknown> | null {
  const endings = facts.flatMap((fact) => {
    const { signature } = fact;
    if (signature === undefined) return [];
    const [from, until] = [Date.parse(signature.inception), Date.parse(signature.expiration)];
    const left = until - Date.parse(now);
    return isSoon(left, until - from) ? [{ fact, signature, left }] : [];
  });
  const [first] = endings.toSorted((one, other) => one.left - other.left);
  if (first === undefined) return null;
  const { fact, signature, left } = first;
  return { ...dnsEvidence(fact), signature, end: endOf(signature.expiration, left) };
}

function isSoon(left: number, whole: number): boolean {
  const isOnDemand = whole <= ON_DEMAND && left >= whole * ON_DEMAND_SHARE;
  return left < SOON && !isOnDemand;
}

/** "holds until 2026-11-24 07:00 UTC (1 day and 23 hours left)". */
function endOf(expiration: string, left: number): string {
  const until = minuteOf(expiration);
  if (left < 0) return `ran out at ${until}, ${lengthOf(-left)} ago; resolvers let that pass for a short while only`;
  return `holds until ${until} (${lengthOf(left)} left)`;
}

function lengthOf(milliseconds: number): string {
  const [days, hours] = [Math.floor(milliseconds / DAY), Math.floor((milliseconds % DAY) / HOUR)];
  if (days === 0 && hours === 0) return "less than an hour";
  const parts = [
    [days, "day"],
    [hours, "hour"],
  ] as const;
  const said = parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}${count === 1 ? "" : "s"}`]));
  return said.join(" and ");
}

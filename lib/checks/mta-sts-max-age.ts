import { policyHost } from "#lib/standards/record-names.ts";
import { about, conclude } from "./finding.ts";
import type { Facts } from "./gather.ts";
import { policyOf } from "./policy-reading.ts";
import type { Verdict } from "./verdict.ts";

const DAY = 86_400;
const WEEK = 7 * DAY;
const MONTH = 30 * DAY;

/** How long senders may keep the policy (RFC 8461 §3.2, §10.2; M44, M45, M76). */
export function checkMtaStsMaxAge({ domain, policyFetch }: Pick<Facts, "domain" | "policyFetch">): Verdict[] {
  const say = about("mta-sts-max-age", policyHost(domain));
  const { mode, maxAge } = policyOf(policyFetch);
  const evidence = { mode, maxAge, lasts: lasting(maxAge) };
  const verdicts: Verdict[] = [];
  if (maxAge === 0) verdicts.push(say("sts-max-age-zero", evidence));
  else if (mode === "none") {
    if (maxAge > WEEK) verdicts.push(say("sts-max-age-long-removal", evidence));
  } else if (maxAge < DAY) verdicts.push(say("sts-max-age-below-day", evidence));
  else if (mode === "enforce" && maxAge < WEEK) verdicts.push(say("sts-max-age-below-week", evidence));
  else if (mode === "enforce" && maxAge < MONTH) verdicts.push(say("sts-max-age-below-month", evidence));
  return conclude(verdicts, () => say("sts-max-age-good", evidence));
}

const UNITS = [
  ["day", DAY],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** "7 days", "90 minutes": the largest unit that gives at least two, or comes out even. */
function lasting(seconds: number): string {
  for (const [unit, length] of UNITS) {
    const count = Math.round((seconds / length) * 10) / 10;
    if (seconds >= 2 * length || seconds === length) return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
  }
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}

import type { ReceiveOutcome } from "#lib/reports/receive.ts";
import { visibleText } from "#lib/standards/visible-text.ts";
import type { Answer } from "./https-answer.ts";
import { LONGEST_REASON, OUTCOMES_TOLD } from "./limits.ts";

/**
 * What became of a body, for its sender: 201 when something of it is new, 200 when all of it was known. The first line tells
 * what was stored; where the body held more than one thing, `outcomes` tells of each, what was not taken first, and `more`
 * counts those for which there is no room.
 */
export function answerFor(outcomes: readonly ReceiveOutcome[]): Answer {
  const told = headline(outcomes);
  const body = told === undefined ? { outcome: null, id: null } : { id: null, ...wordsOf(told) };
  const status = told?.outcome === "duplicate" ? 200 : 201;
  if (outcomes.length < 2) return { status, body };
  const all = outcomes.toSorted((a, b) => Number(isTaken(a)) - Number(isTaken(b)));
  const left = all.slice(OUTCOMES_TOLD);
  const more = left.length === 0 ? {} : { more: countsOf(left) };
  const list = all.slice(0, OUTCOMES_TOLD).map((outcome) => {
    const words = wordsOf(outcome);
    return words.reason === undefined ? words : { ...words, reason: visibleText(words.reason, LONGEST_REASON) };
  });
  return { status, body: { ...body, outcomes: list, ...more } };
}

/** What was stored; else what was put aside anew; else, of what was known already, a report. */
function headline(outcomes: readonly ReceiveOutcome[]): ReceiveOutcome | undefined {
  return (
    outcomes.find(({ outcome }) => outcome === "stored" || outcome === "revision") ??
    outcomes.find(
      (outcome) => outcome.outcome === "refused" || (outcome.outcome === "quarantined" && !outcome.known),
    ) ??
    outcomes.find(({ outcome }) => outcome === "duplicate") ??
    outcomes[0]
  );
}

function isTaken({ outcome }: ReceiveOutcome): boolean {
  return outcome !== "quarantined" && outcome !== "refused";
}

function wordsOf(outcome: ReceiveOutcome): { outcome: string; id?: string; reason?: string } {
  const id = "id" in outcome ? { id: outcome.id } : {};
  return { outcome: outcome.outcome, ...id, ...("reason" in outcome && { reason: outcome.reason }) };
}

function countsOf(outcomes: readonly ReceiveOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

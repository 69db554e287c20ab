import { DomainError } from "#lib/errors.ts";
import { type Arrival, type Inbox, type ReceiveOutcome, receive } from "#lib/reports/receive.ts";
import { inTurns } from "./in-turns.ts";
import { TOGETHER, TURNS_AT_ONCE } from "./limits.ts";

type Settled = PromiseSettledResult<ReceiveOutcome[]>;

/** Receives one arrival at a door. */
export type ReceiveOne = (arrival: Arrival, inbox: Inbox) => Promise<ReceiveOutcome[]>;

/**
 * As `receive` for one arrival, in one transaction with the others that come to the same inbox meanwhile: they would wait
 * for each other anyway, and one commit does for all. What is wrong with one of them fails no other.
 * @throws NotFound when the domain was removed meanwhile, DatabaseAway
 */
export function receiveTogether(receiving: typeof receive = receive): ReceiveOne {
  /** Inboxes to which something comes just now, and how many arrivals that is. */
  const lines = new Map<string, { join: (arrival: Arrival) => Promise<Settled>; inside: number }>();
  return async (arrival, inbox) => {
    const { domain, tray, teamId, door, behindRelay } = inbox;
    const key = `${domain?.id} ${tray?.id} ${teamId} ${door} ${behindRelay}`;
    const line = lines.get(key) ?? { join: lineOf(inbox, receiving), inside: 0 };
    lines.set(key, line);
    line.inside++;
    try {
      const settled = await line.join(arrival);
      if (settled.status === "rejected") throw settled.reason;
      return settled.value;
    } finally {
      line.inside--;
      if (line.inside === 0) lines.delete(key);
    }
  };
}

function lineOf(inbox: Inbox, receiving: typeof receive): (arrival: Arrival) => Promise<Settled> {
  const alone = async (arrival: Arrival): Promise<Settled> => {
    const [settled] = await Promise.allSettled([receiving([arrival], inbox, new Date())]);
    return settled.status === "rejected" ? settled : { status: "fulfilled", value: settled.value[0] ?? [] };
  };
  const one = async (arrivals: Arrival[]): Promise<Settled[]> => {
    const results: Settled[] = [];
    for (const arrival of arrivals) results.push(await alone(arrival));
    return results;
  };
  const together = async (arrivals: Arrival[]): Promise<Settled[]> => {
    const outcomes = await receiving(arrivals, inbox, new Date());
    const results: Settled[] = [];
    for (const [index, arrival] of arrivals.entries()) {
      const value = outcomes[index] ?? [];
      results.push(value.some(isTooMuch) ? await alone(arrival) : { status: "fulfilled", value });
    }
    return results;
  };
  return inTurns(
    (arrivals: Arrival[]) => {
      if (arrivals.length === 1) return one(arrivals);
      return together(arrivals).catch((error: unknown) => {
        // The database is away, or the domain gone, for each of them.
        if (error instanceof DomainError) throw error;
        return one(arrivals);
      });
    },
    {
      atOnce: TURNS_AT_ONCE,
      takes: (arrivals, next) =>
        arrivals.length < TOGETHER.arrivals &&
        arrivals.reduce((sum, { bytes }) => sum + bytes.length, next.bytes.length) <= TOGETHER.bytes,
    },
  );
}

/** Left out for what came before it in the same turn, and to be received by itself. */
function isTooMuch(outcome: ReceiveOutcome): boolean {
  return outcome.outcome === "refused" && outcome.code === "too-much-at-once";
}

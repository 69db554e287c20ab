import { CHECKS } from "#lib/checks/verdict.ts";
import type { RunningLookup } from "./look-up.ts";

/** Lookups of which only some are under way at the same time. */
export interface LookupsInTurn {
  /** Starts a lookup, at once or when its turn has come: until then its promises wait. */
  begin(domain: string): RunningLookup;
  /** How many wait for their turn. */
  waiting(): number;
}

/**
 * Lets at most `atOnce` lookups be under way; the others wait in the order in which they came.
 * @param start must not throw, and what it starts must not reject
 */
export function lookupsInTurn(atOnce: number, start: (domain: string) => RunningLookup): LookupsInTurn {
  const queue: (() => void)[] = [];
  let running = 0;
  const startNow = (domain: string) => {
    running++;
    const lookup = start(domain);
    void lookup.finished.finally(() => {
      running--;
      queue.shift()?.();
    });
    return lookup;
  };
  return {
    waiting: () => queue.length,
    begin(domain) {
      if (running < atOnce) return startNow(domain);
      const started = new Promise<RunningLookup>((go) => queue.push(() => go(startNow(domain))));
      return {
        domain,
        checkedAt: new Date(),
        checks: new Map(
          CHECKS.map((check) => [check, started.then(async (lookup) => (await lookup.checks.get(check)) ?? [])]),
        ),
        finished: started.then((lookup) => lookup.finished),
      };
    },
  };
}

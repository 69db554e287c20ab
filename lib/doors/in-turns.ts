/** What one turn takes. */
export interface Turns<Item> {
  /** Turns under way at a time. */
  atOnce: number;
  /** Whether another item goes along with those that the next turn has already. */
  takes: (items: readonly Item[], next: Item) => boolean;
}

interface Waiting<Item, Result> {
  item: Item;
  done: (result: Result) => void;
  failed: (error: unknown) => void;
}

/**
 * Does work for many askers at once: what comes while a turn is under way is gathered, and all of it goes in the next one.
 * An item that comes alone goes at once.
 * @param run gives a result for each item in turn, or fails for all of them
 */
export function inTurns<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  { atOnce, takes }: Turns<Item>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let free = atOnce;

  const turn = async (): Promise<void> => {
    const taken: Waiting<Item, Result>[] = [];
    const items: Item[] = [];
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (items.length > 0 && !takes(items, next.item)) break;
      waiting.shift();
      taken.push(next);
      items.push(next.item);
    }
    try {
      const results = await run(items);
      for (const [index, { done }] of taken.entries()) done(results[index] as Result);
    } catch (error) {
      for (const { failed } of taken) failed(error);
    }
  };

  const work = async (): Promise<void> => {
    free--;
    while (waiting.length > 0) await turn();
    free++;
  };

  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed });
      if (free > 0) void work();
    });
}

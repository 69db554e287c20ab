import { expect, it } from "vitest";
import { inTurns } from "#lib/doors/in-turns.ts";

/** Turns that end when they are told to. */
function held(atOnce: number, most: number) {
  const turns: { items: number[]; end: PromiseWithResolvers<number[]> }[] = [];
  const run = (items: number[]) => {
    const end = Promise.withResolvers<number[]>();
    turns.push({ items, end });
    return end.promise;
  };
  const ask = inTurns(run, { atOnce, takes: (items) => items.length < most });
  const end = (turn: number) => turns[turn]?.end.resolve(turns[turn].items.map((item) => 10 * item));
  return {
    ask,
    end,
    turns: () => turns.map(({ items }) => items),
    fail: (turn: number) => turns[turn]?.end.reject("no"),
  };
}

it("the first goes at once; what comes meanwhile goes together in the next turn, each with its own result", async () => {
  const { ask, end, turns } = held(1, 10);
  const results = [ask(1), ask(2), ask(3)];
  expect(turns()).toEqual([[1]]);
  end(0);
  expect(await results[0]).toBe(10);
  await Promise.resolve();
  expect(turns()).toEqual([[1], [2, 3]]);
  end(1);
  expect(await Promise.all(results)).toEqual([10, 20, 30]);
  const later = ask(4);
  expect(turns()).toEqual([[1], [2, 3], [4]]);
  end(2);
  expect(await later).toBe(40);
});

it("no more turns at once than allowed, and no more items in a turn than it takes", async () => {
  const { ask, end, turns } = held(2, 2);
  const results = Promise.all([1, 2, 3, 4, 5].map(ask));
  expect(turns()).toEqual([[1], [2]]);
  end(1);
  await new Promise(setImmediate);
  expect(turns()).toEqual([[1], [2], [3, 4]]);
  end(0);
  await new Promise(setImmediate);
  expect(turns()).toEqual([[1], [2], [3, 4], [5]]);
  end(2);
  end(3);
  expect(await results).toEqual([10, 20, 30, 40, 50]);
});

it("a turn that fails fails for those in it, and the next one goes on", async () => {
  const { ask, end, fail } = held(1, 10);
  const [first, second] = [ask(1), ask(2)];
  fail(0);
  await expect(first).rejects.toBe("no");
  end(1);
  expect(await second).toBe(20);
});

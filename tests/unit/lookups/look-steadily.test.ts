import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { doSteadily, type Pace } from "#lib/lookups/look-steadily.ts";

const PACE: Pace = { atOnce: 3, slowAfter: 20, slowAtOnce: 2, longest: 10_000 };

/** Gives the numbers from 0, one after the other. */
function numbers(count: number): () => Promise<number | null> {
  let given = 0;
  return async () => (given < count ? given++ : null);
}

/** A promise to be kept by hand. */
const gate = () => Promise.withResolvers<void>();

describe("many tasks at a steady pace", () => {
  it("are each done once, never more than a few at the same time", async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    const errors = await doSteadily(
      numbers(1_000),
      async (number) => {
        most = Math.max(most, ++running);
        await null;
        running--;
        done.push(number);
      },
      PACE,
    );
    expect([errors, most]).toEqual([[], 3]);
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });

  it("are not held up by dead ones", async () => {
    const dead = gate();
    const done: number[] = [];
    // The first three would take all the places there are, two of them may go on beside the others.
    const all = doSteadily(
      numbers(100),
      async (number) => {
        if (number < 3) await dead.promise;
        done.push(number);
      },
      PACE,
    );
    while (done.length < 97) await sleep(5);
    dead.resolve();
    expect(await all).toEqual([]);
    expect(done.slice(97).toSorted()).toEqual([0, 1, 2]);
  });

  it("are no more than the places and the slow ones together, however many are dead", async () => {
    const dead = gate();
    let running = 0;
    let most = 0;
    const all = doSteadily(
      numbers(50),
      async () => {
        most = Math.max(most, ++running);
        await dead.promise;
        running--;
      },
      PACE,
    );
    await sleep(150);
    expect(running).toBe(5);
    dead.resolve();
    await all;
    expect(most).toBe(5);
  });

  it("go on when one throws, at once or later; its error is told", async () => {
    const done: number[] = [];
    const errors = await doSteadily(
      numbers(6),
      async (number) => {
        if (number === 1) throw new Error("at once");
        await null;
        if (number === 4) throw new Error("later");
        done.push(number);
      },
      PACE,
    );
    expect(errors.map(String).toSorted()).toEqual(["Error: at once", "Error: later"]);
    expect(done.toSorted()).toEqual([0, 2, 3, 5]);
  });

  it("do not wait for one that never ends", async () => {
    const errors = await doSteadily(
      numbers(2),
      (number) => (number === 0 ? new Promise(() => {}) : Promise.resolve()),
      { ...PACE, longest: 30 },
    );
    expect(errors.map(String)).toEqual(["Error: No end after 30 ms."]);
  });

  it("end, those under way first, when there is no next one to be had", async () => {
    const done: number[] = [];
    let given = 0;
    const next = async () => {
      if (given === 2) throw new Error("The database is away.");
      return given++;
    };
    const all = doSteadily(
      next,
      async (number) => {
        await sleep(30);
        done.push(number);
      },
      PACE,
    );
    await expect(all).rejects.toThrow("The database is away.");
    expect(done.toSorted()).toEqual([0, 1]);
  });
});

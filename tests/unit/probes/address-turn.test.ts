import { describe, expect, test } from "vitest";
import { inTurn } from "#lib/probes/address-turn.ts";
import { MAX_MAIL_HOSTS_AT_A_TIME } from "#lib/probes/limits.ts";

/** A task that tells when it began, and ends when it is told to. */
function task() {
  const { promise, resolve: end } = Promise.withResolvers<void>();
  const state = { began: false, end, run: async () => {} };
  state.run = async () => {
    state.began = true;
    await promise;
  };
  return state;
}

/** Lets everything that can happen now happen. */
const settle = () => new Promise((done) => setImmediate(done));

describe("at one address", () => {
  test("one task runs at a time, in the order of their coming", async () => {
    const tasks = [task(), task(), task()];
    const done = tasks.map(({ run }) => inTurn("192.0.2.1", undefined, run));
    for (const [i, { end }] of tasks.entries()) {
      await settle();
      expect(tasks.map(({ began }) => began)).toEqual(tasks.map((_, j) => j <= i));
      end();
    }
    await Promise.all(done);
  });

  test("a task that fails makes way too", async () => {
    const failing = inTurn("192.0.2.1", undefined, () => Promise.reject(new Error("no")));
    const next = inTurn("192.0.2.1", undefined, async () => "done");
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("done");
  });

  test("whoever is aborted while waiting is passed over", async () => {
    const first = task();
    const aborting = new AbortController();
    const running = inTurn("192.0.2.1", undefined, first.run);
    const second = task();
    const waiting = inTurn("192.0.2.1", aborting.signal, second.run);
    const third = inTurn("192.0.2.1", undefined, async () => "done");
    aborting.abort(new Error("no longer wanted"));
    await expect(waiting).rejects.toThrow("no longer wanted");
    first.end();
    await running;
    expect(await third).toBe("done");
    expect(second.began).toBe(false);
  });

  test("nothing begins for whom it is too late", async () => {
    const late = task();
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(inTurn("192.0.2.1", signal, late.run)).rejects.toThrow("too late");
    expect(late.began).toBe(false);
  });
});

test("other addresses do not wait", async () => {
  const one = task();
  const running = inTurn("192.0.2.1", undefined, one.run);
  expect(await inTurn("192.0.2.2", undefined, async () => "done")).toBe("done");
  one.end();
  await running;
});

test("over all addresses so many run at a time and no more", async () => {
  const tasks = Array.from({ length: MAX_MAIL_HOSTS_AT_A_TIME + 1 }, task);
  const done = tasks.map(({ run }, i) => inTurn(`198.51.100.${i}`, undefined, run));
  await settle();
  expect(tasks.filter(({ began }) => began)).toHaveLength(MAX_MAIL_HOSTS_AT_A_TIME);
  tasks[0]?.end();
  await settle();
  expect(tasks.every(({ began }) => began)).toBe(true);
  for (const { end } of tasks) end();
  await Promise.all(done);
});

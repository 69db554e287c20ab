import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Shared } from "#lib/probes/shared.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what was found", () => {
  test("is found once for all who ask at the time, and a while after", async () => {
    const shared = new Shared<number>(1_000, 10);
    let searches = 0;
    const find = async () => ++searches;
    expect(await Promise.all([shared.get("a", find), shared.get("a", find)])).toEqual([1, 1]);
    vi.advanceTimersByTime(1_000);
    expect(await shared.get("a", find)).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await shared.get("a", find)).toBe(2);
  });

  test("is nobody else's", async () => {
    const shared = new Shared<string>(1_000, 10);
    expect(await shared.get("a", async () => "a")).toBe("a");
    expect(await shared.get("b", async () => "b")).toBe("b");
  });

  test("makes room for others", async () => {
    const shared = new Shared<number>(1_000, 2);
    let searches = 0;
    const find = async () => ++searches;
    for (const key of ["a", "b", "c"]) await shared.get(key, find);
    expect(await shared.get("c", find)).toBe(3);
    expect(await shared.get("a", find)).toBe(4);
  });

  test("is not kept when it is a failure", async () => {
    const shared = new Shared<string>(1_000, 10);
    await expect(shared.get("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await shared.get("a", async () => "yes")).toBe("yes");
  });
});

describe("an abort", () => {
  /** A search that goes on until it is told to end. */
  function searching() {
    const { promise, reject, resolve } = Promise.withResolvers<string>();
    const state = { aborted: false, resolve, find: (_: AbortSignal) => promise };
    state.find = (signal) => {
      signal.addEventListener("abort", () => {
        state.aborted = true;
        reject(signal.reason);
      });
      return promise;
    };
    return state;
  }

  test("ends only one's own waiting as long as others wait", async () => {
    const shared = new Shared<string>(1_000, 10);
    const search = searching();
    const aborting = new AbortController();
    const one = shared.get("a", search.find, aborting.signal);
    const other = shared.get("a", search.find);
    aborting.abort(new Error("no longer wanted"));
    await expect(one).rejects.toThrow("no longer wanted");
    expect(search.aborted).toBe(false);
    search.resolve("found");
    expect(await other).toBe("found");
  });

  test("ends the search when nobody waits, and the next begins anew", async () => {
    const shared = new Shared<string>(1_000, 10);
    const search = searching();
    const aborting = new AbortController();
    const one = shared.get("a", search.find, aborting.signal);
    aborting.abort(new Error("no longer wanted"));
    await expect(one).rejects.toThrow("no longer wanted");
    expect(search.aborted).toBe(true);
    expect(await shared.get("a", async () => "new")).toBe("new");
  });

  test("before the start begins nothing", async () => {
    const shared = new Shared<string>(1_000, 10);
    const find = vi.fn(async () => "found");
    await expect(shared.get("a", find, AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
    expect(find).not.toHaveBeenCalled();
  });
});

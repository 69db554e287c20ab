import { createContext, Script } from "node:vm";

/** No figure to reach: what is to pass takes at most a second or two, what is to fail takes minutes. */
const GIVEN_UP_AFTER_MS = 20_000;

const box = { task: () => {} };
const context = createContext(box);
const call = new Script("task()");

/**
 * What `task` returns. One that goes on without end, or whose work grows faster than the large input that it is given, is
 * interrupted and fails the test; the test's own limit would have to wait until such a task returns.
 */
export function comesToAnEnd<T>(task: () => T): T {
  const results: T[] = [];
  box.task = () => void results.push(task());
  call.runInContext(context, { timeout: GIVEN_UP_AFTER_MS });
  return results[0] as T;
}

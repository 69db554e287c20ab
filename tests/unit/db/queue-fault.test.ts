import { expect, it } from "vitest";
import { oncePerMinute, queueFault } from "#lib/db/queue-fault.ts";

it.each([
  [new Error("no such queue"), "no such queue"],
  [{ message: "Connection terminated", stack: "", queue: "look-up-due", worker: "1" }, "Connection terminated"],
  // Of a host with two addresses Node says nothing itself.
  [Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  [{ message: "", code: "57P01" }, "57P01"],
  [undefined, "it does not say why"],
])("%o is told as %s", (fault, message) => {
  expect(queueFault(fault).message).toBe(message);
});

it("the same fault is told once a minute, another one at once", () => {
  const told: string[] = [];
  let now = 1_000_000;
  const tell = oncePerMinute(
    ({ message }) => told.push(message),
    () => now,
  );
  for (let polls = 0; polls < 40; polls++, now += 3_000) tell(new Error("away"));
  expect(told).toEqual(["away", "away"]);
  tell(new Error("too late (Queue: look-up-due, Worker: 1)"));
  tell(new Error("too late (Queue: verify-again, Worker: 2)"));
  tell(new Error("away"));
  expect(told).toEqual(["away", "away", "too late (Queue: look-up-due, Worker: 1)", "away"]);
});

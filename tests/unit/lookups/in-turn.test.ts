import { setImmediate as tick } from "node:timers/promises";
import { expect, it } from "vitest";
import { CHECKS } from "#lib/checks/verdict.ts";
import { lookupsInTurn } from "#lib/lookups/in-turn.ts";
import type { FinishedLookup, RunningLookup } from "#lib/lookups/look-up.ts";
import { makeSampleFacts } from "#prisma/sample-facts.ts";

/** Lookups that end when they are told to. */
function byHand() {
  const started = new Map<string, () => void>();
  const start = (domain: string): RunningLookup => {
    const checkedAt = new Date();
    const finished = Promise.withResolvers<FinishedLookup>();
    const verdicts = finished.promise.then((lookup) => lookup.verdicts);
    started.set(domain, () =>
      finished.resolve({ domain, checkedAt, worst: "pass", verdicts: [], facts: makeSampleFacts(checkedAt) }),
    );
    return { domain, checkedAt, checks: new Map(CHECKS.map((check) => [check, verdicts])), finished: finished.promise };
  };
  return { started, inTurn: lookupsInTurn(2, start) };
}

it("starts lookups while there are places, and the others in the order in which they came", async () => {
  const { started, inTurn } = byHand();
  const all = ["a", "b", "c", "d"].map((domain) => inTurn.begin(domain));
  expect([[...started.keys()], inTurn.waiting()]).toEqual([["a", "b"], 2]);
  started.get("b")?.();
  await tick();
  expect([[...started.keys()], inTurn.waiting()]).toEqual([["a", "b", "c"], 1]);
  started.get("a")?.();
  await tick();
  expect([[...started.keys()], inTurn.waiting()]).toEqual([["a", "b", "c", "d"], 0]);
  for (const end of started.values()) end();
  expect((await Promise.all(all.map(({ finished }) => finished))).map(({ domain }) => domain)).toEqual([
    ...["a", "b", "c", "d"],
  ]);
});

it("gives a waiting lookup's verdicts as soon as they are there", async () => {
  const { started, inTurn } = byHand();
  inTurn.begin("a");
  inTurn.begin("b");
  const waiting = inTurn.begin("c");
  expect([...waiting.checks.keys()]).toEqual([...CHECKS]);
  for (const domain of ["a", "b"]) started.get(domain)?.();
  await tick();
  started.get("c")?.();
  expect(await waiting.checks.get("mx")).toEqual([]);
});

it("has its places back when all are done", async () => {
  const { started, inTurn } = byHand();
  for (const domain of ["a", "b", "c"]) inTurn.begin(domain);
  for (let round = 0; round < 3; round++) {
    for (const end of started.values()) end();
    await tick();
  }
  inTurn.begin("x");
  inTurn.begin("y");
  expect([[...started.keys()].slice(-2), inTurn.waiting()]).toEqual([["x", "y"], 0]);
});

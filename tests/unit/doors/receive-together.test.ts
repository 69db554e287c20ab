import { expect, it } from "vitest";
import { TOGETHER } from "#lib/doors/limits.ts";
import { receiveTogether } from "#lib/doors/receive-together.ts";
import { DatabaseAway } from "#lib/errors.ts";
import type { Arrival, Inbox, ReceiveOutcome } from "#lib/reports/receive.ts";

const inbox = (id: string): Inbox => ({ domain: { id, name: `${id}.example` }, teamId: "t", door: "https" });
const arrival = (text: string): Arrival => ({ bytes: Buffer.from(text), fileName: null });
const outcome = (code: string): ReceiveOutcome => ({ outcome: "refused", code, reason: "" });

/** Receives as told by the letters: `x` is a fault of ours, `a` the database away, `l` too much for a turn with others. */
function receiver() {
  const calls: string[] = [];
  const receiveOne = receiveTogether(async (arrivals, { domain }) => {
    const texts = arrivals.map(({ bytes }) => bytes.toString());
    calls.push(`${domain?.id}: ${texts.map((text) => text.slice(0, 5)).join(" ")}`);
    await new Promise(setImmediate);
    if (texts.some((text) => text.startsWith("a"))) throw new DatabaseAway();
    if (texts.some((text) => text.startsWith("x"))) throw new Error("poison");
    return texts.map((text, at) => [outcome(at > 0 && text.startsWith("l") ? "too-much-at-once" : text.slice(0, 5))]);
  });
  const all = (texts: string[], to = "d") =>
    Promise.allSettled(texts.map((text) => receiveOne(arrival(text), inbox(to)))).then((results) =>
      results.map((result) =>
        result.status === "rejected"
          ? String(result.reason.message).slice(0, 12)
          : result.value.map((one) => "code" in one && one.code).join(),
      ),
    );
  return { all, calls };
}

it("what comes while others are stored is stored together, each with its own outcome", async () => {
  const { all, calls } = receiver();
  expect(await all(["1", "2", "3", "4", "5"])).toEqual(["1", "2", "3", "4", "5"]);
  expect(calls).toEqual(["d: 1", "d: 2", "d: 3 4 5"]);
});

it("each inbox for itself", async () => {
  const { all, calls } = receiver();
  await Promise.all([all(["1", "2", "3"], "d"), all(["1", "2", "3"], "e")]);
  expect(calls.toSorted()).toEqual(["d: 1", "d: 2", "d: 3", "e: 1", "e: 2", "e: 3"]);
});

it("a fault falls back to each alone: only the one that has it fails", async () => {
  const { all, calls } = receiver();
  expect(await all(["1", "2", "3", "x", "4"])).toEqual(["1", "2", "3", "poison", "4"]);
  expect(calls).toEqual(["d: 1", "d: 2", "d: 3 x 4", "d: 3", "d: x", "d: 4"]);
});

it("a database that is away is away for all: nobody is tried again", async () => {
  const { all, calls } = receiver();
  const away = "The database";
  expect(await all(["1", "2", "3", "a", "4"])).toEqual(["1", "2", away, away, away]);
  expect(calls).toHaveLength(3);
});

it("what holds too much to go with the others goes alone", async () => {
  const { all, calls } = receiver();
  expect(await all(["1", "2", "3", "l"])).toEqual(["1", "2", "3", "l"]);
  expect(calls).toEqual(["d: 1", "d: 2", "d: 3 l", "d: l"]);
});

it("no turn takes more arrivals, nor more bytes, than allowed", async () => {
  const { all, calls } = receiver();
  await all(Array.from({ length: 2 + TOGETHER.arrivals + 1 }, (_, number) => `${number}`));
  expect(calls.slice(2).map((call) => call.split(" ").length - 1)).toEqual([TOGETHER.arrivals, 1]);
  calls.length = 0;
  const half = TOGETHER.bytes / 2;
  await all(["1", "2", "3".repeat(half), "4".repeat(half), "5", "6".repeat(TOGETHER.bytes + 1), "7"]);
  expect(calls).toEqual(["d: 1", "d: 2", "d: 33333 44444", "d: 5", "d: 66666", "d: 7"]);
});

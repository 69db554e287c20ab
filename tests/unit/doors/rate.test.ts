import { expect, it } from "vitest";
import { MAX_RATE_KEYS } from "#lib/doors/limits.ts";
import { rateLimit } from "#lib/doors/rate.ts";

it("takes a burst, then says when the next one is taken, and is full again after a while", () => {
  const wait = rateLimit({ burst: 3, perSecond: 0.1 });
  expect([0, 0, 0, 0].map(() => wait("a", 0))).toEqual([0, 0, 0, 10]);
  expect(wait("b", 0)).toBe(0);
  expect(wait("a", 9_000)).toBe(1);
  expect(wait("a", 10_000)).toBe(0);
  expect([0, 0, 0, 0].map(() => wait("a", 3_600_000))).toEqual([0, 0, 0, 10]);
});

it("what is refused does not make the wait longer", () => {
  const wait = rateLimit({ burst: 1, perSecond: 1 });
  expect(wait("a", 0)).toBe(0);
  for (let time = 0; time < 900; time += 100) expect(wait("a", time)).toBe(1);
  expect(wait("a", 1_000)).toBe(0);
});

it("remembers so many keys and no more: the one that was quiet the longest is forgotten", () => {
  const wait = rateLimit({ burst: 1, perSecond: 1e-9 });
  expect(wait("first", 0)).toBe(0);
  for (let key = 1; key < MAX_RATE_KEYS; key++) wait(`${key}`, 0);
  expect(wait("first", 0)).toBeGreaterThan(0);
  wait("one more", 0);
  expect(wait("first", 0)).toBe(0);
});

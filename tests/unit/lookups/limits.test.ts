import { expect, it } from "vitest";
import {
  LOOKUPS_AT_ONCE,
  PER_CLIENT,
  PER_TARGET,
  SCHEDULED_AT_ONCE,
  SLOW_AT_ONCE,
  WAIT_AFTER_FAILED_FETCH,
} from "#lib/lookups/limits.ts";

it("scheduled lookups find a place at once: none waits behind another, dead one", () => {
  expect(SCHEDULED_AT_ONCE + SLOW_AT_ONCE).toBeLessThanOrEqual(LOOKUPS_AT_ONCE);
});

it("members have more than visitors", () => {
  expect(PER_CLIENT.member.most).toBeGreaterThan(PER_CLIENT.visitor.most);
  expect(PER_TARGET.member.most).toBeGreaterThan(PER_TARGET.visitor.most);
});

it("the pause after a failed fetch is that of RFC 8461 §3.3 at least", () => {
  expect(WAIT_AFTER_FAILED_FETCH).toBeGreaterThanOrEqual(5 * 60);
});

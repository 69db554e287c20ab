import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import { collect, gather } from "#lib/checks/gather.ts";
import { CHECKS, worstStatus } from "#lib/checks/verdict.ts";
import { LIMITS, type ProbeLimits } from "#lib/probes/limits.ts";
import { createProbes } from "#lib/probes/probes.ts";
import { type Lab, startLab } from "#tests/lab/lab.ts";
import { WORLD } from "#tests/lab/world.ts";
import type { WorldDomain } from "#tests/lab/world-domain.ts";

const SLOWNESS = 60;
/** A clock for slow hosts on which those milliseconds are six seconds. */
const fastClock = () => performance.now() * (6_000 / SLOWNESS);
/** Patience with those that never answer. */
const SHORT: ProbeLimits = { ...LIMITS, dnsTries: [150, 300], tlsHandshake: 500, legacyTls: 500, fetchTotal: 800 };

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ slowness: SLOWNESS });
});
afterAll(async () => {
  await lab.stop();
});

describe.concurrent("each domain of the lab is judged as its row says", () => {
  test.each(WORLD.map((domain) => [domain.name, domain] as const))("%s", async (name, domain) => {
    const facts = await collect(gather(name, createProbes(lab.settings, optionsFor(domain)), new Date()));
    const verdicts = judge(facts);
    const statuses = CHECKS.map((check) => {
      const own = verdicts.filter((verdict) => verdict.check === check);
      return [check, worstStatus(own.map((verdict) => verdict.status))];
    });
    const why = verdicts.map(({ check, status, code }) => `${check} ${status} ${code}`).join("\n");
    expect(Object.fromEntries(statuses), why).toEqual(domain.expect);
    if (domain.finding !== null) expect(verdicts.map(({ code }) => code)).toContain(domain.finding);
  });
});

function optionsFor({ switches, policyHost }: WorldDomain) {
  const silent = [...switches.values()].some(({ fault }) => fault === "silent" || fault === "malformed");
  const hangs = policyHost?.tls === "hangs" || policyHost?.answer.way === "never";
  const slow = policyHost?.answer.way === "slow";
  return { limits: silent || hangs ? SHORT : LIMITS, ...(slow ? { clock: fastClock } : {}) };
}

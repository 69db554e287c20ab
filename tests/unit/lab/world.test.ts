import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import { collect, gather } from "#lib/checks/gather.ts";
import { CHECKS, worstStatus } from "#lib/checks/verdict.ts";
import { LIMITS, type ProbeLimits } from "#lib/probes/limits.ts";
import { createProbes } from "#lib/probes/probes.ts";
import { type Lab, startLab } from "#tests/lab/lab.ts";
import type { MailHost } from "#tests/lab/mail-host.ts";
import { WORLD } from "#tests/lab/world.ts";
import type { WorldDomain } from "#tests/lab/world-domain.ts";

const SLOWNESS = 60;
/** A clock for slow hosts on which those milliseconds are six seconds. */
const fastClock = () => performance.now() * (6_000 / SLOWNESS);
// Patience with those that never answer: questions, handshakes, requests.
const SHORT_DNS: ProbeLimits = { ...LIMITS, dnsTries: [200, 500] };
const SHORT_TLS: ProbeLimits = { ...LIMITS, tlsHandshake: 500, legacyTls: 500 };
const SHORT_HTTP: ProbeLimits = { ...LIMITS, fetchTotal: 2_000 };
const SHORT_SMTP: ProbeLimits = {
  ...LIMITS,
  connect: 2_000,
  tlsHandshake: 3_000,
  smtpGreeting: 2_000,
  smtpReply: 2_000,
};

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
    // The policy is asked for once at each address, other than under other names.
    const asked = lab.requests.filter(
      ({ host, head }) => host === `mta-sts.${name}` && /^user-agent: seal/im.test(head),
    );
    expect(asked.length).toBeLessThanOrEqual(Math.max(1, facts.policyFetches.length));
  });
});

function optionsFor({ switches, policyHost, mailAddresses }: WorldDomain): {
  limits: ProbeLimits;
  clock?: () => number;
} {
  const faults = [...switches.values()].map(({ fault }) => fault);
  if (faults.includes("silent") || faults.includes("malformed")) return { limits: SHORT_DNS };
  if (policyHost?.tls === "hangs") return { limits: SHORT_TLS };
  if (policyHost?.answer.way === "never") return { limits: SHORT_HTTP };
  if (mailAddresses.some(({ host }) => isSilent(host))) return { limits: SHORT_SMTP };
  return policyHost?.answer.way === "slow" ? { limits: LIMITS, clock: fastClock } : { limits: LIMITS };
}

/** True for a mail host that one would have to wait for in vain. */
function isSilent({ connection, greeting, starttls, tls, ehloInside }: MailHost): boolean {
  const isSlow = typeof greeting === "object" && (greeting.pace ?? 0) >= 1_000;
  return connection === "unanswered" || tls === "hangs" || [greeting, starttls, ehloInside].includes("") || isSlow;
}

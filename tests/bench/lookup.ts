import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { CHECKS } from "#lib/checks/verdict.ts";
import { type FinishedLookup, startLookup } from "#lib/lookups/look-up.ts";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { domain, type WorldDomain } from "#tests/lab/world-domain.ts";
import { type Figure, printFigures, quantile } from "./figures.ts";
import { ownMemory } from "./memory.ts";
import type { FarAway, RoundTrips } from "./slow-lab.ts";

const ROUND_TRIP_MS = 50;
const HOSTS = 8;
const TIMES = 5;
const MOST = 1.25;
const FIRST_MS = 300;
const THOUSAND = 1_000;
const BULK = 3 * THOUSAND;
const AT_ONCE = 16;

/** One lookup of many hosts far away, beside the round trips that it cannot do without; and thousands of lookups. */
export async function bench(): Promise<void> {
  await benchOne();
  await benchBulk();
}

async function benchOne(): Promise<void> {
  // What was seen at an address is shared for a minute, so each time it is another domain.
  const domains = Array.from({ length: TIMES + 1 }, (_, time) => manyHosts(time));
  const lab = await slowLab(domains, ROUND_TRIP_MS);
  const runs: { whole: number; first: number; chain: number }[] = [];
  // The first one compiles the code, and does not count.
  for (const [time, { name }] of domains.entries()) {
    const before = await lab.trips();
    const run = await timed(name, lab.settings);
    const chain = longestChain(before, await lab.trips());
    if (time > 0) runs.push({ ...run, chain });
  }
  await lab.stop();
  const median = (pick: (run: (typeof runs)[number]) => number) => quantile(runs.map(pick), 0.5);
  const chain = median((run) => run.chain) * ROUND_TRIP_MS;
  printFigures(`One lookup: ${HOSTS} mail hosts with 2 addresses each, ${ROUND_TRIP_MS} ms away, median of ${TIMES}`, [
    {
      ...{ name: "the whole lookup", value: median((run) => run.whole), unit: "ms", target: Math.round(MOST * chain) },
      floor: { value: chain, of: `${median((run) => run.chain)} round trips, each waiting for the one before` },
    },
    {
      ...{
        name: "first verdict, after the first answer",
        value: median((run) => run.first) - ROUND_TRIP_MS,
        unit: "ms",
      },
      target: FIRST_MS,
    },
  ]);
}

/** Milliseconds of a lookup as a whole, and until its first verdict. */
async function timed(name: string, settings: ProbeSettings): Promise<{ whole: number; first: number }> {
  const began = performance.now();
  const lookup = startLookup(name, settings);
  const first = Promise.race([...lookup.checks.values()]).then(() => performance.now() - began);
  const finished = await lookup.finished;
  mustBeWell(finished);
  return { whole: performance.now() - began, first: await first };
}

function mustBeWell({ domain: name, verdicts }: FinishedLookup): void {
  const bad = verdicts.filter(({ status }) => !["pass", "info"].includes(status));
  if (bad.length > 0) throw new Error(`${name} is not well: ${bad.map(({ code, subject }) => `${code} ${subject}`)}`);
  if (new Set(verdicts.map(({ check }) => check)).size < CHECKS.length) throw new Error("A check has no verdict.");
}

/**
 * The round trips that one lookup had to wait for one after the other: the MX, the addresses, and then all connections to
 * one address, of which there is never more than one at a time. (The policy host's chain is shorter.)
 */
function longestChain(before: RoundTrips, after: RoundTrips): number {
  const perAddress = Object.entries(after)
    .filter(([place]) => place.endsWith("smtp"))
    .map(([place, connections]) => connections.slice(before[place]?.length ?? 0).reduce((sum, one) => sum + one, 0));
  return 2 + Math.max(...perAddress);
}

function manyHosts(time: number): WorldDomain {
  const numbers = Array.from({ length: HOSTS }, (_, i) => i + 1);
  return domain(`many-hosts-${time}`, "It has many mail hosts.", [], {
    mx: numbers.map((i) => [10, `mx${i}.@`]),
    policy: { mx: numbers.map((i) => `mx${i}.@`) },
    mail: Object.fromEntries(numbers.map((i) => [`mx${i}.@`, [{}, {}]])),
  });
}

/**
 * Thousands of domains, one of them dead, at a steady concurrency: time for each, and what the process holds after each
 * thousand. Lookups under way are the same few then as ever, so that what grows is kept by mistake.
 */
async function benchBulk(): Promise<void> {
  const dead = domain("dead", "Its mail host does not answer.", [], { switches: { "@": { fault: "silent" } } });
  const domains = [dead, ...Array.from({ length: BULK }, (_, i) => domain(`bulk-${i}`, "It is well.", []))];
  const lab = await slowLab(domains, 0);
  const names = domains.map(({ name }) => name);
  const times: number[] = [];
  const memory: Figure[] = [];
  let deadMs = 0;
  const began = performance.now();
  const work = async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const start = performance.now();
      await startLookup(name, lab.settings).finished;
      if (name === "dead.test") deadMs = performance.now() - start;
      else times.push(performance.now() - start);
      if (name !== "dead.test" && times.length % THOUSAND === 0) memory.push(...ownMemory(`after ${times.length}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const whole = (performance.now() - began) / 1_000;
  await lab.stop();
  const halves = [times.slice(BULK / 10, BULK / 2), times.slice(BULK / 2)].map((half) => quantile(half, 0.95));
  const figures: Figure[] = [
    { name: "all of them", value: whole, unit: "s" },
    { name: "one domain, p50", value: quantile(times, 0.5), unit: "ms" },
    { name: "one domain, p95, first half", value: halves[0] ?? Number.NaN, unit: "ms" },
    { name: "one domain, p95, second half", value: halves[1] ?? Number.NaN, unit: "ms" },
    { name: "the dead one, beside them", value: deadMs, unit: "ms" },
    ...memory,
  ];
  printFigures(`${BULK} domains and a dead one, ${AT_ONCE} at a time, in one process`, figures);
}

async function slowLab(domains: WorldDomain[], roundTrip: number) {
  const child = fork(new URL("./slow-lab.ts", import.meta.url), { serialization: "advanced" });
  child.send({ domains, roundTrip } satisfies FarAway);
  const settings = await heard<ProbeSettings>(child);
  return {
    settings,
    trips: () => {
      child.send("trips");
      return heard<RoundTrips>(child);
    },
    stop: async () => {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

function heard<T>(child: ChildProcess): Promise<T> {
  return new Promise((done, failed) => {
    const end = () => failed(new Error("The lab has ended."));
    child.once("exit", end);
    child.once("message", (message) => {
      child.off("exit", end);
      done(message as T);
    });
  });
}

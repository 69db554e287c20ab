import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Request } from "@playwright/test";
import { signedIn } from "#lib/accounts/access.ts";
import { judge } from "#lib/checks/catalogue.ts";
import { closeDatabase } from "#lib/db/client.ts";
import { domainNamed } from "#lib/db/domains.ts";
import { keepLookup, latestLookup } from "#lib/db/lookups.ts";
import { quarantineCounts } from "#lib/db/quarantine.ts";
import { reportSpan } from "#lib/db/read-totals.ts";
import { membershipIn, teamsOf } from "#lib/db/teams.ts";
import { readPeriod } from "#lib/failures/period.ts";
import { lookupToKeep } from "#lib/lookups/history.ts";
import { reportFigures } from "#lib/reports/figures.ts";
import { type Arrival, receive } from "#lib/reports/receive.ts";
import { rolloutState } from "#lib/rollout/rollout-state.ts";
import { makeSampleFacts } from "#prisma/sample-facts.ts";
import { SAMPLE_DOMAIN } from "#prisma/sample-world.ts";
import { makeChance, makePolicy, makeReport, makeReportFile } from "#prisma/seed.ts";
import { type Account, makeAccount } from "#tests/system/account.ts";
import { cleanUp, start } from "#tests/system/installation.ts";
import { cookieFor, withBrowser } from "./browser.ts";
import { type Figure, printFigures, quantile } from "./figures.ts";
import { labelled, memoryFigures } from "./memory.ts";

const DAYS = 375;
const REPORTERS = [
  "Google Inc.",
  "Microsoft Corporation",
  "Mail.ru",
  "Comcast",
  "GMX",
  "mox.example",
  "Uni",
  "Harbour",
];
const REQUESTS = 200;
const TARGET_MS = 150;
const TARGET_KB = 200;
const IDLE_MS = 15_000;

/** The domain page over 3,000 reports: time, weight of scripts, and the memory of all processes. */
export async function bench(): Promise<void> {
  const installation = await start();
  try {
    await sleep(IDLE_MS);
    const idle = labelled(memoryFigures(installation), "idle after the start");
    const account = await makeAccount(installation, SAMPLE_DOMAIN);
    await fill(account);
    const base = `${installation.url}/teams/${account.team}/domains/${SAMPLE_DOMAIN}`;
    const figures = await timeFigures(account, installation.url, base);
    const weights = await scriptFigures(account, installation.url, base);
    await sleep(IDLE_MS);
    printFigures(`A domain page over ${DAYS * REPORTERS.length} reports, ${REQUESTS} requests`, figures);
    printFigures("Compressed script of the first view", weights);
    printFigures("Memory", [...idle, ...labelled(memoryFigures(installation), "idle after all this")]);
  } finally {
    await closeDatabase();
    await installation.stop();
    await cleanUp();
  }
}

/** A year of reports, one a day from each reporter, and a lookup. */
async function fill({ domain }: Account): Promise<void> {
  const now = new Date();
  const inbox = { domain, teamId: domain.teamId, door: "command-line" } as const;
  const chance = makeChance(8460);
  for (const organization of REPORTERS) {
    const files = Array.from({ length: DAYS }, (_, ago): Arrival => {
      const day = new Date(now.getTime() - (ago + 1) * 86_400_000).toISOString().slice(0, 10);
      const details = ["validation-failure", "certificate-expired", "starttls-not-supported"]
        .filter(() => chance() < 0.3)
        .map((type) => ({
          ...{ "result-type": type, "failed-session-count": 1 + Math.floor(chance() * 40) },
          "receiving-mx-hostname": `mx${Math.ceil(chance() * 3)}.${SAMPLE_DOMAIN}`,
        }));
      const policies = [makePolicy({ domain: SAMPLE_DOMAIN, successes: Math.round(2_000 * chance()), details })];
      if (organization === "Microsoft Corporation") policies.push(makePolicy({ type: "tlsa", domain: SAMPLE_DOMAIN }));
      return makeReportFile(makeReport({ organization, day, id: `${organization} ${day}`, policies }));
    });
    await receive(files, inbox, now);
  }
  const facts = makeSampleFacts(now);
  await keepLookup(domain.id, lookupToKeep({ checkedAt: now, worst: "warn", facts, verdicts: judge(facts) }));
}

async function timeFigures(account: Account, url: string, base: string): Promise<Figure[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const asks = {
    page: () => timeOf(agent, base, account),
    year: () => timeOf(agent, `${base}?period=365`, account),
    account: () => timeOf(agent, `${url}/account`, account),
    sql: () => timeOfReads(account, "30"),
    sqlYear: () => timeOfReads(account, "365"),
  };
  const times = { page: [], year: [], account: [], sql: [], sqlYear: [] } as Record<keyof typeof asks, number[]>;
  const names = ["page", "account", "sql", "year", "sqlYear"] as const;
  // Taken in turn, so that a slow moment of the machine falls on all of them.
  for (let round = -20; round < REQUESTS; round++) {
    for (const name of names) {
      const time = await asks[name]();
      if (round >= 0) times[name].push(time);
    }
  }
  agent.destroy();
  const floor = (name: keyof typeof asks, share: number, of: string) => ({ value: quantile(times[name], share), of });
  const of = (name: "page" | "year", shown: string): Figure[] => [
    ...[0.5, 0.95, 1].map((share): Figure => {
      const label = share === 1 ? "max" : `p${share * 100}`;
      const figure = { name: `${shown}, ${label}`, value: quantile(times[name], share), unit: "ms" } as const;
      const least = floor("account", share, "/account, a page with three small reads");
      return { ...figure, floor: least, ...(share === 0.95 ? { target: TARGET_MS } : {}) };
    }),
  ];
  const reads = (name: "sql" | "sqlYear", shown: string): Figure => ({
    ...{ name: `the page's reads alone, ${shown}, p95`, value: quantile(times[name], 0.95), unit: "ms" },
  });
  return [...of("page", "30 days"), reads("sql", "30 days"), ...of("year", "365 days"), reads("sqlYear", "365 days")];
}

/** Milliseconds up to the last byte. */
function timeOf(agent: Agent, url: string, { headers }: Account): Promise<number> {
  const began = performance.now();
  return new Promise((done, failed) => {
    get(url, { agent, headers: { ...headers, "accept-encoding": "gzip" } }, (response) => {
      if (response.statusCode !== 200) failed(new Error(`${url} answers ${response.statusCode}`));
      response.resume().on("end", () => done(performance.now() - began));
    }).on("error", failed);
  });
}

/** What the page reads from the database, in the page's order, without drawing it. */
async function timeOfReads(account: Account, period: string): Promise<number> {
  const now = new Date();
  const began = performance.now();
  const user = await signedIn(account.headers.cookie.split(/=(.*)/s)[1]);
  const membership = await membershipIn(user?.userId ?? "", account.team);
  const domain = await domainNamed(membership?.teamId ?? "", SAMPLE_DOMAIN);
  if (user === null || domain === null) throw new Error("The account of the bench is gone.");
  const filter = { policyType: null, organization: null, resultType: null, cause: null, mx: null };
  await Promise.all([
    teamsOf(user.userId),
    quarantineCounts(domain.id),
    reportSpan(domain.id),
    reportFigures(domain.id, { ...filter, period: readPeriod({ period, from: null, to: null }, now) }, now, String),
    latestLookup(domain.id).then((lookup) => rolloutState(domain, lookup, now)),
  ]);
  return performance.now() - began;
}

/**
 * What a browser with an empty cache loads as script until the page is at rest, and how much of it the page itself names;
 * and again when somebody has moved the mouse, at which the charts come to life.
 */
async function scriptFigures(account: Account, url: string, base: string): Promise<Figure[]> {
  const views: [string, string, boolean][] = [
    ["/", `${url}/`, false],
    ["/sign-in", `${url}/sign-in`, false],
    ["/lookup/<domain>", `${url}/lookup/example.org`, false],
    ["the domain page", base, false],
    ["the domain page, mouse moved", base, true],
  ];
  return withBrowser(async (browser) => {
    const figures: Figure[] = [];
    for (const [name, address, moved] of views) {
      const context = await browser.newContext();
      if (address === base) await context.addCookies([cookieFor(url, account.headers.cookie)]);
      const page = await context.newPage();
      const scripts: Promise<{ path: string; wire: number; plain: number }>[] = [];
      page.on("requestfinished", (request) => {
        if (request.resourceType() === "script") scripts.push(weigh(request));
      });
      const html = (await (await page.goto(address, { waitUntil: "networkidle" }))?.text()) ?? "";
      if (moved) await page.mouse.move(5, 5);
      await sleep(1_000);
      const weighed = await Promise.all(scripts);
      const sum = (of: typeof weighed, what: "wire" | "plain") => of.reduce((kB, one) => kB + one[what] / 1_000, 0);
      const named = weighed.filter(({ path }) => new RegExp(`<(script|link)[^>]*${path}`).test(html));
      const floor = {
        value: sum(named, "wire"),
        of: `named in the page itself; ${Math.round(sum(weighed, "plain"))} kB uncompressed`,
      };
      const target = !moved ? { target: TARGET_KB } : {};
      figures.push({ name, value: sum(weighed, "wire"), unit: "kB", ...target, floor });
      await context.close();
    }
    return figures;
  });
}

async function weigh(request: Request): Promise<{ path: string; wire: number; plain: number }> {
  const [sizes, response] = await Promise.all([request.sizes(), request.response()]);
  const plain = (await response?.body())?.length ?? 0;
  return { path: new URL(request.url()).pathname, wire: sizes.responseBodySize, plain };
}

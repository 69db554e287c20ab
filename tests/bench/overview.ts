import { Agent, get } from "node:http";
import { signedIn } from "#lib/accounts/access.ts";
import { judge } from "#lib/checks/catalogue.ts";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { newId } from "#lib/db/new-id.ts";
import { storableJson } from "#lib/db/storable-json.ts";
import { membershipIn, teamsOf } from "#lib/db/teams.ts";
import { addMany } from "#lib/domains/add-many.ts";
import { overviewOf } from "#lib/domains/overview.ts";
import { makeSampleFacts } from "#prisma/sample-facts.ts";
import { type Account, makeAccount } from "#tests/system/account.ts";
import { cleanUp, start } from "#tests/system/installation.ts";
import { type Figure, printFigures, quantile } from "./figures.ts";

const DOMAINS = 1_000;
const DAYS = 30;
const REPORTERS = 8;
const LOOKUPS = 10;
const REQUESTS = 100;
const TARGET_MS = 150;

const VIEWS: [name: string, query: string][] = [
  ["as it opens", ""],
  ["by failed sessions", "?sort=failures"],
  ["by last report", "?sort=report"],
  ["the last page by name", "?sort=name&page=10"],
  ["a part of the name", "?q=d99"],
];

/** The team's overview at 1,000 domains with lookups and reports, and its CSV. */
export async function bench(): Promise<void> {
  const installation = await start();
  try {
    const account = await makeAccount(installation);
    await fill(account);
    const base = `${installation.url}/teams/${account.team}`;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const csv = `${installation.url}/api/teams/${account.team}/domains.csv`;
    const asks = new Map<string, () => Promise<number>>([
      ...VIEWS.map(([name, query]) => [name, () => timeOf(agent, base + query, account)] as const),
      ["csv", () => timeOf(agent, csv, account)],
      ["floor", () => timeOf(agent, `${installation.url}/account`, account)],
      ["reads", () => timeOfReads(account)],
    ]);
    const times = new Map([...asks.keys()].map((name) => [name, [] as number[]]));
    // Taken in turn, so that a slow moment of the machine falls on all of them.
    for (let round = -10; round < REQUESTS; round++) {
      for (const [name, ask] of asks) {
        const time = await ask();
        if (round >= 0) times.get(name)?.push(time);
      }
    }
    agent.destroy();
    const figures = [0.5, 0.95].flatMap((share) => {
      const at = (name: string) => quantile(times.get(name) ?? [], share);
      const label = (name: string) => `${name}, p${share * 100}`;
      const floor = { value: at("floor"), of: "/account, a page with three small reads" };
      const target = share === 0.95 ? { target: TARGET_MS } : {};
      return [
        ...VIEWS.map(([name]): Figure => ({ name: label(name), value: at(name), unit: "ms", ...target, floor })),
        { name: label("its reads alone, as it opens"), value: at("reads"), unit: "ms" } satisfies Figure,
        { name: label(`all ${DOMAINS} as CSV`), value: at("csv"), unit: "ms" } satisfies Figure,
      ];
    });
    printFigures(`The overview of ${DOMAINS} domains, ${REQUESTS} requests`, figures);
  } finally {
    await closeDatabase();
    await installation.stop();
    await cleanUp();
  }
}

/** Domains of which each has lookups, and day totals of a month from several reporters. */
async function fill({ domain, email }: Account): Promise<void> {
  const list = Array.from({ length: DOMAINS }, (_, index) => `d${index}.example`).join("\n");
  await addMany(domain.teamId, list, { userId: null, label: email });
  const facts = makeSampleFacts(new Date());
  const lookup = [storableJson(facts), storableJson(judge(facts))];
  const domains = await sql<{ id: string }>("SELECT id FROM domains WHERE team_id = $1", [domain.teamId]);
  const ids = domains.map(({ id }) => id);
  for (let count = 0; count < LOOKUPS; count++) {
    await sql(
      `INSERT INTO lookups (domain_id, id, checked_at, worst, mode, facts, verdicts)
       SELECT d, l, now() - make_interval(days => $3), (ARRAY['pass', 'info', 'warn', 'fail'])[1 + (n % 4)], 'testing',
              $4::jsonb, $5::jsonb
       FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS u (d, l, n)`,
      [ids, ids.map(() => newId()), count, ...lookup],
    );
  }
  await sql(
    `INSERT INTO day_totals (domain_id, day, policy_type, organization, reports, successes, failures)
     SELECT d, (now() AT TIME ZONE 'UTC')::date - day, 'sts', 'Reporter ' || reporter, 1, 1000 * random(), 10 * random()
     FROM unnest($1::uuid[]) AS d, generate_series(0, $2) AS day, generate_series(1, $3) AS reporter`,
    [ids, DAYS - 1, REPORTERS],
  );
  await sql(
    `INSERT INTO raw_files (domain_id, hash, bytes, size, received_at) SELECT d, '0', '', 0, now() FROM unnest($1::uuid[]) AS d`,
    [ids],
  );
  await sql(
    `INSERT INTO reports (domain_id, id, organization, begin_at, end_at, day, received_at, door, quirks, identity_hash,
                          content_hash, counted, raw_hash)
     SELECT d, gen_random_uuid(), 'Reporter ' || reporter, now(), now(), (now() AT TIME ZONE 'UTC')::date - day, now(),
            'upload', '{}', day || '-' || reporter, day || '-' || reporter, true, '0'
     FROM unnest($1::uuid[]) AS d, generate_series(0, $2) AS day, generate_series(1, $3) AS reporter`,
    [ids, DAYS - 1, REPORTERS],
  );
  await sql("ANALYZE", []);
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

/** What the page reads from the database, without drawing it. */
async function timeOfReads(account: Account): Promise<number> {
  const began = performance.now();
  const user = await signedIn(account.headers.cookie.split(/=(.*)/s)[1]);
  const membership = await membershipIn(user?.userId ?? "", account.team);
  if (user === null || membership === null) throw new Error("The account of the bench is gone.");
  const view = { text: null, state: null, sort: "state", descending: true } as const;
  await Promise.all([teamsOf(user.userId), overviewOf(membership.teamId, { ...view, skip: 0, take: 100 })]);
  return performance.now() - began;
}

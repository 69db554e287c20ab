import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { createDomain, newDomain } from "#lib/db/domains.ts";
import { makePolicy, makeReport, makeReportFile } from "#prisma/seed.ts";
import { makeAccount } from "#tests/system/account.ts";
import { cleanUp, start } from "#tests/system/installation.ts";
import { type Figure, printFigures, quantile } from "./figures.ts";
import { labelled, memoryFigures } from "./memory.ts";

const CLIENTS = 64;
const REPORTS = 100_000;
/** One domain after the other, each with less than the burst that an inbox takes. */
const PER_DOMAIN = 2_000;
/** Floor and door in turn, so that a slow moment of the machine falls on both. */
const ROUND = 2_000;
const REPORTERS = 8;
const SHARE = 0.5;

/** Where a report goes, and what it is. */
interface Post {
  path: string;
  client: number;
  bytes: Buffer;
}

/** Reports a second through the HTTPS door, beside a bare server that does one INSERT for each; memory on the way. */
export async function bench(): Promise<void> {
  const installation = await start();
  try {
    const { domain } = await makeAccount(installation);
    const by = { userId: null, label: "bench" };
    const names = Array.from({ length: REPORTS / PER_DOMAIN + 1 }, (_, number) => `d${number}.example.org`);
    const domains = await Promise.all(names.map((name) => createDomain(newDomain(domain.teamId, name, false), by)));
    const posts = (from: number): Post[] =>
      Array.from({ length: ROUND }, (_, index) => {
        const { name = "", inboxToken = "" } = domains[Math.floor(from / PER_DOMAIN)] ?? {};
        const path = `/api/tls-reports/${inboxToken}`;
        return { path, client: index % CLIENTS, bytes: reportOf(index, name) };
      });
    await sql("CREATE TABLE floor (id bigserial PRIMARY KEY, received_at timestamptz, report jsonb)", []);
    const floor = await floorServer(installation.databaseUrl());
    await rate(floor.url, posts(REPORTS)); // the first requests of a process compile its code
    await rate(installation.url, posts(REPORTS));
    const memory: Figure[][] = [];
    const rounds: { floor: number; door: number }[] = [];
    for (let from = 0; from < REPORTS; from += ROUND) {
      const ofFloor = await rate(floor.url, posts(from));
      rounds.push({ floor: ofFloor, door: await rate(installation.url, posts(from)) });
      memory.push(memoryFigures(installation));
    }
    floor.stop();
    const [row] = await sql<{ count: string }>("SELECT count(*) FROM reports", []);
    if (Number(row?.count) !== REPORTS + ROUND) throw new Error(`Only ${row?.count} reports were stored.`);
    const door = quantile(
      rounds.map((round) => round.door),
      0.5,
    );
    const bare = quantile(
      rounds.map((round) => round.floor),
      0.5,
    );
    const share = quantile(
      rounds.map((round) => round.door / round.floor),
      0.5,
    );
    console.log(`\n${Math.round(door)} reports a second through the door; ${Math.round(bare)} through the bare server`);
    console.log(`share of the floor: ${share.toFixed(2)} (target ${SHARE}: ${share >= SHARE ? "met" : "MISSED"})`);
    printFigures(`${REPORTS} small reports by ${CLIENTS} clients`, [
      {
        ...{ name: "one report", value: 1000 / door, unit: "ms", target: Number((1000 / bare / SHARE).toFixed(2)) },
        floor: { value: 1000 / bare, of: "a bare Node server: gunzip and one INSERT" },
      },
      ...labelled(memory[0] ?? [], `after ${ROUND} reports`),
      ...labelled(usual(memory.slice(1, 10)), `up to ${10 * ROUND}`),
      ...labelled(usual(memory.slice(-10)), `the last ${10 * ROUND} of ${REPORTS}`),
    ]);
  } finally {
    await closeDatabase();
    await installation.stop();
    await cleanUp();
  }
}

/** Each figure's median: what is measured between two collections of garbage is chance. */
function usual(rounds: readonly Figure[][]): Figure[] {
  return (rounds[0] ?? []).map((figure, index) => {
    const values = rounds.map((round) => round[index]?.value ?? Number.NaN);
    return { ...figure, value: quantile(values, 0.5) };
  });
}

/** One of eight months of reports by eight reporters; a third of them with a failure. */
function reportOf(number: number, domain: string): Buffer {
  const day = new Date(Date.UTC(2026, 0, 1 + Math.floor(number / REPORTERS))).toISOString().slice(0, 10);
  const failure = {
    ...{ "result-type": "certificate-expired", "failed-session-count": 1 + (number % 5) },
    "receiving-mx-hostname": `mx${number % 4}.${domain}`,
  };
  const policy = makePolicy({ domain, successes: 100 + (number % 97), details: number % 3 === 0 ? [failure] : [] });
  const organization = `Reporter ${number % REPORTERS}`;
  return makeReportFile(makeReport({ id: `${number}`, day, organization, policies: [policy] })).bytes;
}

/** Sends them over one kept connection for each client. @returns requests per second */
async function rate(url: string, posts: readonly Post[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const left = [...posts].reverse();
  const began = performance.now();
  const work = async () => {
    for (let post = left.pop(); post !== undefined; post = left.pop()) await send(agent, url, post);
  };
  await Promise.all(Array.from({ length: CLIENTS }, work));
  const seconds = (performance.now() - began) / 1_000;
  agent.destroy();
  return posts.length / seconds;
}

function send(agent: Agent, url: string, { path, client, bytes }: Post): Promise<void> {
  return new Promise((done, failed) => {
    const headers = {
      "content-type": "application/tlsrpt+gzip",
      "content-length": bytes.length,
      "x-forwarded-for": `198.51.100.${client}`,
    };
    const post = request(url + path, { method: "POST", agent, headers });
    post.on("error", failed).on("response", (response) => {
      response.resume().on("end", () => {
        if (response.statusCode === 201) done();
        else failed(new Error(`A report was answered with ${response.statusCode}.`));
      });
    });
    post.end(bytes);
  });
}

async function floorServer(databaseUrl: string): Promise<{ url: string; stop: () => void }> {
  const child: ChildProcess = fork(new URL("./http-floor.ts", import.meta.url), [databaseUrl]);
  const [port] = await once(child, "message");
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}

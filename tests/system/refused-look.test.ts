import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countAttempt } from "#lib/db/attempts.ts";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { LOOKUPS_AT_ONCE, MOST_WAITING, PER_CLIENT } from "#lib/lookups/limits.ts";
import { type Account, makeAccount } from "./account.ts";
import { cleanUp, type Installation, newFolder, start, until } from "./installation.ts";

let sealpost: Installation;
let account: Account;
// Takes questions and never answers, so that a lookup lasts.
const resolver = createSocket("udp4").bind(0, "127.0.0.1");
await once(resolver, "listening");
const ending = new AbortController();

beforeAll(async () => {
  sealpost = await start(newFolder(), { SEALPOST_DNS: `127.0.0.1:${resolver.address().port}` });
  account = await makeAccount(sealpost);
});
afterAll(async () => {
  ending.abort();
  await closeDatabase();
  await sealpost.stop();
  resolver.close();
  await cleanUp();
});

let made = 0;
const newDomain = () => `domain-${made++}.example`;

function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(sealpost.url + path, { headers, signal: ending.signal });
}

/** Makes a client of whom the next look is refused. @returns how many looks are counted of it */
async function spend(key: string, most: number): Promise<() => Promise<number>> {
  await countAttempt([key], 600);
  await sql("UPDATE attempts SET count = $2 WHERE key = $1", [key, most]);
  return async () => (await sql<{ count: number }>("SELECT count FROM attempts WHERE key = $1", [key]))[0]?.count ?? 0;
}

function expectWait(answer: Response, status: number): void {
  expect(answer.status).toBe(status);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(600);
}

describe("a visitor who has asked for too many lookups", () => {
  const address = "198.51.100.7";
  const headers = { "x-forwarded-for": address };
  const { most } = PER_CLIENT.visitor;
  let counted: () => Promise<number>;

  beforeAll(async () => {
    counted = await spend(`lookup:visitor:address:${address}`, most);
  });

  test("gets a page that says when to come back, with status 429, and is counted once", async () => {
    const answer = await ask(`/lookup/${newDomain()}`, headers);
    expectWait(answer, 429);
    expect(answer.headers.get("content-type")).toContain("text/html");
    const page = await answer.text();
    expect(page).toContain("is not looked at right now");
    expect(page).toContain("Your address has asked for many lookups. Try again in 10 minutes.");
    expect(await counted()).toBe(most + 1);
  });

  test("gets the same as a file", async () => {
    const answer = await ask(`/lookup/${newDomain()}/json`, headers);
    expectWait(answer, 429);
    expect(await answer.json()).toEqual({
      error: "Your address has asked for many lookups. Try again in 10 minutes.",
    });
  });

  test("is counted once, too, when a script of ours asks for the page's content", async () => {
    const before = await counted();
    const answer = await ask(`/lookup/${newDomain()}`, { ...headers, rsc: "1" });
    // Next's router would take any other status as a reason to ask for the page once more.
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("is not looked at right now");
    expect(await counted()).toBe(before + 1);
  });
});

test("what is no domain has a page that says so, with status 400", async () => {
  const answer = await ask("/lookup/not%20a%20domain");
  expect(answer.status).toBe(400);
  expect(answer.headers.get("retry-after")).toBeNull();
  expect(await answer.text()).toContain("This domain cannot be looked up");
});

test("a member who has asked for too many gets the domain's page with status 429, and nothing is looked at", async () => {
  const page = `/teams/${account.team}/domains/${account.domain.name}/lookup`;
  const [user] = await sql<{ id: string }>("SELECT id FROM users WHERE email = $1", [account.email]);
  const counted = await spend(`lookup:member:user:${user?.id}`, PER_CLIENT.member.most);
  const answer = await ask(`${page}?look=again`, account.headers);
  expectWait(answer, 429);
  const text = await answer.text();
  expect(text).toContain("You have asked for many lookups. Try again in 10 minutes.");
  expect(text).toContain("This domain has not been looked at yet.");
  expect(await counted()).toBe(PER_CLIENT.member.most + 1);
});

test("while many lookups wait the next visitor is told that the server is busy, with status 503", async () => {
  const client = (number: number) => ({ "x-forwarded-for": `203.0.113.${number}` });
  for (let number = 0; number < LOOKUPS_AT_ONCE + MOST_WAITING; number++) {
    void ask(`/lookup/${newDomain()}/json`, client(number)).catch(() => {}); // never answered in time
  }
  let answer = new Response();
  await until("it is busy", async () => {
    answer = await ask(`/lookup/${newDomain()}`, client(200));
    return answer.status !== 200;
  });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "30"]);
  expect(await answer.text()).toContain("Sealpost is looking at many domains just now. Try again in 30 seconds.");
});

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { noteFailedFetch } from "#lib/db/attempts.ts";
import { sql } from "#lib/db/client.ts";
import {
  AFTER_FAILED_FETCH,
  LOOKUPS_AT_ONCE,
  MOST_WAITING,
  PER_CLIENT,
  PER_TARGET,
  WAIT_AFTER_FAILED_FETCH,
} from "#lib/lookups/limits.ts";
import { isBusy, lookUp } from "#lib/lookups/look-up.ts";
import { lookUpFor, refuseLook } from "#lib/lookups/look-up-for.ts";
import { ownDatabase } from "./database.ts";
import { makeMember, makeOwner } from "./people.ts";
import { makeDomain } from "./reports.ts";

await ownDatabase();

// The resolver of these tests takes questions and never answers.
const resolver = createSocket("udp4").bind(0, "127.0.0.1");
await once(resolver, "listening");
process.env.SEALPOST_DNS = `127.0.0.1:${resolver.address().port}`;

let made = 0;
/** A domain that nobody has asked for yet, and an address from which nobody has asked. */
const newTarget = () => `target-${made++}.example`;
const newAddress = () => `198.51.${Math.floor(made / 250)}.${made++ % 250}`;
const visitor = (address = newAddress()) => ({ address, userId: null });

/** Asks so many times, each time for another domain or from another address. */
async function ask(times: number, look: () => ReturnType<typeof refuseLook>) {
  const answers = [];
  for (let time = 0; time < times; time++) answers.push((await look())?.why ?? "allowed");
  return answers;
}

const allowed = (times: number) => Array.from({ length: times }, () => "allowed");

describe("fresh looks from one client", () => {
  const { most, window } = PER_CLIENT.visitor;

  it.each([
    ["an IPv4 address", "192.0.2.1", "192.0.2.1", "192.0.2.2"],
    ["an IPv6 network", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"],
  ])("of %s are counted; its neighbour's are not touched", async (_what, first, same, other) => {
    expect(await ask(most, () => refuseLook(visitor(first), newTarget()))).toEqual(allowed(most));
    const refused = await refuseLook(visitor(same), newTarget());
    expect(refused).toMatchObject({ ok: false, why: "client", status: 429 });
    expect(refused?.seconds).toBeGreaterThan(window - 30);
    expect(refused?.seconds).toBeLessThanOrEqual(window);
    expect(refused?.sentence).toBe("Your address has asked for many lookups. Try again in 10 minutes.");
    expect(await refuseLook(visitor(other), newTarget())).toBeNull();
  });

  it("are free again when the time is over", async () => {
    const client = visitor();
    await ask(most + 1, () => refuseLook(client, newTarget()));
    await sql("UPDATE attempts SET reset_at = now() - interval '1 second' WHERE key LIKE $1", [`%${client.address}`]);
    expect(await refuseLook(client, newTarget())).toBeNull();
  });

  it("that are refused do not use up the domain's share", async () => {
    const client = visitor();
    const target = newTarget();
    await ask(most, () => refuseLook(client, newTarget()));
    expect(new Set(await ask(PER_TARGET.visitor.most + 5, () => refuseLook(client, target)))).toEqual(
      new Set(["client"]),
    );
    expect(await refuseLook(visitor(), target)).toBeNull();
  });
});

describe("fresh looks at one domain", () => {
  const { most } = PER_TARGET.visitor;

  it("are counted, whoever asks; another domain's are not touched", async () => {
    const target = newTarget();
    expect(await ask(most, () => refuseLook(visitor(), target))).toEqual(allowed(most));
    expect(await refuseLook(visitor(), target)).toMatchObject({
      why: "target",
      sentence: `${target} was looked at often in the last minutes, and its servers get a rest. Try again in 10 minutes.`,
    });
    expect(await refuseLook(visitor(), newTarget())).toBeNull();
  });

  it("leave the members of its team a share of their own, and nobody else", async () => {
    const owner = await makeOwner();
    const viewer = await makeMember(owner, "viewer");
    const stranger = await makeOwner("Stranger");
    const { name } = await makeDomain(owner);
    await ask(most + 1, () => refuseLook(visitor(), name));
    const { userId } = owner.user;
    const as = (id: string) => ({ address: newAddress(), userId: id });
    expect(await refuseLook(as(stranger.user.userId), name)).toMatchObject({ why: "target" });
    expect(await ask(PER_TARGET.member.most - 1, () => refuseLook(as(userId), name))).toEqual(
      allowed(PER_TARGET.member.most - 1),
    );
    expect(await refuseLook(as(viewer.user.userId), name)).toBeNull();
    expect(await refuseLook(as(userId), name)).toMatchObject({ why: "target" });
  });

  it("of many domains by one member are counted for the person, not for the address", async () => {
    const owner = await makeOwner();
    const { userId } = owner.user;
    const address = newAddress();
    const { most: mostOfMember } = PER_CLIENT.member;
    const domains = await Promise.all(Array.from({ length: 11 }, () => makeDomain(owner)));
    let turn = 0;
    const look = () => refuseLook({ address, userId }, domains[turn++ % domains.length]?.name ?? "");
    expect(await ask(mostOfMember, look)).toEqual(allowed(mostOfMember));
    expect(await look()).toMatchObject({ why: "client", sentence: expect.stringContaining("You have asked") });
    // As a visitor of other domains the same person is one of those behind the address.
    expect(await refuseLook({ address, userId }, newTarget())).toBeNull();
  });
});

describe("after a failed fetch of the policy (RFC 8461 §3.3)", () => {
  const failedFetch = (domain: string, id: string) => noteFailedFetch(domain, id, WAIT_AFTER_FAILED_FETCH);
  const { most } = AFTER_FAILED_FETCH;

  it("a person may look again a few times before the five minutes are over", async () => {
    const target = newTarget();
    await failedFetch(target, "1");
    expect(await ask(most, () => refuseLook(visitor(), target))).toEqual(allowed(most));
    const refused = await refuseLook(visitor(), target);
    expect(refused).toMatchObject({
      why: "failed-fetch",
      sentence: expect.stringContaining("Try again in 5 minutes."),
    });
    expect(await refuseLook(visitor(), newTarget())).toBeNull();
  });

  it("each try that fails again makes the pause begin anew, and the tries go on being counted", async () => {
    const target = newTarget();
    await failedFetch(target, "1");
    await sql("UPDATE attempts SET reset_at = now() + interval '10 seconds' WHERE key LIKE $1", [`%${target}%`]);
    await refuseLook(visitor(), target);
    await failedFetch(target, "1");
    expect(await ask(most, () => refuseLook(visitor(), target))).toEqual([...allowed(most - 1), "failed-fetch"]);
    expect((await refuseLook(visitor(), target))?.seconds).toBeGreaterThan(WAIT_AFTER_FAILED_FETCH - 30);
  });

  it("another id is another policy, with tries of its own", async () => {
    const target = newTarget();
    await failedFetch(target, "1");
    await ask(most, () => refuseLook(visitor(), target));
    await failedFetch(target, "2");
    expect(await ask(most + 1, () => refuseLook(visitor(), target))).toEqual([...allowed(most), "failed-fetch"]);
  });

  it("nothing is left of it after five minutes", async () => {
    const target = newTarget();
    await failedFetch(target, "1");
    await ask(most + 1, () => refuseLook(visitor(), target));
    await sql("UPDATE attempts SET reset_at = now() - interval '1 second' WHERE key LIKE $1", [
      `failed-fetch:${target}%`,
    ]);
    expect(await refuseLook(visitor(), target)).toBeNull();
  });
});

describe("lookups of one process", () => {
  it("are shared for a minute, and that is not counted", async () => {
    const target = newTarget();
    const client = visitor();
    const answers = [];
    for (let time = 0; time < PER_TARGET.visitor.most + 5; time++) answers.push(await lookUpFor(client, target));
    expect(new Set(answers.map((answer) => answer.ok && answer.lookup)).size).toBe(1);
    expect(await ask(PER_TARGET.visitor.most - 1, () => refuseLook(visitor(), target))).toEqual(
      allowed(PER_TARGET.visitor.most - 1),
    );
  });

  it("are so many at the same time, and so many wait; the next visitor is asked to come back", async () => {
    const underWay: string[] = [];
    for (; !isBusy(); underWay.push(newTarget())) lookUp(`target-${made}.example`);
    // One more is that of the test before.
    expect(underWay).toHaveLength(LOOKUPS_AT_ONCE + MOST_WAITING - 1);
    expect(await lookUpFor(visitor(), newTarget())).toEqual({
      ...{ ok: false, why: "busy", seconds: 30, status: 503 },
      sentence: "Sealpost is looking at many domains just now. Try again in 30 seconds.",
    });
    // What is looked at already is shown to everybody, and those who were let in are still served.
    expect(await lookUpFor(visitor(), underWay.at(-1) ?? "")).toMatchObject({ ok: true });
    const before = await sql("SELECT 1 FROM attempts WHERE key LIKE 'lookup:%'", []);
    await refuseLook(visitor(), newTarget());
    expect(await sql("SELECT 1 FROM attempts WHERE key LIKE 'lookup:%'", [])).toHaveLength(before.length);
  });
});

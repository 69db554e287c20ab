import { beforeEach, describe, expect, it, vi } from "vitest";
import { runChecks } from "#lib/checks/catalogue.ts";
import type { Facts, Gathering } from "#lib/checks/gather.ts";
import { type Verdict, worstStatus } from "#lib/checks/verdict.ts";
import { changesOf } from "#lib/db/changes.ts";
import { sql } from "#lib/db/client.ts";
import { domainNamed } from "#lib/db/domains.ts";
import { latestLookup, lookupsOf } from "#lib/db/lookups.ts";
import { policyLedger } from "#lib/db/policy-ledger.ts";
import { addSample } from "#lib/domains/sample.ts";
import { lookUpAndKeep } from "#lib/lookups/keep-lookup.ts";
import type { RunningLookup } from "#lib/lookups/look-up.ts";
import { factsWith, served, stsOf } from "#tests/unit/checks/facts.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { makeDomain } from "./reports.ts";

const { lookUp } = vi.hoisted(() => ({ lookUp: vi.fn<(domain: string) => RunningLookup>() }));
vi.mock("#lib/lookups/look-up.ts", () => ({ lookUp }));

await ownDatabase();
const owner = await makeOwner();
const policy = (mode: string) =>
  `version: STSv1\nmode: ${mode}\nmx: mx1.example.org\nmx: mx2.example.org\nmax_age: 604800\n`;

/** What everybody who asks within a minute is given: a visitor came first. */
function sharedLookup(checkedAt: Date, id: string, body: string): RunningLookup {
  const facts: Facts = factsWith({
    checkedAt: checkedAt.toISOString(),
    ...{ stsTxt: stsOf(`v=STSv1; id=${id};`), policyFetch: served(body) },
  });
  const later = Object.entries(facts).map(([name, fact]) =>
    name === "domain" || name === "checkedAt" ? [name, fact] : [name, Promise.resolve(fact)],
  );
  const checks = runChecks(Object.fromEntries(later) as Gathering);
  const finished = Promise.all(checks.values()).then((all) => {
    const verdicts = all.flat();
    const worst = worstStatus(verdicts.map(({ status }) => status)) ?? "error";
    return { domain: facts.domain, checkedAt, facts, verdicts, worst };
  });
  return { domain: facts.domain, checkedAt, checks, finished };
}

const codeOf = (verdicts: readonly Verdict[] = []) =>
  verdicts.filter(({ check }) => check === "mta-sts-id").map(({ code }) => code);
let days = 0;
/** The shared lookup of the next day. */
function nextDay(id: string, mode: string): RunningLookup {
  const shared = sharedLookup(new Date(Date.UTC(2026, 10, ++days, 8)), id, policy(mode));
  lookUp.mockReturnValue(shared);
  return shared;
}

beforeEach(() => {
  days = 0;
});

describe("a lookup of a registered domain", () => {
  it("is held against the domain's own ledger, also when a visitor's came first; visitors and others see none of it", async () => {
    const [domain, other] = [await makeDomain(owner), await makeDomain(await makeOwner("Other"))];
    nextDay("1", "testing");
    expect(codeOf((await lookUpAndKeep(domain).stored).verdicts)).toEqual(["sts-id-first-seen"]);
    const shared = nextDay("1", "enforce");
    const [kept, others] = [lookUpAndKeep(domain), lookUpAndKeep(other)];
    expect(codeOf(await kept.checks.get("mta-sts-id"))).toEqual(["sts-id-behind"]);
    expect(codeOf((await kept.stored).verdicts)).toEqual(["sts-id-behind"]);
    expect((await kept.finished).facts.earlierPolicy).toMatchObject({ id: "1", body: policy("testing") });
    for (const { checks, finished } of [shared, others]) {
      expect(codeOf(await checks.get("mta-sts-id"))).toEqual(["sts-id-first-seen"]);
      expect((await finished).facts.earlierPolicy).toBeNull();
      expect(JSON.stringify(await finished)).not.toContain("mode: testing");
    }
    await others.stored;
    const stored = await latestLookup(domain.id);
    expect(codeOf(stored?.verdicts)).toEqual(["sts-id-behind"]);
    // The verdicts keep their order, and are worth what they are worth.
    const order = (verdicts: readonly Verdict[] = []) => verdicts.map(({ check }) => check);
    expect(order(stored?.verdicts)).toEqual(order((await shared.finished).verdicts));
    expect(stored?.worst).toBe(worstStatus(stored?.verdicts.map(({ status }) => status) ?? []));
    expect(stored?.facts.earlierPolicy).toMatchObject({ id: "1" });
  });

  it("goes on saying that an id is behind while senders may hold the other text, until a new id mends it", async () => {
    const domain = await makeDomain(owner);
    const codes: string[] = [];
    for (const [id, mode] of [
      ["1", "testing"],
      ["1", "enforce"],
      ["1", "enforce"],
      ["2", "enforce"],
      ["2", "enforce"],
    ] as const) {
      nextDay(id, mode);
      codes.push(...codeOf((await lookUpAndKeep(domain).stored).verdicts));
    }
    expect(codes).toEqual(["sts-id-first-seen", "sts-id-behind", "sts-id-behind", "sts-id-new", "sts-id-unchanged"]);
  });

  it("is stored once however many ask for it, and says the same to all", async () => {
    const domain = await makeDomain(owner);
    nextDay("1", "testing");
    const first = await Promise.all([1, 2, 3].map(() => lookUpAndKeep(domain).stored));
    const again = await lookUpAndKeep(domain).stored;
    expect(new Set([...first, again]).size).toBe(1);
    expect((await lookupsOf(domain.id, { skip: 0, take: 9 })).total).toBe(1);
    expect(await policyLedger(domain.id, 9)).toHaveLength(1);
  });

  it("is stored by whoever asks next when it could not be stored the first time", async () => {
    const domain = await makeDomain(owner);
    nextDay("1", "testing");
    await sql("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$", []);
    await sql("CREATE TRIGGER no BEFORE INSERT ON policy_ledger FOR EACH ROW EXECUTE FUNCTION no()", []);
    await expect(lookUpAndKeep(domain).stored).rejects.toThrow("disk full");
    await sql("DROP TRIGGER no ON policy_ledger", []);
    // All of it or nothing.
    expect(await latestLookup(domain.id)).toBeNull();
    await lookUpAndKeep(domain).stored;
    expect(await latestLookup(domain.id)).not.toBeNull();
  });
});

describe("sample data", () => {
  it("have a history: a certificate that was renewed, and the mail host that was added", async () => {
    const now = new Date("2026-11-22T12:00:00Z");
    const team = await makeOwner("Sampler");
    const domain = await domainNamed(team.team.id, await addSample(team.team.id, team.user, now));
    const { lookups } = await lookupsOf(domain?.id ?? "", { skip: 0, take: 9 });
    expect(lookups).toHaveLength(4);
    expect(lookups[0]?.checkedAt).toEqual(now);
    const { changes } = await changesOf(domain?.id ?? "", { skip: 0, take: 50 });
    expect(changes.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
      expect.arrayContaining([
        "mx-added mx3.sample-mail.example",
        expect.stringMatching(/^certificate mx2\.sample-mail\.example \[/),
      ]),
    );
    expect(await policyLedger(domain?.id ?? "", 9)).toHaveLength(1);
  });
});

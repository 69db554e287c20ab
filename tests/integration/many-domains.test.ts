import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noteFailedFetch } from "#lib/db/attempts.ts";
import { claimDue } from "#lib/db/claim-due.ts";
import { sql } from "#lib/db/client.ts";
import { createDomain, domainNames, domainOfInbox, newDomain } from "#lib/db/domains.ts";
import { askForJob, startJobs } from "#lib/db/jobs.ts";
import { addMany } from "#lib/domains/add-many.ts";
import { LONGEST_LIST, MOST_LINES } from "#lib/domains/parse-list.ts";
import { SCHEDULED_AT_ONCE } from "#lib/lookups/limits.ts";
import { lookUpDue } from "#lib/lookups/look-up-due.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner, together } from "./people.ts";
import { makeDomain } from "./reports.ts";
import { storeLookup } from "./stored-lookup.ts";

await ownDatabase();

const list = (count: number, of = "example") => Array.from({ length: count }, (_, index) => `d${index}.${of}`);
const trail = (teamId: string) =>
  sql<{ subject: string; actor: string; after: unknown }>(
    "SELECT subject, actor, after FROM audit_events WHERE team_id = $1 AND action = 'domain.added' ORDER BY subject",
    [teamId],
  );

describe("a list of domains", () => {
  it("of 1,000 is registered with an inbox and a row in the trail for each", async () => {
    const { team, user } = await makeOwner();
    const names = list(1_000);
    const { added, refused, known } = await addMany(team.id, names.join("\n"), user);
    expect([added.length, refused, known]).toEqual([1_000, [], []]);
    expect((await domainNames(team.id)).map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    const events = await trail(team.id);
    expect(events.map(({ subject }) => subject).toSorted()).toEqual(names.toSorted());
    expect(events[0]).toEqual({
      ...{ subject: events[0]?.subject, actor: user.label },
      after: { name: events[0]?.subject, sample: false },
    });
    const tokens = await sql<{ inbox_token: string; name: string }>(
      "SELECT inbox_token, name FROM domains WHERE team_id = $1",
      [team.id],
    );
    expect(new Set(tokens.map((row) => row.inbox_token)).size).toBe(1_000);
    expect((await domainOfInbox(tokens[500]?.inbox_token ?? ""))?.name).toBe(tokens[500]?.name);
  });

  it("tells of each line what became of it, and adds the good ones", async () => {
    const owner = await makeOwner();
    await makeDomain(owner, "there-already.example");
    const text = "a.example\nnonsense\nthere-already.example\nb.example\nA.example";
    expect(await addMany(owner.team.id, text, owner.user)).toEqual({
      added: ["a.example", "b.example"],
      refused: [{ line: 2, text: "nonsense", sentence: expect.stringContaining("single word"), suggestion: null }],
      known: [{ line: 3, name: "there-already.example" }],
      repeated: [{ line: 5, name: "a.example", first: 1 }],
      wide: 0,
    });
    expect((await trail(owner.team.id)).map(({ subject }) => subject)).toEqual([
      ...["a.example", "b.example", "there-already.example"],
    ]);
  });

  it("sent twice at the same moment, in another order, is registered once", async () => {
    const { team, user } = await makeOwner();
    const names = list(200);
    const { values, errors } = await together(
      [names, names.toReversed(), names].map((one) => () => addMany(team.id, one.join("\n"), user)),
    );
    expect(errors).toEqual([]);
    expect(values.flatMap(({ added }) => added).toSorted()).toEqual(names.toSorted());
    expect(await trail(team.id)).toHaveLength(200);
  });

  it("with nothing good on it adds nothing", async () => {
    const { team, user } = await makeOwner();
    expect(await addMany(team.id, "x\ny", user)).toMatchObject({ added: [], refused: [{ line: 1 }, { line: 2 }] });
    expect(await trail(team.id)).toEqual([]);
  });

  it.each([
    ["", "Paste a list"],
    ["\n \n", "Paste a list"],
    ["# nothing\n", "nothing on this list"],
    ["x".repeat(LONGEST_LIST + 1), "more than 500,000 characters"],
    [`${"\n".repeat(MOST_LINES)}a.example`, "more than 5,000 lines"],
  ])("that is none is refused, %#", async (text, sentence) => {
    const { team, user } = await makeOwner();
    await expect(addMany(team.id, text, user)).rejects.toMatchObject({
      ...{ name: "Refused", field: "list", message: expect.stringContaining(sentence) },
    });
  });
});

describe("domains whose turn it is", () => {
  beforeEach(async () => {
    await sql("DELETE FROM domains", []);
    await sql("DELETE FROM attempts", []);
  });
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000);

  it("come once, those never looked at first, then those who wait the longest; sample data never", async () => {
    const owner = await makeOwner();
    for (const [name, at] of [
      ["fresh.example", hours(22)],
      ["old.example", hours(24)],
      ["older.example", hours(48)],
      ["never.example", null],
    ] as const) {
      const { id } = await makeDomain(owner, name);
      if (at) await storeLookup(id, { checkedAt: at });
    }
    await createDomain(newDomain(owner.team.id, "sample.example", true), owner.user);
    expect((await claimDue(23, 2, 300)).map(({ name }) => name)).toEqual(["never.example", "older.example"]);
    expect((await claimDue(23, 10, 300)).map(({ name }) => name)).toEqual(["old.example"]);
    expect(await claimDue(23, 10, 300)).toEqual([]);
    // The worker died over them: after the pause they come again.
    await sql("UPDATE attempts SET reset_at = now() - interval '1 second'", []);
    expect(await claimDue(23, 10, 300)).toHaveLength(3);
  });

  it("come once for all teams that have them", async () => {
    const [one, other] = [await makeOwner(), await makeOwner("Other")];
    const ids = [(await makeDomain(one, "shared.example")).id, (await makeDomain(other, "shared.example")).id];
    const [due, ...more] = await claimDue(23, 10, 300);
    expect([due?.name, due?.ids.toSorted(), more]).toEqual(["shared.example", ids.toSorted(), []]);
  });

  it("are shared among workers: none gets what another has", async () => {
    const { team, user } = await makeOwner();
    await addMany(team.id, list(100).join("\n"), user);
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimDue(23, 30, 300)));
    const names = claims.flat().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(30);
  });

  it("wait five minutes after a failed fetch of their policy, whoever made it", async () => {
    const owner = await makeOwner();
    await makeDomain(owner, "failed.example");
    await makeDomain(owner, "other.example");
    await noteFailedFetch("failed.example", "1", 300);
    expect((await claimDue(23, 10, 300)).map(({ name }) => name)).toEqual(["other.example"]);
    await sql("UPDATE attempts SET reset_at = now() - interval '1 second' WHERE key LIKE 'failed-fetch%'", []);
    expect((await claimDue(23, 10, 300)).map(({ name }) => name)).toEqual(["failed.example"]);
  });

  it("are looked at a few at a time until none is left, and one that is added meanwhile is among them", async () => {
    const owner = await makeOwner();
    await addMany(owner.team.id, list(300).join("\n"), owner.user);
    const looked: string[] = [];
    let started = 0;
    let running = 0;
    let most = 0;
    await lookUpDue(async ({ name, ids }) => {
      most = Math.max(most, ++running);
      if (++started === 10) await makeDomain(owner, "added-late.example");
      for (const id of ids) await storeLookup(id);
      running--;
      looked.push(name);
    });
    expect(looked.toSorted()).toEqual([...list(300), "added-late.example"].toSorted());
    expect(most).toBe(SCHEDULED_AT_ONCE);
    expect(looked.indexOf("added-late.example")).toBeLessThan(100);
  });

  it("are all looked at when one of them fails, and that is told", async () => {
    const { team, user } = await makeOwner();
    await addMany(team.id, list(20).join("\n"), user);
    let looked = 0;
    const all = lookUpDue(async ({ name }) => {
      looked++;
      if (name === "d7.example") throw new Error("It cannot be kept.");
    });
    await expect(all).rejects.toThrow("1 lookups could not be made or kept");
    expect(looked).toBe(20);
  });
});

describe("asking for a job", () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  it("does nothing while no worker has ever been there", async () => {
    expect(await askForJob("never-there")).toBe(false);
  });

  it("has it done soon, without waiting for its time", async () => {
    let runs = 0;
    const job = { name: "once-a-year", cron: "0 0 1 1 *", run: async () => void runs++ };
    stops.push(
      await startJobs([job], (what, error) => {
        throw new Error(what, { cause: error });
      }),
    );
    const until = async (count: number) => {
      for (const end = Date.now() + 20_000; runs < count && Date.now() < end; ) await sleep(100);
      expect(runs).toBe(count);
    };
    await until(1);
    expect(await askForJob("once-a-year")).toBe(true);
    await until(2);
  });
});

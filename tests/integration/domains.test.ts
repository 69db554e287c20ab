import { describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { createDomain, deleteDomain, domainNamed, domainOfInbox, findDomains, newDomain } from "#lib/db/domains.ts";
import { keepLookup, latestLookup } from "#lib/db/lookups.ts";
import { addDomain } from "#lib/domains/add-domain.ts";
import { destinationsOf } from "#lib/domains/inbox.ts";
import { removeDomain } from "#lib/domains/remove-domain.ts";
import { makeSampleFacts } from "#prisma/sample-facts.ts";
import { makePolicy } from "#prisma/seed.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner, together } from "./people.ts";
import { file, makeDomain, reportAbout, rowsOf, upload } from "./reports.ts";

await ownDatabase();

const lookup = (checkedAt: Date, worst = "pass") => {
  const facts = makeSampleFacts(checkedAt);
  const nothing = { policies: [], follow: () => ({ seen: [], changes: [] }) };
  return { checkedAt, worst, mode: "testing", facts, verdicts: [], ...nothing };
};

describe("adding a domain", () => {
  it.each([
    ["Example.ORG.", "example.org"],
    ["  bücher.example ", "xn--bcher-kva.example"],
    ["例え。テスト", "xn--r8jz45g.xn--zckzah"],
    ["faß.example", "xn--fa-hia.example"],
  ])("takes %o as %s", async (typed, name) => {
    const { team, user } = await makeOwner();
    expect(await addDomain(team.id, typed, user)).toMatchObject({ teamId: team.id, name, sample: false });
    expect(await domainNamed(team.id, name)).toMatchObject({ name });
  });

  it.each([
    ["co.uk", "Names are registered below co.uk"],
    ["github.io", "its operator gives names to its customers"],
    ["192.0.2.1", "is an IP address"],
    ["[2001:db8::1]", "is an IP address"],
    ["ada@example.org", "This is an e-mail address."],
    ["https://example.org/x", "This is a web address."],
    ["_mta-sts.example.org", "no underscore"],
    ["localhost", "is a single word"],
    ["exa mple.org", "A blank cannot be part"],
    ["example.org\0", "A control character cannot be part"],
    ["", "Enter a domain name"],
    [undefined, "Enter a domain name"],
    [{}, "Enter a domain name"],
    [`${"x".repeat(64)}.org`, "at most 63 characters"],
    ["x".repeat(100_000), "at most 253 characters"],
  ])("refuses %j with a sentence", async (typed, sentence) => {
    const { team, user } = await makeOwner();
    const refused = await addDomain(team.id, typed, user).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "Refused", field: "domain", message: expect.stringContaining(sentence) });
    expect(await findDomains(null, team.slug)).toEqual([]);
  });

  it("takes a name once per team, in whatever notation, also twice at the same moment", async () => {
    const { team, user } = await makeOwner();
    const names = ["zürich.example", "ZÜRICH.example", "xn--zrich-kva.example."];
    const { values, errors } = await together(names.map((name) => () => addDomain(team.id, name, user)));
    expect(values).toHaveLength(1);
    expect(new Set(errors.map(String))).toEqual(
      new Set(["Refused: xn--zrich-kva.example is one of your team's domains already."]),
    );
    const other = await makeOwner("Other");
    expect(await addDomain(other.team.id, "zürich.example", other.user)).toMatchObject({ teamId: other.team.id });
    expect(await findDomains("xn--zrich-kva.example", null)).toHaveLength(2);
    expect(await findDomains("xn--zrich-kva.example", team.slug)).toMatchObject([{ team: team.slug }]);
  });
});

describe("an inbox token", () => {
  it("is a secret of at least 128 bits, made for each domain anew", async () => {
    const tokens = Array.from({ length: 2_000 }, () => newDomain("team", "example.org", false).inboxToken);
    expect(new Set(tokens).size).toBe(tokens.length);
    const letters = new Set(tokens.join(""));
    expect(26 * Math.log2(letters.size)).toBeGreaterThanOrEqual(128);
    for (const token of tokens) expect(token).toMatch(/^[a-z2-9]{26}$/);
  });

  it("leads to its domain, and in no other notation", async () => {
    const domain = await makeDomain(await makeOwner());
    const { inboxToken } = domain;
    expect(await domainOfInbox(inboxToken)).toEqual(domain);
    const wrong = ["", inboxToken.toUpperCase(), inboxToken.slice(1), `${inboxToken}\0`, `${inboxToken}%`, "%", "_"];
    for (const token of wrong) expect(await domainOfInbox(token)).toBeNull();
    expect(destinationsOf(inboxToken).https.address).toBe(`http://localhost:3000/api/tls-reports/${inboxToken}`);
  });

  it("is unique: the database itself refuses a second one", async () => {
    const owner = await makeOwner();
    const { inboxToken } = await makeDomain(owner);
    const twin = { ...newDomain(owner.team.id, "twin.example", false), inboxToken };
    await expect(createDomain(twin, owner.user)).rejects.toThrow();
    expect(await domainNamed(owner.team.id, "twin.example")).toBeNull();
  });
});

describe("removing a domain", () => {
  it("takes all with it, in every table, and nothing of another domain", async () => {
    const owner = await makeOwner();
    const [domain, other] = [await makeDomain(owner), await makeDomain(owner)];
    for (const { id, name } of [domain, other]) {
      const details = [{ "result-type": "certificate-expired", "failed-session-count": 3 }];
      const report = reportAbout(name, { policies: [makePolicy({ domain: name, details })] });
      const dmarc = { bytes: Buffer.from("<?xml version='1.0'?><feedback/>"), fileName: "dmarc.xml" };
      await upload(name === domain.name ? domain : other, [file(report), dmarc]);
      await keepLookup(id, lookup(new Date()));
    }
    const before = await rowsOf(other.id);
    expect(Object.keys(before)).toEqual([
      ...["day_totals", "failure_totals", "failures", "lookups", "policy_results", "quarantined"],
      ...["raw_files", "reports"],
    ]);
    await removeDomain(domain, ` ${domain.name.toUpperCase()}. `, owner.user);
    expect(await rowsOf(domain.id)).toEqual({});
    expect(await domainOfInbox(domain.inboxToken)).toBeNull();
    expect(await rowsOf(other.id)).toEqual(before);
  });

  it("wants the name typed, in Unicode or as A-labels", async () => {
    const owner = await makeOwner();
    const domain = await makeDomain(owner, "xn--bcher-kva.example");
    for (const typed of ["", "bucher.example", undefined, "example", { toString: () => domain.name }]) {
      await expect(removeDomain(domain, typed, owner.user)).rejects.toThrow("Type bücher.example to confirm.");
    }
    await removeDomain(domain, "Bücher.example", owner.user);
    await expect(removeDomain(domain, "bücher.example", owner.user)).rejects.toThrow("This domain was not found.");
  });

  it("is done once when it is asked for twice at the same moment", async () => {
    const owner = await makeOwner();
    const domain = await makeDomain(owner);
    const { values, errors } = await together([1, 2].map(() => () => removeDomain(domain, domain.name, owner.user)));
    expect([values.length, errors.map(({ name }) => name)]).toEqual([1, ["NotFound"]]);
    expect(
      await sql("SELECT 1 FROM audit_events WHERE subject = $1 AND action = 'domain.removed'", [domain.name]),
    ).toHaveLength(1);
  });

  it("of another team's domain finds nothing", async () => {
    const [owner, stranger] = [await makeOwner(), await makeOwner("Stranger")];
    const domain = await makeDomain(owner);
    await expect(deleteDomain(stranger.team.id, domain.name, stranger.user)).rejects.toThrow("not found");
    expect(await domainNamed(stranger.team.id, domain.name)).toBeNull();
    expect(await domainNamed(owner.team.id, domain.name)).toEqual(domain);
  });

  it("is no fault of a lookup that was under way", async () => {
    const owner = await makeOwner();
    const domain = await makeDomain(owner);
    await removeDomain(domain, domain.name, owner.user);
    await keepLookup(domain.id, lookup(new Date()));
    expect(await latestLookup(domain.id)).toBeNull();
  });
});

describe("stored lookups", () => {
  it("come back as they were, also with what jsonb cannot hold", async () => {
    const domain = await makeDomain(await makeOwner());
    const now = new Date("2020-11-22T12:00:00.123Z");
    const kept = lookup(now);
    await keepLookup(domain.id, kept);
    const { id: _, ...back } = (await latestLookup(domain.id)) ?? { id: "" };
    const { policies: __, follow: ___, ...shown } = kept;
    expect(back).toEqual({ ...shown, facts: JSON.parse(JSON.stringify(kept.facts)) });
    await keepLookup(domain.id, { ...kept, checkedAt: new Date(), facts: { ...kept.facts, domain: "a\0\ud800b" } });
    expect((await latestLookup(domain.id))?.facts.domain).toBe("a\ufffd\ufffdb");
  });
});

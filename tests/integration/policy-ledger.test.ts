import { describe, expect, it } from "vitest";
import type { Facts } from "#lib/checks/gather.ts";
import { keepLookup } from "#lib/db/lookups.ts";
import { policyLedger } from "#lib/db/policy-ledger.ts";
import { lookupToKeep } from "#lib/lookups/history.ts";
import { factsWith, failed, fetched, httpWith, notReached, served, stsOf } from "#tests/unit/checks/facts.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner, together } from "./people.ts";
import { makeDomain } from "./reports.ts";

await ownDatabase({ timezone: "America/New_York" });
const owner = await makeOwner();
const at = (day: number) => new Date(Date.UTC(2026, 10, day, 8));

const policy = (mode: string, maxAge = 604_800) =>
  `version: STSv1\nmode: ${mode}\nmx: mx1.example.org\nmax_age: ${maxAge}\n`;
const [A, B] = [policy("testing"), policy("enforce", 86_400)];
const record = (id: string): Partial<Facts> => ({ stsTxt: stsOf(`v=STSv1; id=${id};`) });
const UNANSWERED: Partial<Facts> = { stsTxt: failed("", "TXT", "timeout") };
const NO_RECORD: Partial<Facts> = { stsTxt: failed("", "TXT", "no-such-name") };

function keep(domainId: string, day: number, body: string | null, changes: Partial<Facts> = {}): Promise<void> {
  const facts = factsWith({ policyFetch: body === null ? notReached("connection-timeout") : served(body), ...changes });
  return keepLookup(domainId, lookupToKeep({ checkedAt: at(day), worst: "pass", verdicts: [], facts }));
}

/** The ledger in few words: id, mode, max_age, first and last day. */
const ledger = async (domainId: string) =>
  (await policyLedger(domainId, 100)).map(({ id, mode, maxAge, firstSeen, lastSeen }) =>
    [id, mode, maxAge, firstSeen.getUTCDate(), lastSeen.getUTCDate()].join(" "),
  );

describe("the policy ledger", () => {
  it("has a row for each text under each id, with the first and the last time that it was seen", async () => {
    const [domain, other] = [await makeDomain(owner), await makeDomain(owner)];
    expect(await ledger(domain.id)).toEqual([]);
    await keep(domain.id, 1, A, record("1"));
    await keep(domain.id, 2, A, record("1"));
    await keep(domain.id, 3, B, record("1"));
    await keep(domain.id, 4, B, record("2"));
    await keep(domain.id, 5, A, record("1"));
    await keep(other.id, 9, B, record("9"));
    expect(await ledger(domain.id)).toEqual(["1 testing 604800 1 5", "2 enforce 86400 4 4", "1 enforce 86400 3 3"]);
    expect((await policyLedger(domain.id, 100)).map(({ body }) => body)).toEqual([A, B, B]);
    expect(await policyLedger(domain.id, 2)).toHaveLength(2);
    expect(await ledger(other.id)).toEqual(["9 enforce 86400 9 9"]);
  });

  it("gives a text whose record was not answered the id that it had last, and none where it never had one", async () => {
    const domain = await makeDomain(owner);
    await keep(domain.id, 1, A, record("1"));
    await keep(domain.id, 2, A, record("2"));
    await keep(domain.id, 3, A, UNANSWERED);
    await keep(domain.id, 4, B, UNANSWERED);
    await keep(domain.id, 5, A, NO_RECORD);
    expect(await ledger(domain.id)).toEqual([
      ...[" testing 604800 5 5", " enforce 86400 4 4", "2 testing 604800 2 3", "1 testing 604800 1 1"],
    ]);
    expect((await policyLedger(domain.id, 1))[0]?.id).toBeNull();
  });

  it("keeps what each address of the policy host serves, octet for octet", async () => {
    const domain = await makeDomain(owner);
    const octets = `${A}note: caf\xc3\xa9\r\n`;
    await keep(domain.id, 1, A, { ...record("1"), policyFetches: [served(A), served(octets), served(B)] });
    const bodies = (await policyLedger(domain.id, 100)).map(({ body }) => body);
    expect(new Set(bodies)).toEqual(new Set([A, octets, B]));
    expect(bodies).toHaveLength(3);
  });

  it("has nothing of what no sender can use, and is not touched when the host was not reached", async () => {
    const domain = await makeDomain(owner);
    await keep(domain.id, 1, A, record("1"));
    const before = await ledger(domain.id);
    await keep(domain.id, 2, null, record("1"));
    await keep(domain.id, 3, "mode: none", record("1"));
    await keep(domain.id, 4, null, { policyFetch: fetched({ http: httpWith({ status: 404, body: B }) }) });
    expect(await ledger(domain.id)).toEqual(before);
  });

  it("counts each version once when several lookups are stored at the same moment, in whatever order", async () => {
    const domain = await makeDomain(owner);
    const days = [7, 3, 9, 1, 5, 8, 2];
    const { errors } = await together(
      days.map((day) => () => keep(domain.id, day, day % 2 === 0 ? B : A, record("1"))),
    );
    expect(errors).toEqual([]);
    expect(await ledger(domain.id)).toEqual(["1 testing 604800 1 9", "1 enforce 86400 2 8"]);
  });
});

import { describe, expect, it } from "vitest";
import { auditTrail } from "#lib/db/audit.ts";
import { sql } from "#lib/db/client.ts";
import {
  claimMailbox,
  leasedMailbox,
  noteFailure,
  noteReached,
  releaseLease,
  renewLease,
} from "#lib/db/mailbox-lease.ts";
import {
  changeMailbox,
  createMailbox,
  deleteMailbox,
  enableMailbox,
  type MailboxSettings,
  mailboxesOf,
  mailboxOf,
} from "#lib/db/mailboxes.ts";
import { newId } from "#lib/db/new-id.ts";
import { saveEntered } from "#lib/doors/change-mailbox.ts";
import { sealCredentials } from "#lib/doors/mailbox-credentials.ts";
import { NotFound } from "#lib/errors.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner, together } from "./people.ts";
import { makeDomain } from "./reports.ts";

await ownDatabase();

const PASSWORD = "nobody else may read this";
const owner = await makeOwner();
const stranger = await makeOwner("Sam");
const domain = await makeDomain(owner);
const team = owner.team.id;
const settings: MailboxSettings = {
  ...{ host: "imap.example.org", port: 993, security: "tls", userName: "reports", auth: "password" },
  ...{ folder: "INBOX", afterwards: "leave", moveTo: null, trayDomainId: domain.id },
};
const secretOf = (id: string) => sealCredentials({ kind: "password", password: PASSWORD }, id);

async function newMailbox(): Promise<string> {
  const id = newId();
  await createMailbox(team, id, settings, secretOf(id), owner.user);
  return id;
}

describe("a team's mailbox", () => {
  it("is nobody else's", async () => {
    const id = await newMailbox();
    const other = stranger.team.id;
    const own = await makeDomain(stranger);
    expect(await mailboxOf(other, id)).toBeNull();
    expect(await mailboxesOf(other)).toEqual([]);
    const theirs = { ...settings, trayDomainId: own.id };
    const tries = [
      () => changeMailbox(other, id, theirs, secretOf(id), stranger.user),
      () => enableMailbox(other, id, false, stranger.user),
      () => deleteMailbox(other, id, stranger.user),
      // A domain of another team cannot keep what comes.
      () => createMailbox(other, newId(), settings, secretOf(id), stranger.user),
      () => changeMailbox(team, id, theirs, secretOf(id), owner.user),
      () => saveEntered(stranger.team, id, {}, stranger.user),
      () => deleteMailbox(team, "no id", owner.user),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toThrow(NotFound);
    expect(await mailboxOf(team, id)).toMatchObject(settings);
    await deleteMailbox(team, id, owner.user);
  });

  it("leaves a trail of all that is changed, and of nothing that is secret", async () => {
    const id = await newMailbox();
    await changeMailbox(team, id, { ...settings, afterwards: "delete" }, secretOf(id), owner.user);
    await enableMailbox(team, id, false, owner.user);
    await enableMailbox(team, id, false, owner.user); // it is already
    await enableMailbox(team, id, true, owner.user);
    await deleteMailbox(team, id, owner.user);
    const { events } = await auditTrail(team, { skip: 0, take: 5 });
    expect(events.map(({ action }) => action)).toEqual([
      ...["mailbox.removed", "mailbox.resumed", "mailbox.paused", "mailbox.changed", "mailbox.added"],
    ]);
    expect(events[3]).toMatchObject({ before: { afterwards: "leave" }, after: { afterwards: "delete" } });
    const written = await sql<{ text: string }>("SELECT audit_events::text AS text FROM audit_events", []);
    expect(written.filter(({ text }) => text.includes(PASSWORD) || text.includes("secret"))).toEqual([]);
    expect(await sql("SELECT 1 FROM mailboxes WHERE id = $1", [id])).toEqual([]);
  });
});

describe("the right to read a mailbox", () => {
  it("is given to one of many who ask at the same moment, and again when it is over or given back", async () => {
    const id = await newMailbox();
    const { values } = await together(Array.from({ length: 8 }, () => () => claimMailbox()));
    const [lease, ...more] = values.filter((one) => one !== null);
    expect(lease?.mailboxId).toBe(id);
    expect(more).toEqual([]);
    if (lease === undefined) return;
    expect(await renewLease(lease)).toBe(true);
    await sql("UPDATE mailboxes SET lease_until = now() - interval '1 second' WHERE id = $1", [id]);
    const next = await claimMailbox();
    expect(next).not.toBeNull();
    expect(await renewLease(lease)).toBe(false);
    expect(await noteReached(lease, { lastUid: 9n, taken: 1 }, new Date())).toBe(false);
    await releaseLease(lease); // somebody else's by now
    expect(await claimMailbox()).toBeNull();
    if (next !== null) await releaseLease(next);
    expect(await claimMailbox()).not.toBeNull();
    expect(await mailboxOf(team, id)).toMatchObject({ lastUid: 0n, taken: 0n });
    await deleteMailbox(team, id, owner.user);
  });

  it("ends when the mailbox is changed, paused or removed; another folder is read from its beginning", async () => {
    const id = await newMailbox();
    const ends = [
      () => changeMailbox(team, id, { ...settings, afterwards: "seen" }, secretOf(id), owner.user),
      () => changeMailbox(team, id, { ...settings, folder: "Reports" }, secretOf(id), owner.user),
      () => enableMailbox(team, id, false, owner.user),
      () => deleteMailbox(team, id, owner.user),
    ];
    for (const [at, end] of ends.entries()) {
      if (at === 3) await enableMailbox(team, id, true, owner.user);
      const lease = await claimMailbox();
      if (lease === null) throw new Error("It is free.");
      await noteReached(lease, { uidValidity: 7n, lastUid: 5n, waiting: 2 }, new Date());
      await end();
      expect(await leasedMailbox(lease)).toBeNull();
      expect(await noteReached(lease, { lastUid: 6n }, new Date())).toBe(false);
      await noteFailure(lease, "It is too late to say so.", new Date());
      const after = await mailboxOf(team, id);
      expect(after?.failure ?? null).toBeNull();
      if (at === 0) expect(after).toMatchObject({ uidValidity: 7n, lastUid: 5n });
      if (at === 1) expect(after).toMatchObject({ uidValidity: null, lastUid: 0n, waiting: 0n });
    }
  });

  it("lets its holder note a failure: since when stays that of the first one, and ends with the next success", async () => {
    const id = await newMailbox();
    const lease = await claimMailbox();
    if (lease === null) throw new Error("It is free.");
    const [first, second] = [new Date("2026-05-04T00:00:00Z"), new Date("2026-05-05T00:00:00Z")];
    await noteFailure(lease, "One.", first);
    await noteFailure(lease, "Two.", second);
    expect(await mailboxOf(team, id)).toMatchObject({ failure: "Two.", failingSince: first });
    await noteReached(lease, {}, second);
    expect(await mailboxOf(team, id)).toMatchObject({ failure: null, failingSince: null, lastSeenAt: second });
    await deleteMailbox(team, id, owner.user);
  });
});

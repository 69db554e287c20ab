import { describe, expect, it } from "vitest";
import { changeRole, leaveTeam, removeMember } from "#lib/accounts/change-member.ts";
import { acceptWithNewAccount, invite } from "#lib/accounts/invite.ts";
import { changeName, changeOwnPassword } from "#lib/accounts/own-account.ts";
import { passwordResetLink, resetPassword } from "#lib/accounts/reset-password.ts";
import { auditTrail } from "#lib/db/audit.ts";
import { sql } from "#lib/db/client.ts";
import { openInvitations, withdrawInvitation } from "#lib/db/invitations.ts";
import { openSession, revokeOtherSessions, revokeSession } from "#lib/db/sessions.ts";
import { createTeam, membershipIn, renameTeam } from "#lib/db/teams.ts";
import { addDomain } from "#lib/domains/add-domain.ts";
import { removeDomain } from "#lib/domains/remove-domain.ts";
import { addSample } from "#lib/domains/sample.ts";
import { ownDatabase } from "./database.ts";
import { makeMember, makeOwner, newEmail, type Person } from "./people.ts";

await ownDatabase();

/** What a change adds to the trail of a team: who, what, of what, before and after. */
async function addedBy(person: Person, change: () => Promise<unknown>) {
  const { total } = await auditTrail(person.team.id, { skip: 0, take: 0 });
  await change();
  const { events, total: now } = await auditTrail(person.team.id, { skip: 0, take: 100 });
  return events
    .slice(0, now - total)
    .reverse()
    .map(({ actor, userId, action, subject, before, after }) => ({ actor, userId, action, subject, before, after }));
}

const by = ({ user }: Person) => ({ actor: user.email, userId: user.userId, before: null, after: null });

describe("the audit trail of a team", () => {
  it("begins with the team itself", async () => {
    const owner = await makeOwner();
    const { events } = await auditTrail(owner.team.id, { skip: 0, take: 10 });
    expect(events).toMatchObject([
      { ...by(owner), action: "team.created", subject: owner.team.name, after: { name: owner.team.name } },
    ]);
  });

  it("tells of a new name", async () => {
    const owner = await makeOwner();
    expect(await addedBy(owner, () => renameTeam(owner.team.id, "Renamed", owner.user))).toEqual([
      {
        ...by(owner),
        action: "team.renamed",
        subject: "Renamed",
        before: { name: owner.team.name },
        after: { name: "Renamed" },
      },
    ]);
  });

  it("tells of invitations: given, taken back, accepted", async () => {
    const owner = await makeOwner();
    const email = newEmail();
    const send = () => invite(owner.team, { email, role: "viewer" }, { ...owner.user, role: "owner" });
    expect(await addedBy(owner, send)).toEqual([
      { ...by(owner), action: "member.invited", subject: email, after: { role: "viewer" } },
    ]);
    const id = (await openInvitations(owner.team.id))[0]?.id ?? "";
    expect(await addedBy(owner, () => withdrawInvitation(owner.team.id, id, owner.user))).toEqual([
      { ...by(owner), action: "invitation.withdrawn", subject: email, before: { role: "viewer" } },
    ]);
    const token = (await send()).link.split("/").at(-1) ?? "";
    const accept = () => acceptWithNewAccount(token, { name: "Vera", password: "correct horse battery" });
    expect(await addedBy(owner, accept)).toEqual([
      {
        ...{ actor: email, userId: expect.any(String), before: null },
        ...{ action: "invitation.accepted", subject: email, after: { role: "viewer" } },
      },
    ]);
  });

  it("tells of roles: changed, taken, left; and nothing where nothing changed", async () => {
    const owner = await makeOwner();
    const [a, b] = [await makeMember(owner, "viewer"), await makeMember(owner, "admin")];
    const change = (role: string) => () => changeRole(owner, a.user.userId, role);
    expect(await addedBy(owner, change("operator"))).toEqual([
      {
        ...by(owner),
        action: "member.role-changed",
        subject: a.user.email,
        before: { role: "viewer" },
        after: { role: "operator" },
      },
    ]);
    expect(await addedBy(owner, change("operator"))).toEqual([]);
    expect(await addedBy(owner, () => removeMember(owner, a.user.userId))).toEqual([
      { ...by(owner), action: "member.removed", subject: a.user.email, before: { role: "operator" } },
    ]);
    expect(await addedBy(owner, () => leaveTeam(b))).toEqual([
      { ...by(b), action: "member.removed", subject: b.user.email, before: { role: "admin" } },
    ]);
    expect(await addedBy(owner, () => leaveTeam(owner).catch(() => null))).toEqual([]);
  });

  it("tells of domains: added, sample data, removed with what was in them", async () => {
    const owner = await makeOwner();
    const add = () => addDomain(owner.team.id, "Bücher.example", owner.user);
    expect(await addedBy(owner, add)).toEqual([
      {
        ...by(owner),
        action: "domain.added",
        subject: "xn--bcher-kva.example",
        after: { name: "xn--bcher-kva.example", sample: false },
      },
    ]);
    expect(await addedBy(owner, () => add().catch(() => null))).toEqual([]);
    const sample = { name: "sample-mail.example", sample: true };
    expect(await addedBy(owner, () => addSample(owner.team.id, owner.user, new Date("2026-11-22T12:00:00Z")))).toEqual([
      { ...by(owner), action: "domain.added", subject: sample.name, after: sample },
    ]);
    const [row] = await sql<{ id: string; teamId: string; name: string; inboxToken: string; createdAt: Date }>(
      `SELECT id, team_id AS "teamId", name, inbox_token AS "inboxToken", created_at AS "createdAt"
       FROM domains WHERE sample AND team_id = $1`,
      [owner.team.id],
    );
    if (row === undefined) throw new Error("There is no sample domain.");
    expect(
      await addedBy(owner, () =>
        removeDomain(
          { ...row, sample: true, badge: false, previousInboxToken: null, previousInboxUntil: null },
          row.name,
          owner.user,
        ),
      ),
    ).toEqual([
      {
        ...by(owner),
        action: "domain.removed",
        subject: sample.name,
        before: { ...sample, reports: expect.any(Number) },
      },
    ]);
  });

  it("is paged, the latest first, and holds nothing of another team", async () => {
    const [owner, stranger] = [await makeOwner(), await makeOwner("Stranger")];
    for (let count = 1; count <= 4; count++) await renameTeam(owner.team.id, `Name ${count}`, owner.user);
    const { events, total } = await auditTrail(owner.team.id, { skip: 1, take: 2 });
    expect([total, ...events.map(({ subject }) => subject)]).toEqual([5, "Name 3", "Name 2"]);
    expect((await auditTrail(owner.team.id, { skip: 50, take: 50 })).total).toBe(5);
    expect((await auditTrail(stranger.team.id, { skip: 0, take: 50 })).total).toBe(1);
  });
});

describe("the audit trail of an account", () => {
  it("tells of each change to it", async () => {
    const { user, sessionId } = await makeOwner();
    await changeName(user, { name: "Countess" });
    await changeOwnPassword(user, { password: "correct horse battery" });
    const token = (await passwordResetLink(user.email))?.split("/").at(-1) ?? "";
    await resetPassword(token, { password: "another horse battery" });
    const other = await openSession(user.userId, "", "");
    await revokeSession(other, user);
    await openSession(user.userId, "", "");
    await revokeOtherSessions(sessionId, user);
    await createTeam(user, "Second", user.userId);
    const rows = await sql(
      "SELECT actor, action, subject, before, after FROM audit_events WHERE user_id = $1 AND team_id IS NULL ORDER BY id",
      [user.userId],
    );
    const own = { actor: user.email, subject: user.email, before: null, after: null };
    expect(rows).toEqual([
      { ...own, action: "account.created" },
      { ...own, action: "account.renamed", before: { name: "Ada" }, after: { name: "Countess" } },
      { ...own, action: "password.changed" },
      { ...own, action: "password.changed", actor: `${user.email} (reset link)` },
      { ...own, action: "session.revoked", subject: other },
      { ...own, action: "sessions.revoked", before: { count: 1 } },
    ]);
    expect(await membershipIn(user.userId, "second")).toMatchObject({ role: "owner" });
  });
});

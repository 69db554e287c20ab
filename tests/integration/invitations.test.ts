import { describe, expect, it } from "vitest";
import { acceptAs, acceptWithNewAccount, invite, readInvitation } from "#lib/accounts/invite.ts";
import { hashLinkToken } from "#lib/accounts/link-token.ts";
import { deleteExpired } from "#lib/db/clean-up.ts";
import { sql } from "#lib/db/client.ts";
import { openInvitations, withdrawInvitation } from "#lib/db/invitations.ts";
import { changeMember, membershipIn, membersOf, type Role } from "#lib/db/teams.ts";
import { findUserByEmail } from "#lib/db/users.ts";
import { ownDatabase } from "./database.ts";
import { makeMember, makeOwner, newEmail, type Person, together } from "./people.ts";

await ownDatabase();

const form = { name: "Grace", password: "correct horse battery" };

async function inviteTo(inviter: Person, role: Role = "operator", email = newEmail()) {
  const { link } = await invite(inviter.team, { email, role }, { ...inviter.user, role: inviter.role });
  return { email, token: link.split("/").at(-1) ?? "" };
}

describe("an invitation", () => {
  it("makes an account for the address that was invited, with the role that was given", async () => {
    const owner = await makeOwner();
    const { email, token } = await inviteTo(owner, "viewer");
    expect(await readInvitation(token)).toEqual({ email, role: "viewer", team: owner.team.name });
    const { userId, slug } = await acceptWithNewAccount(token, { ...form, email: "other@example.org" });
    expect(await membershipIn(userId, slug)).toMatchObject({ teamId: owner.team.id, role: "viewer" });
    expect(await findUserByEmail(email)).toMatchObject({ id: userId, name: "Grace" });
  });

  it("is accepted once when it is opened by many at the same moment", async () => {
    const owner = await makeOwner();
    const { token } = await inviteTo(owner);
    const people = await Promise.all(Array.from({ length: 4 }, () => makeOwner("Guest")));
    const { values, errors } = await together(
      people.map(
        ({ user }) =>
          () =>
            acceptAs(token, user.userId),
      ),
    );
    expect(values).toEqual([owner.team.slug]);
    expect(new Set(errors.map(String))).toEqual(new Set(["NotFound: This invitation was not found."]));
    expect(await membersOf(owner.team.id)).toHaveLength(2);
    expect(await readInvitation(token)).toBeNull();
  });

  it("is accepted once when its form is sent twice", async () => {
    const { email, token } = await inviteTo(await makeOwner());
    const { values, errors } = await together([1, 2].map(() => () => acceptWithNewAccount(token, form)));
    expect(values).toHaveLength(1);
    expect(errors.map(({ name }) => name)).toEqual(["NotFound"]);
    expect(await findUserByEmail(email)).not.toBeNull();
  });

  it("stays open when the form is refused or the address has an account already", async () => {
    const owner = await makeOwner();
    const guest = await makeOwner("Guest");
    const { token } = await inviteTo(owner, "admin", guest.user.email);
    await expect(acceptWithNewAccount(token, { ...form, password: "short" })).rejects.toThrow("at least 12");
    await expect(acceptWithNewAccount(token, form)).rejects.toThrow("Sign in instead.");
    expect(await acceptAs(token, guest.user.userId)).toBe(owner.team.slug);
  });

  it("works no more once it has expired, and is deleted a month later", async () => {
    const owner = await makeOwner();
    const { email, token } = await inviteTo(owner);
    const age = (days: number) =>
      sql("UPDATE invitations SET expires_at = now() - make_interval(days => $2) WHERE token_hash = $1", [
        ...[hashLinkToken(token), days],
      ]);
    await age(0);
    expect(await readInvitation(token)).toBeNull();
    expect(await openInvitations(owner.team.id)).toEqual([]);
    await expect(acceptWithNewAccount(token, form)).rejects.toThrow("was not found");
    await expect(acceptAs(token, owner.user.userId)).rejects.toThrow("was not found");
    expect(await findUserByEmail(email)).toBeNull();
    await age(31);
    await deleteExpired();
    expect(await sql("SELECT 1 FROM invitations WHERE team_id = $1", [owner.team.id])).toEqual([]);
  });

  it("works no more once it was taken back, which only its own team can do", async () => {
    const [owner, stranger] = [await makeOwner(), await makeOwner("Stranger")];
    const { token } = await inviteTo(owner);
    const id = (await openInvitations(owner.team.id))[0]?.id ?? "";
    await expect(withdrawInvitation(stranger.team.id, id, stranger.user)).rejects.toThrow("was not found");
    await expect(withdrawInvitation(owner.team.id, "no id", owner.user)).rejects.toThrow("was not found");
    await withdrawInvitation(owner.team.id, id, owner.user);
    await expect(acceptWithNewAccount(token, form)).rejects.toThrow("was not found");
    await expect(withdrawInvitation(owner.team.id, id, owner.user)).rejects.toThrow("was not found");
  });

  it("cannot be taken back any more once it was accepted", async () => {
    const owner = await makeOwner();
    const { token } = await inviteTo(owner);
    const id = (await openInvitations(owner.team.id))[0]?.id ?? "";
    const { userId, slug } = await acceptWithNewAccount(token, form);
    await expect(withdrawInvitation(owner.team.id, id, owner.user)).rejects.toThrow("was not found");
    expect(await membershipIn(userId, slug)).not.toBeNull();
  });

  it("replaces an older open one for the same address", async () => {
    const owner = await makeOwner();
    const first = await inviteTo(owner, "admin");
    const second = await inviteTo(owner, "viewer", first.email.toUpperCase());
    expect(await readInvitation(first.token)).toBeNull();
    expect(await readInvitation(second.token)).toMatchObject({ email: first.email, role: "viewer" });
  });

  it("leaves a member the role they have", async () => {
    const owner = await makeOwner();
    const admin = await makeMember(owner, "admin");
    await expect(inviteTo(owner, "viewer", admin.user.email)).rejects.toThrow("is a member of this team already");
    const { token } = await inviteTo(owner, "viewer");
    expect(await acceptAs(token, admin.user.userId)).toBe(owner.team.slug);
    expect(await membershipIn(admin.user.userId, owner.team.slug)).toMatchObject({ role: "admin" });
    const [event] = await sql(
      "SELECT after FROM audit_events WHERE team_id = $1 AND action = 'invitation.accepted' ORDER BY id DESC LIMIT 1",
      [owner.team.id],
    );
    expect(event).toEqual({ after: { role: "admin" } });
  });

  it("ends with the membership of whoever gave it, and with the right to give it", async () => {
    const owner = await makeOwner();
    const [gone, lesser] = [await makeMember(owner, "admin"), await makeMember(owner, "owner")];
    const ofGone = await inviteTo(gone, "admin");
    const [asOwner, asAdmin] = [await inviteTo(lesser, "owner"), await inviteTo(lesser, "admin")];
    await changeMember(owner.team.id, gone.user.userId, { from: "admin", to: null, mayInvite: [] }, owner.user);
    await changeMember(
      ...[owner.team.id, lesser.user.userId],
      { from: "owner", to: "admin", mayInvite: ["admin", "operator", "viewer"] },
      owner.user,
    );
    expect(await readInvitation(ofGone.token)).toBeNull();
    expect(await readInvitation(asOwner.token)).toBeNull();
    expect(await readInvitation(asAdmin.token)).toMatchObject({ role: "admin" });
  });

  it("is given by whoever may give the role only", async () => {
    const owner = await makeOwner();
    const admin = await makeMember(owner, "admin");
    await expect(inviteTo(admin, "owner")).rejects.toThrow("Only an owner can make somebody an owner.");
    await expect(inviteTo({ ...admin, role: "operator" }, "viewer")).rejects.toThrow("Only an owner");
    await expect(
      invite(owner.team, { email: newEmail(), role: "root" }, { ...owner.user, role: "owner" }),
    ).rejects.toThrow("Choose a role.");
  });
});

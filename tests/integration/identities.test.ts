import { describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { type ForeignIdentity, userOfIdentity } from "#lib/db/identities.ts";
import { createInvitation } from "#lib/db/invitations.ts";
import { sessionsOf } from "#lib/db/sessions.ts";
import { teamsOf } from "#lib/db/teams.ts";
import { createUserWithTeam, findUser, findUserByEmail, type SignUpRule } from "#lib/db/users.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner, newEmail, together } from "./people.ts";

await ownDatabase();

const ISSUER = "https://login.example.org";
let subjects = 0;
const person = (change: Partial<ForeignIdentity> = {}): ForeignIdentity => ({
  ...{ issuer: ISSUER, subject: `subject-${++subjects}`, email: newEmail(), emailVerified: true, name: "Grace" },
  ...change,
});

async function userIdOf(identity: ForeignIdentity, rule: SignUpRule = "open"): Promise<string> {
  const found = await userOfIdentity(identity, rule);
  if ("refused" in found) throw new Error(found.refused);
  return found.userId;
}

describe("a person from an OpenID Connect issuer", () => {
  it("is the first account for one of many who come first at the same moment, by whatever way", async () => {
    const form = { email: newEmail(), name: "Ada", passwordHash: null };
    const { values, errors } = await together<object>([
      ...Array.from({ length: 3 }, () => () => userOfIdentity(person(), "first")),
      () => createUserWithTeam(form, "Acme", "first"),
    ]);
    const made = values.filter((value) => "userId" in value);
    expect(made).toHaveLength(1);
    expect(values.length - made.length + errors.length).toBe(3);
    expect(await sql("SELECT count(*) FROM users", [])).toEqual([{ count: "1" }]);
    expect(await sql("SELECT count(*) FROM teams", [])).toEqual([{ count: "1" }]);
  });

  it("gets an account and a team where sign-up is open, and the same one the next time", async () => {
    const identity = person();
    const userId = await userIdOf(identity);
    expect((await teamsOf(userId)).map(({ name, role }) => [name, role])).toEqual([["Grace's team", "owner"]]);
    expect(await userIdOf({ ...identity, name: "Other", email: newEmail() })).toBe(userId);
    expect(await userIdOf({ ...identity, emailVerified: false })).toBe(userId);
    expect((await findUser(userId))?.name).toBe("Grace");
  });

  it("gets one account when the browser asks twice at the same moment", async () => {
    const identity = person();
    const { values } = await together([1, 2, 3].map(() => () => userIdOf(identity)));
    expect(new Set(values).size).toBe(1);
    expect(values).toHaveLength(3);
  });

  it("is somebody else at another issuer, whatever the subject", async () => {
    const identity = person();
    const elsewhere = { ...identity, issuer: "https://evil.example", email: newEmail() };
    expect(await userIdOf(elsewhere)).not.toBe(await userIdOf(identity));
  });

  it.each(["first", "open"] as const)("with an unverified address gets no account, new or old (%s)", async (rule) => {
    const { user } = await makeOwner();
    for (const email of [user.email, user.email.toUpperCase(), newEmail()]) {
      expect(await userOfIdentity(person({ email, emailVerified: false }), rule)).toEqual({ refused: "unverified" });
      expect(await sql("SELECT 1 FROM identities WHERE user_id = $1", [user.userId])).toEqual([]);
    }
  });

  it("gets an account without a team under the rule `first` when some team waits for the address", async () => {
    const owner = await makeOwner();
    const identity = person({ email: newEmail().toUpperCase() });
    expect(await userOfIdentity(identity, "first")).toEqual({ refused: "by-invitation" });
    const invitation = { teamId: owner.team.id, email: identity.email, role: "viewer", tokenHash: newEmail() } as const;
    await createInvitation(invitation, owner.user);
    const userId = await userIdOf(identity, "first");
    expect(await teamsOf(userId)).toEqual([]);
    expect((await findUserByEmail(identity.email))?.id).toBe(userId);
  });

  it("is refused under the rule `first` when the invitation has expired", async () => {
    const owner = await makeOwner();
    const identity = person();
    const invitation = { teamId: owner.team.id, email: identity.email, role: "viewer", tokenHash: newEmail() } as const;
    await createInvitation(invitation, owner.user);
    await sql("UPDATE invitations SET expires_at = now() WHERE email = $1", [identity.email]);
    expect(await userOfIdentity(identity, "first")).toEqual({ refused: "by-invitation" });
    expect(await findUserByEmail(identity.email)).toBeNull();
  });

  it("gets the account with the same verified address; whoever set its password is out", async () => {
    const email = newEmail();
    const squatter = { email, name: "Squatter", passwordHash: "$argon2id$made-up" };
    const { userId } = await createUserWithTeam(squatter, "Trap", "open");
    await sql(`INSERT INTO sessions SELECT gen_random_uuid(), $1, now(), now(), now() + interval '1 day', '', ''`, [
      userId,
    ]);
    const identity = person({ email: email.toUpperCase() });
    expect(await userIdOf(identity)).toBe(userId);
    expect((await findUser(userId))?.passwordHash).toBeNull();
    expect(await sessionsOf(userId)).toEqual([]);
    const trail = await sql("SELECT action, subject, after FROM audit_events WHERE user_id = $1 ORDER BY id", [userId]);
    expect(trail.slice(-2)).toEqual([
      { action: "password.removed", subject: email, after: null },
      { action: "identity.linked", subject: email, after: { issuer: ISSUER, subject: identity.subject } },
    ]);
  });

  it("keeps a password that was set after the link", async () => {
    const identity = person();
    const userId = await userIdOf(identity);
    await sql("UPDATE users SET password_hash = 'kept' WHERE id = $1", [userId]);
    await userIdOf(identity);
    expect((await findUser(userId))?.passwordHash).toBe("kept");
  });
});

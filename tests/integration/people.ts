import { randomBytes } from "node:crypto";
import type { SignedIn, TeamAccess } from "#lib/accounts/access.ts";
import { hashLinkToken, newLinkToken } from "#lib/accounts/link-token.ts";
import { acceptInvitation, createInvitation } from "#lib/db/invitations.ts";
import { openSession, sessionUser } from "#lib/db/sessions.ts";
import { membershipIn, type Role } from "#lib/db/teams.ts";
import { createUserWithTeam } from "#lib/db/users.ts";

/** A person in a team, as the use cases take them. */
export type Person = TeamAccess & { sessionId: string };

/** An address that nobody has yet. */
export function newEmail(name = "somebody"): string {
  return `${name.toLowerCase()}-${randomBytes(6).toString("hex")}@example.org`;
}

/** An account with a team of its own, made and signed in as by sign-up; without a password. */
export async function makeOwner(name = "Ada"): Promise<Person> {
  const email = newEmail(name);
  const { userId, slug } = await createUserWithTeam({ email, name, passwordHash: null }, `Team of ${name}`, "open");
  return access(userId, slug);
}

/** An account that joined a team by an invitation. */
export async function makeMember(owner: Person, role: Role, name: string = role): Promise<Person> {
  const { token, tokenHash } = newLinkToken();
  const email = newEmail(name);
  await createInvitation({ teamId: owner.team.id, email, role, tokenHash }, owner.user);
  const { userId, slug } = await acceptInvitation(hashLinkToken(token), { email, name, passwordHash: null });
  return access(userId, slug);
}

/** The person as they are in the team now. */
export async function access(userId: string, slug: string): Promise<Person> {
  const sessionId = await openSession(userId, "192.0.2.1", "a test");
  const found = await sessionUser(sessionId);
  const membership = await membershipIn(userId, slug);
  if (found === null || membership === null) throw new Error("There is no such member.");
  const user: SignedIn = { ...found, label: found.email };
  const { teamId: id, name, role } = membership;
  return { user, team: { id, slug, name }, role, sessionId };
}

/** What all of some tasks come to that are started at the same moment: values, and the messages of errors. */
export async function together<T>(tasks: readonly (() => Promise<T>)[]) {
  const settled = await Promise.allSettled(tasks.map((task) => task()));
  return {
    values: settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    errors: settled.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : [])),
  };
}

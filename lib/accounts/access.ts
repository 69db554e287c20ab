import type { Actor } from "#lib/db/audit.ts";
import { sessionUser } from "#lib/db/sessions.ts";
import { membershipIn, type Role } from "#lib/db/teams.ts";
import { NotFound } from "#lib/errors.ts";
import { may, type Permission } from "./roles.ts";
import { sessionIdIn } from "./session-cookie.ts";

/** Who is signed in. */
export interface SignedIn extends Actor {
  userId: string;
  sessionId: string;
  email: string;
  name: string;
  hasPassword: boolean;
}

/** A person in one of their teams, with what the role allows. */
export interface TeamAccess {
  user: SignedIn;
  team: { id: string; slug: string; name: string };
  role: Role;
}

/** The person behind a session cookie, or null. */
export async function signedIn(cookie: string | undefined): Promise<SignedIn | null> {
  const sessionId = await sessionIdIn(cookie);
  const found = sessionId === null ? null : await sessionUser(sessionId);
  return found && { ...found, label: found.email };
}

/**
 * Lets a person into a team for one purpose.
 * @throws NotFound when the team is not there, or the person is no member, or the role does not allow it: all look alike
 */
export async function authorise(user: SignedIn, slug: string, permission: Permission): Promise<TeamAccess> {
  const membership = await membershipIn(user.userId, slug);
  if (membership === null || !may(membership.role, permission)) throw new NotFound();
  const { teamId: id, name, role } = membership;
  return { user, team: { id, slug: membership.slug, name }, role };
}

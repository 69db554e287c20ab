import { changeMember, membersOf } from "#lib/db/teams.ts";
import { NotFound, Refused } from "#lib/errors.ts";
import type { TeamAccess } from "./access.ts";
import { mayAssign, ROLES } from "./roles.ts";

/** Gives a member another role. @throws Refused when the role is not this person's to give or to take, NotFound */
export async function changeRole(access: TeamAccess, userId: string, wanted: unknown): Promise<void> {
  const role = ROLES.find((known) => known === wanted);
  if (role === undefined) throw new Refused("Choose a role.", "role");
  await checkMayChange(access, userId);
  if (!mayAssign(access.role, role)) throw new Refused("Only an owner can make somebody an owner.", "role");
  await changeMember(access.team.id, userId, role, access.user);
}

/** Ends a membership. @throws Refused, NotFound */
export async function removeMember(access: TeamAccess, userId: string): Promise<void> {
  await checkMayChange(access, userId);
  await changeMember(access.team.id, userId, null, access.user);
}

async function checkMayChange(access: TeamAccess, userId: string): Promise<void> {
  const member = (await membersOf(access.team.id)).find((other) => other.userId === userId);
  if (member === undefined) throw new NotFound("This member");
  if (!mayAssign(access.role, member.role)) throw new Refused("Only an owner can change an owner.");
}

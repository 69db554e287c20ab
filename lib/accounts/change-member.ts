import { changeMember, membersOf, type Role } from "#lib/db/teams.ts";
import { NotFound, Refused } from "#lib/errors.ts";
import type { TeamAccess } from "./access.ts";
import { mayAssign, ROLES } from "./roles.ts";

/** Gives a member another role. @throws Refused when the role is not this person's to give or to take, NotFound */
export async function changeRole(access: TeamAccess, userId: string, wanted: unknown): Promise<void> {
  const role = ROLES.find((known) => known === wanted);
  if (role === undefined) throw new Refused("Choose a role.", "role");
  const from = await changeableRole(access, userId);
  if (!mayAssign(access.role, role)) throw new Refused("Only an owner can make somebody an owner.", "role");
  await changeMember(access.team.id, userId, { from, to: role, mayInvite: assignableBy(role) }, access.user);
}

/** Ends a membership. @throws Refused, NotFound */
export async function removeMember(access: TeamAccess, userId: string): Promise<void> {
  const from = await changeableRole(access, userId);
  await changeMember(access.team.id, userId, { from, to: null, mayInvite: [] }, access.user);
}

/** Ends one's own membership, which every role may. @throws Refused when the team would be left without an owner */
export async function leaveTeam({ team, role, user }: TeamAccess): Promise<void> {
  await changeMember(team.id, user.userId, { from: role, to: null, mayInvite: [] }, user);
}

function assignableBy(role: Role): Role[] {
  return ROLES.filter((other) => mayAssign(role, other));
}

async function changeableRole(access: TeamAccess, userId: string): Promise<Role> {
  const member = (await membersOf(access.team.id)).find((other) => other.userId === userId);
  if (member === undefined) throw new NotFound("This member");
  if (!mayAssign(access.role, member.role)) throw new Refused("Only an owner can change an owner.");
  return member.role;
}

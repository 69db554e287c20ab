import { NotFound, Refused } from "#lib/errors.ts";
import { type Actor, audit } from "./audit.ts";
import { prisma, transact } from "./client.ts";
import type { Role } from "./generated/enums.ts";
import { isId, newId } from "./new-id.ts";
import { addUser, type NewUser } from "./users.ts";

export const INVITATION_DAYS = 7;

/** Notes an invitation; an older open one for the same address and team ends with it. */
export async function createInvitation(
  invitation: { teamId: string; email: string; role: Role; tokenHash: string },
  by: Actor & { userId: string },
): Promise<void> {
  const email = invitation.email.toLowerCase();
  const now = new Date();
  await transact(async (transaction) => {
    const member = await transaction.membership.findFirst({ where: { teamId: invitation.teamId, user: { email } } });
    if (member !== null) throw new Refused(`${email} is a member of this team already.`, "email");
    await transaction.invitation.deleteMany({ where: { teamId: invitation.teamId, email, acceptedAt: null } });
    const expiresAt = new Date(now.getTime() + INVITATION_DAYS * 86_400_000);
    await transaction.invitation.create({
      data: { ...invitation, email, id: newId(), invitedBy: by.userId, createdAt: now, expiresAt },
    });
    await audit(transaction, by, {
      ...{ teamId: invitation.teamId, action: "member.invited", subject: email },
      after: { role: invitation.role },
    });
  });
}

/** A team's invitations that can still be accepted, the latest first. */
export function openInvitations(teamId: string) {
  return prisma().invitation.findMany({
    where: { teamId, acceptedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: "desc" },
  });
}

/** Takes an invitation back. */
export async function withdrawInvitation(teamId: string, id: string, by: Actor): Promise<void> {
  if (!isId(id)) throw new NotFound("This invitation");
  await transact(async (transaction) => {
    const invitation = await transaction.invitation.findFirst({ where: { id, teamId } });
    // Accepted meanwhile, it is a membership and stays one.
    const { count } = await transaction.invitation.deleteMany({ where: { id, teamId, acceptedAt: null } });
    if (invitation === null || count === 0) throw new NotFound("This invitation");
    await audit(transaction, by, {
      ...{ teamId, action: "invitation.withdrawn", subject: invitation.email },
      before: { role: invitation.role },
    });
  });
}

/** The invitation behind a link, with its team, or null when it is used, expired, withdrawn or was never there. */
export function findInvitation(tokenHash: string) {
  return prisma().invitation.findFirst({
    where: { tokenHash, acceptedAt: null, expiresAt: { gt: new Date() } },
    include: { team: true },
  });
}

/**
 * Accepts an invitation, for an account that exists or for one that is made now. A link works once, also when it is
 * opened twice at the same moment.
 * @returns the person's id and the team's slug
 * @throws NotFound when the link does not work (any more)
 */
export async function acceptInvitation(tokenHash: string, person: { userId: string } | NewUser) {
  return transact(async (transaction) => {
    const taken = await transaction.invitation.updateManyAndReturn({
      where: { tokenHash, acceptedAt: null, expiresAt: { gt: new Date() } },
      data: { acceptedAt: new Date() },
    });
    const invitation = taken[0];
    if (invitation === undefined) throw new NotFound("This invitation");
    const userId = "userId" in person ? person.userId : await addUser(transaction, person);
    const user = await transaction.user.findUniqueOrThrow({ where: { id: userId } });
    const key = { teamId: invitation.teamId, userId };
    // Whoever is a member already keeps the role they have.
    await transaction.membership.createMany({
      data: [{ ...key, role: invitation.role, createdAt: new Date() }],
      skipDuplicates: true,
    });
    const { role } = await transaction.membership.findUniqueOrThrow({ where: { teamId_userId: key } });
    const by = { userId, label: user.email };
    await audit(transaction, by, {
      ...{ teamId: invitation.teamId, action: "invitation.accepted", subject: invitation.email },
      after: { role },
    });
    const team = await transaction.team.findUniqueOrThrow({ where: { id: invitation.teamId } });
    return { userId, slug: team.slug };
  });
}

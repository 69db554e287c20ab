import { NotFound, Refused } from "#lib/errors.ts";
import { type Actor, audit } from "./audit.ts";
import { prisma, type Transaction, transact } from "./client.ts";
import type { Role } from "./generated/enums.ts";
import { newId } from "./new-id.ts";

export type { Role };

/** The teams that a person belongs to, by name. */
export async function teamsOf(userId: string) {
  const memberships = await prisma().membership.findMany({
    where: { userId },
    include: { team: true },
    orderBy: { team: { name: "asc" } },
  });
  return memberships.map(({ team, role }) => ({ id: team.id, slug: team.slug, name: team.name, role }));
}

/** A person's membership in the team with this slug, or null; there is no way to a team that bypasses it. */
export async function membershipIn(userId: string, slug: string) {
  // Slugs come from addresses and forms; PostgreSQL answers a NUL with an error instead of "nothing".
  if (!/^[a-z0-9-]+$/.test(slug)) return null;
  const found = await prisma().membership.findFirst({ where: { userId, team: { slug } }, include: { team: true } });
  return found && { teamId: found.team.id, slug: found.team.slug, name: found.team.name, role: found.role };
}

/** The members of a team with their roles, owners first, then by name. */
export async function membersOf(teamId: string) {
  const members = await prisma().membership.findMany({
    where: { teamId },
    include: { user: true },
    orderBy: [{ role: "asc" }, { user: { name: "asc" } }],
  });
  return members.map(({ user, role, createdAt }) => ({
    ...{ userId: user.id, email: user.email },
    name: user.name,
    role,
    createdAt,
  }));
}

/** Makes a team owned by `owner`. @returns its slug */
export async function createTeam(by: Actor, name: string, owner: string): Promise<string> {
  return transact((transaction) => addTeam(transaction, by, name, owner));
}

/** As `createTeam`, inside a transaction. */
export async function addTeam(transaction: Transaction, by: Actor, name: string, owner: string): Promise<string> {
  const id = newId();
  const slug = await freeSlug(transaction, name);
  await transaction.team.create({ data: { id, slug, name, createdAt: new Date() } });
  await transaction.membership.create({ data: { teamId: id, userId: owner, role: "owner", createdAt: new Date() } });
  await audit(transaction, by, { teamId: id, action: "team.created", subject: name, after: { name } });
  return slug;
}

/** Changes a team's name; its address stays. */
export async function renameTeam(teamId: string, name: string, by: Actor): Promise<void> {
  await transact(async (transaction) => {
    const before = await transaction.team.findUniqueOrThrow({ where: { id: teamId } });
    await transaction.team.update({ where: { id: teamId }, data: { name } });
    await audit(transaction, by, {
      ...{ teamId, action: "team.renamed", subject: name },
      ...{ before: { name: before.name }, after: { name } },
    });
  });
}

/** What is to become of a member. */
export interface MemberChange {
  /** The role that was seen: another change that came first is not undone. */
  from: Role;
  /** Null ends the membership. */
  to: Role | null;
  /** What the member may still invite others as; their open invitations to other roles end. */
  mayInvite: readonly Role[];
}

/**
 * Gives a member another role, or ends the membership.
 * @throws Refused when the team would be left without an owner or somebody changed the member meanwhile, NotFound when
 * there is no such member
 */
export async function changeMember(teamId: string, userId: string, change: MemberChange, by: Actor): Promise<void> {
  const { to: role } = change;
  await transact(async (transaction) => {
    // The owners of one team change one at a time, or two could step down together.
    await transaction.$executeRaw`SELECT 1 FROM teams WHERE id = ${teamId}::uuid FOR UPDATE`;
    const member = await transaction.membership.findUnique({
      where: { teamId_userId: { teamId, userId } },
      include: { user: true },
    });
    if (member === null) throw new NotFound("This member");
    if (member.role !== change.from) throw new Refused(`The role was changed meanwhile: it is ${member.role} now.`);
    if (member.role === role) return;
    if (member.role === "owner" && role !== "owner") {
      const owners = await transaction.membership.count({ where: { teamId, role: "owner" } });
      if (owners === 1) throw new Refused("A team needs an owner: make somebody else an owner first.");
    }
    const key = { teamId_userId: { teamId, userId } };
    if (role === null) await transaction.membership.delete({ where: key });
    else await transaction.membership.update({ where: key, data: { role } });
    const mayInvite = [...change.mayInvite];
    await transaction.invitation.deleteMany({
      where: { teamId, invitedBy: userId, acceptedAt: null, role: { notIn: mayInvite } },
    });
    await audit(transaction, by, {
      ...{ teamId, action: role === null ? "member.removed" : "member.role-changed", subject: member.user.email },
      ...{ before: { role: member.role }, after: role === null ? null : { role } },
    });
  });
}

/** Last parts of /teams/… that are pages of their own. */
const RESERVED_SLUGS = ["new"];

/** "Acme Mail GmbH" becomes "acme-mail-gmbh", with a number behind it when that is taken. */
async function freeSlug(transaction: Transaction, name: string): Promise<string> {
  const base =
    name
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40) || "team";
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(4717, 2)`;
  const taken = await transaction.team.findMany({ where: { slug: { startsWith: base } }, select: { slug: true } });
  const slugs = new Set([...RESERVED_SLUGS, ...taken.map((team) => team.slug)]);
  if (!slugs.has(base)) return base;
  for (let number = 2; ; number++) if (!slugs.has(`${base}-${number}`)) return `${base}-${number}`;
}

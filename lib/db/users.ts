import { Refused } from "#lib/errors.ts";
import { type Actor, audit } from "./audit.ts";
import { prisma, type Transaction, transact } from "./client.ts";
import { isTaken } from "./database-error.ts";
import { newId } from "./new-id.ts";
import { addTeam } from "./teams.ts";

/** Who may make an account: anybody, the first one only, or whoever holds an invitation for this address. */
export type SignUpRule = "open" | "first";

export interface NewUser {
  email: string;
  name: string;
  passwordHash: string | null;
}

/** The account with this address, or null; the address is compared in lower case. */
export function findUserByEmail(email: string) {
  return prisma().user.findUnique({ where: { email: email.toLowerCase() } });
}

/** The account with this id, or null. */
export function findUser(userId: string) {
  return prisma().user.findUnique({ where: { id: userId } });
}

/** True until the first account exists. */
export async function noAccountYet(): Promise<boolean> {
  return (await prisma().user.findFirst({ select: { id: true } })) === null;
}

/**
 * Makes an account and its first team.
 * @returns the account's id and the team's slug
 * @throws Refused when sign-up is closed or the address has an account
 */
export async function createUserWithTeam(user: NewUser, teamName: string, rule: SignUpRule) {
  return transact(async (transaction) => {
    await lockSignUp(transaction);
    if (rule === "first" && (await transaction.user.findFirst({ select: { id: true } })) !== null) {
      throw new Refused("Sign-up is by invitation here. Ask an administrator of your team for a link.");
    }
    const userId = await addUser(transaction, user);
    const slug = await addTeam(transaction, { userId, label: user.email }, teamName, userId);
    return { userId, slug };
  });
}

/** One sign-up at a time: two at the same moment must not both be the first. */
export async function lockSignUp(transaction: Transaction): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(4717, 1)`;
}

/** Makes an account inside a transaction. @throws Refused when the address has one */
export async function addUser(transaction: Transaction, user: NewUser): Promise<string> {
  const id = newId();
  const email = user.email.toLowerCase();
  try {
    await transaction.user.create({ data: { ...user, id, email, createdAt: new Date() } });
  } catch (error) {
    if (isTaken(error)) throw new Refused("There is an account with this e-mail address. Sign in instead.", "email");
    throw error;
  }
  await audit(transaction, { userId: id, label: email }, { teamId: null, action: "account.created", subject: email });
  return id;
}

/** Sets a password and ends all sessions but `keepSession`. */
export async function setPassword(userId: string, passwordHash: string, by: Actor, keepSession: string | null) {
  await transact(async (transaction) => {
    await changePassword(transaction, userId, passwordHash, by, keepSession);
  });
}

/** As `setPassword`, inside a transaction. */
export async function changePassword(
  transaction: Transaction,
  userId: string,
  passwordHash: string,
  by: Actor,
  keepSession: string | null,
) {
  const user = await transaction.user.update({ where: { id: userId }, data: { passwordHash } });
  await transaction.session.deleteMany({ where: { userId, ...(keepSession ? { id: { not: keepSession } } : {}) } });
  await audit(transaction, by, { teamId: null, action: "password.changed", subject: user.email });
}

/** Changes the name that others see. */
export async function renameUser(userId: string, name: string, by: Actor) {
  await transact(async (transaction) => {
    const before = await transaction.user.findUniqueOrThrow({ where: { id: userId } });
    await transaction.user.update({ where: { id: userId }, data: { name } });
    await audit(transaction, by, {
      ...{ teamId: null, action: "account.renamed", subject: before.email },
      ...{ before: { name: before.name }, after: { name } },
    });
  });
}

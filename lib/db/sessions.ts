import { type Actor, audit } from "./audit.ts";
import { prisma, transact } from "./client.ts";
import { isId, newId } from "./new-id.ts";

export const SESSION_DAYS = 30;
const TOUCH_AFTER_MS = 5 * 60_000;

/** Opens a session for a browser. @returns its id, which goes into the cookie */
export async function openSession(userId: string, address: string, userAgent: string): Promise<string> {
  const id = newId();
  const now = new Date();
  const expiresAt = new Date(now.getTime() + SESSION_DAYS * 86_400_000);
  await prisma().session.create({
    data: { id, userId, createdAt: now, lastSeenAt: now, expiresAt, address, userAgent: userAgent.slice(0, 300) },
  });
  return id;
}

/** The person behind a session that was neither revoked nor expired, or null; notes that it was seen. */
export async function sessionUser(id: string) {
  const now = new Date();
  const session = await prisma().session.findUnique({ where: { id }, include: { user: true } });
  if (session === null || session.expiresAt < now) return null;
  if (now.getTime() - session.lastSeenAt.getTime() > TOUCH_AFTER_MS) {
    await prisma().session.updateMany({ where: { id }, data: { lastSeenAt: now } });
  }
  const { user } = session;
  return {
    sessionId: id,
    userId: user.id,
    email: user.email,
    name: user.name,
    hasPassword: user.passwordHash !== null,
  };
}

/** A person's open sessions, the latest first. */
export function sessionsOf(userId: string) {
  return prisma().session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: { lastSeenAt: "desc" },
  });
}

/** Ends a session: its person signed out. */
export async function endSession(id: string): Promise<void> {
  await prisma().session.deleteMany({ where: { id } });
}

/** Ends one session of a person, as they asked; nothing happens when it is not theirs. */
export async function revokeSession(id: string, by: Actor & { userId: string }): Promise<void> {
  if (!isId(id)) return;
  await transact(async (transaction) => {
    const { count } = await transaction.session.deleteMany({ where: { id, userId: by.userId } });
    if (count > 0) await audit(transaction, by, { teamId: null, action: "session.revoked", subject: id });
  });
}

/** Ends all sessions of a person but one. @returns how many */
export async function revokeOtherSessions(keep: string, by: Actor & { userId: string }): Promise<number> {
  return transact(async (transaction) => {
    const { count } = await transaction.session.deleteMany({ where: { userId: by.userId, id: { not: keep } } });
    if (count > 0) {
      await audit(transaction, by, { teamId: null, action: "sessions.revoked", subject: by.label, before: { count } });
    }
    return count;
  });
}

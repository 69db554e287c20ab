import { NotFound } from "#lib/errors.ts";
import { prisma, transact } from "./client.ts";
import { changePassword } from "./users.ts";

export const RESET_MINUTES = 60;

/** Notes a reset link; older ones of the same person stop working. */
export async function createPasswordReset(userId: string, tokenHash: string): Promise<void> {
  const now = new Date();
  const expiresAt = new Date(now.getTime() + RESET_MINUTES * 60_000);
  await transact(async (transaction) => {
    await transaction.passwordReset.deleteMany({ where: { userId, usedAt: null } });
    await transaction.passwordReset.create({ data: { tokenHash, userId, createdAt: now, expiresAt } });
  });
}

/** The e-mail address of the account that a link is for, or null when it does not work (any more). */
export async function emailOfPasswordReset(tokenHash: string): Promise<string | null> {
  const where = { tokenHash, usedAt: null, expiresAt: { gt: new Date() } };
  const found = await prisma().passwordReset.findFirst({ where, include: { user: true } });
  return found?.user.email ?? null;
}

/**
 * Sets a new password by a link that works once, and ends all sessions of the person.
 * @returns the person's e-mail address
 * @throws NotFound when the link does not work (any more)
 */
export async function redeemPasswordReset(tokenHash: string, passwordHash: string): Promise<string> {
  return transact(async (transaction) => {
    const taken = await transaction.passwordReset.updateManyAndReturn({
      where: { tokenHash, usedAt: null, expiresAt: { gt: new Date() } },
      data: { usedAt: new Date() },
    });
    const userId = taken[0]?.userId;
    if (userId === undefined) throw new NotFound("This link");
    const { email } = await transaction.user.findUniqueOrThrow({ where: { id: userId } });
    await changePassword(transaction, userId, passwordHash, { userId, label: `${email} (reset link)` }, null);
    return email;
  });
}

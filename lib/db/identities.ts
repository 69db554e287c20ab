import { Refused } from "#lib/errors.ts";
import { prisma } from "./client.ts";
import { addTeam } from "./teams.ts";
import { addUser } from "./users.ts";

/** What an OpenID Connect issuer says of a person. */
export interface ForeignIdentity {
  issuer: string;
  subject: string;
  email: string;
  emailVerified: boolean;
  name: string;
}

/**
 * The account of a person who comes from an issuer: the linked one, one with the same verified address (linked now), or a
 * new one where sign-up allows it.
 * @throws Refused with a sentence for the person
 */
export async function userOfIdentity(identity: ForeignIdentity, mayCreate: "no" | "account" | "account and team") {
  const { issuer, subject, name } = identity;
  const email = identity.email.toLowerCase();
  return prisma().$transaction(async (transaction) => {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(4717, 1)`;
    const linked = await transaction.identity.findUnique({ where: { issuer_subject: { issuer, subject } } });
    if (linked !== null) return linked.userId;
    if (!identity.emailVerified) {
      // An unverified address would let a stranger take over the account that has it.
      throw new Refused("Your sign-on service has not verified your e-mail address.");
    }
    const known = await transaction.user.findUnique({ where: { email } });
    if (known === null && mayCreate === "no") {
      throw new Refused("Sign-up is by invitation here. Ask an administrator of your team for a link.");
    }
    const userId = known?.id ?? (await addUser(transaction, { email, name, passwordHash: null }));
    if (known === null && mayCreate === "account and team") {
      await addTeam(transaction, { userId, label: email }, `${name}'s team`, userId);
    }
    await transaction.identity.create({ data: { issuer, subject, userId, createdAt: new Date() } });
    return userId;
  });
}

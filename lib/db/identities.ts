import { audit } from "./audit.ts";
import { type Transaction, transact } from "./client.ts";
import { addTeam } from "./teams.ts";
import { addUser, lockSignUp, type SignUpRule } from "./users.ts";

/** What an OpenID Connect issuer says of a person. */
export interface ForeignIdentity {
  issuer: string;
  subject: string;
  email: string;
  emailVerified: boolean;
  name: string;
}

/** The account of such a person, or why there is none. */
export type ForeignSignIn = { userId: string } | { refused: "unverified" | "by-invitation" };

/**
 * The account of a person who comes from an issuer: the linked one, one with the same verified address (linked now), or a
 * new one where sign-up allows it.
 */
export async function userOfIdentity(identity: ForeignIdentity, rule: SignUpRule): Promise<ForeignSignIn> {
  const { issuer, subject } = identity;
  return transact(async (transaction) => {
    await lockSignUp(transaction);
    const linked = await transaction.identity.findUnique({ where: { issuer_subject: { issuer, subject } } });
    if (linked !== null) return { userId: linked.userId };
    // An unverified address would let a stranger take over the account that has it.
    if (!identity.emailVerified) return { refused: "unverified" };
    const userId = (await knownUser(transaction, identity)) ?? (await newUser(transaction, identity, rule));
    if (userId === null) return { refused: "by-invitation" };
    await transaction.identity.create({ data: { issuer, subject, userId, createdAt: new Date() } });
    const label = identity.email.toLowerCase();
    const change = { teamId: null, action: "identity.linked", subject: label, after: { issuer, subject } };
    await audit(transaction, { userId, label }, change);
    return { userId };
  });
}

/**
 * The account that has the address. Whoever set its password never proved that the address is theirs, as the issuer does now:
 * as with a reset link, the password and all sessions end.
 */
async function knownUser(transaction: Transaction, identity: ForeignIdentity): Promise<string | null> {
  const email = identity.email.toLowerCase();
  const known = await transaction.user.findUnique({ where: { email } });
  if (known === null) return null;
  const by = { userId: known.id, label: email };
  await transaction.session.deleteMany({ where: { userId: known.id } });
  if (known.passwordHash !== null) {
    await transaction.user.update({ where: { id: known.id }, data: { passwordHash: null } });
    await audit(transaction, by, { teamId: null, action: "password.removed", subject: email });
  }
  return known.id;
}

/** A new account: with a team where sign-up is open, without one for whoever is invited, or null. */
async function newUser(
  transaction: Transaction,
  { email, name }: ForeignIdentity,
  rule: SignUpRule,
): Promise<string | null> {
  const isOpen = rule === "open" || (await transaction.user.findFirst({ select: { id: true } })) === null;
  const invited = { email: email.toLowerCase(), acceptedAt: null, expiresAt: { gt: new Date() } };
  if (!isOpen && (await transaction.invitation.findFirst({ where: invited })) === null) return null;
  const userId = await addUser(transaction, { email, name, passwordHash: null });
  const by = { userId, label: email.toLowerCase() };
  if (isOpen) await addTeam(transaction, by, `${name}'s team`, userId);
  return userId;
}

import type { Actor } from "#lib/db/audit.ts";
import { acceptInvitation, createInvitation, findInvitation, INVITATION_DAYS } from "#lib/db/invitations.ts";
import type { Role } from "#lib/db/teams.ts";
import { NotFound, Refused } from "#lib/errors.ts";
import { settings } from "#lib/settings.ts";
import { hashLinkToken, newLinkToken } from "./link-token.ts";
import { checkPassword, hashPassword } from "./password.ts";
import { readEmail, readName, readPassword } from "./person-input.ts";
import { mayAssign, ROLES } from "./roles.ts";
import { canSendMail, sendMail } from "./send-mail.ts";

interface Inviter extends Actor {
  userId: string;
  role: Role;
}

/**
 * Invites a person by a link that works once.
 * @returns the link, and whether it was mailed; when it was not, the inviter passes it on
 * @throws Refused when a field cannot be taken or the inviter may not give this role
 */
export async function invite(
  team: { id: string; name: string },
  form: Record<string, unknown>,
  by: Inviter,
): Promise<{ email: string; link: string; mailed: boolean; mailError: string | null }> {
  const email = readEmail(form.email);
  const role = ROLES.find((known) => known === form.role);
  if (role === undefined) throw new Refused("Choose a role.", "role");
  if (!mayAssign(by.role, role)) throw new Refused("Only an owner can make somebody an owner.", "role");
  const { token, tokenHash } = newLinkToken();
  await createInvitation({ teamId: team.id, email, role, tokenHash }, by);
  const link = `${settings().url}/invitations/${token}`;
  if (!canSendMail()) return { email, link, mailed: false, mailError: null };
  try {
    await sendMail({
      to: email,
      subject: `Invitation to ${team.name} on Sealpost`,
      text: `${by.label} invites you to the team "${team.name}" on Sealpost, as ${role}.\n\nOpen this link to join. It works once, for ${INVITATION_DAYS} days:\n${link}\n`,
    });
    return { email, link, mailed: true, mailError: null };
  } catch (error) {
    return { email, link, mailed: false, mailError: error instanceof Error ? error.message : String(error) };
  }
}

/** What the page behind an invitation's link shows, or null when the link does not work (any more). */
export async function readInvitation(token: string) {
  const found = await findInvitation(hashLinkToken(token));
  return found && { email: found.email, role: found.role, team: found.team.name };
}

/** Accepts an invitation as the person who is signed in. @returns the team's slug @throws NotFound */
export async function acceptAs(token: string, userId: string): Promise<string> {
  return (await acceptInvitation(hashLinkToken(token), { userId })).slug;
}

/**
 * Accepts an invitation with a new account, which gets the address that was invited.
 * @returns the account's id and the team's slug
 * @throws Refused when a field cannot be taken, NotFound when the link does not work
 */
export async function acceptWithNewAccount(token: string, form: Record<string, unknown>) {
  const invitation = await readInvitation(token);
  if (invitation === null) throw new NotFound("This invitation");
  const name = readName(form.name);
  const password = readPassword(form.password);
  checkPassword(password, invitation.email);
  const passwordHash = await hashPassword(password);
  return acceptInvitation(hashLinkToken(token), { email: invitation.email, name, passwordHash });
}

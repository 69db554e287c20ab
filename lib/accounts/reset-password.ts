import {
  createPasswordReset,
  emailOfPasswordReset,
  RESET_MINUTES,
  redeemPasswordReset,
} from "#lib/db/password-resets.ts";
import { findUserByEmail } from "#lib/db/users.ts";
import { NotFound } from "#lib/errors.ts";
import { settings } from "#lib/settings.ts";
import { hashLinkToken, newLinkToken } from "./link-token.ts";
import { checkPassword, hashPassword } from "./password.ts";
import { readEmail, readPassword } from "./person-input.ts";
import { sendMail } from "./send-mail.ts";
import { throttle } from "./throttle.ts";

/** A link that sets a new password for this account, or null when there is no such account. */
export async function passwordResetLink(email: string): Promise<string | null> {
  const user = await findUserByEmail(email);
  if (user === null) return null;
  const { token, tokenHash } = newLinkToken();
  await createPasswordReset(user.id, tokenHash);
  return `${settings().url}/reset-password/${token}`;
}

/**
 * Mails a reset link, if there is such an account; the answer is the same either way.
 * @throws Refused when this is no e-mail address, TooMany
 */
export async function mailPasswordReset(form: Record<string, unknown>, address: string): Promise<void> {
  const email = readEmail(form.email);
  await throttle("reset", email, address);
  const link = await passwordResetLink(email);
  if (link === null) return;
  const text = `Somebody, probably you, asked for a new password for ${email} on Sealpost.\n\nThis link sets one. It works once, for ${RESET_MINUTES} minutes:\n${link}\n\nIf it was not you, do nothing: the old password stays.\n`;
  // Not awaited: how long the mail takes would tell whether there is an account.
  sendMail({ to: email, subject: "A new password for Sealpost", text }).catch((error: unknown) => {
    console.error(`The reset mail to ${email} was not sent: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/** True while the link works. */
export async function resetLinkWorks(token: string): Promise<boolean> {
  return (await emailOfPasswordReset(hashLinkToken(token))) !== null;
}

/** Sets a new password by a link. @returns the account's e-mail address @throws Refused, NotFound */
export async function resetPassword(token: string, form: Record<string, unknown>): Promise<string> {
  const email = await emailOfPasswordReset(hashLinkToken(token));
  // Before anything is hashed: a made-up link must cost a stranger more than us.
  if (email === null) throw new NotFound("This link");
  const password = readPassword(form.password);
  checkPassword(password, email);
  return redeemPasswordReset(hashLinkToken(token), await hashPassword(password));
}

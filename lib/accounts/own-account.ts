import { findUser, renameUser, setPassword } from "#lib/db/users.ts";
import { NotFound, Refused } from "#lib/errors.ts";
import type { SignedIn } from "./access.ts";
import { checkPassword, hashPassword, passwordMatches } from "./password.ts";
import { readName, readPassword } from "./person-input.ts";
import { throttle, throttleDone } from "./throttle.ts";

/** Changes the name that others see. @throws Refused */
export async function changeName(user: SignedIn, form: Record<string, unknown>): Promise<void> {
  await renameUser(user.userId, readName(form.name), user);
}

/** Changes one's own password, which the old one has to allow; ends all other sessions. @throws Refused, TooMany */
export async function changeOwnPassword(user: SignedIn, form: Record<string, unknown>): Promise<void> {
  const account = await findUser(user.userId);
  if (account === null) throw new NotFound("This account");
  if (account.passwordHash !== null) {
    // Guessed as well as a sign-in, by somebody at an unlocked screen.
    await throttle("own-password", user.email, user.sessionId);
    const old = readPassword(form.current);
    if (!(await passwordMatches(account.passwordHash, old))) throw new Refused("This is not your password.", "current");
    await throttleDone("own-password", user.email);
  }
  const password = readPassword(form.password);
  checkPassword(password, user.email);
  await setPassword(user.userId, await hashPassword(password), user, user.sessionId);
}

import { findUserByEmail } from "#lib/db/users.ts";
import { passwordMatches } from "./password.ts";
import { throttle, throttleDone } from "./throttle.ts";

/**
 * The account that an e-mail address and a password open, or null: which of the two was wrong is not said.
 * @throws TooMany when the account or the address had too many tries
 */
export async function signIn(email: string, password: string, address: string) {
  await throttle("sign-in", email, address);
  const user = await findUserByEmail(email);
  if (!(await passwordMatches(user?.passwordHash ?? null, password))) return null;
  await throttleDone("sign-in", email);
  return user;
}

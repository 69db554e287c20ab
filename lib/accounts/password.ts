import { hash, verify } from "@node-rs/argon2";
import { Refused } from "#lib/errors.ts";

export const PASSWORD_MIN = 12;
/** argon2 reads all of it: a longer one would only be work for us. */
export const PASSWORD_MAX = 256;

let decoy: Promise<string> | undefined;

/** @throws Refused with a sentence when the password cannot be used for this account */
export function checkPassword(password: string, email: string): void {
  const length = [...password].length;
  if (length < PASSWORD_MIN) {
    throw new Refused(`A password needs at least ${PASSWORD_MIN} characters; this one has ${length}.`, "password");
  }
  if (length > PASSWORD_MAX) throw new Refused(`A password may have at most ${PASSWORD_MAX} characters.`, "password");
  if (password.toLowerCase() === email.toLowerCase()) {
    throw new Refused("The password must not be the e-mail address.", "password");
  }
}

/** The argon2id hash of a password, with its salt and parameters in it. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

/** True when the password belongs to the hash. Takes as long when there is no hash, so that accounts cannot be guessed. */
export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hash("nobody has this password");
  const right = await verify(passwordHash ?? (await decoy), password.slice(0, PASSWORD_MAX * 4));
  return right && passwordHash !== null;
}

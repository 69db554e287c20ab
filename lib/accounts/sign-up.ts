import { createUserWithTeam, noAccountYet } from "#lib/db/users.ts";
import { settings } from "#lib/settings.ts";
import { checkPassword, hashPassword } from "./password.ts";
import { readEmail, readName, readPassword, readTeamName } from "./person-input.ts";
import { throttle } from "./throttle.ts";

/** True when a stranger may make an account now. */
export async function signUpIsOpen(): Promise<boolean> {
  return settings().signup === "open" || (await noAccountYet());
}

/**
 * Makes an account and its first team.
 * @returns the account's id and its team's slug
 * @throws Refused when a field cannot be taken or sign-up is closed, TooMany
 */
export async function signUp(form: Record<string, unknown>, address: string) {
  const email = readEmail(form.email);
  const name = readName(form.name);
  const team = readTeamName(form.team);
  const password = readPassword(form.password);
  checkPassword(password, email);
  await throttle("sign-up", email, address);
  const passwordHash = await hashPassword(password);
  return createUserWithTeam({ email, name, passwordHash }, team, settings().signup);
}

import { expect, it } from "vitest";
import { passwordResetLink } from "#lib/accounts/reset-password.ts";
import { newSessionCookie } from "#lib/accounts/session-cookie.ts";
import { signUp, signUpIsOpen } from "#lib/accounts/sign-up.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner, newEmail, together } from "./people.ts";

process.env.SEALPOST_SIGNUP = "open";
process.env.SEALPOST_URL = "https://sealpost.example.org/";
await ownDatabase();

it("under the rule `open` everybody may sign up, at the same moment and after the first", async () => {
  const form = () => ({ email: newEmail(), name: "Ada", team: "Acme", password: "correct horse battery" });
  const { values, errors } = await together(Array.from({ length: 4 }, () => () => signUp(form(), "192.0.2.1")));
  expect(errors).toEqual([]);
  expect(new Set(values.map(({ slug }) => slug)).size).toBe(4);
  expect(await signUpIsOpen()).toBe(true);
});

it("over HTTPS the session cookie is one that no other host can set, and links lead to SEALPOST_URL", async () => {
  const { user } = await makeOwner();
  const { name, value: _, ...options } = await newSessionCookie(user.userId, "192.0.2.1", "");
  expect(name).toBe("__Host-sealpost.session");
  expect(options).toEqual({ httpOnly: true, sameSite: "lax", path: "/", secure: true, maxAge: 30 * 86_400 });
  expect(await passwordResetLink(user.email)).toMatch(/^https:\/\/sealpost\.example\.org\/reset-password\/[\w-]+$/);
});

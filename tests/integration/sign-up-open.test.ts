import { expect, it } from "vitest";
import { signUp, signUpIsOpen } from "#lib/accounts/sign-up.ts";
import { ownDatabase } from "./database.ts";
import { newEmail, together } from "./people.ts";

process.env.SEALPOST_SIGNUP = "open";
await ownDatabase();

it("under the rule `open` everybody may sign up, at the same moment and after the first", async () => {
  const form = () => ({ email: newEmail(), name: "Ada", team: "Acme", password: "correct horse battery" });
  const { values, errors } = await together(Array.from({ length: 4 }, () => () => signUp(form(), "192.0.2.1")));
  expect(errors).toEqual([]);
  expect(new Set(values.map(({ slug }) => slug)).size).toBe(4);
  expect(await signUpIsOpen()).toBe(true);
});

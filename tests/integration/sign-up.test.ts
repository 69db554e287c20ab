import { describe, expect, it } from "vitest";
import { signUp, signUpIsOpen } from "#lib/accounts/sign-up.ts";
import { sql } from "#lib/db/client.ts";
import { createUserWithTeam, findUserByEmail } from "#lib/db/users.ts";
import { ownDatabase } from "./database.ts";
import { newEmail, together } from "./people.ts";

await ownDatabase();

const form = (email: string) => ({ email, name: "Ada", team: "Acme Mail", password: "correct horse battery" });

describe("sign-up under the rule `first`", () => {
  it("is open to exactly one of many who come first at the same moment", async () => {
    expect(await signUpIsOpen()).toBe(true);
    const emails = Array.from({ length: 8 }, () => newEmail());
    const { values, errors } = await together(emails.map((email) => () => signUp(form(email), "192.0.2.1")));
    expect(values).toHaveLength(1);
    expect(new Set(errors.map(String))).toEqual(
      new Set(["Refused: Sign-up is by invitation here. Ask an administrator of your team for a link."]),
    );
    const [counts] = await sql(
      "SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM teams) AS teams",
      [],
    );
    expect(counts).toEqual({ users: "1", teams: "1" });
    expect(await signUpIsOpen()).toBe(false);
  });

  it("leaves nothing of whoever was refused", async () => {
    const email = newEmail();
    await expect(signUp(form(email), "192.0.2.1")).rejects.toThrow("by invitation");
    expect(await findUserByEmail(email)).toBeNull();
  });
});

describe("an account", () => {
  const person = (email: string) => ({ email, name: "Ada", passwordHash: null });

  it("is one per address, whatever its case, also when made twice at the same moment", async () => {
    const email = newEmail();
    const { values, errors } = await together(
      [email, email.toUpperCase()].map((typed) => () => createUserWithTeam(person(typed), "Twice", "open")),
    );
    expect(values).toHaveLength(1);
    expect(errors.map(String)).toEqual(["Refused: There is an account with this e-mail address. Sign in instead."]);
  });

  it("gets a team with an address of its own, also where many choose the same name at the same moment", async () => {
    const { values } = await together(
      Array.from({ length: 5 }, () => () => createUserWithTeam(person(newEmail()), "Grüße & Co.", "open")),
    );
    expect(values.map(({ slug }) => slug).sort()).toEqual(
      ["", "-2", "-3", "-4", "-5"].map((number) => `gru-e-co${number}`),
    );
  });

  it.each([
    ["New", "new-2"],
    ["株式会社", "team"],
    ["-- x --", "x"],
    ["x".repeat(100), "x".repeat(40)],
  ])("gives the team %o the address %o", async (name, slug) => {
    expect((await createUserWithTeam(person(newEmail()), name, "open")).slug).toBe(slug);
  });
});

describe("what is typed at sign-up", () => {
  it.each([
    [{ email: "no address" }, "email", "Enter an e-mail address"],
    [{ email: `${"a".repeat(250)}@example.org` }, "email", "too long"],
    [{ name: " " }, "name", "Enter your name"],
    [{ name: "x".repeat(101) }, "name", "at most 100"],
    [{ name: "Ada\r\nBcc: all@example.org" }, "name", "Line breaks"],
    [{ name: "a\0b" }, "name", "control characters"],
    [{ team: "\u202Eevil" }, "team", "control characters"],
    [{ team: undefined }, "team", ""],
    [{ password: "eleven char" }, "password", "at least 12 characters; this one has 11"],
    [{ password: "🔐".repeat(11) }, "password", "this one has 11"],
    [{ password: "x".repeat(257) }, "password", "at most 256"],
    [{ email: "ada.lovelace@example.org", password: "Ada.Lovelace@Example.org" }, "password", "must not be the e-mail"],
  ])("%o is refused at its field", async (change, field, sentence) => {
    const refused = await signUp({ ...form(newEmail()), ...change }, "192.0.2.1").catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "Refused", field, message: expect.stringContaining(sentence) });
  });
});

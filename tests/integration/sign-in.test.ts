import { describe, expect, it, vi } from "vitest";
import { changeOwnPassword } from "#lib/accounts/own-account.ts";
import { hashPassword } from "#lib/accounts/password.ts";
import { passwordResetLink, resetLinkWorks, resetPassword } from "#lib/accounts/reset-password.ts";
import { signIn } from "#lib/accounts/sign-in.ts";
import { signUp } from "#lib/accounts/sign-up.ts";
import { sql } from "#lib/db/client.ts";
import { sessionsOf } from "#lib/db/sessions.ts";
import { createUserWithTeam } from "#lib/db/users.ts";
import { ownDatabase } from "./database.ts";
import { access, newEmail, together } from "./people.ts";

await ownDatabase();

const PASSWORD = "correct horse battery";
const passwordHash = await hashPassword(PASSWORD);
let addresses = 0;
/** An address from which nothing has come yet. */
const newAddress = () => `198.51.100.${addresses++}`;

async function makeAccount(hash: string | null = passwordHash) {
  const email = newEmail();
  const { userId, slug } = await createUserWithTeam({ email, name: "Ada", passwordHash: hash }, "Acme", "open");
  return { email, ...(await access(userId, slug)) };
}

describe("signing in", () => {
  it("takes the right password only, and the address in any case", async () => {
    const { email, user } = await makeAccount();
    expect(await signIn(email.toUpperCase(), PASSWORD, newAddress())).toMatchObject({ id: user.userId });
    for (const wrong of ["", PASSWORD.toUpperCase(), ` ${PASSWORD}`, `${PASSWORD} `, "x".repeat(2000)]) {
      expect(await signIn(email, wrong, newAddress())).toBeNull();
    }
    expect(await signIn(newEmail(), PASSWORD, newAddress())).toBeNull();
  });

  it("never takes a password for an account without one", async () => {
    const { email } = await makeAccount(null);
    for (const guess of ["", "nobody has this password", "null"]) {
      expect(await signIn(email, guess, newAddress())).toBeNull();
    }
  });

  it("stores the password as argon2id", () => expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/));
});

describe("the throttle", () => {
  it("stops the eleventh try at one account, from wherever, also the right one; and forgets after the window", async () => {
    const { email } = await makeAccount();
    const { values, errors } = await together(
      Array.from({ length: 15 }, () => () => signIn(email, "wrong wrong wrong", newAddress())),
    );
    expect([values.length, errors.length]).toEqual([10, 5]);
    const stopped = await signIn(email.toUpperCase(), PASSWORD, newAddress()).catch((error: unknown) => error);
    expect(stopped).toMatchObject({ name: "TooMany", message: "Too many tries. Try again in 15 minutes." });
    await sql("UPDATE attempts SET reset_at = now() - interval '1 second' WHERE key = $1", [
      `sign-in:account:${email}`,
    ]);
    expect(await signIn(email, PASSWORD, newAddress())).not.toBeNull();
  });

  it("begins anew after the right password", async () => {
    const { email } = await makeAccount();
    for (let round = 0; round < 2; round++) {
      for (let count = 0; count < 9; count++) expect(await signIn(email, "wrong wrong", newAddress())).toBeNull();
      expect(await signIn(email, PASSWORD, newAddress())).not.toBeNull();
    }
  });

  it("stops the fifty-first try from one address at whatever accounts, and nobody elsewhere", async () => {
    const address = newAddress();
    await sql("INSERT INTO attempts VALUES ($1, 49, now() + interval '90 seconds')", [`sign-in:address:${address}`]);
    const { email } = await makeAccount();
    expect(await signIn(newEmail(), "wrong wrong", address)).toBeNull();
    await expect(signIn(email, PASSWORD, address)).rejects.toThrow("Try again in 2 minutes.");
    expect(await signIn(email, PASSWORD, newAddress())).not.toBeNull();
  });

  it("takes the addresses of one IPv6 network for one", async () => {
    const tries = (addresses: string[]) =>
      together(addresses.map((address) => () => signIn(newEmail(), "wrong wrong", address)));
    const hosts = Array.from({ length: 51 }, (_, host) => `2001:db8:1:2:${host}::${host}`);
    await sql("INSERT INTO attempts VALUES ('sign-in:address:2001:db8:1:2::/64', 49, now() + interval '1 hour')", []);
    expect((await tries(hosts.slice(0, 3))).errors).toHaveLength(2);
    expect((await tries(["2001:db8:1:3::1", "2001:db8::", "::1", "fe80::1"])).errors).toEqual([]);
    const keys = await sql<{ key: string }>(
      "SELECT key FROM attempts WHERE key LIKE 'sign-in:address:%::/64' ORDER BY 1",
      [],
    );
    expect(keys.map(({ key }) => key.slice("sign-in:address:".length))).toEqual([
      ...["0:0:0:0::/64", "2001:db8:0:0::/64", "2001:db8:1:2::/64", "2001:db8:1:3::/64", "fe80:0:0:0::/64"],
    ]);
  });

  it("counts sign-ups, reset mails and the own password apart from sign-ins", async () => {
    const { email } = await makeAccount();
    for (const what of ["sign-in", "reset"]) {
      await sql("INSERT INTO attempts VALUES ($1, 99, now() + interval '1 hour')", [`${what}:account:${email}`]);
    }
    await expect(signIn(email, PASSWORD, newAddress())).rejects.toThrow("Too many tries.");
    const again = { email, name: "Ada", team: "Acme", password: PASSWORD };
    await expect(signUp(again, newAddress())).rejects.toThrow("by invitation");
  });
});

describe("one's own password", () => {
  it("is changed with the old one only, and ends all other sessions", async () => {
    const { email, user, sessionId, team } = await makeAccount();
    await access(user.userId, team.slug);
    const form = { current: "not my password", password: "a new and long password" };
    await expect(changeOwnPassword(user, form)).rejects.toMatchObject({ field: "current" });
    await expect(changeOwnPassword(user, { ...form, current: PASSWORD, password: "short" })).rejects.toThrow("12");
    expect(await sessionsOf(user.userId)).toHaveLength(2);
    await changeOwnPassword({ ...user, sessionId }, { ...form, current: PASSWORD });
    expect((await sessionsOf(user.userId)).map(({ id }) => id)).toEqual([sessionId]);
    expect(await signIn(email, PASSWORD, newAddress())).toBeNull();
    expect(await signIn(email, form.password, newAddress())).not.toBeNull();
  });

  it("is guarded against guessing at an unlocked screen", async () => {
    const { user } = await makeAccount();
    const guess = () => changeOwnPassword(user, { current: "guess guess guess", password: "a new and long password" });
    for (let count = 0; count < 10; count++) await expect(guess()).rejects.toThrow("This is not your password.");
    await expect(guess()).rejects.toThrow("Too many tries.");
  });

  it("is set without an old one where there is none", async () => {
    const { email, user } = await makeAccount(null);
    await changeOwnPassword(user, { password: "a first and long password" });
    expect(await signIn(email, "a first and long password", newAddress())).not.toBeNull();
  });
});

describe("a reset link", () => {
  const form = { password: "another long password" };
  const tokenFor = async (email: string) => (await passwordResetLink(email))?.split("/").at(-1) ?? "";

  it("is made for accounts only, under SEALPOST_URL", async () => {
    const { email } = await makeAccount();
    expect(await passwordResetLink(newEmail())).toBeNull();
    expect(await passwordResetLink(email)).toMatch(/^http:\/\/localhost:3000\/reset-password\/[\w-]{32}$/);
  });

  it("sets the password once, also when it is sent twice at the same moment, and ends all sessions", async () => {
    const { email, user } = await makeAccount();
    const token = await tokenFor(email);
    expect(await resetLinkWorks(token)).toBe(true);
    const { values, errors } = await together([1, 2, 3].map(() => () => resetPassword(token, form)));
    expect(values).toEqual([email]);
    expect(new Set(errors.map(String))).toEqual(new Set(["NotFound: This link was not found."]));
    expect(await sessionsOf(user.userId)).toEqual([]);
    expect(await signIn(email, form.password, newAddress())).not.toBeNull();
    expect(await resetLinkWorks(token)).toBe(false);
  });

  it("is replaced by a newer one, and works for an hour", async () => {
    const { email, user } = await makeAccount();
    const [first, second] = [await tokenFor(email), await tokenFor(email)];
    await expect(resetPassword(first, form)).rejects.toThrow("This link was not found.");
    await sql("UPDATE password_resets SET expires_at = now() WHERE user_id = $1", [user.userId]);
    await expect(resetPassword(second, form)).rejects.toThrow("This link was not found.");
    expect(await signIn(email, PASSWORD, newAddress())).not.toBeNull();
  });

  it("stays when the password is refused, which must not be the address either", async () => {
    const { email } = await makeAccount();
    const token = await tokenFor(email);
    await expect(resetPassword(token, { password: "short" })).rejects.toThrow("at least 12");
    await expect(resetPassword(token, { password: email })).rejects.toThrow("must not be the e-mail address");
    expect(await resetPassword(token, form)).toBe(email);
  });

  it("that was made up costs no hashing", async () => {
    vi.resetModules();
    const hashed = vi.fn();
    vi.doMock("#lib/accounts/password.ts", () => ({ checkPassword: hashed, hashPassword: hashed }));
    const fresh = await import("#lib/accounts/reset-password.ts");
    await expect(fresh.resetPassword("made-up", form)).rejects.toThrow("This link was not found.");
    expect(hashed).not.toHaveBeenCalled();
    vi.doUnmock("#lib/accounts/password.ts");
  });
});

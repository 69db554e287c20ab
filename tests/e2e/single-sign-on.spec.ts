import type { Page } from "@playwright/test";
import { expect, expectAccessible, freshPage, OWNER, signIn, TEAM, test } from "./fixtures.ts";
import { FAULTS, type Fault } from "./issuer.ts";
import { inviteLink, joinTeam, ownerPage, PASSWORD, sessionCookie } from "./people.ts";

interface Said {
  subject: string;
  email: string;
  name?: string;
  verified?: boolean;
  fault?: Fault;
}

/** Goes through the issuer as the person that it is told. */
async function signOn(page: Page, said: Said): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with Example Login" }).click();
  await expect(page.getByRole("heading", { name: "Who are you?" })).toBeVisible();
  await page.getByLabel("Subject").fill(said.subject);
  await page.getByLabel("Address").fill(said.email);
  await page.getByLabel("Name").fill(said.name ?? "Grace");
  await page.getByLabel("Verified").setChecked(said.verified ?? true);
  await page.getByLabel("Fault").selectOption(said.fault ?? "none");
  await page.getByRole("button", { name: "Go on" }).click();
}

test("somebody who is not invited is told so, and stays out", async ({ browser }) => {
  const page = await freshPage(browser);
  await signOn(page, { subject: "uninvited", email: "uninvited@example.org" });
  await expect(page.getByRole("alert").filter({ hasText: "Sign-up is by invitation here." })).toBeVisible();
  expect(await sessionCookie(page.context())).toBeUndefined();
  await expectAccessible(page);
});

test("an unverified address opens no account, least of all the owner's", async ({ browser }) => {
  const page = await freshPage(browser);
  for (const email of [OWNER.email, OWNER.email.toUpperCase()]) {
    await signOn(page, { subject: "impostor", email, verified: false });
    await expect(page.getByRole("alert").filter({ hasText: "has not verified your e-mail address" })).toBeVisible();
  }
  expect(await sessionCookie(page.context())).toBeUndefined();
  const owner = await ownerPage(browser);
  await owner.goto("/account");
  await expect(owner.getByLabel("Current password")).toBeVisible();
});

test("somebody who is invited gets an account, joins by the link, and comes back to it", async ({ browser }) => {
  const email = "grace@example.org";
  const link = await inviteLink(await ownerPage(browser), email, "operator");
  const page = await freshPage(browser);
  await signOn(page, { subject: "grace-1", email });
  await expect(page).toHaveURL("/teams/new");
  await page.goto(link);
  await page.getByRole("button", { name: `Join as ${email}` }).click();
  await expect(page).toHaveURL(TEAM);
  await page.goto("/account");
  await expect(page.getByText(email).first()).toBeVisible();
  await expect(page.getByLabel("Current password")).toHaveCount(0);

  const again = await freshPage(browser);
  await signOn(again, { subject: "grace-1", email: "married@example.org", name: "Other" });
  await expect(again).toHaveURL(TEAM);
  expect(await sessionCookie(again.context())).not.toBe(await sessionCookie(page.context()));
});

test("a verified address opens the account that has it, and the password that was there ends", async ({ browser }) => {
  const email = "linked@example.org";
  const page = await joinTeam(browser, email, "Linda Linked", "viewer");
  const other = await freshPage(browser);
  await signOn(other, { subject: "linked-1", email });
  await expect(other).toHaveURL(TEAM);
  await page.goto(TEAM);
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page, email, PASSWORD);
  await expect(page.getByText("The e-mail address or the password is wrong.")).toBeVisible();
});

for (const fault of FAULTS.filter((one) => one !== "none")) {
  test(`an answer of the issuer with a wrong ${fault} is not believed`, async ({ browser }) => {
    const page = await freshPage(browser);
    await signOn(page, { subject: "grace-1", email: "grace@example.org", fault });
    await expect(page.getByRole("alert").filter({ hasText: "its answer could not be verified" })).toBeVisible();
    expect(await sessionCookie(page.context())).toBeUndefined();
  });
}

test("an answer that was meant for another browser opens nothing", async ({ browser }) => {
  const victim = await freshPage(browser);
  const [attacker, callback] = [await freshPage(browser), "**/api/auth/callback/oidc?**"];
  await attacker.route(callback, (route) => route.abort());
  const caught = attacker.waitForRequest(callback);
  await signOn(attacker, { subject: "grace-1", email: "grace@example.org" }).catch(() => {});
  await victim.goto((await caught).url());
  await expect(victim.getByRole("alert").filter({ hasText: "could not be verified" })).toBeVisible();
  expect(await sessionCookie(victim.context())).toBeUndefined();
});

test("the address of the sign-in page cannot put words into its mouth", async ({ browser }) => {
  const page = await freshPage(browser);
  for (const error of ["Your account is locked. Call 555-0100.", "constructor", "__proto__", "OAuthCallback "]) {
    await page.goto(`/sign-in?error=${encodeURIComponent(error)}`);
    await expect(page.getByRole("alert").filter({ hasText: "Signing in did not work. Try again." })).toBeVisible();
    await expect(page.getByText("555-0100")).toHaveCount(0);
  }
});

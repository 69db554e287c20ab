import {
  expect,
  expectAccessible,
  freshPage,
  linkIn,
  mailTo,
  OWNER,
  OWNER_STATE,
  signIn,
  TEAM,
  test,
} from "./fixtures.ts";

test.use({ storageState: OWNER_STATE });

const INVITED = { email: "vera@example.org", password: "a viewer with a long password" };

test("after the first account, sign-up is by invitation", async ({ browser }) => {
  const page = await freshPage(browser);
  await page.goto("/sign-up");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign-up is by invitation");
  await expectAccessible(page);
});

test("an invitation is mailed, works once, and gives the role", async ({ page, browser }) => {
  await page.goto(`${TEAM}/members`);
  await page.getByLabel("E-mail address").fill(INVITED.email);
  await page.getByLabel("Role", { exact: true }).selectOption("viewer");
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByText(`on its way to ${INVITED.email}`)).toBeVisible();
  await expectAccessible(page);
  const link = linkIn(await mailTo(INVITED.email));

  const guest = await freshPage(browser);
  await guest.goto(link);
  await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Join Acme Mail");
  await expectAccessible(guest);
  await guest.getByLabel("Your name").fill("Vera Viewer");
  await guest.getByLabel("Password").fill(INVITED.password);
  await guest.getByRole("button", { name: "Create the account and join" }).click();
  await expect(guest).toHaveURL(TEAM);
  // A viewer reads, and changes nothing.
  await expect(guest.getByRole("button", { name: "Add the domain" })).toHaveCount(0);
  await guest.goto(`${TEAM}/audit`);
  await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Not found");

  const second = await freshPage(browser);
  await second.goto(link);
  await expect(second.getByRole("heading", { level: 1 })).toHaveText("This invitation does not work");
  await expectAccessible(second);

  await page.goto(`${TEAM}/audit`);
  const trail = page.getByRole("table");
  await expect(trail.getByRole("row").filter({ hasText: "member.invited" })).toContainText(OWNER.email);
  await expect(trail.getByRole("row").filter({ hasText: "invitation.accepted" })).toContainText(INVITED.email);
  await expectAccessible(page);
});

test("a wrong password says nothing about the account", async ({ browser }) => {
  const page = await freshPage(browser);
  for (const email of [OWNER.email, "nobody@example.org"]) {
    await signIn(page, email, "not the password at all");
    await expect(page.getByText("The e-mail address or the password is wrong.")).toBeVisible();
  }
  await expectAccessible(page);
});

test("a session can be seen and ended from another browser", async ({ page, browser }) => {
  const other = await freshPage(browser);
  await signIn(other, OWNER.email, OWNER.password);
  await expect(other).toHaveURL(/\/teams\//);
  await page.goto("/account");
  await expectAccessible(page);
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await expect(page.getByText(/sessions? (is|are) ended/)).toBeVisible();
  await other.goto(TEAM);
  await expect(other).toHaveURL(/\/sign-in/);
});

test("a forgotten password is set anew by a mailed link that works once", async ({ browser }) => {
  const page = await freshPage(browser);
  await page.goto("/forgot-password");
  await expectAccessible(page);
  await page.getByLabel("E-mail address").fill(INVITED.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("a link is on its way")).toBeVisible();
  await expect(async () => expect(await mailTo(INVITED.email)).toContain("reset-password")).toPass({ timeout: 10_000 });
  const link = linkIn(await mailTo(INVITED.email));
  await page.goto(link);
  await expectAccessible(page);
  await page.getByLabel("New password").fill("another very long password");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("The new password is set.")).toBeVisible();
  await page.getByLabel("Password").fill("another very long password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(TEAM);
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link does not work");
});

test("signing out ends the session, also for a copy of the cookie", async ({ browser }) => {
  const page = await freshPage(browser);
  await signIn(page, OWNER.email, OWNER.password);
  await expect(page).toHaveURL(TEAM);
  const cookies = await page.context().cookies();
  await page.getByRole("button", { name: OWNER.email }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign in" }).first()).toBeVisible();
  await page.context().addCookies(cookies);
  await page.goto(TEAM);
  await expect(page).toHaveURL(/\/sign-in/);
});

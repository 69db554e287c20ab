import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import { freshPage, linkIn, mailTo, OWNER_STATE, TEAM } from "./fixtures.ts";

export const PASSWORD = "correct horse battery staple";

/** A page of the first account; it is not watched for noise, since some tests make some. */
export async function ownerPage(browser: Browser): Promise<Page> {
  return (await browser.newContext({ storageState: OWNER_STATE })).newPage();
}

/** Invites an address into the first account's team. @returns the link that was mailed */
export async function inviteLink(owner: Page, email: string, role: string): Promise<string> {
  await owner.goto(`${TEAM}/members`);
  await owner.getByLabel("E-mail address").fill(email);
  await owner.getByLabel("Role", { exact: true }).selectOption(role);
  await owner.getByRole("button", { name: "Invite" }).click();
  await expect(owner.getByText(`on its way to ${email}`)).toBeVisible();
  return linkIn(await mailTo(email));
}

/** An account that joined the first account's team, in a browser of its own. */
export async function joinTeam(browser: Browser, email: string, name: string, role: string): Promise<Page> {
  const owner = await ownerPage(browser);
  const link = await inviteLink(owner, email, role);
  await owner.context().close();
  const page = await freshPage(browser);
  await page.goto(link);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create the account and join" }).click();
  await expect(page).toHaveURL(TEAM);
  return page;
}

/** The value of the session cookie in a browser. */
export async function sessionCookie(context: BrowserContext): Promise<string | undefined> {
  return (await context.cookies()).find(({ name }) => name === "sealpost.session")?.value;
}

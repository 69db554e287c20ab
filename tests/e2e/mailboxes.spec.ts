import type { Page } from "@playwright/test";
import { expect, expectAccessible, OWNER_STATE, TEAM, test } from "./fixtures.ts";
import { IMAP_HOST, IMAP_PASSWORD } from "./imap-server.ts";
import { PORT } from "./playwright.config.ts";

// The team's mailboxes as its people see them; what the worker does with one is tested against a real server elsewhere.
test.use({ storageState: OWNER_STATE });
test.describe.configure({ mode: "serial" });

const USER = "tls-reports@acme.test";
const rowOf = (page: Page) => page.getByRole("row").filter({ hasText: USER });
const picture = (page: Page, name: string) =>
  page.screenshot({ path: `test-results/pages/mailboxes-${name}.png`, fullPage: true });

test("a mailbox is tried, refused with the reason, tried again and saved", async ({ page }) => {
  await page.goto(`${TEAM}/mailboxes`);
  await page.getByRole("link", { name: "Add a mailbox" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Add a mailbox");
  await expectAccessible(page);
  await page.getByLabel("IMAP server").fill(IMAP_HOST);
  await page.getByLabel("Port", { exact: true }).fill(String(PORT + 3));
  await page.getByLabel("User name").fill(USER);
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Add the mailbox" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "refuses" })).toContainText(
    `${IMAP_HOST} refuses the user name or what signs in (it says "Wrong user name or password").`,
  );
  await expectAccessible(page);
  await picture(page, "refused");

  await page.getByLabel("Password", { exact: true }).fill(IMAP_PASSWORD);
  await page.getByLabel("Folder", { exact: true }).fill("Nowhere");
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.locator("#folder-error")).toHaveText(`${IMAP_HOST} has no folder "Nowhere".`);
  await expect(page.getByText("The folders of this mailbox (2)")).toBeVisible();
  await page.getByLabel("Folder", { exact: true }).fill("INBOX");
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByRole("status")).toContainText("The folder “INBOX” has 0 mails. Nothing is saved yet.");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue(IMAP_PASSWORD); // typed once
  await picture(page, "tried");
  await page.getByRole("button", { name: "Add the mailbox" }).click();
  await expect(page).toHaveURL(`${TEAM}/mailboxes`);
  await expect(rowOf(page)).toContainText("Reached");
  await expectAccessible(page);
  await picture(page, "list");
});

test("its password is asked for again for another server, and never shown", async ({ page }) => {
  await page.goto(`${TEAM}/mailboxes`);
  await rowOf(page).getByRole("link", { name: "Change" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Mailbox ${USER}`);
  await expectAccessible(page);
  expect(await page.content()).not.toContain(IMAP_PASSWORD);
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByRole("status")).toContainText("Signed in");
  await page.getByLabel("IMAP server").fill("mail.healthy.test");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await expect(page.locator("#password-error")).toHaveText("Enter the password.");
});

test("choices show what they need", async ({ page }) => {
  await page.goto(`${TEAM}/mailboxes/add`);
  await expect(page.getByLabel("Folder for mail that was taken")).toBeHidden();
  await page.getByLabel("When a report was taken").selectOption("move");
  await expect(page.getByLabel("Folder for mail that was taken")).toBeVisible();
  await page.getByLabel("With", { exact: true }).selectOption("oauth");
  await expect(page.getByLabel("Password", { exact: true })).toBeHidden();
  await expect(page.getByLabel("Refresh token")).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await picture(page, "oauth.narrow");
});

test("it is paused, goes on, and is removed", async ({ page }) => {
  await page.goto(`${TEAM}/mailboxes`);
  await rowOf(page).getByRole("button", { name: "Pause" }).click();
  await expect(rowOf(page)).toContainText("Paused");
  await rowOf(page).getByRole("button", { name: "Resume" }).click();
  await expect(rowOf(page)).not.toContainText("Paused");
  await rowOf(page).getByText("Remove …").click();
  await expect(rowOf(page)).toContainText("what signs in is forgotten");
  await picture(page, "remove");
  await rowOf(page).getByRole("button", { name: "Remove the mailbox" }).click();
  await expect(rowOf(page)).toHaveCount(0);
});

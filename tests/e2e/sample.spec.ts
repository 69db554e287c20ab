import { expect, expectAccessible, OWNER_STATE, TEAM, test } from "./fixtures.ts";

test.use({ storageState: OWNER_STATE });

test("sample data: one click adds it, marked as such; its story is there; one click removes it", async ({ page }) => {
  await page.goto(TEAM);
  await page.getByRole("button", { name: "Add sample data" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "sample-mail.example is not ready to enforce: 2 steps left",
  );
  await expect(page.getByText("This is sample data")).toBeVisible();
  await page.getByRole("link", { name: "90 days", exact: true }).click();
  await expect(page).toHaveURL(/period=90/);
  await expect(page.getByText("A reporter fell silent")).toBeVisible();
  const byResult = page.getByRole("region", { name: "Failures by result type", exact: true });
  await expect(byResult.getByRole("link", { name: "Certificate had expired" })).toBeVisible();
  await expect(byResult.getByRole("link", { name: "Mail host is not in the policy" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Failures by reporter", exact: true }).getByRole("row")).toHaveCount(9);
  await expectAccessible(page);

  const sessions = page.getByRole("region", { name: "Sessions under MTA-STS" });
  await sessions.locator(".recharts-bar-rectangle").nth(40).click();
  await expect(page).toHaveURL(/\/reports\?.*from=/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/\d+ reports for/);

  await page.goto(`${TEAM}/domains/sample-mail.example`);
  await page.getByRole("button", { name: "Remove the sample data" }).click();
  await expect(page).toHaveURL(TEAM);
  await expect(page.getByRole("link", { name: "sample-mail.example" })).toHaveCount(0);
});

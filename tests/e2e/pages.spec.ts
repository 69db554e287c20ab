import { expect, lookAt, OWNER_STATE, TEAM, test } from "./fixtures.ts";

// Every page, wide and narrow, light and dark.
/** A team of its own with the sample data, so that nobody else changes what is looked at. */
const SHOWN_TEAM = "/teams/harbour-hosting";
const SAMPLE = `${SHOWN_TEAM}/domains/sample-mail.example`;

const VISITOR_PAGES = [
  "/",
  "/lookup",
  "/lookup/healthy.test",
  "/lookup/policy-redirects.test",
  ...["/checks", "/checks/dane-match", "/sign-in", "/forgot-password"],
];
const MEMBER_PAGES = [
  ...[SHOWN_TEAM, `${SHOWN_TEAM}/members`, `${SHOWN_TEAM}/audit`, `${SHOWN_TEAM}/settings`, "/teams/new", "/account"],
  ...[
    SAMPLE,
    `${SAMPLE}?period=90`,
    `${SAMPLE}?type=tlsa`,
    `${SAMPLE}?period=7&cause=mx-not-in-policy&result=validation-failure`,
  ],
  ...[`${SHOWN_TEAM}/domains/add`, `${SAMPLE}/history`],
  ...[`${SHOWN_TEAM}/mailboxes`, `${SHOWN_TEAM}/mailboxes/add`, `${TEAM}/mailboxes/add`],
  ...[`${SAMPLE}/lookup`, `${SAMPLE}/reports`, `${SAMPLE}/reports?page=2`, `${SAMPLE}/failures`, `${SAMPLE}/settings`],
  ...[`${TEAM}/domains/mx-not-covered-testing.test`, `${TEAM}/domains/mx-not-covered-testing.test/settings`],
  ...[
    `${TEAM}/domains/mx-not-covered-testing.test/quarantine`,
    `${TEAM}/domains/mx-not-covered-testing.test/unclaimed`,
    `${TEAM}/settings?detailDays=29&rawDays=90`,
    `${SAMPLE}/reports?outcome=held`,
    `${SAMPLE}/quarantine`,
    `${SAMPLE}?from=2020-01-01&to=2020-01-31`,
  ],
];

test.describe("a visitor's pages", () => {
  for (const path of VISITOR_PAGES) test(path, ({ page }) => lookAt(page, path));
});

test.describe("a member's pages", () => {
  test.use({ storageState: OWNER_STATE });

  test.beforeAll(async ({ browser }) => {
    const page = await browser.newPage({ storageState: OWNER_STATE });
    await page.goto("/teams/new");
    await page.getByLabel("Team name").fill("Harbour Hosting");
    await page.getByRole("button", { name: "Create the team" }).click();
    await expect(page).toHaveURL(SHOWN_TEAM);
    await page.getByRole("button", { name: "Add sample data" }).click();
    await expect(page).toHaveURL(SAMPLE);
    await page.close();
  });

  for (const path of MEMBER_PAGES) test(path, ({ page }) => lookAt(page, path));

  test("one report", async ({ page }) => {
    await page.goto(`${SAMPLE}/failures`);
    const report = await page.getByRole("table").getByRole("link").first().getAttribute("href");
    await lookAt(page, report ?? "");
  });
});

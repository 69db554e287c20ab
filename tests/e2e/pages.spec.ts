import type { Page } from "@playwright/test";
import { expect, expectAccessible, OWNER_STATE, TEAM, test } from "./fixtures.ts";

// Every page, wide and narrow, light and dark: axe finds nothing, and nothing is wider than the screen. The pictures go to
// test-results/pages, to be looked at.
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };
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
    `${SAMPLE}/quarantine`,
    `${SAMPLE}?from=2020-01-01&to=2020-01-31`,
  ],
];

async function lookAt(page: Page, path: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expect(page.locator("[data-waiting]")).toHaveCount(0);
    const chart = page.locator("figure");
    await page.mouse.move(5, 5); // charts come to life when somebody is there
    if (await chart.count()) await expect(chart.locator("svg.recharts-surface").first()).toBeVisible();
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const name = path.replace(/^\//, "").replace(/[^\w-]+/g, "_") || "start";
      await page.screenshot({ path: `test-results/pages/${name}.${size}.${scheme}.png`, fullPage: true });
    }
    await expectAccessible(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${path} is wider than the ${size} screen`).toBeLessThanOrEqual(0);
  }
}

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

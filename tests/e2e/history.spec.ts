import type { Page } from "@playwright/test";
import { expect, expectAccessible, freshPage, OWNER_STATE, test } from "./fixtures.ts";

test.use({ storageState: OWNER_STATE });
test.describe.configure({ mode: "serial" });

/** A team of its own, so that nobody else changes what is looked at. */
const KEEPERS = "/teams/history-keepers";
const SAMPLE = `${KEEPERS}/domains/sample-mail.example`;
const DOMAIN = "healthy.test";
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

/** Accessible and not wider than the screen; the pictures go to test-results/pages, to be looked at. */
async function lookAt(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: `test-results/pages/${name}.${size}.${scheme}.png`, fullPage: true });
    }
    await expectAccessible(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${name} is wider than the ${size} screen`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(SIZES.wide);
}

test("a team with the sample data and a domain that was never looked at", async ({ page }) => {
  await page.goto("/teams/new");
  await page.getByLabel("Team name").fill("History Keepers");
  await page.getByRole("button", { name: "Create the team" }).click();
  await expect(page).toHaveURL(KEEPERS);
  await page.getByRole("button", { name: "Add sample data" }).click();
  await expect(page).toHaveURL(SAMPLE);
  await page.goto(KEEPERS);
  await page.getByRole("textbox", { name: "Domain" }).fill(DOMAIN);
  await page.getByRole("button", { name: "Add the domain" }).click();
  await expect(page).toHaveURL(`${KEEPERS}/domains/${DOMAIN}`);
});

test("the history tells what changed and when, and leads to each lookup as it was", async ({ page }) => {
  await page.goto(SAMPLE);
  await page.getByRole("navigation", { name: "Domain" }).getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^\d+ changes at sample-mail\.example since /);
  const changes = page.getByRole("region", { name: "Changes", exact: true });
  const added = changes.getByRole("listitem").filter({
    has: page.getByRole("heading", { level: 4, name: "New mail host: mx3.sample-mail.example" }),
  });
  await expect(added.last()).toContainText("there, with preference 30");
  await expect(
    changes.getByRole("heading", { level: 4, name: /^New certificate: mx2\.sample-mail\.example/ }),
  ).toBeVisible();
  await expect(page.getByRole("region", { name: "Policies seen" }).getByRole("row")).toHaveCount(2);
  const lookups = page.getByRole("region", { name: "Lookups", exact: true });
  await expect(lookups).toContainText("1 to 4 of 4 lookups");
  await lookAt(page, "history");

  await lookups.getByRole("link").last().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    /^What senders found for sample-mail\.example on \d+ \w+ \d{4}$/,
  );
  const difference = page.getByRole("table", { name: "Then and now, side by side" });
  await expect(difference.getByRole("row").filter({ hasText: "New mail host: mx3.sample-mail.example" })).toContainText(
    "there, with preference 30",
  );
  await expect(page.getByText("judged that day")).toBeVisible();
  await lookAt(page, "history_lookup");
  await page.getByRole("link", { name: "History" }).last().click();
  await lookups.getByRole("link").first().click();
  await expect(page.getByText("This is the last lookup.")).toBeVisible();
});

test("a domain that was looked at once has nothing to compare; an address that is none shows nothing", async ({
  page,
  expectedNoise,
}) => {
  await page.goto(`${KEEPERS}/domains/${DOMAIN}/lookup`);
  await expect(page.locator("[data-waiting]")).toHaveCount(0);
  await expect(async () => {
    await page.goto(`${KEEPERS}/domains/${DOMAIN}/history`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(`${DOMAIN} was looked at once`);
  }).toPass({ timeout: 20_000 });
  await expect(page.getByText("There is nothing to compare yet.")).toBeVisible();
  await lookAt(page, "history_once");
  expectedNoise.push(/404/);
  for (const wrong of ["nonsense", "00000000-0000-7000-8000-000000000000"]) {
    expect((await page.goto(`${KEEPERS}/domains/${DOMAIN}/history/${wrong}`))?.status()).toBe(404);
  }
});

test("the badge is seen by everybody once it is published, and by nobody before and after", async ({
  page,
  browser,
}) => {
  const visitor = (await freshPage(browser)).context().request;
  const badge = () => visitor.get(`/badge/${DOMAIN}.svg`);
  for (const file of [
    `${DOMAIN}.svg`,
    "never-registered.test.svg",
    "sample-mail.example.svg",
    `${DOMAIN}.png`,
    "%00.svg",
  ]) {
    const answer = await visitor.get(`/badge/${file}`);
    expect([answer.status(), await answer.json()], file).toEqual([404, { error: "Not found." }]);
  }
  await page.goto(`${KEEPERS}/domains/${DOMAIN}/settings`);
  await page.getByRole("button", { name: "Publish the badge" }).click();
  await expect(page.getByRole("img", { name: `Badge of ${DOMAIN}` })).toBeVisible();
  await expect(page.getByText(`/badge/${DOMAIN}.svg)](`)).toBeVisible();
  await lookAt(page, "settings_badge");
  const answer = await badge();
  expect(answer.status()).toBe(200);
  expect(answer.headers()).toMatchObject({
    "content-type": "image/svg+xml; charset=utf-8",
    "cache-control": "public, max-age=300",
    "content-security-policy": expect.stringContaining("default-src 'none'"),
  });
  expect(await answer.text()).toMatch(/<title id="title">mail transport: enforced \(seen \d+ \w+ \d{4}\)<\/title>/);
  await page.getByRole("button", { name: "Take the badge back" }).click();
  await expect(page.getByRole("button", { name: "Publish the badge" })).toBeVisible();
  expect((await badge()).status()).toBe(404);
  await page.goto(`${SAMPLE}/settings`);
  await expect(page.getByRole("region", { name: "Badge" })).toHaveCount(0);
});

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, OWNER_STATE, test } from "./fixtures.ts";

// A list of domains, from the paste to the table. In a team of its own, since the other journeys count their team's rows.
test.describe.configure({ mode: "serial" });
test.use({ storageState: OWNER_STATE });

// Domains whose policy nobody else of these tests fails to fetch: after that the worker waits five minutes (M30).
const MANY = "/teams/many-domains";
const ADD = `${MANY}/domains/add`;
const LIST = [
  ...[
    "# our domains",
    "domain,owner",
    "tls-rpt-https.test,Ada",
    '"record-without-blanks.test","sales, and more"',
    "nonsense",
  ],
  ...["ada@dane-only.test,x", "TLS-RPT-https.test."],
].join("\n");

/** Looks at the page wide and narrow; the pictures go to test-results/pages. */
async function picture(page: Page, name: string): Promise<void> {
  for (const [size, width] of [
    ["wide", 1280],
    ["narrow", 390],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.screenshot({ path: `test-results/pages/many-${name}.${size}.png`, fullPage: true });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${name} is wider than the ${size} screen`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 844 });
}

test("a list is pasted, corrected and looked at; what was refused is shown with its line", async ({ page }) => {
  await page.goto("/teams/new");
  await page.getByLabel("Team name").fill("Many domains");
  await page.getByRole("button", { name: "Create the team" }).click();
  await expect(page).toHaveURL(MANY);
  await page.getByRole("link", { name: "Paste or upload a list" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Add many domains");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Add the domains" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Paste a list, or choose a file" })).toBeVisible();
  await page.getByLabel("Domains", { exact: true }).fill(LIST);
  await page.getByRole("button", { name: "Add the domains" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 domains were added" })).toBeVisible();
  const refused = page.getByRole("table", { name: "Lines that were not added" });
  await expect(refused.getByRole("row")).toHaveCount(3);
  await expect(refused.getByRole("row").filter({ hasText: "nonsense" })).toContainText(/5\s*nonsense.*single word/);
  await expect(refused.getByRole("row").filter({ hasText: "e-mail address" })).toContainText("Perhaps dane-only.test?");
  await expect(page.getByText("1 line with a domain that stands further up")).toBeVisible();
  await expect(page.getByLabel("Domains", { exact: true })).toHaveValue("nonsense\nada@dane-only.test");
  await expectAccessible(page);
  await picture(page, "refused");

  await page.getByLabel("Domains", { exact: true }).fill("id-of-32-characters.test\ntls-rpt-https.test");
  await page.getByRole("button", { name: "Add the domains" }).click();
  await expect(page.getByRole("status").filter({ hasText: "1 domain was added" })).toBeVisible();
  await expect(page.getByText("1 line with a domain of the team already")).toBeVisible();
  await expect(page.getByLabel("Domains", { exact: true })).toHaveValue("");

  // The page asks by itself how far the worker is.
  await expect(page.getByText(/of 3 domains looked at/)).toHaveCount(0, { timeout: 60_000 });
  await page.goto(MANY);
  await expect(page.getByRole("row")).toHaveCount(4);
  await expect(page.getByRole("cell", { name: "Not yet" })).toHaveCount(0);
});

test("the table is sorted, narrowed and downloaded", async ({ page }) => {
  await page.goto(MANY);
  const first = page.getByRole("row").nth(1);
  await page.getByRole("link", { name: "Domain", exact: true }).click();
  await expect(page).toHaveURL(`${MANY}?sort=name`);
  await expect(first).toContainText("id-of-32-characters.test");
  await expect(page.getByRole("columnheader", { name: "Domain" })).toHaveAttribute("aria-sort", "ascending");
  await page.getByRole("link", { name: "Domain", exact: true }).click();
  await expect(page).toHaveURL(`${MANY}?sort=name&order=desc`);
  await expect(first).toContainText("tls-rpt-https.test");
  await expectAccessible(page);
  await picture(page, "table");

  await page.getByLabel("Name contains").fill("rpt-h");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page).toHaveURL(/q=rpt-h/);
  await expect(page).toHaveURL(/order=desc/);
  await expect(page.getByRole("row")).toHaveCount(2);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as CSV" }).click();
  expect((await download).suggestedFilename()).toBe("domains-of-many-domains.csv");
  const lines = (await readFile(await (await download).path(), "utf8")).split("\r\n");
  expect([lines.length, lines[0], lines[1]]).toEqual([
    ...[
      3,
      expect.stringMatching(/^domain,name,state,/),
      expect.stringMatching(/^tls-rpt-https\.test,tls-rpt-https\.test,/),
    ],
  ]);

  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page.getByRole("row")).toHaveCount(4);
  await expect(page.getByLabel("Name contains")).toHaveValue("");
  await page.getByLabel("Name contains").fill("there is none");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByText("No domains")).toBeVisible();
  await expectAccessible(page);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a file is uploaded, and the progress is there again with each reload", async ({ page }) => {
    await page.goto(ADD);
    const buffer = Buffer.from("domain;note\r\nbücher.test;x\r\nmax-age-largest.test;y\r\nco.uk;z\r\n", "latin1");
    await page.getByLabel("Or a file").setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer });
    await page.getByRole("button", { name: "Add the domains" }).click();
    await expect(page.getByRole("status").filter({ hasText: "2 domains were added" })).toBeVisible();
    await expect(page.getByRole("table", { name: "Lines that were not added" })).toContainText("co.uk");
    await expect(page.getByLabel("Domains", { exact: true })).toHaveValue("co.uk");
    await expect(async () => {
      await page.goto(MANY);
      await expect(page.getByText(/of 5 domains looked at/)).toHaveCount(0, { timeout: 100 });
    }).toPass({ timeout: 60_000 });
    await expect(page.getByRole("row")).toHaveCount(6);
    await page.getByRole("link", { name: "Failed sessions, 7 days" }).click();
    await expect(page).toHaveURL(`${MANY}?sort=failures`);
    await expect(page.getByRole("row").filter({ hasText: "xn--bcher-kva.test" })).toContainText("bücher.test");
  });
});

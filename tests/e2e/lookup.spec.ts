import { expect, expectAccessible, test } from "./fixtures.ts";

test("a visitor looks a domain up with the form", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Domain" }).fill("healthy.test");
  await page.getByRole("button", { name: "Look up" }).click();
  await expect(page).toHaveURL("/lookup/healthy.test");
  await expect(page.getByRole("status")).toContainText("No problem was found.");
  await expect(page.getByRole("region", { name: "MTA-STS" }).getByRole("listitem")).toHaveCount(8);
  await expectAccessible(page);
});

test("a redirecting policy host is told with the place that it leads to", async ({ page }) => {
  await page.goto("/lookup/policy-redirects.test");
  const finding = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /host redirects/ }) });
  await expect(finding).toContainText("Problem");
  await finding.getByText("Evidence").click();
  await expect(finding).toContainText("location");
  await expectAccessible(page);
});

test("a domain whose DNS gives no answer could not be checked: neither red nor green", async ({ page }) => {
  await page.goto("/lookup/dns-times-out.test");
  await expect(page.getByRole("status")).toContainText("could not be made", { timeout: 30_000 });
  const groups = page.getByRole("listitem");
  await expect(groups.filter({ hasText: "Could not check" }).first()).toBeVisible();
  await expect(groups.getByText("Problem", { exact: true })).toHaveCount(0);
  await expect(groups.getByText("Pass", { exact: true })).toHaveCount(0);
  await expectAccessible(page);
});

test("what is no domain is refused with a sentence and stays in the form", async ({ page }) => {
  await page.goto("/lookup?domain=ada%40example.org");
  await expect(page.getByRole("textbox", { name: "Domain" })).toHaveValue("ada@example.org");
  await expect(page.locator("#lookup-error")).toContainText("@");
  await expectAccessible(page);
});

test("a name in another script is looked up by its A-label and shown as both", async ({ page }) => {
  await page.goto(`/lookup?domain=${encodeURIComponent("bücher.test")}`);
  await expect(page).toHaveURL("/lookup/xn--bcher-kva.test");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("bücher.test");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("xn--bcher-kva.test");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the lookup is all there", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("textbox", { name: "Domain" }).fill("healthy.test");
    await page.getByRole("button", { name: "Look up" }).click();
    await expect(page.getByText("The policy is enforced")).toBeVisible();
    await expect(page.getByText("The TLS-RPT record is valid")).toBeVisible();
  });
});

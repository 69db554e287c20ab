import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./fixtures.ts";

/** The item of the list in which a finding with this title stands. */
function finding(page: Page, title: RegExp): Locator {
  return page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title }) });
}

async function allIn(page: Page): Promise<void> {
  await expect(page.locator("[data-waiting]")).toHaveCount(0, { timeout: 30_000 });
}

test("a visitor looks a domain up with the form", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Domain" }).fill("healthy.test");
  await page.getByRole("button", { name: "Look up" }).click();
  await expect(page).toHaveURL("/lookup/healthy.test");
  await expect(page.getByRole("status").first()).toContainText("No problem was found.");
  await allIn(page);
  const row = page.getByRole("table", { name: "What senders do with mail for healthy.test" }).getByRole("row").nth(1);
  await expect(row.getByRole("rowheader")).toHaveText("mx1.healthy.test");
  await expect(row.getByText("Delivers", { exact: true })).toHaveCount(3);
  for (const group of ["Outcome", "Mail hosts", "MTA-STS", "DANE and DNSSEC", "TLS-RPT"]) {
    await expect(page.getByRole("region", { name: group, exact: true }).getByRole("listitem").first()).toBeVisible();
  }
  const passed = page.getByRole("region", { name: "MTA-STS" }).getByText("Pass", { exact: true });
  await expect(passed).toHaveCount(8);
  await expectAccessible(page);
});

test("what is well is folded to its title, and unfolds to what it rests on", async ({ page }) => {
  await page.goto("/lookup/healthy.test");
  const record = finding(page, /^The MTA-STS record is valid/);
  const text = record.getByText("v=STSv1; id=").first();
  await expect(text).toBeHidden();
  await record.getByRole("heading").click();
  await expect(text).toBeVisible();
});

test("a redirecting policy host is told with the place that it leads to, and how to mend it", async ({ page }) => {
  await page.goto("/lookup/policy-redirects.test");
  const redirect = finding(page, /host redirects/);
  await expect(redirect).toContainText("Problem");
  await redirect.getByText("What to do, step by step").click();
  await expect(redirect.getByText("curl -i https://mta-sts.example.org/")).toBeVisible();
  await redirect.getByText("Microsoft 365").click();
  await expect(redirect.getByText("Microsoft does not serve the policy for you")).toBeVisible();
  await redirect.getByText("Evidence").click();
  await expect(redirect.getByText(/location: http/)).toBeVisible();
  await expectAccessible(page);
  await redirect.getByRole("link", { name: "About this check" }).click();
  await expect(page).toHaveURL("/checks/mta-sts-fetch#sts-fetch-redirect");
  await expect(page.locator(":target")).toContainText("The policy host redirects");
});

test("what was not tested is named", async ({ page }) => {
  await page.goto("/lookup/policy-redirects.test");
  const content = finding(page, /^Policy content: not tested$/);
  await content.getByRole("heading").click();
  await expect(content).toContainText("once the problem under “Policy fetch” is mended");
});

test("a chain is drawn with the link that is broken, a policy with the line that is wrong", async ({ page }) => {
  await page.goto("/lookup/cert-no-intermediate.test");
  await page.getByText("Certificate chain of mta-sts.cert-no-intermediate.test").click();
  await expect(page.getByText("Issued by CN=Sealpost lab intermediate, which was not sent")).toBeVisible();
  await expectAccessible(page);

  await page.goto("/lookup/policy-with-comment.test");
  await page.getByText("The policy as it was served").click();
  const lines = page.getByRole("listitem").filter({ hasText: /^\d+#/ });
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText(/comment/i);
  await expectAccessible(page);
});

test("the dialogue with a mail host is shown as it went", async ({ page }) => {
  await page.goto("/lookup/mx-two-hosts.test");
  await allIn(page);
  await page.getByText(/^SMTP dialogue of mx1/).click();
  const dialogue = page.getByText("S: 220 mx1.mx-two-hosts.test");
  await expect(dialogue).toContainText("C: STARTTLS");
  await expect(dialogue).toContainText("TLSv1.3, cipher");
  await page.getByText(/^Certificate chain of mx2/).click();
  await expect(page.getByText("Issued by the trusted root").filter({ visible: true })).toHaveCount(1);
});

test("a lookup is saved as a file, passed on by its link, and made again", async ({ page }) => {
  await page.goto("/lookup/healthy.test");
  await allIn(page);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download JSON" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("healthy.test.json");
  const lookup = JSON.parse(readFileSync(await download.path(), "utf8"));
  expect(Object.keys(lookup)).toEqual(["domain", "checkedAt", "worst", "verdicts", "facts"]);
  expect(lookup).toMatchObject({ domain: "healthy.test", facts: { domain: "healthy.test" } });

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^http:\/\/localhost:\d+\/lookup\/healthy\.test$/,
  );

  await expect(page.getByText(/from \d\d:\d\d:\d\d UTC you can/)).toBeVisible();
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(page).toHaveURL(/\/lookup\/healthy\.test\??$/);
});

test("on paper everything is unfolded, and nothing is there to click", async ({ page }) => {
  await page.goto("/lookup/policy-redirects.test");
  await allIn(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText("curl -i https://mta-sts.example.org/")).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("banner")).toBeHidden();
});

test("a domain whose DNS gives no answer could not be checked: neither red nor green", async ({ page }) => {
  await page.goto("/lookup/dns-times-out.test");
  await expect(page.getByRole("status").first()).toContainText("could not be made", { timeout: 30_000 });
  await allIn(page);
  const main = page.getByRole("main");
  await expect(main.getByText("Could not check").first()).toBeVisible();
  await expect(main.getByText("Problem", { exact: true })).toHaveCount(0);
  await expect(main.getByText("Pass", { exact: true })).toHaveCount(0);
  await expectAccessible(page);
});

test.describe("what is no domain", () => {
  test.use({ expectedNoise: [/400/] });

  test("is refused with a sentence and stays in the form", async ({ page }) => {
    const refused = await page.goto("/lookup?domain=ada%40example.org");
    expect(refused?.status()).toBe(400);
    await expect(page.getByRole("textbox", { name: "Domain" })).toHaveValue("ada@example.org");
    await expect(page.locator("#lookup-error")).toContainText("@");
    await expectAccessible(page);
    expect((await page.goto("/lookup"))?.status()).toBe(200);
    const answer = await page.request.get("/lookup/ada%40example.org/json");
    expect([answer.status(), (await answer.json()).error]).toEqual([400, expect.stringContaining("@")]);
  });
});

test("a name in another script is looked up by its A-label and shown as both", async ({ page }) => {
  await page.goto(`/lookup?domain=${encodeURIComponent("bücher.test")}`);
  await expect(page).toHaveURL("/lookup/xn--bcher-kva.test");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("bücher.test");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("xn--bcher-kva.test");
});

// The faults that look the most different: nothing there, no mail wanted, hosts that differ, long texts from strangers.
for (const domain of ["not-registered.test", "null-mx.test", "mx-backup-not-covered.test", "policy-is-html.test"]) {
  test(`${domain} fits a phone, with everything unfolded`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/lookup/${domain}`);
    await allIn(page);
    await page.locator("details").evaluateAll((all) => {
      for (const one of all) one.setAttribute("open", "");
    });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });
}

test("every check has a page, and every finding a place on it", async ({ page }) => {
  await page.goto("/checks");
  await expectAccessible(page);
  const links = page.getByRole("main").getByRole("link");
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  expect(hrefs).toHaveLength(21);
  for (const href of hrefs) {
    await page.goto(href ?? "");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.locator("#findings li[id]").count()).toBeGreaterThan(1);
    await expect(page.getByRole("main")).not.toContainText(/\{=?\w+\}|undefined/);
  }
  await page.goto("/checks/starttls#starttls-not-offered");
  await expect(page.locator(":target")).toContainText("STARTTLS is not offered");
  await expect(page.locator(":target").getByRole("link", { name: "RFC 3207 §4" })).toHaveAttribute(
    "href",
    "https://www.rfc-editor.org/rfc/rfc3207#section-4",
  );
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test.describe("what is no check", () => {
  test.use({ expectedNoise: [/404/] });

  test("has no page", async ({ page }) => {
    const answer = await page.goto("/checks/no-such-check");
    expect(answer?.status()).toBe(404);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the lookup is all there", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("textbox", { name: "Domain" }).fill("healthy.test");
    await page.getByRole("button", { name: "Look up" }).click();
    await expect(page.getByText("The policy is enforced")).toBeVisible();
    await expect(page.getByText("The TLS-RPT record is valid")).toBeVisible();
    await expect(page.getByRole("rowheader", { name: "mx1.healthy.test" })).toBeVisible();
    await page.getByText("SMTP dialogue of mx1.healthy.test").click();
    await expect(page.getByText("C: STARTTLS")).toBeVisible();
  });
});

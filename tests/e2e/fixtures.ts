import AxeBuilder from "@axe-core/playwright";
import { type Browser, test as base, expect, type Locator, type Page } from "@playwright/test";
import { createTransport } from "nodemailer";
import { PORT } from "./playwright.config.ts";

export { expect };

/** The account that the first visit makes; the other journeys go on with it. */
export const OWNER = {
  name: "Ada Operator",
  email: "ada@example.org",
  password: "correct horse battery",
  team: "Acme Mail",
};
export const OWNER_STATE = "test-results/owner.json";
export const TEAM = "/teams/acme-mail";

interface Options {
  /** Texts of console messages that this test brings about on purpose. */
  expectedNoise: RegExp[];
}

/** A test that fails when the page writes an error or a warning to the console, or throws. */
export const test = base.extend<Options & { quiet: undefined }>({
  expectedNoise: [[], { option: true }],
  quiet: [
    async ({ page, expectedNoise }, use) => {
      const noise: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") noise.push(message.text());
      });
      page.on("pageerror", (error) => noise.push(String(error)));
      await use(undefined);
      expect(noise.filter((text) => !expectedNoise.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
});

const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fails when axe finds a breach of WCAG 2.2 A or AA on the page as it is now, light and dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    // Without frames of other origins, of which there are none, and without what passed: a third of the time.
    const { violations } = await new AxeBuilder({ page })
      .options({ resultTypes: ["violations"] })
      .withTags(AXE_TAGS)
      .setLegacyMode()
      .analyze();
    const found = violations.map(({ id, nodes }) => `${scheme} ${id}: ${nodes.map((node) => node.target).join(" ")}`);
    expect(found).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

/**
 * Looks at a page, wide and narrow, light and dark: axe finds nothing, and nothing is wider than the screen. The pictures go to
 * test-results/pages, to be looked at.
 * @param as the pictures' name, for a page in another state than the one of its address
 */
export async function lookAt(page: Page, path: string, as = path): Promise<void> {
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
      const name = as.replace(/^\//, "").replace(/[^\w-]+/g, "_") || "start";
      await page.screenshot({ path: `test-results/pages/${name}.${size}.${scheme}.png`, fullPage: true });
    }
    await expectAccessible(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${path} is wider than the ${size} screen`).toBeLessThanOrEqual(0);
  }
}

/** Drops files on an element, as a hand does. */
export async function dropFiles(target: Locator, files: { name: string; bytes: Buffer }[]): Promise<void> {
  const sent = files.map(({ name, bytes }) => ({ name, base64: bytes.toString("base64") }));
  await target.evaluate((element, list) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    for (const type of ["dragover", "drop"]) {
      element.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
  }, sent);
}

/** Signs in with e-mail address and password. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A page of somebody who is not signed in. */
export async function freshPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  return context.newPage();
}

/** Delivers a mail to the inbox with this token, as a sender does. */
export async function mailIn(token: string, raw: Buffer): Promise<void> {
  const door = createTransport({ host: "127.0.0.1", port: PORT + 4, tls: { rejectUnauthorized: false } });
  await door.sendMail({ envelope: { from: "", to: `${token}@reports.sealpost.test` }, raw });
  door.close();
}

/** The latest mail to an address, once it is there; its source text with soft line breaks joined. */
export async function mailTo(address: string): Promise<string> {
  let mail: string | undefined;
  await expect(async () => {
    const response = await fetch(`http://127.0.0.1:${PORT + 1}`);
    const mails: string[] = await response.json();
    mail = mails.findLast((text) => text.includes(`To: ${address}`));
    expect(mail).toBeDefined();
  }).toPass({ timeout: 10_000 });
  return (mail ?? "").replace(/=\r?\n/g, "").replaceAll("=3D", "=");
}

/** The first link in a mail. */
export function linkIn(mail: string): string {
  return /https?:\/\/\S+/.exec(mail)?.[0] ?? "";
}

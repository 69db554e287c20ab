import { type Browser, chromium } from "@playwright/test";
import { findBrowser } from "#tests/e2e/find-browser.ts";
import config from "#tests/e2e/playwright.config.ts";

/** Runs something with the browser of the browser tests. */
export async function withBrowser<T>(run: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ ...config.use?.launchOptions, executablePath: await findBrowser() });
  try {
    return await run(browser);
  } finally {
    await browser.close();
  }
}

/** The cookie of a `cookie` header as the browser takes it. */
export function cookieFor(url: string, header: string) {
  const [name = "", value = ""] = header.split(/=(.*)/s);
  return { name, value, url };
}

import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { step } from "#lib/cli/progress.ts";
import { installedProgram, run } from "#lib/cli/run.ts";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

/**
 * Path of a browser for the tests: CHROMIUM_PATH, one of the machine, or one that is installed now.
 * @throws Error with a sentence that says what to do
 */
export async function findBrowser(): Promise<string> {
  const found = place();
  if (found !== null) return found;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    await step("Installing chromium (apt-get)", async () => {
      await run("apt-get", ["update"]);
      await run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], {
        DEBIAN_FRONTEND: "noninteractive",
      });
    });
  } else {
    await step("Installing Playwright's browser", () => run(installedProgram("playwright"), ["install", "chromium"]));
  }
  const installed = place();
  if (installed === null) throw new Error("No browser was found. Install Chromium, or set CHROMIUM_PATH to one.");
  return installed;
}

function place(): string | null {
  const asked = process.env.CHROMIUM_PATH;
  if (asked && !existsSync(asked)) throw new Error(`CHROMIUM_PATH is ${asked}, where there is no file.`);
  return asked || [...PLACES, chromium.executablePath()].find((path) => existsSync(path)) || null;
}

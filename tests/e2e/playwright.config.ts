import { defineConfig } from "@playwright/test";

/** Where the tested Sealpost listens; `serve.ts` starts it with a lab and an empty data folder. */
export const PORT = Number(process.env.E2E_PORT ?? 3117);

export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  // The journeys share a team, and so go one after the other; the pages have a team of their own.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["list"], ["json"]] : "list",
  use: {
    baseURL: `http://localhost:${PORT}`,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: [
        ...["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync", "--no-first-run"],
      ],
    },
  },
  projects: [
    { name: "first visit", testMatch: "first-visit.setup.ts" },
    {
      name: "journeys",
      testMatch: "*.spec.ts",
      testIgnore: "pages.spec.ts",
      workers: 1,
      dependencies: ["first visit"],
    },
    { name: "pages", testMatch: "pages.spec.ts", workers: 1, dependencies: ["first visit"] },
  ],
  webServer: {
    command: `node serve.ts ${PORT}`,
    url: `http://localhost:${PORT}/api/health`,
    timeout: 120_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
    stdout: "pipe",
    stderr: "pipe",
  },
});

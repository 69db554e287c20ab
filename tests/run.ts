// `npm test` (all of it) and `npm run verify` (--fast: what needs neither network, database nor browser). Every step runs, whatever
// the others say; the last line counts over all of them.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { z } from "zod";
import { buildDatabaseClient, buildWeb } from "#lib/cli/build.ts";
import { installedProgram, ROOT } from "#lib/cli/run.ts";
import { findBrowser } from "./e2e/find-browser.ts";

interface Count {
  passed: number;
  failed: number;
  /** What failed, a paragraph each, told once more at the end: the test above it may be thousands of lines away. */
  faults?: string[];
}

const vitestResults = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});
const playwrightResults = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});
const PARAGRAPH = 1500;

const fast = process.argv.includes("--fast");
const folder = mkdtempSync(join(tmpdir(), "sealpost-test-results-"));
const total = { passed: 0, failed: 0 };
const faults: string[] = [];

try {
  await step("database client", once(buildDatabaseClient));
  await step("format and lint", program("biome", ["ci", "--error-on-warnings"]));
  await step("types", program("tsc", ["--noEmit"]));
  await step("unit tests", vitest("unit"));
  if (!fast) {
    // Both wait half of the time, for a peer's time-outs or for a disk. Vitest's lines name their project.
    await Promise.all([step("network tests", vitest("network")), step("integration tests", vitest("integration"))]);
    await step("web build", once(buildWeb));
    await step("system tests", vitest("system"));
    await step("browser tests", browserTests);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (faults.length > 0) console.log(`\n== what failed\n\n${faults.join("\n\n")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function step(name: string, run: () => Promise<Count>): Promise<void> {
  console.log(`\n== ${name}`);
  const began = performance.now();
  const count: Count = await run().catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(message);
    return { passed: 0, failed: 1, faults: [message] };
  });
  total.passed += count.passed;
  total.failed += count.failed;
  if (count.failed > 0) faults.push(...(count.faults ?? ["see above"]).map((fault) => `${name}: ${fault}`));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`== ${name}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`);
}

function once(run: () => Promise<unknown>): () => Promise<Count> {
  return async () => {
    await run();
    return { passed: 1, failed: 0 };
  };
}

function program(name: string, args: string[]): () => Promise<Count> {
  return async () => ((await exec(name, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
}

function vitest(project: "unit" | "network" | "integration" | "system"): () => Promise<Count> {
  return async () => {
    const file = join(folder, `${project}.json`);
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const config = ["--config", "tests/vitest.config.ts", "--project", project];
    const code = await exec("vitest", ["run", ...config, ...reporters]);
    const results = vitestResults.parse(JSON.parse(readFileSync(file, "utf8")));
    // A file that cannot be loaded, or an error outside of any test, fails without a failed test.
    const failed = Math.max(results.numFailedTests, code === 0 ? 0 : 1);
    return { passed: results.numPassedTests, failed, faults: failed > 0 ? vitestFaults(results) : [] };
  };
}

function vitestFaults({ testResults }: z.infer<typeof vitestResults>): string[] {
  const found = testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(ROOT, name);
    const tests = assertionResults
      .filter(({ status }) => status === "failed")
      .map((test) => `${file}: ${test.fullName}\n${(test.failureMessages ?? []).join("\n").slice(0, PARAGRAPH)}`);
    return tests.length === 0 && message !== "" ? [`${file}\n${message.slice(0, PARAGRAPH)}`] : tests;
  });
  return found.length > 0 ? found : ["an error outside of any test, see above"];
}

async function browserTests(): Promise<Count> {
  const browser = await findBrowser();
  const file = join(folder, "browser.json");
  const code = await exec("playwright", ["test", "--config", "tests/e2e/playwright.config.ts"], {
    CHROMIUM_PATH: browser,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const { stats } = playwrightResults.parse(JSON.parse(readFileSync(file, "utf8")));
  // A test that passes at the second try has failed once: that is a fault, of the product or of the test.
  const failed = Math.max(stats.unexpected + stats.flaky + stats.skipped, code === 0 ? 0 : 1);
  return { passed: stats.expected, failed };
}

function exec(name: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(installedProgram(name), args, { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...env } });
  return new Promise((done, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => done(code ?? 1));
  });
}

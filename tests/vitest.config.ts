import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const root = new URL("..", import.meta.url).pathname;

/** Unit tests that open sockets: of the probes, of the lab, and of what real peers (OpenSSL, unbound) say. */
const NETWORK = [
  "tests/unit/lab/**/*.test.ts",
  "tests/unit/probes/**/*.test.ts",
  "tests/unit/cli/check.test.ts",
  "tests/unit/cli/import-to-server.test.ts",
  "tests/unit/cli/web-server.test.ts",
  "tests/unit/standards/tlsa-openssl.test.ts",
];
/** By itself Vitest leaves one core to others. */
const CORES = availableParallelism();
/** Generous: a slow machine is no failure. */
const PURE = { isolate: false, pool: "threads", testTimeout: 60_000 } as const;

export default defineConfig({
  root,
  test: {
    reporters: ["default"],
    // A test that leaves a rejected promise behind fails the run, and so does a file without a test.
    dangerouslyIgnoreUnhandledErrors: false,
    passWithNoTests: false,
    maxWorkers: CORES,
    projects: [
      {
        extends: true,
        test: {
          ...PURE,
          name: "unit",
          include: ["tests/unit/**/*.test.{ts,tsx}"],
          exclude: NETWORK,
        },
      },
      {
        extends: true,
        test: {
          ...PURE,
          name: "network",
          include: NETWORK,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          globalSetup: ["tests/integration/server.ts"],
          pool: "forks",
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: ["tests/system/**/*.test.ts"],
          pool: "forks",
          // Each starts whole installations of its own, of three or four processes.
          maxWorkers: CORES,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});

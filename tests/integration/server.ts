import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { migrate } from "#lib/cli/migrate.ts";
import { databaseOn, startPostgres } from "#lib/cli/postgres.ts";
import { ensureDatabase } from "#lib/db/migrations-applied.ts";

declare module "vitest" {
  interface ProvidedContext {
    serverUrl: string;
  }
}

/** One packaged PostgreSQL for all integration tests, with a migrated template that each file's database is cloned from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "sealpost-test-"));
  mkdirSync(join(folder, "postgres"));
  const server = await startPostgres({
    folder: join(folder, "postgres"),
    socketFolder: join(folder, "run"),
    password: "only-for-this-test-run",
  });
  await ensureDatabase(server.url, "template");
  await migrate(databaseOn(server.url, "template"));
  project.provide("serverUrl", server.url);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { applyMigrations } from "#lib/db/apply-migrations.ts";
import { migrationsApplied } from "#lib/db/migrations-applied.ts";
import { step } from "./progress.ts";
import { ROOT } from "./run.ts";

const FOLDER = join(ROOT, "prisma/migrations");

/**
 * Brings a database to this version's schema.
 * @throws Error with a sentence when the database is newer than this version, or cannot be reached
 */
export async function migrate(url: string): Promise<void> {
  const wanted = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const applied = (await look(url)) ?? [];
  const unknown = applied.filter((name) => !wanted.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database was migrated by a newer version of Sealpost (${unknown[0]}). Start that version, or use another database.`,
    );
  }
  const missing = wanted.filter((name) => !applied.includes(name));
  if (missing.length === 0) return;
  const migrations = missing.map((name) => ({
    name,
    script: readFileSync(join(FOLDER, name, "migration.sql"), "utf8"),
  }));
  await step("Migrating the database", () => applyMigrations(url, migrations));
}

async function look(url: string): Promise<string[] | null> {
  try {
    return await migrationsApplied(url);
  } catch (error) {
    const { host, pathname } = new URL(url);
    // Node gathers the tries of several addresses in an error without a message.
    const causes = error instanceof AggregateError ? error.errors : [error];
    const why = causes.map((cause) => (cause instanceof Error ? cause.message : String(cause))).join("; ");
    throw new Error(`The database ${host}${pathname} (DATABASE_URL) cannot be used: ${why}`);
  }
}

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { migrationsApplied } from "#lib/db/migrations-applied.ts";
import { step } from "./progress.ts";
import { installedProgram, ROOT, run } from "./run.ts";

/**
 * Brings a database to this version's schema; a look first, since Prisma's command takes seconds and is seldom needed.
 * @throws Error with a sentence when the database is newer than this version, or cannot be reached
 */
export async function migrate(url: string): Promise<void> {
  const wanted = readdirSync(join(ROOT, "prisma/migrations"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const applied = (await migrationsApplied(url)) ?? [];
  const unknown = applied.filter((name) => !wanted.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database was migrated by a newer version of Sealpost (${unknown[0]}). Start that version, or use another database.`,
    );
  }
  if (wanted.every((name) => applied.includes(name))) return;
  await step("Migrating the database", () =>
    run(installedProgram("prisma"), ["migrate", "deploy"], { DATABASE_URL: url }),
  );
}

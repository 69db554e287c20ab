import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, expect, inject, it } from "vitest";
import { migrate } from "#lib/cli/migrate.ts";
import { databaseOn } from "#lib/cli/postgres.ts";
import { installedProgram, ROOT, run } from "#lib/cli/run.ts";
import { ensureDatabase, migrationsApplied } from "#lib/db/migrations-applied.ts";

const serverUrl = inject("serverUrl");
const MIGRATIONS = readdirSync(join(ROOT, "prisma/migrations"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const made: string[] = [];

async function emptyDatabase(): Promise<string> {
  const name = `migrate_${randomBytes(6).toString("hex")}`;
  await ensureDatabase(serverUrl, name);
  made.push(name);
  return databaseOn(serverUrl, name);
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

afterAll(async () => {
  for (const name of made) await query(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
});

const prisma = (args: string[], url: string) => run(installedProgram("prisma"), args, { DATABASE_URL: url });

it("an empty database is migrated, once, also when two processes do it at the same moment; then nothing is to do", async () => {
  const url = await emptyDatabase();
  expect(await migrationsApplied(url)).toBeNull();
  await Promise.all([migrate(url), migrate(url)]);
  expect((await migrationsApplied(url))?.sort()).toEqual(MIGRATIONS);
  expect(await query(url, "SELECT migration_name AS name FROM _prisma_migrations")).toHaveLength(MIGRATIONS.length);
  // Whoever begins a migration, or only makes sure of its table, is told that nothing can be written.
  await query(url, `ALTER DATABASE ${made.at(-1)} SET default_transaction_read_only = on`);
  await migrate(url);
});

it("the migrations come to what the schema says", async () => {
  const difference = await prisma(
    ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma/schema.prisma", "--exit-code"],
    databaseOn(serverUrl, "template"),
  );
  expect(difference).toContain("No difference detected");
});

it("a schema that says more is told apart", async () => {
  const url = await emptyDatabase();
  const difference = [
    "migrate",
    "diff",
    "--from-config-datasource",
    "--to-schema",
    "prisma/schema.prisma",
    "--exit-code",
  ];
  await expect(prisma(difference, url)).rejects.toThrow("quarantined");
});

it("a database of a newer version is refused with a sentence, and left as it is", async () => {
  const url = await emptyDatabase();
  await migrate(url);
  await query(
    url,
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
     VALUES ('x', 'x', now(), '29990101000000_from_the_future', now(), 1)`,
  );
  await expect(migrate(url)).rejects.toThrow(
    "The database was migrated by a newer version of Sealpost (29990101000000_from_the_future). Start that version, or use another database.",
  );
});

it("a migration that failed half-way is not taken for done", async () => {
  const url = await emptyDatabase();
  await migrate(url);
  await query(url, "UPDATE _prisma_migrations SET finished_at = NULL");
  await expect(migrate(url)).rejects.toThrow(/was begun by Prisma's command and did not end/);
});

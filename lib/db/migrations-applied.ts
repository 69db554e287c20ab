import { Client } from "pg";

/**
 * Names of the migrations that a database has, or null when it has never been migrated.
 * @throws the driver's error when the database cannot be reached
 */
export async function migrationsApplied(url: string): Promise<string[] | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const there = await client.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there");
    if (!there.rows[0]?.there) return null;
    const done = await client.query<{ migration_name: string }>(
      "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
    );
    return done.rows.map((row) => row.migration_name);
  } finally {
    await client.end();
  }
}

/** Creates a database on the server of `url` (which names another one) when it is not there yet. */
export async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const isThere = async () =>
    (await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name])).rowCount !== 0;
  try {
    if (await isThere()) return;
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!(await isThere())) throw error; // else another process has made it at the same moment
  } finally {
    await client.end();
  }
}

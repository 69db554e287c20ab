import { createHash, randomUUID } from "node:crypto";
import { Client } from "pg";

/** One folder of prisma/migrations. */
export interface Migration {
  name: string;
  /** SQL without BEGIN and COMMIT of its own. */
  script: string;
}

/** Prisma's own number: its command and this function wait for each other. */
const LOCK = 72_707_369;

/** As Prisma makes it, so that its command understands what was done here. */
const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/**
 * Applies the migrations that a database does not have yet: each in one transaction with the note that it is done, so that
 * it is done or not begun wherever the process or the power fails. (Prisma's command notes the beginning first, and after an
 * interruption refuses to go on.)
 * @throws the driver's error when a migration fails or the database cannot be reached
 */
export async function applyMigrations(url: string, migrations: readonly Migration[]): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {}); // the statement under way says so too
  await client.connect();
  try {
    for (const migration of migrations) await apply(client, migration);
  } finally {
    await client.end();
  }
}

async function apply(client: Client, { name, script }: Migration): Promise<void> {
  await client.query("BEGIN");
  await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
  await client.query(TABLE);
  const rows = await client.query<{ finished: boolean }>(
    `SELECT finished_at IS NOT NULL AS finished FROM _prisma_migrations
     WHERE migration_name = $1 AND rolled_back_at IS NULL`,
    [name],
  );
  if (rows.rows.some(({ finished }) => !finished)) {
    throw new Error(
      `The migration ${name} was begun by Prisma's command and did not end; \`prisma migrate status\` says more.`,
    );
  }
  if (rows.rows.length === 0) {
    await client.query(script);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), createHash("sha256").update(script).digest("hex"), name],
    );
  }
  await client.query("COMMIT");
}

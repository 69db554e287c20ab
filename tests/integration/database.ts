import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { afterAll, inject } from "vitest";
import { databaseOn } from "#lib/cli/postgres.ts";
import { closeDatabase } from "#lib/db/client.ts";

/**
 * Gives this test file a database of its own, cloned from the migrated template. Call it at the top of the file, before
 * anything reads the settings.
 * @param odd the server's time zone for this database, and what else stands in its address
 * @returns the database's address
 */
export async function ownDatabase({ timezone = "UTC", query = "" } = {}): Promise<string> {
  const serverUrl = inject("serverUrl");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template`);
  await onServer(serverUrl, `ALTER DATABASE ${name} SET timezone = '${timezone}'`);
  const url = databaseOn(serverUrl, name) + query;
  process.env.DATABASE_URL = url;
  process.env.SEALPOST_SECRET = randomBytes(32).toString("hex");
  afterAll(async () => {
    await closeDatabase();
    await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  });
  return url;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

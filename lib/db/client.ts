import { PrismaPg } from "@prisma/adapter-pg";
import type { Pool, PoolClient } from "pg";
import { DatabaseAway } from "#lib/errors.ts";
import { settings } from "#lib/settings.ts";
import { databaseError } from "./database-error.ts";
import { PrismaClient } from "./generated/client.ts";
import { turnstile } from "./turnstile.ts";
import { WatchedPool } from "./watched-pool.ts";

const CONNECTIONS = 10;
/** Storing waits for others that store for the same domain; meanwhile pages have to find a connection. */
const STORING_AT_ONCE = 4;
const CONNECT_LIMIT_MS = 5_000;
const TRANSACTION_LIMIT_MS = 15_000;
/** Of a page, or a batch of a job: the slowest take a second or two, and nobody waits longer than this for a page. */
const USUAL_LIMIT_MS = 30_000;
/**
 * Storing the largest report (100,000 failures) takes 8 s, and first waits for its domain's turn: four may store in the web
 * process and four in a worker. Twice as long as all eight, for a slower machine.
 */
const STORING_LIMIT_MS = 120_000;
/** Of a question by an index, whose asker is to be told within seconds that the database is away: a monitor, a sender. */
export const QUICK_LIMIT_MS = 3_000;

interface Connections {
  pool: WatchedPool;
  storing: ReturnType<typeof turnstile>;
}

// Bundles and hot reload load this module more than once; a process has one pool.
const holder: { sealpostConnections?: Connections } = globalThis as typeof globalThis & {
  sealpostConnections?: Connections;
};

function connections(): Connections {
  if (holder.sealpostConnections) return holder.sealpostConnections;
  const url = settings().databaseUrl;
  if (url === null) throw new DatabaseAway("DATABASE_URL is not set");
  const address = new URL(url);
  const asked = address.searchParams.get("options");
  address.searchParams.delete("options");
  const config = {
    connectionString: address.href,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    allowExitOnIdle: true, // a web process that has answered everything ends at once
    // Prisma sends times without an offset: the session has to be in UTC, whatever else the address sets.
    options: `${asked ?? ""} -c TimeZone=UTC`,
  };
  const pool = new WatchedPool(config, USUAL_LIMIT_MS);
  pool.on("error", () => {}); // an idle connection that dies is replaced by the next query
  // One that dies inside a transaction says so to its next statement; without a listener it would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  holder.sealpostConnections = { pool, storing: turnstile(STORING_AT_ONCE) };
  return holder.sealpostConnections;
}

function makePrisma(pool: Pool) {
  const transactionOptions = { maxWait: CONNECT_LIMIT_MS, timeout: TRANSACTION_LIMIT_MS };
  return new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions }).$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args);
        } catch (error) {
          throw databaseError(error);
        }
      },
    },
  });
}

let ownPrisma: { pool: Pool; client: ReturnType<typeof makePrisma> } | undefined;

/** The Prisma client. Each bundle has its own, on the one pool: it throws the errors that this bundle knows. */
export function prisma() {
  const { pool } = connections();
  if (ownPrisma?.pool !== pool) ownPrisma = { pool, client: makePrisma(pool) };
  return ownPrisma.client;
}

/** Runs a task that stores reports, a few at a time in this process, whatever the number of senders. */
export function storingInTurn<T>(task: () => Promise<T>): Promise<T> {
  return connections().storing(task);
}

/** What runs inside one transaction. */
export type Transaction = Parameters<Parameters<ReturnType<typeof prisma>["$transaction"]>[0]>[0];

/**
 * Runs several operations of Prisma as one transaction; rolled back when `run` throws.
 * @throws DatabaseAway when the database cannot be reached, at the beginning, in between or at the end
 */
export async function transact<T>(
  run: (transaction: Transaction) => Promise<T>,
  limitMs = TRANSACTION_LIMIT_MS,
): Promise<T> {
  try {
    // Prisma's own limit begins no statement past it, and ends none.
    const transaction = () => prisma().$transaction(run, { timeout: limitMs });
    return await connections().pool.within(2 * limitMs, transaction);
  } catch (error) {
    throw databaseError(error);
  }
}

/**
 * Runs one SQL statement with `$1`-style parameters.
 * @throws DatabaseAway when the database cannot be reached, or says nothing for so long
 */
export async function sql<Row extends object>(
  text: string,
  values: unknown[],
  limitMs = USUAL_LIMIT_MS,
): Promise<Row[]> {
  try {
    const { pool } = connections();
    const result = await pool.within(limitMs, () => pool.query<Row>(text, values));
    return result.rows;
  } catch (error) {
    throw databaseError(error);
  }
}

/**
 * Runs several statements on one connection as one transaction; rolled back when `run` throws.
 * @throws DatabaseAway when the database goes away meanwhile
 */
export async function inTransaction<T>(run: (client: PoolClient) => Promise<T>): Promise<T> {
  let client: PoolClient | undefined;
  let committing = false;
  try {
    const { pool } = connections();
    client = await pool.within(STORING_LIMIT_MS, () => pool.connect());
    await client.query("BEGIN");
    const result = await run(client);
    committing = true;
    await client.query("COMMIT");
    client.release();
    return result;
  } catch (error) {
    // A connection on which even the rollback fails is thrown away; the server rolls back what it had begun.
    const rolledBack = await client?.query("ROLLBACK").then(
      () => true,
      () => false,
    );
    client?.release(!rolledBack);
    const told = databaseError(error);
    // The server may have committed, and died before it could say so.
    throw committing && told instanceof DatabaseAway ? new DatabaseAway(error, "at the end") : told;
  }
}

/** Closes the pool; for commands that end and tests that drop their database. */
export async function closeDatabase(): Promise<void> {
  const open = holder.sealpostConnections;
  delete holder.sealpostConnections;
  await open?.pool.end();
}

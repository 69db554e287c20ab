import { DatabaseAway, DomainError } from "#lib/errors.ts";

// SQLSTATE classes 08 (connection), 57P (shutdown, crash, starting up) and 53300 (no free connection), and what the
// operating system, the driver and Prisma say when nobody answers, or not in time (P2024, P2028).
const AWAY = /^(08...|57P0[1-5]|53300|ECONN.*|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND|P1001|P1002|P1008|P1017|P2024|P2028)$/;
const AWAY_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|server closed the connection|cannot use a pool after|not queryable|connection error/i;

/** The error to pass on: `DatabaseAway` when the database could not be reached, the error itself otherwise. */
export function databaseError(error: unknown): unknown {
  return isAway(error) ? new DatabaseAway(error) : error;
}

function isAway(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || error instanceof DomainError || depth > 6) return false;
  if ("code" in error && typeof error.code === "string" && AWAY.test(error.code)) return true;
  if (error instanceof Error && AWAY_MESSAGES.test(error.message)) return true;
  return causesOf(error).some((cause) => isAway(cause, depth + 1));
}

/** What an error says that it came from; Prisma hides the driver's own in `meta`, and the server's below that. */
function causesOf(error: object): unknown[] {
  const causes: unknown[] = error instanceof AggregateError ? [...error.errors] : [];
  if ("cause" in error) causes.push(error.cause);
  if ("meta" in error) causes.push(error.meta);
  if ("driverAdapterError" in error) causes.push(error.driverAdapterError);
  return causes;
}

/** True when a unique key stopped a write (P2002): somebody was first. */
export function isTaken(error: unknown): boolean {
  return hasCode(error, "P2002", "23505");
}

/** True when a foreign key stopped a write (P2003): what it belongs to was removed meanwhile. */
export function isOrphan(error: unknown): boolean {
  return hasCode(error, "P2003", "23503");
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}

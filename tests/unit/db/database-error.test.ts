import { describe, expect, test } from "vitest";
import { databaseError } from "#lib/db/database-error.ts";
import { DatabaseAway, NotFound } from "#lib/errors.ts";

const coded = (code: string, message = "no words") => Object.assign(new Error(message), { code });

/** As Prisma 7 passes on what adapter-pg was told by the server. */
function throughPrisma(originalCode: string): Error {
  const cause = { kind: "postgres", originalCode, code: originalCode, severity: "FATAL" };
  const driverAdapterError = new Error("the database system is starting up", { cause });
  return Object.assign(coded("P2039"), { meta: { modelName: "Session", driverAdapterError } });
}

describe("the database is away", () => {
  const away: [string, unknown][] = [
    ["nobody listens on the socket", coded("ENOENT")],
    [
      "nobody listens on the port, in both families",
      new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]),
    ],
    ["it shuts down", coded("57P01")],
    ["it recovers", coded("57P03")],
    ["it recovers, and Prisma wraps it", throughPrisma("57P03")],
    ["it has no connection left", throughPrisma("53300")],
    ["the connection broke", new Error("Connection terminated unexpectedly")],
    ["an error that came from it", new Error("no session", { cause: coded("ECONNRESET") })],
  ];
  test.each(away)("%s", (_, error) => expect(databaseError(error)).toBeInstanceOf(DatabaseAway));
});

describe("passed on as it is", () => {
  const other: [string, unknown][] = [
    ["a unique key", coded("P2002")],
    ["a statement that is wrong, and Prisma wraps it", throughPrisma("42601")],
    ["what was decided inside a transaction", new NotFound()],
    ["no error at all", null],
  ];
  test.each(other)("%s", (_, error) => expect(databaseError(error)).toBe(error));
});

import { QUICK_LIMIT_MS, sql } from "#lib/db/client.ts";

/** For a load balancer or a monitor: 200 while pages can be served, 503 while the database is away. */
export async function GET(): Promise<Response> {
  try {
    await sql("SELECT 1", [], QUICK_LIMIT_MS);
    return Response.json({ status: "ok" });
  } catch {
    return Response.json({ status: "database-away" }, { status: 503, headers: { "retry-after": "5" } });
  }
}

import { sql } from "./client.ts";

/**
 * Counts a try against each key, in one statement, in windows of `seconds`.
 * @returns for each key in turn how many tries its window has now, and the seconds until it ends
 */
export async function countAttempt(keys: string[], seconds: number): Promise<{ count: number; seconds: number }[]> {
  // Sorted, so that two tries with the same keys lock the rows in the same order.
  const sorted = [...new Set(keys)].sort();
  const rows = await sql<{ key: string; count: number; left: number }>(
    `INSERT INTO attempts AS a (key, count, reset_at)
     SELECT key, 1, now() + make_interval(secs => $2) FROM unnest($1::text[]) AS key
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN a.reset_at < now() THEN 1 ELSE a.count + 1 END,
       reset_at = CASE WHEN a.reset_at < now() THEN now() + make_interval(secs => $2) ELSE a.reset_at END
     RETURNING key, count, ceil(extract(epoch FROM reset_at - now()))::int AS left`,
    [sorted, seconds],
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return keys.map((key) => ({ count: byKey.get(key)?.count ?? 0, seconds: byKey.get(key)?.left ?? 0 }));
}

/** Forgets the tries of a key, after one that was right. */
export async function forgetAttempts(key: string): Promise<void> {
  await sql("DELETE FROM attempts WHERE key = $1", [key]);
}

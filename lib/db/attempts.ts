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

/**
 * Notes that the policy with this id could not be fetched just now. The tries counted since begin anew when it is another
 * id than before: its host deserves a look of its own (RFC 8461 §3.3 says "per id").
 * @param seconds for which that is worth knowing
 */
export async function noteFailedFetch(domain: string, id: string, seconds: number): Promise<void> {
  await sql(
    `WITH failure AS (
       INSERT INTO attempts AS a (key, count, reset_at) VALUES ($2, 1, now() + make_interval(secs => $3))
       ON CONFLICT (key) DO UPDATE SET
         count = CASE WHEN a.reset_at < now() THEN 1 ELSE a.count + 1 END, reset_at = excluded.reset_at
       RETURNING count = 1 AS is_first
     )
     INSERT INTO attempts AS d (key, count, reset_at)
     SELECT $1, CASE WHEN is_first THEN 0 ELSE 1 END, now() + make_interval(secs => $3) FROM failure
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN excluded.count = 0 OR d.reset_at < now() THEN 0 ELSE d.count END, reset_at = excluded.reset_at`,
    [failedFetchKey(domain), `${failedFetchKey(domain)}:${id}`, seconds],
  );
}

/** Counts a look at a domain whose policy could not be fetched lately. @returns null when there was no such failure */
export async function countAfterFailedFetch(domain: string): Promise<{ count: number; seconds: number } | null> {
  const rows = await sql<{ count: number; seconds: number }>(
    `UPDATE attempts SET count = count + 1 WHERE key = $1 AND reset_at > now()
     RETURNING count, ceil(extract(epoch FROM reset_at - now()))::int AS seconds`,
    [failedFetchKey(domain)],
  );
  return rows[0] ?? null;
}

/** The key under which a failed fetch of a domain's policy is noted. */
export function failedFetchKey(domain: string): string {
  return `failed-fetch:${domain}`;
}

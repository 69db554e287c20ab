import { failedFetchKey } from "./attempts.ts";
import { sql } from "./client.ts";

/** A domain whose turn it is to be looked at, with all its registrations. */
export interface DueDomain {
  name: string;
  /** Ids of the domain in each team that has it: one look serves them all. */
  ids: string[];
}

/**
 * Takes registered domains whose last lookup is older than `hours`, or that have none; the longest waiting first. No worker
 * gets the same one again for `seconds`, nor one whose policy could not be fetched as short a time ago, whoever asked then.
 */
export async function claimDue(hours: number, limit: number, seconds: number): Promise<DueDomain[]> {
  return sql<DueDomain>(
    `WITH due AS (
       SELECT d.name, array_agg(d.id) AS ids, min(coalesce(l.at, '-infinity')) AS since
       FROM domains d
       LEFT JOIN LATERAL (SELECT max(checked_at) AS at FROM lookups WHERE domain_id = d.id) l ON true
       WHERE NOT d.sample AND (l.at IS NULL OR l.at < now() - make_interval(hours => $1))
         AND NOT EXISTS (
           SELECT 1 FROM attempts WHERE key IN ('scheduled:' || d.name, $4 || d.name) AND reset_at > now()
         )
       GROUP BY d.name
       ORDER BY since, d.name LIMIT $2
     ), claimed AS (
       INSERT INTO attempts AS a (key, count, reset_at)
       SELECT 'scheduled:' || name, 1, now() + make_interval(secs => $3) FROM due ORDER BY name
       ON CONFLICT (key) DO UPDATE SET reset_at = excluded.reset_at WHERE a.reset_at <= now()
       RETURNING key
     )
     SELECT name, ids FROM due WHERE 'scheduled:' || name IN (SELECT key FROM claimed) ORDER BY since, name`,
    [hours, limit, seconds, failedFetchKey("")],
  );
}

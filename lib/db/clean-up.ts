import { sql } from "./client.ts";

/** Deletes what has run out: sessions, links that worked once, counted tries, lookups that nothing is learnt from. */
export async function deleteExpired(): Promise<void> {
  await sql("DELETE FROM sessions WHERE expires_at < now()", []);
  await sql("DELETE FROM attempts WHERE reset_at < now()", []);
  await sql("DELETE FROM password_resets WHERE expires_at < now() - interval '1 day'", []);
  await sql("DELETE FROM invitations WHERE accepted_at IS NULL AND expires_at < now() - interval '30 days'", []);
  await thinLookups();
}

/** Days for which every lookup of a domain is kept. */
const ALL_LOOKUPS_DAYS = 30;
const LOOKUPS_AT_ONCE = 1_000;

/**
 * Deletes old lookups: of each day that is long past the last one stays, and each that saw a change. What changed and which
 * policies were seen is kept for good.
 */
export async function thinLookups(): Promise<void> {
  for (;;) {
    const gone = await sql(
      `DELETE FROM lookups l USING (
         SELECT o.domain_id, o.id FROM lookups o
         WHERE o.checked_at < date_trunc('day', now(), 'UTC') - make_interval(days => $1)
           AND EXISTS (
             SELECT 1 FROM lookups n
             WHERE n.domain_id = o.domain_id AND (n.checked_at, n.id) > (o.checked_at, o.id)
               AND n.checked_at < date_trunc('day', o.checked_at, 'UTC') + interval '1 day'
           )
           AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.domain_id = o.domain_id AND c.lookup_id = o.id)
         LIMIT $2
       ) old WHERE l.domain_id = old.domain_id AND l.id = old.id
       RETURNING 1`,
      [ALL_LOOKUPS_DAYS, LOOKUPS_AT_ONCE],
    );
    if (gone.length < LOOKUPS_AT_ONCE) return;
  }
}

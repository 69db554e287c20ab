import { sql } from "./client.ts";

/** Deletes what has run out: sessions, links that worked once, counted tries. */
export async function deleteExpired(): Promise<void> {
  await sql("DELETE FROM sessions WHERE expires_at < now()", []);
  await sql("DELETE FROM attempts WHERE reset_at < now()", []);
  await sql("DELETE FROM password_resets WHERE expires_at < now() - interval '1 day'", []);
  await sql("DELETE FROM invitations WHERE accepted_at IS NULL AND expires_at < now() - interval '30 days'", []);
}

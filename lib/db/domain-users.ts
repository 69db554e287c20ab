import { sql } from "./client.ts";

/** True when a person is a member of a team that has registered the domain. */
export async function isDomainOfUser(userId: string, name: string): Promise<boolean> {
  const rows = await sql(
    `SELECT 1 FROM domains d JOIN memberships m ON m.team_id = d.team_id
     WHERE d.name = $2 AND m.user_id = $1 LIMIT 1`,
    [userId, name],
  );
  return rows.length > 0;
}

import { sql } from "./client.ts";

/** A registered domain that a report may belong to. */
export interface Candidate {
  id: string;
  name: string;
  /** Its MX hosts as the last look saw them; absent where nobody asked for them. */
  hosts?: readonly string[];
}

/** The domains of a team, or of all teams, with their MX hosts as the last look saw them. */
export function candidatesOf(teamId: string | null): Promise<Required<Candidate>[]> {
  return sql<Required<Candidate>>(
    `SELECT d.id, d.name, coalesce(l.hosts, '[]') AS hosts
     FROM domains d
     LEFT JOIN LATERAL (
       SELECT jsonb_path_query_array(seen, '$[*] ? (@.kind == "mx").value[*].exchange') AS hosts
       FROM lookups WHERE domain_id = d.id AND seen IS NOT NULL ORDER BY checked_at DESC, id DESC LIMIT 1
     ) l ON true
     WHERE $1::uuid IS NULL OR d.team_id = $1
     ORDER BY d.name, d.id`,
    [teamId],
  );
}

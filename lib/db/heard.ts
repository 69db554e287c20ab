import { sql } from "./client.ts";

/** The last report that came through a door, and how many there were lately; held ones are from anybody, and left out. */
export interface HeardByDoor {
  door: string;
  organization: string;
  /** The UTC day that it is about. */
  day: string;
  receivedAt: Date;
  /** Of the last 30 days. */
  recent: number;
}

/** What was heard of a domain through each of some doors, the latest first; a door through which nothing came is left out. */
export async function heardByDoor(domainId: string, doors: readonly string[]): Promise<HeardByDoor[]> {
  const rows = await sql<Omit<HeardByDoor, "recent"> & { recent: string }>(
    `SELECT d.door, l.organization, l.day::text AS day, l.received_at AS "receivedAt",
            (SELECT count(*) FROM reports r WHERE r.domain_id = $1 AND r.door = d.door AND NOT r.held
               AND r.received_at > now() - interval '30 days') AS recent
     FROM unnest($2::text[]) AS d (door)
     JOIN LATERAL (
       SELECT organization, day, received_at FROM reports WHERE domain_id = $1 AND door = d.door AND NOT held
       ORDER BY received_at DESC LIMIT 1
     ) l ON true
     ORDER BY l.received_at DESC`,
    [domainId, doors],
  );
  return rows.map(({ recent, ...row }) => ({ ...row, recent: Number(recent) }));
}

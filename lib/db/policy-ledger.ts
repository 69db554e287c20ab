import { createHash } from "node:crypto";
import type { PoolClient } from "pg";
import { sql } from "./client.ts";

/** A policy that a lookup saw. */
export interface PolicyToKeep {
  /** Of the record beside it: null when there was no valid one, undefined when nobody answered. */
  id: string | null | undefined;
  /** Octets as latin1 chars. */
  body: string;
  mode: string;
  /** Seconds. */
  maxAge: number;
}

/** One version of a domain's policy, with the first and the last lookup that saw it. */
export interface LedgerEntry {
  /** Null when there was no valid record beside it. */
  id: string | null;
  /** Octets as latin1 chars. */
  body: string;
  /** SHA-256 of the octets, hex. */
  hash: string;
  mode: string;
  /** Seconds. */
  maxAge: number;
  firstSeen: Date;
  lastSeen: Date;
}

/**
 * Enters policies that were seen at one moment, each text once. Where nobody said which id was beside a text, it is taken to be
 * the one that was there last.
 */
export async function enterPolicies(client: PoolClient, domainId: string, at: Date, seen: readonly PolicyToKeep[]) {
  const policies = [...new Map(seen.map((policy) => [policy.body, policy])).values()];
  if (policies.length === 0) return;
  const bodies = policies.map(({ body }) => Buffer.from(body, "latin1"));
  await client.query(
    `INSERT INTO policy_ledger (domain_id, policy_id, body_hash, body, mode, max_age, first_seen, last_seen)
     SELECT $1, coalesce(s.policy_id, before.policy_id, ''), s.body_hash, s.body, s.mode, s.max_age, $7, $7
     FROM unnest($2::text[], $3::text[], $4::bytea[], $5::text[], $6::int[])
       AS s (policy_id, body_hash, body, mode, max_age)
     LEFT JOIN LATERAL (
       SELECT l.policy_id FROM policy_ledger l WHERE l.domain_id = $1 AND l.body_hash = s.body_hash
       ORDER BY l.last_seen DESC, l.policy_id DESC LIMIT 1
     ) before ON true
     ON CONFLICT (domain_id, policy_id, body_hash) DO UPDATE SET
       first_seen = least(policy_ledger.first_seen, excluded.first_seen),
       last_seen = greatest(policy_ledger.last_seen, excluded.last_seen)`,
    [
      ...[domainId, policies.map(({ id }) => (id === undefined ? null : (id ?? "")))],
      ...[bodies.map((body) => createHash("sha256").update(body).digest("hex")), bodies],
      ...[policies.map(({ mode }) => mode), policies.map(({ maxAge }) => maxAge), at],
    ],
  );
}

/** The versions of a domain's policy that were seen, the last seen first, at most `limit`. */
export async function policyLedger(domainId: string, limit: number): Promise<LedgerEntry[]> {
  const rows = await sql<Omit<LedgerEntry, "body"> & { octets: Buffer }>(
    `SELECT nullif(policy_id, '') AS id, body AS octets, body_hash AS hash, mode, max_age AS "maxAge",
            first_seen AS "firstSeen", last_seen AS "lastSeen"
     FROM policy_ledger WHERE domain_id = $1
     ORDER BY last_seen DESC, first_seen DESC, policy_id DESC, body_hash LIMIT $2`,
    [domainId, limit],
  );
  return rows.map(({ octets, ...row }) => ({ ...row, body: octets.toString("latin1") }));
}

import { prisma, type Transaction } from "./client.ts";
import { newId } from "./new-id.ts";
import { storableJson } from "./storable-json.ts";

/** Who makes a change. */
export interface Actor {
  userId: string | null;
  /** Shown in the trail: an e-mail address, or the program's part that acted. */
  label: string;
}

type Value = string | number | boolean | null;

/** One change, as the audit trail keeps it. */
export interface Change {
  teamId: string | null;
  /** Verb in the past tense with its noun first, e.g. "domain.added". */
  action: string;
  subject: string;
  before?: Record<string, Value> | null;
  after?: Record<string, Value> | null;
}

/** The statement that adds the trail's row for a change, with its parameters. */
export function auditRow(actor: Actor, change: Change): [text: string, values: unknown[]] {
  const { teamId, action, subject, before, after } = change;
  const json = (value: Change["before"]) => (value == null ? null : storableJson(value));
  return [
    `INSERT INTO audit_events (id, team_id, at, user_id, actor, action, subject, before, after)
     VALUES ($1::uuid, $2::uuid, $3::timestamptz, $4::uuid, $5, $6, $7, $8::jsonb, $9::jsonb)`,
    [newId(), teamId, new Date(), actor.userId, actor.label, action, subject, json(before), json(after)],
  ];
}

/** Adds the trail's row for a change, in the transaction that makes the change. */
export async function audit(transaction: Transaction, actor: Actor, change: Change): Promise<void> {
  const [text, values] = auditRow(actor, change);
  await transaction.$executeRawUnsafe(text, ...values);
}

/** A page of a team's trail, newest first, and how many rows there are in all. */
export async function auditTrail(teamId: string, page: { skip: number; take: number }) {
  const { skip, take } = page;
  const [events, total] = await Promise.all([
    prisma().auditEvent.findMany({ where: { teamId }, orderBy: [{ at: "desc" }, { id: "desc" }], skip, take }),
    prisma().auditEvent.count({ where: { teamId } }),
  ]);
  return { events, total };
}

import { prisma, type Transaction } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { newId } from "./new-id.ts";

/** Who makes a change. */
export interface Actor {
  userId: string | null;
  /** Shown in the trail: an e-mail address, or the program's part that acted. */
  label: string;
}

/** One change, as the audit trail keeps it. */
export interface Change {
  teamId: string | null;
  /** Verb in the past tense with its noun first, e.g. "domain.added". */
  action: string;
  subject: string;
  before?: Prisma.InputJsonValue | null;
  after?: Prisma.InputJsonValue | null;
}

/** Adds the trail's row for a change, in the transaction that makes the change. */
export async function audit(transaction: Transaction, actor: Actor, change: Change): Promise<void> {
  await transaction.auditEvent.create({
    data: {
      id: newId(),
      teamId: change.teamId,
      at: new Date(),
      userId: actor.userId,
      actor: actor.label,
      action: change.action,
      subject: change.subject,
      // A JSON column without a value is left out: null would be the JSON null.
      ...(change.before == null ? {} : { before: change.before }),
      ...(change.after == null ? {} : { after: change.after }),
    },
  });
}

/** A page of a team's trail, newest first, and how many rows there are in all. */
export async function auditTrail(teamId: string, page: { skip: number; take: number }) {
  const [events, total] = await Promise.all([
    prisma().auditEvent.findMany({ where: { teamId }, orderBy: [{ at: "desc" }, { id: "desc" }], ...page }),
    prisma().auditEvent.count({ where: { teamId } }),
  ]);
  return { events, total };
}

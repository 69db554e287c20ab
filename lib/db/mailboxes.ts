import { NotFound } from "#lib/errors.ts";
import { type Actor, audit } from "./audit.ts";
import { prisma, type Transaction, transact } from "./client.ts";
import { isOrphan } from "./database-error.ts";
import type { MailboxModel } from "./generated/models/Mailbox.ts";
import { isId } from "./new-id.ts";

/** How a mailbox is reached and what happens there, as people set it; the secret apart. */
export interface MailboxSettings {
  host: string;
  port: number;
  security: "tls" | "starttls";
  userName: string;
  auth: "password" | "oauth";
  folder: string;
  /** What happens to a mail that was taken. */
  afterwards: "leave" | "seen" | "move" | "delete";
  moveTo: string | null;
  trayDomainId: string;
}

/** A mailbox with its state. */
export type MailboxRow = Omit<MailboxModel, keyof MailboxSettings> & MailboxSettings;

/** The team's mailboxes, the oldest first, with the name of the domain under which the rest is kept. */
export async function mailboxesOf(teamId: string): Promise<(MailboxRow & { tray: string })[]> {
  const include = { trayDomain: { select: { name: true } } } as const;
  const found = await prisma().mailbox.findMany({ where: { teamId }, orderBy: [{ createdAt: "asc" }], include });
  return found.map(({ trayDomain, ...row }) => ({ ...asRow(row), tray: trayDomain.name }));
}

/** One mailbox of a team, or null. */
export async function mailboxOf(teamId: string, id: string): Promise<MailboxRow | null> {
  const found = isId(id) ? await prisma().mailbox.findUnique({ where: { id, teamId } }) : null;
  return found && asRow(found);
}

/** Adds a mailbox. @throws NotFound when its domain is not the team's (any more) */
export async function createMailbox(
  teamId: string,
  id: string,
  settings: MailboxSettings,
  secret: Buffer,
  by: Actor,
): Promise<void> {
  await inItsTeam(teamId, settings, async (transaction) => {
    const bytes = new Uint8Array(secret);
    await transaction.mailbox.create({ data: { id, teamId, ...settings, secret: bytes, createdAt: new Date() } });
    await audit(transaction, by, {
      ...{ teamId, action: "mailbox.added", subject: nameOf(settings), after: told(settings) },
    });
  });
}

/**
 * Changes a mailbox. Whoever reads it at this moment loses it, and it is taken up again as it is now; another folder or
 * account is read from its beginning.
 * @throws NotFound
 */
export async function changeMailbox(
  teamId: string,
  id: string,
  settings: MailboxSettings,
  secret: Buffer,
  by: Actor,
): Promise<void> {
  await inItsTeam(teamId, settings, async (transaction) => {
    const before = await lockedMailbox(transaction, teamId, id);
    const isSame = (["host", "userName", "folder"] as const).every((key) => before[key] === settings[key]);
    const anew = isSame ? {} : { uidValidity: null, lastUid: 0, waiting: 0, lastSeenAt: null };
    await transaction.mailbox.update({
      where: { id },
      data: { ...settings, ...anew, ...FREE, ...WELL, secret: new Uint8Array(secret) },
    });
    await audit(transaction, by, {
      ...{ teamId, action: "mailbox.changed", subject: nameOf(settings) },
      ...{ before: told(before), after: told(settings) },
    });
  });
}

/** Pauses a mailbox, or goes on with it. @throws NotFound */
export async function enableMailbox(teamId: string, id: string, enabled: boolean, by: Actor): Promise<void> {
  await transact(async (transaction) => {
    const before = await lockedMailbox(transaction, teamId, id);
    if (before.enabled === enabled) return;
    await transaction.mailbox.update({ where: { id }, data: { enabled, ...FREE, ...WELL } });
    await audit(transaction, by, {
      ...{ teamId, action: enabled ? "mailbox.resumed" : "mailbox.paused", subject: nameOf(before) },
    });
  });
}

/** Removes a mailbox with what signs in to it; what was taken from it stays. @throws NotFound */
export async function deleteMailbox(teamId: string, id: string, by: Actor): Promise<void> {
  await transact(async (transaction) => {
    const before = await lockedMailbox(transaction, teamId, id);
    await transaction.mailbox.delete({ where: { id } });
    await audit(transaction, by, {
      ...{ teamId, action: "mailbox.removed", subject: nameOf(before), before: told(before) },
    });
  });
}

/** Nobody reads it: a worker that does notices that it no longer may. */
const FREE = { leaseHolder: null, leaseUntil: null };
const WELL = { failingSince: null, failure: null };

async function inItsTeam(
  teamId: string,
  { trayDomainId: id }: MailboxSettings,
  run: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  try {
    await transact(async (transaction) => {
      const tray = await transaction.domain.findUnique({ where: { id, teamId }, select: { id: true } });
      if (tray === null) throw new NotFound("This domain");
      await run(transaction);
    });
  } catch (error) {
    if (isOrphan(error)) throw new NotFound("This domain");
    throw error;
  }
}

/** The row, which nobody else changes until the transaction ends. */
async function lockedMailbox(transaction: Transaction, teamId: string, id: string): Promise<MailboxRow> {
  if (!isId(id)) throw new NotFound("This mailbox");
  await transaction.$queryRaw`SELECT 1 FROM mailboxes WHERE id = ${id}::uuid FOR UPDATE`;
  const found = await transaction.mailbox.findUnique({ where: { id, teamId } });
  if (found === null) throw new NotFound("This mailbox");
  return asRow(found);
}

function asRow(row: MailboxModel): MailboxRow {
  const { security, auth, afterwards } = row as MailboxRow; // only this file writes them
  return { ...row, security, auth, afterwards };
}

/** What the trail calls it. */
function nameOf({ userName, host }: MailboxSettings): string {
  return `${userName} at ${host}`;
}

/** What the trail keeps: all but the secret. */
function told({ host, port, security, userName, auth, folder, afterwards, moveTo }: MailboxSettings) {
  return { host, port, security, userName, auth, folder, afterwards, moveTo };
}

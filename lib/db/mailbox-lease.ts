import { prisma, sql } from "./client.ts";
import type { MailboxRow } from "./mailboxes.ts";
import { newId } from "./new-id.ts";

/** How long nobody else may read a mailbox after its reader was last heard of. */
export const LEASE_SECONDS = 30;

/** The right to read one mailbox; others can take it away by changing the mailbox. */
export interface MailboxLease {
  mailboxId: string;
  holder: string;
}

/** A mailbox that nobody reads and that is not paused, for this reader alone; the longest waiting first. Null for none. */
export async function claimMailbox(): Promise<MailboxLease | null> {
  const holder = newId();
  const rows = await sql<{ id: string }>(
    `UPDATE mailboxes SET lease_holder = $1, lease_until = now() + make_interval(secs => $2)
     WHERE id = (
       SELECT id FROM mailboxes WHERE enabled AND (lease_until IS NULL OR lease_until < now())
       ORDER BY lease_until NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED
     ) RETURNING id`,
    [holder, LEASE_SECONDS],
  );
  return rows[0] === undefined ? null : { mailboxId: rows[0].id, holder };
}

/** Keeps the right for another while. @returns false when it is gone */
export async function renewLease({ mailboxId, holder }: MailboxLease): Promise<boolean> {
  const rows = await sql(
    `UPDATE mailboxes SET lease_until = now() + make_interval(secs => $3)
     WHERE id = $1::uuid AND lease_holder = $2::uuid AND enabled RETURNING id`,
    [mailboxId, holder, LEASE_SECONDS],
  );
  return rows.length > 0;
}

/** Lets somebody else read it at once. */
export async function releaseLease({ mailboxId: id, holder }: MailboxLease): Promise<void> {
  const free = { leaseHolder: null, leaseUntil: null };
  await prisma().mailbox.updateMany({ where: { id, leaseHolder: holder }, data: free });
}

/** The mailbox as it is now, for whoever may read it; null when they may no longer. */
export async function leasedMailbox({
  mailboxId: id,
  holder,
}: MailboxLease): Promise<(MailboxRow & { tray: string }) | null> {
  const include = { trayDomain: { select: { name: true } } } as const;
  const found = await prisma().mailbox.findFirst({ where: { id, leaseHolder: holder, enabled: true }, include });
  if (found === null) return null;
  const { trayDomain, ...row } = found;
  return { ...(row as MailboxRow), tray: trayDomain.name }; // lib/db/mailboxes.ts wrote it
}

/** What a reader notes. */
interface Note {
  uidValidity?: bigint;
  lastUid?: bigint;
  waiting?: number;
  /** Added to what was counted before. */
  taken?: number;
  others?: number;
  secret?: Buffer;
}

/** Notes how far the reader came, and that the mailbox can be reached. @returns false when the right is gone: nothing was noted */
export async function noteReached({ mailboxId: id, holder }: MailboxLease, note: Note, now: Date): Promise<boolean> {
  const { taken = 0, others = 0, secret, ...rest } = note;
  const counts = { taken: { increment: taken }, others: { increment: others } };
  const sealed = secret === undefined ? {} : { secret: new Uint8Array(secret) };
  const { count } = await prisma().mailbox.updateMany({
    where: { id, leaseHolder: holder, enabled: true },
    data: { ...rest, ...counts, ...sealed, lastSeenAt: now, failingSince: null, failure: null },
  });
  return count > 0;
}

/** Notes why the mailbox cannot be read; "since" stays that of the first failure. */
export async function noteFailure({ mailboxId, holder }: MailboxLease, failure: string, now: Date): Promise<void> {
  await sql(
    `UPDATE mailboxes SET failing_since = coalesce(failing_since, $3), failure = $4
     WHERE id = $1::uuid AND lease_holder = $2::uuid`,
    [mailboxId, holder, now, failure],
  );
}

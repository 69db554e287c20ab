import type { ImapFlow } from "imapflow";
import { noteReached, renewLease } from "#lib/db/mailbox-lease.ts";
import { turnstile } from "#lib/db/turnstile.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { type Arrival, type Inbox, type ReceiveOutcome, receive, TOO_MUCH } from "#lib/reports/receive.ts";
import { afterTaking } from "./after-taking.ts";
import { MailboxFault } from "./mailbox-fault.ts";
import { keepNoteOfLarge } from "./too-large.ts";
import { LeaseGone, type Visit } from "./visit.ts";

/** UIDs whose sizes are asked for at once. */
const SIZES_AT_ONCE = 500;
/** Mails that are held in memory at once: so many, or one that is larger than all of them may be together. */
const MOST_MAILS = 25;
const MOST_BYTES = 2 * 1024 * 1024;
const BY_UID = { uid: true } as const;

/** A file may inflate to 100 MB, so that few are read at once, from however many mailboxes they come. */
const reading = turnstile(2);

/**
 * Takes all mail above a UID, in the order of UIDs. Each step is durable before the next: the reports are stored, then the
 * mail is marked or moved, then the place is noted. Broken off anywhere, the rest of it is done again and does no harm.
 * @param from the UID up to which all is read
 * @returns the UID up to which all is read now
 * @throws MailboxFault, LeaseGone, DatabaseAway, and what the library throws when the connection ends
 */
export async function readMailbox(visit: Visit, from: number): Promise<number> {
  const { client, lease } = visit;
  const uids = await newUids(client, from);
  let last = from;
  let waiting = uids.length;
  for (let at = 0; at < uids.length; at += SIZES_AT_ONCE) {
    const some = uids.slice(at, at + SIZES_AT_ONCE);
    const sizes = await client.fetchAll(some.join(","), { uid: true, size: true }, BY_UID);
    const sizeOf = new Map(sizes.map(({ uid, size = 0 }) => [uid, size]));
    for (const batch of batchesOf(some, sizeOf)) {
      const { taken, others } = await takeBatch(visit, batch, sizeOf);
      // Whoever has changed the settings meanwhile does not want what was chosen before.
      if (!(await renewLease(lease))) throw new LeaseGone();
      await afterTaking(client, visit.mailbox, taken);
      last = batch.at(-1) ?? last;
      waiting -= batch.length;
      const note = { lastUid: BigInt(last), waiting, taken: taken.length, others };
      if (!(await noteReached(lease, note, new Date()))) throw new LeaseGone();
    }
  }
  if (uids.length === 0 && !(await noteReached(lease, { waiting: 0 }, new Date()))) throw new LeaseGone();
  return last;
}

/** RFC 9051 §6.4.9: "n:*" always means the last mail too, even when its UID is below n. */
async function newUids(client: ImapFlow, from: number): Promise<number[]> {
  const found = await client.search({ uid: `${from + 1}:*` }, BY_UID);
  if (!Array.isArray(found)) throw new MailboxFault("server-answer", "The server does not say which mails there are.");
  return found.filter((uid) => uid > from);
}

function* batchesOf(uids: readonly number[], sizeOf: ReadonlyMap<number, number>): Generator<number[]> {
  let batch: number[] = [];
  let bytes = 0;
  for (const uid of uids) {
    const size = sizeOf.get(uid) ?? 0;
    if (batch.length === MOST_MAILS || (batch.length > 0 && bytes + size > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(uid);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

interface Mail {
  uid: number;
  source: Buffer;
}

/** Stores what is in some mails. @returns the UIDs of those that were taken, and how many were something else */
async function takeBatch({ client, mailbox }: Visit, batch: readonly number[], sizeOf: ReadonlyMap<number, number>) {
  const isLarge = (uid: number) => (sizeOf.get(uid) ?? 0) > MAX_FILE_BYTES;
  const mails = await fetchMails(
    client,
    batch.filter((uid) => sizeOf.has(uid) && !isLarge(uid)),
  );
  const { teamId, trayDomainId, tray } = mailbox;
  const inbox: Inbox = {
    ...{ domain: null, teamId, door: "mailbox", tray: { id: trayDomainId, name: tray } },
    ...{ behindRelay: true, othersStay: true },
  };
  const outcomes = await reading(() => receiveAll(mails, inbox));
  const taken = mails.filter((_, at) => outcomes[at]?.some(({ outcome }) => outcome !== "refused"));
  // They stay where they are, whatever is done with the others.
  for (const uid of batch.filter(isLarge)) await keepNoteOfLarge(client, mailbox, uid, sizeOf.get(uid) ?? 0);
  const gone = batch.filter((uid) => !sizeOf.has(uid)).length;
  return { taken: taken.map(({ uid }) => uid), others: batch.length - gone - taken.length };
}

/** In the order of UIDs; those that somebody has removed meanwhile, or that the server cannot read itself, are left out. */
async function fetchMails(client: ImapFlow, uids: readonly number[]): Promise<Mail[]> {
  if (uids.length === 0) return [];
  // Asked for in this way, no mail is longer than its size said.
  const query = { uid: true, source: { start: 0, maxLength: MAX_FILE_BYTES + 1 } };
  try {
    const found = await client.fetchAll(uids.join(","), query, BY_UID);
    return found
      .flatMap(({ uid, source }) => (source === undefined ? [] : [{ uid, source }]))
      .sort((a, b) => a.uid - b.uid);
  } catch (error) {
    if (!(error instanceof Error && "responseStatus" in error && client.usable)) throw error;
    // One mail that the server cannot read keeps the others of its batch from nobody.
    if (uids.length === 1) return [];
    const mails: Mail[] = [];
    for (const uid of uids) mails.push(...(await fetchMails(client, [uid])));
    return mails;
  }
}

async function receiveAll(mails: readonly Mail[], inbox: Inbox): Promise<ReceiveOutcome[][]> {
  const now = new Date();
  const arrivals = mails.map(({ uid, source }): Arrival => ({ bytes: source, fileName: `mail-${uid}.eml` }));
  const outcomes = await receive(arrivals, inbox, now);
  for (const [at, arrival] of arrivals.entries()) {
    const isTooMuch = outcomes[at]?.some((one) => one.outcome === "refused" && one.code === TOO_MUCH.code);
    if (isTooMuch) outcomes[at] = (await receive([arrival], inbox, now)).flat();
  }
  return outcomes;
}

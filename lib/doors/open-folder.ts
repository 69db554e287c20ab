import type { ImapFlow } from "imapflow";
import { noteReached } from "#lib/db/mailbox-lease.ts";
import { faultOf, MailboxFault, serverSaid } from "./mailbox-fault.ts";
import { LeaseGone, type Visit } from "./visit.ts";

/**
 * Opens the mailbox's folder: to read only, where nothing is to be changed. UIDs of another UIDVALIDITY than the last time
 * say nothing (RFC 9051 §2.3.1.1), so that the folder is read from its beginning then; what is stored already is recognised.
 * @returns the UID up to which all is read
 * @throws MailboxFault, LeaseGone
 */
export async function openFolder({ client, mailbox, lease }: Visit): Promise<number> {
  const { folder, afterwards, moveTo } = mailbox;
  const opened = await selectFolder(client, mailbox, afterwards === "leave");
  if (opened.readOnly === true && afterwards !== "leave") {
    throw new MailboxFault(
      "folder-unusable",
      `The folder "${folder}" can only be read, so mail there cannot be changed.`,
    );
  }
  if (afterwards === "move" && moveTo !== null) await makeFolder(client, moveTo);
  const { uidValidity } = opened;
  if (mailbox.uidValidity === uidValidity) return Number(mailbox.lastUid);
  if (!(await noteReached(lease, { uidValidity, lastUid: 0n }, new Date()))) throw new LeaseGone();
  return 0;
}

/** SELECT or EXAMINE. @throws MailboxFault */
export async function selectFolder(
  client: ImapFlow,
  { folder, host, port }: { folder: string; host: string; port: number },
  readOnly: boolean,
) {
  try {
    return await client.mailboxOpen(folder, { readOnly });
  } catch (error) {
    if (!(error instanceof Error && "responseStatus" in error)) throw faultOf(error, { host, port });
    if ("mailboxMissing" in error && error.mailboxMissing === true) {
      throw new MailboxFault("folder-missing", `${host} has no folder "${folder}".`, error);
    }
    const said = serverSaid("responseText" in error ? error.responseText : null);
    throw new MailboxFault("folder-unusable", `${host} does not open the folder "${folder}"${said}.`, error);
  }
}

async function makeFolder(client: ImapFlow, path: string): Promise<void> {
  const folders = await client.list();
  if (folders.some((folder) => folder.path === path)) return;
  try {
    await client.mailboxCreate(path);
  } catch (error) {
    const said = serverSaid(error instanceof Error && "responseText" in error ? error.responseText : null);
    throw new MailboxFault("not-moved", `The folder "${path}" for mail that was taken cannot be made${said}.`, error);
  }
}

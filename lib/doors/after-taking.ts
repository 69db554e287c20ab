import type { ImapFlow } from "imapflow";
import type { MailboxRow } from "#lib/db/mailboxes.ts";
import { MailboxFault } from "./mailbox-fault.ts";

const DELETED = ["\\Deleted"];
const BY_UID = { uid: true } as const;

/**
 * Does with mails that were taken what the team has chosen. Other mail is never touched: without UIDPLUS (RFC 4315) an
 * EXPUNGE would remove whatever anybody has marked as deleted, so that ours is only marked then.
 * @throws MailboxFault when the server refuses
 */
export async function afterTaking(
  client: ImapFlow,
  { afterwards, moveTo, folder }: Pick<MailboxRow, "afterwards" | "moveTo" | "folder">,
  uids: readonly number[],
): Promise<void> {
  if (uids.length === 0 || afterwards === "leave") return;
  const range = uids.join(",");
  const isSafe = client.capabilities.has("UIDPLUS");
  let done: unknown;
  if (afterwards === "seen") done = await client.messageFlagsAdd(range, ["\\Seen"], BY_UID);
  else if (afterwards === "delete") done = await remove(client, range, isSafe);
  else if (client.capabilities.has("MOVE")) done = await client.messageMove(range, moveTo ?? "", { ...BY_UID });
  else {
    done =
      (await client.messageCopy(range, moveTo ?? "", { ...BY_UID })) !== false && (await remove(client, range, isSafe));
  }
  if (done) return;
  const what = { seen: "marked as read", move: `moved to "${moveTo}"`, delete: "deleted" }[afterwards];
  throw new MailboxFault("not-moved", `Mail in "${folder}" was taken, but the server does not let it be ${what}.`);
}

function remove(client: ImapFlow, range: string, isSafe: boolean): Promise<boolean> {
  return isSafe ? client.messageDelete(range, { ...BY_UID }) : client.messageFlagsAdd(range, DELETED, { ...BY_UID });
}

import type { ImapFlow } from "imapflow";
import type { MailboxLease } from "#lib/db/mailbox-lease.ts";
import type { MailboxRow } from "#lib/db/mailboxes.ts";

/** One connection to a mailbox, by whoever may read it. */
export interface Visit {
  client: ImapFlow;
  mailbox: MailboxRow & { tray: string };
  lease: MailboxLease;
}

/** The mailbox was changed, paused or removed, or somebody else reads it: this reader ends without a word. */
export class LeaseGone extends Error {
  override name = "LeaseGone";
}

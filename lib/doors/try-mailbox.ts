import type { MailboxSettings } from "#lib/db/mailboxes.ts";
import { probeSettings } from "#lib/lookups/probe-settings.ts";
import { settings as installation } from "#lib/settings.ts";
import type { Credentials } from "./mailbox-credentials.ts";
import { type FaultCode, faultOf, MailboxFault } from "./mailbox-fault.ts";
import { selectFolder } from "./open-folder.ts";
import { signIn } from "./sign-in.ts";

/** A person waits for it. */
const LIMIT_MS = 60_000;
const MOST_FOLDERS = 200;

/** What a try has shown. */
export interface Tried {
  /** Folders that can be read, as the server names them. */
  folders: string[];
  /** Mails in the chosen folder; null when it could not be opened, and why. */
  mails: number | null;
  fault: { code: FaultCode; sentence: string } | null;
  /** As they are to be kept: a token that was fetched is in them. */
  credentials: Credentials;
}

/** Connects, signs in, lists the folders and counts the mails of the chosen one; changes nothing there. Never throws. */
export async function tryMailbox(mailbox: MailboxSettings, credentials: Credentials): Promise<Tried> {
  const tried: Tried = { folders: [], mails: null, fault: null, credentials };
  const signal = AbortSignal.timeout(LIMIT_MS);
  const keep = async (changed: Credentials) => {
    tried.credentials = changed;
  };
  try {
    const client = await signIn(mailbox, credentials, probeSettings(installation()), { keep, signal });
    try {
      const listed = await client.list();
      const readable = listed.filter(({ flags }) => !flags.has("\\Noselect") && !flags.has("\\NonExistent"));
      tried.folders = readable.map(({ path }) => path).slice(0, MOST_FOLDERS);
      tried.mails = (await selectFolder(client, mailbox, true)).exists;
      await client.logout();
    } finally {
      client.close();
    }
  } catch (error) {
    const late = new MailboxFault("timeout", `${mailbox.host} took longer than ${LIMIT_MS / 1_000} s for all this.`);
    const fault = signal.aborted ? late : faultOf(error, mailbox);
    tried.fault = { code: fault.code, sentence: fault.message };
  }
  return tried;
}

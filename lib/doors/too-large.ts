import { hash } from "node:crypto";
import type { ImapFlow } from "imapflow";
import { storeArrivals } from "#lib/db/store-arrivals.ts";
import { tooLarge } from "#lib/reports/decode.ts";
import { readMail } from "#lib/reports/mail.ts";
import type { Visit } from "./visit.ts";

/** Enough for the header and the first lines of any mail. */
const HEAD_BYTES = 64 * 1024;

/**
 * A mail that is larger than any report stays where it is. When it says that it is a TLS report, its beginning goes into
 * the quarantine with the reason, so that somebody hears of it.
 */
export async function keepNoteOfLarge(
  client: ImapFlow,
  { trayDomainId, folder }: Visit["mailbox"],
  uid: number,
  size: number,
): Promise<void> {
  const found = await client.fetchOne(String(uid), { source: { start: 0, maxLength: HEAD_BYTES } }, { uid: true });
  const bytes = found === false ? undefined : found.source;
  if (bytes === undefined || !(await saysReport(bytes))) return;
  const { code, reason } = tooLarge(size);
  const told = `The mail stays in the folder "${folder}", and this is its beginning: ${reason}.`;
  await storeArrivals(
    [],
    [
      {
        ...{ domainId: trayDomainId, hash: hash("sha256", bytes), bytes, fileName: `mail-${uid}-beginning.eml` },
        ...{ code, reason: told, door: "mailbox", receivedAt: new Date() },
      },
    ],
  );
}

async function saysReport(head: Buffer): Promise<boolean> {
  try {
    return (await readMail(head)).declared;
  } catch {
    return false; // cut in the middle, or no mail at all
  }
}

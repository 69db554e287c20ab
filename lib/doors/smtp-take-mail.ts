import type { SMTPServerDataStream } from "smtp-server";
import type { DomainRow } from "#lib/db/domains.ts";
import { turnstile } from "#lib/db/turnstile.ts";
import { NotFound } from "#lib/errors.ts";
import type { ReceiveOutcome } from "#lib/reports/receive.ts";
import type { SmtpLimits } from "./limits.ts";
import { type ReceiveOne, receiveTogether } from "./receive-together.ts";
import { readMail } from "./smtp-read-mail.ts";
import { replyOf, SmtpRefusal } from "./smtp-reply.ts";

/** To whom a mail is, and how it came. */
export interface Envelope {
  recipients: readonly DomainRow[];
  behindRelay: boolean;
}

/** Takes mails from their first octet until they are durable, a few at a time, so that memory has a bound. */
export function mailTaker(limits: SmtpLimits) {
  const largePlaces = { free: limits.largeMailsAtOnce };
  const receiveOne = receiveTogether();
  const readingLarge = turnstile(limits.largeMailsRead);

  /**
   * @param tooSlow is called when the mail takes too long to come
   * @returns the reply, once everything is durable
   * @throws SmtpRefusal, DatabaseAway, or an error of the stream when the client went away
   */
  return async (stream: SMTPServerDataStream, envelope: Envelope, tooSlow: () => void): Promise<string> => {
    const end = setTimeout(tooSlow, limits.dataMs);
    const mail = await readMail(stream, largePlaces, limits).finally(() => clearTimeout(end));
    try {
      const receiveIt = () => receiveForAll(mail.bytes, envelope, receiveOne);
      // Small ones are bounded by the connections, and stored together where they come to one inbox.
      return await (mail.bytes.length > limits.smallMailBytes ? readingLarge(receiveIt) : receiveIt());
    } finally {
      mail.release();
    }
  };
}

/** A mail to several inboxes is received for each; when one of them fails, the sender brings it again for all. */
async function receiveForAll(
  bytes: Buffer,
  { recipients, behindRelay }: Envelope,
  receiveOne: ReceiveOne,
): Promise<string> {
  const inboxes = new Map(recipients.map((domain) => [domain.id, domain]));
  const outcomes: ReceiveOutcome[] = [];
  for (const domain of inboxes.values()) {
    const inbox = { domain, teamId: domain.teamId, door: "smtp", behindRelay } as const;
    try {
      outcomes.push(...(await receiveOne({ bytes, fileName: null }, inbox)));
    } catch (error) {
      // Removed since RCPT. Where others took the mail, nobody is left to miss this one.
      if (!(error instanceof NotFound)) throw error;
    }
  }
  if (outcomes.length === 0) throw new SmtpRefusal(550, "5.1.1 The inbox has just been removed");
  return replyOf(outcomes);
}

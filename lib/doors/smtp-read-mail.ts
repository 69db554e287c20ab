import type { SMTPServerDataStream } from "smtp-server";
import type { SmtpLimits } from "./limits.ts";
import { SmtpRefusal } from "./smtp-reply.ts";

const FIRST_BYTES = 8 * 1024;

/** Places for large mails: whoever has one may hold `mailBytes`. */
export interface LargePlaces {
  free: number;
}

/** A mail in memory, and what to call once it is needed no more. */
export interface HeldMail {
  bytes: Buffer;
  release(): void;
}

/**
 * Reads a mail to its end. What goes past a limit is read on, since the answer comes at the end only (RFC 5321 §4.1.1.4),
 * but not kept.
 * @throws SmtpRefusal when the mail is too large, or too many large ones are under way; Error when the client went away
 */
export async function readMail(
  stream: SMTPServerDataStream,
  places: LargePlaces,
  limits: Pick<SmtpLimits, "mailBytes" | "smallMailBytes">,
): Promise<HeldMail> {
  // One buffer that grows: a client that sends single octets would make a list of millions.
  let bytes: Buffer = Buffer.allocUnsafe(Math.min(FIRST_BYTES, limits.smallMailBytes));
  let length = 0;
  let isLarge = false;
  let refusal: SmtpRefusal | null = null;
  const release = () => {
    if (isLarge) places.free++;
    isLarge = false;
    bytes = Buffer.alloc(0);
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (refusal !== null) continue;
      const needed = length + chunk.length;
      if (needed > limits.mailBytes) refusal = tooLarge(limits.mailBytes);
      else if (needed > limits.smallMailBytes && !isLarge) {
        if (places.free > 0) {
          places.free--;
          isLarge = true;
        } else refusal = new SmtpRefusal(452, "4.3.1 Too many large mails at once; try again later");
      }
      if (refusal !== null) {
        release();
        continue;
      }
      if (needed > bytes.length)
        bytes = grown(bytes, length, needed, isLarge ? limits.mailBytes : limits.smallMailBytes);
      chunk.copy(bytes, length);
      length = needed;
    }
  } catch (error) {
    release();
    throw error;
  }
  if (refusal !== null) throw refusal;
  return { bytes: bytes.subarray(0, length), release };
}

function grown(bytes: Buffer, length: number, needed: number, most: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * bytes.length, most)));
  bytes.copy(larger, 0, 0, length);
  return larger;
}

function tooLarge(bytes: number): SmtpRefusal {
  return new SmtpRefusal(552, `5.3.4 The mail is larger than the ${bytes} octets that are taken`);
}

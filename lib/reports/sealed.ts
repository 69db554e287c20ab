import type { MailPart } from "./mail.ts";

const LOOK = 1_000;

/** Why nothing can be seen in a mail that holds such a part, in words that follow its refusal; null for any other part. */
export function sealOf({ type, bytes }: MailPart): string | null {
  // RFC 8551 §3.2: one type for what is encrypted and for what is signed so that it cannot be read without unpacking it.
  if (/^application\/(?:x-)?pkcs7-mime$/.test(type)) {
    return "it is encrypted, or signed in one piece with its content (S/MIME), and is not opened";
  }
  // RFC 3156 §4, and what was put into the text itself (RFC 9580 §6.2).
  const isArmoured = type.startsWith("text/") && bytes.subarray(0, LOOK).includes("-----BEGIN PGP MESSAGE-----");
  return type === "application/pgp-encrypted" || isArmoured ? "it is encrypted (OpenPGP) and is not opened" : null;
}

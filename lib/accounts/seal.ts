import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

// The first octet says how the rest was made, so that another way can be told from this one later.
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a text that has to be read again, such as a password for another system: AES-256-GCM under a key derived from
 * this installation's secret.
 * @param owner what the text belongs to; moved to another row it does not open
 */
export function seal(secret: string, text: string, owner: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyFrom(secret), nonce).setAAD(bound(owner));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), nonce, sealed, cipher.getAuthTag()]);
}

/** The text again; null when the secret is another one, or the bytes were changed, or belong to another owner. */
export function unseal(secret: string, sealed: Uint8Array, owner: string): string | null {
  const bytes = Buffer.from(sealed);
  if (bytes[0] !== VERSION || bytes.length < 1 + NONCE_BYTES + TAG_BYTES) return null;
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const options = { authTagLength: TAG_BYTES };
  const cipher = createDecipheriv("aes-256-gcm", keyFrom(secret), nonce, options).setAAD(bound(owner));
  cipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return cipher.update(bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + cipher.final("utf8");
  } catch {
    return null;
  }
}

function keyFrom(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", "sealpost sealed text, version 1", 32));
}

function bound(owner: string): Buffer {
  return Buffer.from(`${VERSION} ${owner}`);
}

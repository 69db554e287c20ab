import { createHash, randomBytes } from "node:crypto";

/** A token for a link that works once. Only its hash is stored: who reads the database cannot use it. */
export function newLinkToken(): { token: string; tokenHash: string } {
  const token = randomBytes(24).toString("base64url");
  return { token, tokenHash: hashLinkToken(token) };
}

/** What is stored of a token. */
export function hashLinkToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

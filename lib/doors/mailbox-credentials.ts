import { z } from "zod";
import { seal, unseal } from "#lib/accounts/seal.ts";
import { settings } from "#lib/settings.ts";
import { MailboxFault } from "./mailbox-fault.ts";

const credentials = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("password"), password: z.string() }),
  z.object({ kind: z.literal("token"), accessToken: z.string() }),
  z.object({
    kind: z.literal("refresh"),
    tokenUrl: z.string(),
    clientId: z.string(),
    clientSecret: z.string().nullable(),
    refreshToken: z.string(),
    scope: z.string().nullable(),
    /** The last one that was fetched, and until when it is good, in milliseconds of the epoch. */
    accessToken: z.string().nullable(),
    expiresAt: z.number().nullable(),
  }),
]);

/** What signs in to a mailbox: a password, an access token as it is, or what fetches one (RFC 6749 §6). */
export type Credentials = z.infer<typeof credentials>;
export type RefreshCredentials = Extract<Credentials, { kind: "refresh" }>;

/** As they are kept: under the installation's secret, and for this mailbox only. */
export function sealCredentials(value: Credentials, mailboxId: string): Buffer {
  return seal(secretOfThisInstallation(), JSON.stringify(value), mailboxId);
}

/** @throws MailboxFault with code "secret-unreadable" when they cannot be opened */
export function openCredentials(sealed: Uint8Array, mailboxId: string): Credentials {
  const text = unseal(secretOfThisInstallation(), sealed, mailboxId);
  if (text !== null) return credentials.parse(JSON.parse(text));
  throw new MailboxFault(
    "secret-unreadable",
    "The stored password or token cannot be opened, since SEALPOST_SECRET is another one now; enter it again.",
  );
}

function secretOfThisInstallation(): string {
  const { secret } = settings();
  if (secret === null) {
    const how = "set the same as for the other processes";
    throw new MailboxFault("secret-unreadable", `SEALPOST_SECRET is not set where mailboxes are read; ${how}.`);
  }
  return secret;
}

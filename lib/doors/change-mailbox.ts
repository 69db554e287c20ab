import type { SignedIn } from "#lib/accounts/access.ts";
import { countAttempt } from "#lib/db/attempts.ts";
import { findDomains } from "#lib/db/domains.ts";
import { changeMailbox, createMailbox, type MailboxRow, mailboxOf } from "#lib/db/mailboxes.ts";
import { newId } from "#lib/db/new-id.ts";
import { NotFound, Refused, TooMany } from "#lib/errors.ts";
import { type Credentials, openCredentials, sealCredentials } from "./mailbox-credentials.ts";
import type { FaultCode } from "./mailbox-fault.ts";
import { readCredentials, readMailboxSettings } from "./mailbox-input.ts";
import { type Tried, tryMailbox } from "./try-mailbox.ts";

/** Tries of one team: enough to find the right settings, too few to look for other people's passwords. */
const MOST_TRIES = 40;
const WINDOW_SECONDS = 15 * 60;

type Fields = Record<string, string | undefined>;
type Team = { id: string; slug: string };

/** The team's domains that can keep what belongs to none: all but the sample. */
export async function trayDomains({ slug }: Team): Promise<{ id: string; name: string }[]> {
  const found = await findDomains(null, slug);
  return found.filter(({ sample }) => !sample).map(({ id, name }) => ({ id, name }));
}

/** What a form may show again of what signs in; the secrets stay here. */
export function shownCredentials(mailbox: MailboxRow): Record<"tokenUrl" | "clientId" | "scope", string> {
  const stored = storedCredentials(mailbox);
  if (stored?.kind !== "refresh") return { tokenUrl: "", clientId: "", scope: "" };
  return { tokenUrl: stored.tokenUrl, clientId: stored.clientId, scope: stored.scope ?? "" };
}

/**
 * Tries a mailbox as it was entered, a new one or a stored one with changes.
 * @throws Refused when a field cannot be used, NotFound, TooMany
 */
export async function tryEntered(team: Team, id: string | null, fields: Fields): Promise<Tried> {
  return (await enter(team, id, fields)).tried;
}

/**
 * Stores a mailbox as it was entered, once it was tried with success.
 * @throws Refused when a field cannot be used or the try failed, NotFound, TooMany
 */
export async function saveEntered(team: Team, id: string | null, fields: Fields, by: SignedIn): Promise<void> {
  const { settings, tried } = await enter(team, id, fields);
  if (tried.fault !== null) throw new Refused(tried.fault.sentence, fieldOf(tried.fault.code));
  const mailboxId = id ?? newId();
  const secret = sealCredentials(tried.credentials, mailboxId);
  if (id === null) await createMailbox(team.id, mailboxId, settings, secret, by);
  else await changeMailbox(team.id, mailboxId, settings, secret, by);
}

async function enter(team: Team, id: string | null, fields: Fields) {
  const before = id === null ? null : await mailboxOf(team.id, id);
  if (id !== null && before === null) throw new NotFound("This mailbox");
  const settings = readMailboxSettings(fields, await trayDomains(team));
  // A stored secret is shown to no other server than the one that it was entered for.
  const isSame = (["host", "port", "security", "userName", "auth"] as const).every(
    (key) => before?.[key] === settings[key],
  );
  const stored = before !== null && isSame ? storedCredentials(before) : null;
  const credentials = readCredentials(settings.auth, fields, stored);
  const [tries] = await countAttempt([`mailbox-try:${team.id}`], WINDOW_SECONDS);
  if (tries && tries.count > MOST_TRIES) throw new TooMany(tries.seconds);
  return { settings, tried: await tryMailbox(settings, credentials) };
}

function storedCredentials({ secret, id }: MailboxRow): Credentials | null {
  try {
    return openCredentials(secret, id);
  } catch {
    return null; // the installation's secret has changed: they have to be entered again
  }
}

/** The field below which a fault is shown; null when it is about several. */
export function fieldOf(code: FaultCode): string | null {
  if (code === "host-not-found" || code === "address-refused") return "host";
  return code === "folder-missing" || code === "folder-unusable" ? "folder" : null;
}

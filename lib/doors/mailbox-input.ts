import { isIP } from "node:net";
import type { MailboxSettings } from "#lib/db/mailboxes.ts";
import { Refused } from "#lib/errors.ts";
import { normaliseHost } from "#lib/standards/domain-name.ts";
import { isHostName } from "#lib/standards/host-grammar.ts";
import type { Credentials, RefreshCredentials } from "./mailbox-credentials.ts";

type Fields = Record<string, string | undefined>;

const LONGEST = 500;
/** Tokens are signed texts of some kilobytes. */
const LONGEST_SECRET = 16_384;
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/u;

const SECURITIES = ["tls", "starttls"] as const;
const AUTHS = ["password", "oauth"] as const;
const AFTERWARDS = ["leave", "seen", "move", "delete"] as const;

/**
 * A mailbox as a person entered it.
 * @param domains those of the team, of which one keeps what belongs to none
 * @throws Refused naming the field
 */
export function readMailboxSettings(fields: Fields, domains: readonly { id: string; name: string }[]): MailboxSettings {
  const afterwards = oneOf(AFTERWARDS, fields, "afterwards");
  const folder = text(fields, "folder", "the folder") || "INBOX";
  const moveTo = afterwards === "move" ? needed(fields, "moveTo", "the folder to move mail to") : null;
  if (moveTo === folder) throw new Refused("Choose another folder than the one that is read.", "moveTo");
  const tray = domains.find(({ name }) => name === fields.tray);
  if (tray === undefined) throw new Refused("Choose one of the team's domains.", "tray");
  return {
    ...{ host: readHost(fields), port: readPort(fields), security: oneOf(SECURITIES, fields, "security") },
    ...{ userName: needed(fields, "user", "the user name"), auth: oneOf(AUTHS, fields, "auth") },
    ...{ folder, afterwards, moveTo, trayDomainId: tray.id },
  };
}

/**
 * What signs in, as a person entered it. An empty secret keeps the stored one.
 * @param stored what is kept for this very server and user name; null when there is nothing that may be used again
 * @throws Refused naming the field
 */
export function readCredentials(
  auth: MailboxSettings["auth"],
  fields: Fields,
  stored: Credentials | null,
): Credentials {
  if (auth === "password") {
    const kept = stored?.kind === "password" ? stored.password : null;
    return { kind: "password", password: secret(fields, "password", kept, "Enter the password.") };
  }
  if (!["tokenUrl", "clientId", "refreshToken"].some((name) => fields[name])) {
    const kept = stored?.kind === "token" ? stored.accessToken : null;
    const why = "Enter an access token, or what fetches one: token URL, client id and refresh token.";
    return { kind: "token", accessToken: secret(fields, "accessToken", kept, why) };
  }
  return readRefresh(fields, stored?.kind === "refresh" ? stored : null);
}

function readRefresh(fields: Fields, stored: RefreshCredentials | null): RefreshCredentials {
  const tokenUrl = needed(fields, "tokenUrl", "the token URL");
  const url = URL.parse(tokenUrl);
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") {
    throw new Refused("The token URL has to begin with https:// and to hold no password.", "tokenUrl");
  }
  const clientId = needed(fields, "clientId", "the client id");
  const scope = text(fields, "scope", "the scope") || null;
  // What is secret is sent to nobody but whom it was entered for.
  const kept = stored?.tokenUrl === tokenUrl && stored.clientId === clientId ? stored : null;
  const refreshToken = secret(fields, "refreshToken", kept?.refreshToken ?? null, "Enter the refresh token.");
  const clientSecret = fields.clientSecret ? secret(fields, "clientSecret", null, "") : (kept?.clientSecret ?? null);
  const isSame = kept?.refreshToken === refreshToken && kept.scope === scope;
  const token = isSame ? kept : { accessToken: null, expiresAt: null };
  const { accessToken, expiresAt } = token;
  return { kind: "refresh", tokenUrl, clientId, clientSecret, refreshToken, scope, accessToken, expiresAt };
}

function readHost(fields: Fields): string {
  const entered = text(fields, "host", "the host").replace(/^\[|\]$/g, "");
  const host = isIP(entered) ? entered : normaliseHost(entered);
  if (isIP(host) || isHostName(host)) return host;
  throw new Refused("Enter the name of the IMAP server, such as imap.example.org.", "host");
}

function readPort(fields: Fields): number {
  const entered = text(fields, "port", "the port") || "993";
  const port = /^\d{1,5}$/.test(entered) ? Number(entered) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new Refused("A port is a number between 1 and 65535; that of IMAP over TLS is 993.", "port");
}

function oneOf<T extends string>(known: readonly T[], fields: Fields, name: string): T {
  const found = known.find((one) => one === fields[name]);
  if (found === undefined) throw new Refused("Choose one of these.", name);
  return found;
}

function text(fields: Fields, name: string, what: string): string {
  const entered = (fields[name] ?? "").trim();
  if (entered.length > LONGEST) throw new Refused(`For ${what} there are at most ${LONGEST} characters.`, name);
  if (CONTROLS.test(entered)) throw new Refused("Line breaks and other control characters cannot be part of it.", name);
  return entered;
}

function needed(fields: Fields, name: string, what: string): string {
  const entered = text(fields, name, what);
  if (entered === "") throw new Refused(`Enter ${what}.`, name);
  return entered;
}

function secret(fields: Fields, name: string, stored: string | null, missing: string): string {
  const entered = fields[name] || stored || "";
  if (entered === "") throw new Refused(missing, name);
  if (entered.length > LONGEST_SECRET) throw new Refused("This is longer than any password or token.", name);
  if (CONTROLS.test(entered)) throw new Refused("Line breaks and other control characters cannot be part of it.", name);
  return entered;
}

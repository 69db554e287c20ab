import { decode, encode } from "next-auth/jwt";
import { openSession, SESSION_DAYS } from "#lib/db/sessions.ts";
import { DatabaseAway } from "#lib/errors.ts";
import { settings } from "#lib/settings.ts";

/** Over HTTPS its name begins so that no other host of the site can set one in its place (RFC 6265bis §4.1.3.2). */
export function sessionCookieName(): string {
  return `${settings().url.startsWith("https:") ? "__Host-" : ""}sealpost.session`;
}

/** The secret that encrypts session cookies. */
export function sessionSecret(): string {
  const { secret } = settings();
  // `sealpost start` and `sealpost web` see to it before the first request.
  if (secret === null) throw new DatabaseAway("SEALPOST_SECRET is not set");
  return secret;
}

/** The session id in a cookie of ours, or null when there is none or it was not made here. */
export async function sessionIdIn(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  try {
    const token = await decode({ token: cookie, secret: sessionSecret() });
    return typeof token?.sid === "string" ? token.sid : null;
  } catch {
    return null; // another secret, tampered with, or expired: all the same, nobody is signed in
  }
}

/**
 * Opens a session for somebody who has just proved who they are, as by making an account.
 * @returns the cookie to set, of the same form as next-auth's own
 */
export async function newSessionCookie(userId: string, address: string, userAgent: string) {
  const sid = await openSession(userId, address, userAgent);
  const maxAge = SESSION_DAYS * 86_400;
  const value = await encode({ token: { sid }, secret: sessionSecret(), maxAge });
  return { name: sessionCookieName(), value, maxAge, ...cookieOptions() };
}

/** Not readable by scripts, not sent along from other sites, and over HTTPS only where the site has it. */
export function cookieOptions() {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: settings().url.startsWith("https:") } as const;
}

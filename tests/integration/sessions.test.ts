import { encode } from "next-auth/jwt";
import { describe, expect, it } from "vitest";
import { signedIn } from "#lib/accounts/access.ts";
import { newSessionCookie } from "#lib/accounts/session-cookie.ts";
import { deleteExpired } from "#lib/db/clean-up.ts";
import { sql } from "#lib/db/client.ts";
import { endSession, openSession, revokeOtherSessions, revokeSession, sessionsOf } from "#lib/db/sessions.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";

await ownDatabase();

async function signInAgain(userId: string, userAgent = "another browser") {
  const cookie = await newSessionCookie(userId, "192.0.2.9", userAgent);
  const [latest] = await sql<{ id: string }>("SELECT id FROM sessions ORDER BY id DESC LIMIT 1", []);
  return { cookie: cookie.value, id: latest?.id ?? "" };
}

describe("a session", () => {
  it("is what the cookie names, and nothing else opens the door", async () => {
    const { user } = await makeOwner();
    const { cookie, id } = await signInAgain(user.userId);
    expect(await signedIn(cookie)).toMatchObject({ userId: user.userId, email: user.email, sessionId: id });
    const forged = await encode({ token: { sid: id }, secret: "x".repeat(64) });
    const withoutId = await encode({ token: { sub: user.userId }, secret: process.env.SEALPOST_SECRET ?? "" });
    for (const wrong of [undefined, "", id, user.userId, `${cookie}x`, cookie.slice(0, -1), forged, withoutId]) {
      expect(await signedIn(wrong)).toBeNull();
    }
  });

  it("ends at its time, and its row is deleted then", async () => {
    const { user } = await makeOwner();
    const { cookie, id } = await signInAgain(user.userId);
    await sql("UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = $1", [id]);
    expect(await signedIn(cookie)).toBeNull();
    expect((await sessionsOf(user.userId)).map((session) => session.id)).not.toContain(id);
    await deleteExpired();
    expect(await sql("SELECT 1 FROM sessions WHERE id = $1", [id])).toEqual([]);
    expect(await sessionsOf(user.userId)).toHaveLength(1);
  });

  it("ends for a copy of the cookie too when its person signs out", async () => {
    const { user } = await makeOwner();
    const { cookie, id } = await signInAgain(user.userId);
    await endSession(id);
    expect(await signedIn(cookie)).toBeNull();
  });

  it("is listed with its browser, the last seen first, for its own person only", async () => {
    const [{ user }, stranger] = [await makeOwner(), await makeOwner("Stranger")];
    const { cookie, id } = await signInAgain(user.userId, `Firefox ${"x".repeat(400)}`);
    await sql("UPDATE sessions SET last_seen_at = now() - interval '1 hour' WHERE user_id = $1", [user.userId]);
    await signedIn(cookie);
    const list = await sessionsOf(user.userId);
    expect(list.map((session) => session.id)[0]).toBe(id);
    expect(list[0]?.userAgent).toHaveLength(300);
    expect(list[0]?.address).toBe("192.0.2.9");
    expect((await sessionsOf(stranger.user.userId)).map((session) => session.id)).not.toContain(id);
  });

  it("is revoked by its own person only", async () => {
    const [{ user }, stranger] = [await makeOwner(), await makeOwner("Stranger")];
    const { cookie, id } = await signInAgain(user.userId);
    await revokeSession(id, stranger.user);
    await revokeSession("no id", user);
    expect(await signedIn(cookie)).not.toBeNull();
    await revokeSession(id, user);
    expect(await signedIn(cookie)).toBeNull();
  });

  it("survives alone when all others are revoked, and those of other people go on", async () => {
    const [{ user, sessionId }, stranger] = [await makeOwner(), await makeOwner("Stranger")];
    for (let count = 0; count < 3; count++) await openSession(user.userId, "192.0.2.9", "");
    expect(await revokeOtherSessions(sessionId, user)).toBe(3);
    expect(await revokeOtherSessions(sessionId, user)).toBe(0);
    expect((await sessionsOf(user.userId)).map(({ id }) => id)).toEqual([sessionId]);
    expect(await sessionsOf(stranger.user.userId)).toHaveLength(1);
  });
});

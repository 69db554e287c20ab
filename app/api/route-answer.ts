import { cookies } from "next/headers";
import { decodedPart } from "#app/page-props.ts";
import { authorise, signedIn, type TeamAccess } from "#lib/accounts/access.ts";
import type { Permission } from "#lib/accounts/roles.ts";
import { sessionCookieName } from "#lib/accounts/session-cookie.ts";
import { type DomainRow, domainNamed } from "#lib/db/domains.ts";
import { DatabaseAway, DomainError, NotFound, TooMany } from "#lib/errors.ts";
import { parseDomainName } from "#lib/standards/domain-name.ts";

/** Runs a route and turns domain errors into answers; this is the one place where routes do that. */
export async function answerRoute(run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof NotFound) return problem(404, "Not found.");
    if (error instanceof DatabaseAway) return problem(503, error.message, { "retry-after": "10" });
    if (error instanceof TooMany) return problem(429, error.message, { "retry-after": String(error.seconds) });
    if (error instanceof DomainError) return problem(400, error.message);
    console.error(error);
    return problem(500, "Something went wrong on our side; nothing was stored. It was written to the server's log.");
  }
}

/** An answer that says in a sentence what is wrong. */
export function problem(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error }, { status, headers: { "cache-control": "no-store", ...headers } });
}

/** Lets whoever asks into a team; a visitor and a stranger both find nothing. @throws NotFound */
export async function teamRouteAccess(team: string, permission: Permission): Promise<TeamAccess> {
  const user = await signedIn((await cookies()).get(sessionCookieName())?.value);
  if (user === null) throw new NotFound();
  return authorise(user, team, permission);
}

/** As `teamRouteAccess`, for one domain of the team. @throws NotFound */
export async function routeAccess(
  params: { team: string; domain: string },
  permission: Permission,
): Promise<TeamAccess & { domain: DomainRow }> {
  const access = await teamRouteAccess(params.team, permission);
  const name = parseDomainName(decodedPart(params.domain));
  const domain = name.ok ? await domainNamed(access.team.id, name.name) : null;
  if (domain === null) throw new NotFound();
  return { ...access, domain };
}

/** A file from somebody else: saved under a harmless name and never shown by the browser (RFC 8460 §7). */
export function fileAnswer(bytes: Buffer, fileName: string | null, fallback: string): Response {
  const safe = (fileName ?? fallback).replace(/[^\w.!@+-]+/g, "_").slice(-150) || fallback;
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${safe}"`,
      "cache-control": "private, no-store",
    },
  });
}

/**
 * A table for spreadsheets, sent as it is read. The first part is there before the answer begins; when a later one fails, the
 * connection breaks off, so that half a table never looks like a whole one.
 */
export async function csvAnswer(parts: AsyncGenerator<string>, name: string): Promise<Response> {
  const first = await parts.next();
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      if (!first.done) controller.enqueue(encoder.encode(first.value));
    },
    async pull(controller) {
      const part = await parts.next();
      if (part.done) controller.close();
      else controller.enqueue(encoder.encode(part.value));
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
  return new Response(stream, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${name}.csv"`,
      "cache-control": "private, no-store",
    },
  });
}

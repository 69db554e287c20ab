import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { authorise, type SignedIn, signedIn, type TeamAccess } from "#lib/accounts/access.ts";
import type { Permission } from "#lib/accounts/roles.ts";
import { newSessionCookie, sessionCookieName } from "#lib/accounts/session-cookie.ts";
import { type DomainRow, domainNamed } from "#lib/db/domains.ts";
import { NotFound } from "#lib/errors.ts";
import { parseDomainName } from "#lib/standards/domain-name.ts";
import { decodedPart } from "./page-props.ts";

/** Who asks, or null; looked up once per request. */
export const currentUser = cache(async (): Promise<SignedIn | null> => {
  return signedIn((await cookies()).get(sessionCookieName())?.value);
});

/** Who asks; a visitor is led to the sign-in page and back to `path`. */
export async function requireUser(path: string): Promise<SignedIn> {
  const user = await currentUser();
  if (user === null) redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  return user;
}

/** The address of the client, as the web process saw it. */
export async function clientAddress(): Promise<string> {
  return (await headers()).get("x-sealpost-client") ?? "unknown";
}

/** Signs in the browser of somebody who has just proved who they are. */
export async function startSession(userId: string): Promise<void> {
  const userAgent = (await headers()).get("user-agent") ?? "";
  const { name, value, ...options } = await newSessionCookie(userId, await clientAddress(), userAgent);
  (await cookies()).set(name, value, options);
}

/** Lets the person who asks into a team, or shows "not found", whatever the reason. */
export const teamAccess = cache(async (slug: string, permission: Permission): Promise<TeamAccess> => {
  const user = await requireUser(`/teams/${slug}`);
  try {
    return await authorise(user, slug, permission);
  } catch (error) {
    if (error instanceof NotFound) notFound();
    throw error;
  }
});

/** As `teamAccess`, for one domain of the team. */
export const domainAccess = cache(
  async (slug: string, domainName: string, permission: Permission): Promise<TeamAccess & { domain: DomainRow }> => {
    const access = await teamAccess(slug, permission);
    const name = parseDomainName(decodedPart(domainName));
    const domain = name.ok ? await domainNamed(access.team.id, name.name) : null;
    if (domain === null) notFound();
    return { ...access, domain };
  },
);

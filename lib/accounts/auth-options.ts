import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import { type ForeignSignIn, userOfIdentity } from "#lib/db/identities.ts";
import { endSession, openSession, SESSION_DAYS } from "#lib/db/sessions.ts";
import { DatabaseAway, DomainError } from "#lib/errors.ts";
import { settings } from "#lib/settings.ts";
import { nameFrom } from "./person-input.ts";
import { cookieOptions, sessionCookieName, sessionSecret } from "./session-cookie.ts";
import { signIn } from "./sign-in.ts";

/** Who asks, as the web process saw it. */
export interface Visitor {
  address: string;
  userAgent: string;
}

const credentialsSchema = z.object({ email: z.string().max(254), password: z.string().max(2_000) });
const profileSchema = z.object({
  // OpenID Connect Core §2: at most 255 ASCII characters.
  sub: z.string().regex(/^[\x20-\x7e]{1,255}$/),
  email: z.email().max(254),
  email_verified: z.union([z.boolean(), z.string()]).optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});
type Profile = z.infer<typeof profileSchema>;

/** The options of next-auth for one request. The token in the cookie only names a session row, so that it can be revoked. */
export function authOptions(visitor: Visitor): AuthOptions {
  const { oidc } = settings();
  return {
    secret: sessionSecret(),
    session: { strategy: "jwt", maxAge: SESSION_DAYS * 86_400 },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/account" },
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: cookieOptions(),
      },
    },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        async authorize(input) {
          const parsed = credentialsSchema.safeParse(input);
          if (!parsed.success) return null;
          const { email, password } = parsed.data;
          const user = await forVisitor(() => signIn(email, password, visitor.address));
          return user && { id: user.id };
        },
      }),
      ...(oidc ? [oidcProvider(oidc)] : []),
    ],
    callbacks: {
      async signIn({ account, profile, user }) {
        if (account?.type !== "oauth" || oidc === null) return true;
        const parsed = profileSchema.safeParse(profile);
        if (!parsed.success) return "/sign-in?error=no-email";
        try {
          const found = await foreignUser(oidc.issuer, parsed.data);
          if ("refused" in found) return `/sign-in?error=${found.refused}`;
          user.id = found.userId;
          return true;
        } catch (error) {
          if (error instanceof DatabaseAway) return "/sign-in?error=database-away";
          throw error;
        }
      },
      async jwt({ token, user }) {
        // `user` is there at the sign-in only.
        if (user) return { sid: await openSession(user.id, visitor.address, visitor.userAgent) };
        return token;
      },
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sid === "string") await endSession(token.sid);
      },
    },
  };
}

function oidcProvider(oidc: NonNullable<ReturnType<typeof settings>["oidc"]>): OAuthConfig<Profile> {
  return {
    id: "oidc",
    name: oidc.name,
    type: "oauth",
    wellKnown: `${oidc.issuer}/.well-known/openid-configuration`,
    authorization: { params: { scope: "openid email profile" } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    profile: (profile) => ({ id: profile.sub }),
  };
}

function foreignUser(issuer: string, profile: Profile): Promise<ForeignSignIn> {
  const { sub: subject, email } = profile;
  const name = nameFrom(profile.name, profile.preferred_username, email.split("@")[0], email);
  // Some issuers send the text "true".
  const emailVerified = profile.email_verified === true || profile.email_verified === "true";
  return userOfIdentity({ issuer, subject, email, emailVerified, name }, settings().signup);
}

/** Lets only sentences that are meant for people out; next-auth shows an error's message to whoever asked. */
async function forVisitor<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DomainError) throw error;
    console.error(error);
    throw new Error("Something went wrong on our side. Try again in a moment.");
  }
}

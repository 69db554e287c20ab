import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import { userOfIdentity } from "#lib/db/identities.ts";
import { hasInvitation } from "#lib/db/invitations.ts";
import { endSession, openSession, SESSION_DAYS } from "#lib/db/sessions.ts";
import { DomainError } from "#lib/errors.ts";
import { settings } from "#lib/settings.ts";
import { cookieOptions, SESSION_COOKIE, sessionSecret } from "./session-cookie.ts";
import { signIn } from "./sign-in.ts";
import { signUpIsOpen } from "./sign-up.ts";

/** Who asks, as the web process saw it. */
export interface Visitor {
  address: string;
  userAgent: string;
}

const credentialsSchema = z.object({ email: z.string().max(254), password: z.string().max(2_000) });
const profileSchema = z.object({
  sub: z.string().min(1),
  email: z.email(),
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
        name: SESSION_COOKIE,
        options: cookieOptions(),
      },
    },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        async authorize(input) {
          const { email, password } = credentialsSchema.parse(input);
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
          user.id = await foreignUser(oidc.issuer, parsed.data);
          return true;
        } catch (error) {
          if (error instanceof DomainError) return `/sign-in?error=${encodeURIComponent(error.message)}`;
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

async function foreignUser(issuer: string, profile: Profile): Promise<string> {
  const { sub: subject, email } = profile;
  const name = profile.name ?? profile.preferred_username ?? email.split("@")[0] ?? email;
  const mayCreate = (await signUpIsOpen()) ? "account and team" : (await hasInvitation(email)) ? "account" : "no";
  // Some issuers send the text "true".
  const emailVerified = profile.email_verified === true || profile.email_verified === "true";
  return userOfIdentity({ issuer, subject, email, emailVerified, name }, mayCreate);
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

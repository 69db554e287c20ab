import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { PageProps } from "#app/page-props.ts";
import { safePath } from "#app/safe-path.ts";
import { currentUser } from "#app/session.ts";
import { SignInForm, SingleSignOnButton } from "#components/layout/sign-in-form.tsx";
import { Notice } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { signUpIsOpen } from "#lib/accounts/sign-up.ts";
import { settings } from "#lib/settings.ts";

export const metadata: Metadata = { title: "Sign in" };

/** What next-auth and our own callbacks put into the address, as sentences; a text of somebody else's is never shown. */
const ERRORS: Record<string, string> = {
  "no-email": "Your sign-on service did not send an e-mail address, which Sealpost needs.",
  OAuthCallback: "Your sign-on service refused, or its answer could not be verified. Try again.",
  OAuthSignin: "Your sign-on service cannot be reached. Try again in a moment.",
  AccessDenied: "You are not allowed to sign in here.",
  unverified: "Your sign-on service has not verified your e-mail address.",
  "by-invitation": "Sign-up is by invitation here. Ask an administrator of your team for a link.",
  "database-away": "The database cannot be reached right now. Try again in a moment.",
};

export default async function SignInPage({ searchParams }: PageProps) {
  const { next, error, done, email } = await searchParams;
  const path = safePath(next);
  if ((await currentUser()) !== null) redirect(path);
  const { oidc } = settings();
  return (
    <div className="mx-auto w-full max-w-sm space-y-6">
      <PageHeading title="Sign in" />
      {typeof error === "string" && (
        <Notice tone="fail" role="alert">
          {Object.hasOwn(ERRORS, error) ? ERRORS[error] : "Signing in did not work. Try again."}
        </Notice>
      )}
      {done === "password" && <Notice role="status">The new password is set. Sign in with it.</Notice>}
      <SignInForm next={path} email={typeof email === "string" ? email : ""} />
      {oidc && <SingleSignOnButton name={oidc.name} next={path} />}
      <p className="text-muted">
        <TextLink href="/forgot-password">Forgot the password?</TextLink>
      </p>
      {(await signUpIsOpen()) && (
        <p className="text-muted">
          No account yet? <TextLink href="/sign-up">Sign up</TextLink>
        </p>
      )}
    </div>
  );
}

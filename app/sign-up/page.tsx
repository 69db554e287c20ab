import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentUser } from "#app/session.ts";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { NewPasswordField } from "#components/ui/new-password-field.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { PASSWORD_MIN } from "#lib/accounts/password.ts";
import { signUpIsOpen } from "#lib/accounts/sign-up.ts";
import { signUpAction } from "./actions.ts";

export const metadata: Metadata = { title: "Sign up" };

export default async function SignUpPage() {
  if ((await currentUser()) !== null) redirect("/");
  if (!(await signUpIsOpen())) {
    return (
      <div className="mx-auto w-full max-w-sm space-y-6">
        <PageHeading title="Sign-up is by invitation">
          Ask an administrator of your team for a link. If you have an account,{" "}
          <TextLink href="/sign-in">sign in</TextLink>.
        </PageHeading>
      </div>
    );
  }
  return (
    <div className="mx-auto w-full max-w-sm space-y-6">
      <PageHeading title="Sign up">An account for you, and a team that your domains belong to.</PageHeading>
      <ActionForm action={signUpAction} submit="Create the account">
        <FormField label="Your name" name="name" autoComplete="name" required maxLength={100} />
        <FormField label="E-mail address" name="email" type="email" autoComplete="username" required />
        <NewPasswordField least={PASSWORD_MIN} />
        <FormField
          label="Team name"
          name="team"
          autoComplete="organization"
          required
          maxLength={100}
          hint="Your company or group. You can be in several teams later."
        />
      </ActionForm>
      <p className="text-muted">
        You have an account? <TextLink href="/sign-in">Sign in</TextLink>
      </p>
    </div>
  );
}

import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { ActionForm } from "#components/ui/action-form.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { NewPasswordField } from "#components/ui/new-password-field.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { PASSWORD_MIN } from "#lib/accounts/password.ts";
import { resetLinkWorks } from "#lib/accounts/reset-password.ts";
import { resetPasswordAction } from "./actions.ts";

export const metadata: Metadata = { title: "New password", referrer: "no-referrer" };

export default async function ResetPasswordPage({ params }: PageProps<{ token: string }>) {
  const { token } = await params;
  if (!(await resetLinkWorks(token))) {
    return (
      <div className="mx-auto w-full max-w-sm space-y-6">
        <PageHeading title="This link does not work">
          It was used already, or it is older than an hour. Ask for a new one.
        </PageHeading>
        <ButtonLink href="/forgot-password">Ask for a new link</ButtonLink>
      </div>
    );
  }
  return (
    <div className="mx-auto w-full max-w-sm space-y-6">
      <PageHeading title="New password">Setting it ends all sessions of this account.</PageHeading>
      <ActionForm action={resetPasswordAction.bind(null, token)} submit="Set the password">
        <NewPasswordField label="New password" least={PASSWORD_MIN} />
      </ActionForm>
    </div>
  );
}

import type { Metadata } from "next";
import type { PageProps } from "#app/page-props.ts";
import { currentUser } from "#app/session.ts";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { NewPasswordField } from "#components/ui/new-password-field.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { readInvitation } from "#lib/accounts/invite.ts";
import { PASSWORD_MIN } from "#lib/accounts/password.ts";
import { joinAction, joinWithNewAccountAction } from "./actions.ts";

export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer" };

export default async function InvitationPage({ params }: PageProps<{ token: string }>) {
  const { token } = await params;
  const [invitation, user] = await Promise.all([readInvitation(token), currentUser()]);
  if (invitation === null) {
    return (
      <div className="mx-auto w-full max-w-md space-y-6">
        <PageHeading title="This invitation does not work">
          It was used already, taken back, or is too old. Ask whoever invited you for a new one.
        </PageHeading>
        <ButtonLink href="/">To the start page</ButtonLink>
      </div>
    );
  }
  return (
    <div className="mx-auto w-full max-w-md space-y-6">
      <PageHeading title={`Join ${invitation.team}`}>You are invited as {invitation.role}.</PageHeading>
      {user ? (
        <>
          <p>
            You are signed in as <strong>{user.email}</strong>
            {user.email !== invitation.email && (
              <>
                ; the invitation went to <strong>{invitation.email}</strong>
              </>
            )}
            .
          </p>
          <ActionForm action={joinAction.bind(null, token)} submit={`Join as ${user.email}`} />
        </>
      ) : (
        <>
          <ActionForm action={joinWithNewAccountAction.bind(null, token)} submit="Create the account and join">
            <p>
              Your account will be <strong>{invitation.email}</strong>.
            </p>
            <FormField label="Your name" name="name" autoComplete="name" required maxLength={100} />
            <NewPasswordField least={PASSWORD_MIN} />
          </ActionForm>
          <p className="text-muted">You have an account already?</p>
          <ButtonLink href={`/sign-in?next=${encodeURIComponent(`/invitations/${token}`)}`}>Sign in to join</ButtonLink>
        </>
      )}
    </div>
  );
}

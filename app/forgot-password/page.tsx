import type { Metadata } from "next";
import { ActionForm, FormField } from "#components/ui/action-form.tsx";
import { Notice } from "#components/ui/card.tsx";
import { PageHeading } from "#components/ui/page-heading.tsx";
import { canSendMail } from "#lib/accounts/send-mail.ts";
import { forgotPasswordAction } from "./actions.ts";

export const metadata: Metadata = { title: "Forgot the password" };

export default function ForgotPasswordPage() {
  return (
    <div className="mx-auto w-full max-w-sm space-y-6">
      <PageHeading title="Forgot the password">A link that sets a new one comes by mail.</PageHeading>
      {canSendMail() ? (
        <ActionForm action={forgotPasswordAction} submit="Send the link">
          <FormField label="E-mail address" name="email" type="email" autoComplete="username" required />
        </ActionForm>
      ) : (
        <Notice title="This Sealpost cannot send mail yet">
          <p>
            No mail server is set (SMTP_URL). Whoever runs it can print a link for you with{" "}
            <code className="font-mono">npx sealpost reset-password you@example.org</code>.
          </p>
        </Notice>
      )}
    </div>
  );
}

"use server";

import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { resetPassword } from "#lib/accounts/reset-password.ts";

/** Sets a new password; the token in the link is what authorises it. */
export async function resetPasswordAction(token: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const email = await resetPassword(token, fields);
    redirect(`/sign-in?done=password&email=${encodeURIComponent(email)}`);
  });
}

"use server";

import { answerForm, type FormState } from "#app/form-state.ts";
import { clientAddress } from "#app/session.ts";
import { mailPasswordReset } from "#lib/accounts/reset-password.ts";

/** Mails a reset link; whether there is such an account is not told. Open to visitors by its nature. */
export async function forgotPasswordAction(_: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    await mailPasswordReset(fields, await clientAddress());
    return "If there is an account with this address, a link is on its way to it.";
  });
}

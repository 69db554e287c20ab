"use server";

import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { clientAddress, startSession } from "#app/session.ts";
import { signUp } from "#lib/accounts/sign-up.ts";

/** Makes an account and its first team, and signs in to it. Open to visitors by its nature. */
export async function signUpAction(_: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { userId, slug } = await signUp(fields, await clientAddress());
    await startSession(userId);
    redirect(`/teams/${slug}`);
  });
}

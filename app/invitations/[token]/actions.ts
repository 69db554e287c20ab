"use server";

import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { requireUser, startSession } from "#app/session.ts";
import { acceptAs, acceptWithNewAccount } from "#lib/accounts/invite.ts";

/** Joins a team with the account that is signed in; the token in the link is what authorises it. */
export async function joinAction(token: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async () => {
    const user = await requireUser(`/invitations/${token}`);
    redirect(`/teams/${await acceptAs(token, user.userId)}`);
  });
}

/** Joins a team with a new account, and signs in to it. */
export async function joinWithNewAccountAction(token: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { userId, slug } = await acceptWithNewAccount(token, fields);
    await startSession(userId);
    redirect(`/teams/${slug}`);
  });
}

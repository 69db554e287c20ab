"use server";

import { revalidatePath } from "next/cache";
import { answerForm, type FormState } from "#app/form-state.ts";
import { requireUser } from "#app/session.ts";
import { changeName, changeOwnPassword } from "#lib/accounts/own-account.ts";
import { revokeOtherSessions, revokeSession } from "#lib/db/sessions.ts";

/** Each of these changes the account of whoever asks, and no other. */
export async function renameAction(_: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    await changeName(await requireUser("/account"), fields);
    revalidatePath("/account");
    return "The name is changed.";
  });
}

export async function passwordAction(_: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    await changeOwnPassword(await requireUser("/account"), fields);
    return "The password is changed, and all other sessions are ended.";
  });
}

export async function revokeSessionAction(id: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async () => {
    await revokeSession(id, await requireUser("/account"));
    revalidatePath("/account");
    return "The session is ended.";
  });
}

export async function revokeOthersAction(_: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async () => {
    const user = await requireUser("/account");
    const count = await revokeOtherSessions(user.sessionId, user);
    revalidatePath("/account");
    if (count === 0) return "There is no other session.";
    return count === 1 ? "One session is ended." : `${count} sessions are ended.`;
  });
}

"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { teamAccess } from "#app/session.ts";
import type { MailboxFormState } from "#components/mailboxes/mailbox-form.tsx";
import { deleteMailbox, enableMailbox } from "#lib/db/mailboxes.ts";
import { fieldOf, saveEntered, tryEntered } from "#lib/doors/change-mailbox.ts";
import { NotFound, Refused } from "#lib/errors.ts";

/** What is never sent back to the browser. */
const SECRETS = ["password", "accessToken", "clientSecret", "refreshToken"];

/** Tries a mailbox as it was entered, or tries and saves it; `id` is null for a new one. */
export async function saveMailboxAction(
  slug: string,
  id: string | null,
  _: MailboxFormState,
  form: FormData,
): Promise<MailboxFormState> {
  let folders: string[] = [];
  const entered = [...form].filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const values = Object.fromEntries(entered.filter(([name]) => !SECRETS.includes(name) && !name.startsWith("$")));
  const state = await answerForm(form, async (fields) => {
    const { team, user } = await teamAccess(slug, "mailbox.change");
    if (id !== null && typeof id !== "string") throw new NotFound("This mailbox");
    if (fields.step !== "try") {
      await saveEntered(team, id, fields, user);
      redirect(`/teams/${team.slug}/mailboxes`);
    }
    const tried = await tryEntered(team, id, fields);
    folders = tried.folders;
    if (tried.fault !== null) throw new Refused(tried.fault.sentence, fieldOf(tried.fault.code));
    const mails = tried.mails === 1 ? "1 mail" : `${(tried.mails ?? 0).toLocaleString("en")} mails`;
    return `Signed in to ${fields.host}. The folder “${fields.folder || "INBOX"}” has ${mails}. Nothing is saved yet.`;
  });
  return { ...state, values, folders };
}

/** Pauses a mailbox, or goes on with it. */
export async function enableMailboxAction(
  slug: string,
  id: string,
  enabled: boolean,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user } = await teamAccess(slug, "mailbox.change");
    if (typeof enabled !== "boolean") throw new NotFound("This mailbox");
    await enableMailbox(team.id, id, enabled, user);
    revalidatePath(`/teams/${slug}/mailboxes`);
    return enabled ? "It is read again." : "It is paused.";
  });
}

/** Removes a mailbox with what signs in to it. */
export async function removeMailboxAction(slug: string, id: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user } = await teamAccess(slug, "mailbox.change");
    await deleteMailbox(team.id, id, user);
    redirect(`/teams/${team.slug}/mailboxes`);
  });
}

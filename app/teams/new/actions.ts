"use server";

import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { requireUser } from "#app/session.ts";
import { readTeamName } from "#lib/accounts/person-input.ts";
import { createTeam } from "#lib/db/teams.ts";

/** Makes a team owned by whoever asks; anybody with an account may. */
export async function newTeamAction(_: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const user = await requireUser("/teams/new");
    redirect(`/teams/${await createTeam(user, readTeamName(fields.team), user.userId)}`);
  });
}

"use server";

import { revalidatePath } from "next/cache";
import { answerForm, type FormState } from "#app/form-state.ts";
import { teamAccess } from "#app/session.ts";
import { readTeamName } from "#lib/accounts/person-input.ts";
import { renameTeam } from "#lib/db/teams.ts";

/** Changes the team's name. */
export async function renameTeamAction(slug: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { team, user } = await teamAccess(slug, "team.rename");
    await renameTeam(team.id, readTeamName(fields.team), user);
    revalidatePath(`/teams/${slug}`, "layout");
    return "The name is changed.";
  });
}

"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { teamAccess } from "#app/session.ts";
import { readTeamName } from "#lib/accounts/person-input.ts";
import { distrustReporter } from "#lib/db/held-reports.ts";
import { changeReportPolicy } from "#lib/db/report-policy.ts";
import { changeRetention } from "#lib/db/retention.ts";
import { renameTeam } from "#lib/db/teams.ts";
import { NotFound } from "#lib/errors.ts";
import { readReportPolicy, readRetention } from "#lib/reports/policy-input.ts";

/** Changes the team's name. */
export async function renameTeamAction(slug: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { team, user } = await teamAccess(slug, "team.rename");
    await renameTeam(team.id, readTeamName(fields.team), user);
    revalidatePath(`/teams/${slug}`, "layout");
    return "The name is changed.";
  });
}

/** Changes whether reports by mail without a valid signature are held, and whose verdict is believed. */
export async function changeReportPolicyAction(slug: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { team, user } = await teamAccess(slug, "team.reports");
    const policy = readReportPolicy(fields);
    await changeReportPolicy(team.id, policy, user);
    revalidatePath(`/teams/${slug}/settings`);
    return policy.holdUnverified
      ? "Saved: reports without a valid signature are held from now on."
      : "Saved: reports without a valid signature count from now on. What is held stays held until a person counts it.";
  });
}

/** Holds a reporter's mail without a valid signature again. */
export async function distrustReporterAction(
  slug: string,
  organization: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user } = await teamAccess(slug, "team.reports");
    if (typeof organization !== "string") throw new NotFound("The reporter");
    await distrustReporter(team.id, organization, user);
    revalidatePath(`/teams/${slug}/settings`);
    return "The reporter is no longer trusted; what was counted stays counted.";
  });
}

/** Changes for how long reports are kept; the page has shown what that removes. */
export async function changeRetentionAction(slug: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { team, user } = await teamAccess(slug, "team.retention");
    await changeRetention(team.id, readRetention(fields), user);
    revalidatePath(`/teams/${slug}/settings`);
    redirect(`/teams/${team.slug}/settings?done=retention`);
  });
}

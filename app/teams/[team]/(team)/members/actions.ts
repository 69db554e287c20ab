"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { teamAccess } from "#app/session.ts";
import { changeRole, leaveTeam, removeMember } from "#lib/accounts/change-member.ts";
import { invite } from "#lib/accounts/invite.ts";
import { withdrawInvitation } from "#lib/db/invitations.ts";

/** Invites a person; answers with the link when it could not be mailed. */
export async function inviteAction(slug: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { team, user, role } = await teamAccess(slug, "member.invite");
    const { email, link, mailed, mailError } = await invite(team, fields, { ...user, role });
    revalidatePath(`/teams/${slug}/members`);
    if (mailed) return `The invitation is on its way to ${email}.`;
    const why = mailError ? `The mail could not be sent (${mailError}).` : "";
    return `${why} Pass this link on to ${email}; it works once: ${link}`.trim();
  });
}

export async function withdrawInvitationAction(
  slug: string,
  id: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user } = await teamAccess(slug, "member.invite");
    await withdrawInvitation(team.id, id, user);
    revalidatePath(`/teams/${slug}/members`);
    return "The invitation is taken back.";
  });
}

export async function changeRoleAction(slug: string, userId: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const access = await teamAccess(slug, "member.change");
    await changeRole(access, userId, fields.role);
    revalidatePath(`/teams/${slug}/members`);
    return "The role is changed.";
  });
}

export async function removeMemberAction(
  slug: string,
  userId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async () => {
    const access = await teamAccess(slug, "member.change");
    await removeMember(access, userId);
    revalidatePath(`/teams/${slug}/members`);
    return "The member is removed.";
  });
}

/** Ends one's own membership; whatever the role, nobody has to ask for that. */
export async function leaveTeamAction(slug: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async () => {
    await leaveTeam(await teamAccess(slug, "team.view"));
    redirect("/");
  });
}

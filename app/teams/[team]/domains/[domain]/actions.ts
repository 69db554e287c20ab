"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { domainAccess } from "#app/session.ts";
import { doneQuery } from "#app/told.tsx";
import { allowBadge, deleteDomain } from "#lib/db/domains.ts";
import { removeDomain } from "#lib/domains/remove-domain.ts";
import { rotateInboxOf } from "#lib/domains/rotate-inbox.ts";
import { NotFound } from "#lib/errors.ts";

/** Removes the sample domain, and no other, with one click. */
export async function removeSampleAction(slug: string, name: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user, domain } = await domainAccess(slug, name, "sample.change");
    if (!domain.sample) throw new NotFound("The sample data");
    await deleteDomain(team.id, domain.name, user);
    redirect(`/teams/${team.slug}`);
  });
}

/** Shows the domain's state to everybody as a badge, or to nobody any more. */
export async function setBadgeAction(
  slug: string,
  name: string,
  badge: boolean,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user, domain } = await domainAccess(slug, name, "badge.change");
    if (domain.sample || typeof badge !== "boolean") throw new NotFound("The badge");
    await allowBadge(team.id, domain.name, badge, user);
    redirect(`/teams/${team.slug}/domains/${domain.name}/settings`);
  });
}

/** Gives the domain's inbox a new address; the one before works for as long as was chosen. */
export async function rotateInboxAction(slug: string, name: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { team, user, domain } = await domainAccess(slug, name, "inbox.rotate");
    if (domain.sample) throw new NotFound("The inbox");
    await rotateInboxOf(domain, fields.days, user);
    const base = `/teams/${team.slug}/domains/${domain.name}`;
    revalidatePath(base, "layout");
    redirect(`${base}/settings${doneQuery("rotated")}`);
  });
}

/** Removes a domain with all that belongs to it, once its name was typed. */
export async function removeDomainAction(slug: string, name: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { team, user, domain } = await domainAccess(slug, name, "domain.remove");
    await removeDomain(domain, fields.confirm, user);
    redirect(`/teams/${team.slug}`);
  });
}

"use server";

import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { teamAccess } from "#app/session.ts";
import { addDomain } from "#lib/domains/add-domain.ts";
import { addSample } from "#lib/domains/sample.ts";

/** Registers a domain and leads to its page, where the first lookup runs. */
export async function addDomainAction(slug: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { team, user } = await teamAccess(slug, "domain.add");
    const domain = await addDomain(team.id, fields.domain, user);
    redirect(`/teams/${team.slug}/domains/${domain.name}`);
  });
}

/** Adds the sample domain with its reports, and leads to it. */
export async function addSampleAction(slug: string, _: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user } = await teamAccess(slug, "sample.change");
    const name = await addSample(team.id, user, new Date());
    redirect(`/teams/${team.slug}/domains/${name}`);
  });
}

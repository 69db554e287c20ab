"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { domainAccess } from "#app/session.ts";
import { doneQuery } from "#app/told.tsx";
import { countHeldReport, trustReporter } from "#lib/db/held-reports.ts";
import { NotFound } from "#lib/errors.ts";
import { REPORT_LIMITS } from "#lib/reports/limits.ts";

/** Counts one held report, and leads to it. */
export async function countReportAction(
  slug: string,
  name: string,
  id: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user, domain } = await domainAccess(slug, name, "report.vouch");
    if ((await countHeldReport(domain, id, user)) === 0) throw new NotFound("The held report");
    const base = `/teams/${team.slug}/domains/${domain.name}`;
    revalidatePath(base, "layout");
    redirect(`${base}/reports/${id}${doneQuery("counted")}`);
  });
}

/** Counts a reporter's mail without a valid signature from now on, in all of the team's domains. */
export async function trustReporterAction(
  slug: string,
  name: string,
  organization: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user, domain } = await domainAccess(slug, name, "report.vouch");
    const isName = typeof organization === "string" && organization !== "";
    if (!isName || organization.length > REPORT_LIMITS.text) throw new NotFound("The reporter");
    const stored = await trustReporter(team.id, organization, user);
    revalidatePath(`/teams/${team.slug}`, "layout");
    redirect(`/teams/${team.slug}/domains/${domain.name}/reports${doneQuery("trusted", { stored })}`);
  });
}

"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { answerDomainForm } from "#app/domain-form.ts";
import type { FormState } from "#app/form-state.ts";
import { doneQuery } from "#app/told.tsx";
import { countHeldReport, trustReporter } from "#lib/db/held-reports.ts";
import { NotFound } from "#lib/errors.ts";
import { REPORT_LIMITS } from "#lib/reports/limits.ts";

/** Counts one held report, and leads to it. */
export async function countReportAction(
  [slug, name, id]: [slug: string, name: string, id: string],
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerDomainForm([slug, name, "report.vouch"], form, async ({ base, domain, user }) => {
    if ((await countHeldReport(domain, id, user)) === 0) throw new NotFound("The held report");
    revalidatePath(base, "layout");
    redirect(`${base}/reports/${id}${doneQuery("counted")}`);
  });
}

/** Counts a reporter's mail without a valid signature from now on, in all of the team's domains. */
export async function trustReporterAction(
  [slug, name, organization]: [slug: string, name: string, organization: string],
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerDomainForm([slug, name, "report.vouch"], form, async ({ base, team, user }) => {
    const isName = typeof organization === "string" && organization !== "";
    if (!isName || organization.length > REPORT_LIMITS.text) throw new NotFound("The reporter");
    const stored = await trustReporter(team.id, organization, user);
    revalidatePath(`/teams/${team.slug}`, "layout");
    redirect(`${base}/reports${doneQuery("trusted", { stored })}`);
  });
}

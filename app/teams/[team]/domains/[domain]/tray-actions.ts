"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { answerDomainForm } from "#app/domain-form.ts";
import type { FormState } from "#app/form-state.ts";
import { countsOf, doneQuery } from "#app/told.tsx";
import { domainNamed } from "#lib/db/domains.ts";
import { Refused } from "#lib/errors.ts";
import type { ReceiveOutcome } from "#lib/reports/receive.ts";
import { assignUnclaimed, discardQuarantined, retryQuarantined } from "#lib/reports/trays.ts";
import { displayName, parseDomainName } from "#lib/standards/domain-name.ts";

/** Whose file it is: the team's slug, the domain's name, the page that its form stands on, and its id. */
type File = [slug: string, name: string, tray: "quarantine" | "unclaimed", id: string];

/** Reads a file again; one that still cannot be taken stays where it is, and says why. */
export async function retryFileAction(file: File, _: FormState, form: FormData): Promise<FormState> {
  return change(file, form, ({ domain, user }, id) => retryQuarantined(domain, id, user));
}

/** Gives an unclaimed file to one of the team's domains. */
export async function assignFileAction(file: File, _: FormState, form: FormData): Promise<FormState> {
  return change(file, form, async ({ team, domain, user }, id, fields) => {
    const parsed = parseDomainName(fields.domain ?? "");
    if (!parsed.ok) throw new Refused(parsed.sentence, "domain");
    const target = await domainNamed(team.id, parsed.name);
    if (target === null) throw new Refused(`${displayName(parsed.name)} is none of the team's domains.`, "domain");
    return assignUnclaimed(domain, id, target, user);
  });
}

/** Removes a file for good. */
export async function discardFileAction(file: File, _: FormState, form: FormData): Promise<FormState> {
  return change(file, form, async ({ domain, user }, id) => {
    await discardQuarantined(domain, id, user);
    return null;
  });
}

type Access = Parameters<Parameters<typeof answerDomainForm>[2]>[0];

/**
 * Does something with a file, and tells what came of it (null: it is gone): where nothing could be taken, the reason of now,
 * beside the file; all else on top of the tray, at the page of it that was looked at.
 */
function change(
  [slug, name, tray, id]: File,
  form: FormData,
  act: (access: Access, id: string, fields: Record<string, string>) => Promise<readonly ReceiveOutcome[] | null>,
): Promise<FormState> {
  return answerDomainForm([slug, name, "quarantine.change"], form, async (access, fields) => {
    const outcomes = await act(access, id, fields);
    revalidatePath(access.base, "layout");
    const counts = countsOf(outcomes ?? []);
    const [first] = outcomes ?? [];
    if (first !== undefined && "reason" in first && counts.left === outcomes?.length)
      return `Still not taken. ${first.reason}`;
    const page = /^\d{1,6}$/.test(fields.page ?? "") ? `&page=${fields.page}` : "";
    const done = outcomes === null ? doneQuery("discarded") : doneQuery("taken", counts);
    redirect(`${access.base}/${tray === "unclaimed" ? "unclaimed" : "quarantine"}${done}${page}`);
  });
}

"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { answerDomainForm } from "#app/domain-form.ts";
import type { FormState } from "#app/form-state.ts";
import { countsOf, doneQuery } from "#app/told.tsx";
import { domainNamed } from "#lib/db/domains.ts";
import { NotFound, Refused } from "#lib/errors.ts";
import type { ReceiveOutcome } from "#lib/reports/receive.ts";
import { assignUnclaimed, discardQuarantined, retryQuarantined } from "#lib/reports/trays.ts";
import { displayName, parseDomainName } from "#lib/standards/domain-name.ts";
import { TRAY_PAGE } from "./tray-page.ts";

/** Which files: the team's slug, the domain's name, the page that the form stands on, and their ids. */
type Files = [slug: string, name: string, tray: "quarantine" | "unclaimed", ids: readonly string[]];

/** Reads files again; one that still cannot be taken stays where it is, and says why. */
export async function retryFilesAction(files: Files, _: FormState, form: FormData): Promise<FormState> {
  return change(files, form, "taken", ({ domain, user }, id) => retryQuarantined(domain, id, user));
}

/** Gives an unclaimed file to one of the team's domains. */
export async function assignFileAction(files: Files, _: FormState, form: FormData): Promise<FormState> {
  return change(files, form, "taken", async ({ team, domain, user }, id, fields) => {
    const parsed = parseDomainName(fields.domain ?? "");
    if (!parsed.ok) throw new Refused(parsed.sentence, "domain");
    const target = await domainNamed(team.id, parsed.name);
    if (target === null) throw new Refused(`${displayName(parsed.name)} is none of the team's domains.`, "domain");
    return assignUnclaimed(domain, id, target, user);
  });
}

/** Removes files for good. */
export async function discardFilesAction(files: Files, _: FormState, form: FormData): Promise<FormState> {
  return change(files, form, "discarded", async ({ domain, user }, id) => {
    await discardQuarantined(domain, id, user);
    return [];
  });
}

const IDS = z.array(z.string()).min(1).max(TRAY_PAGE);

type Access = Parameters<Parameters<typeof answerDomainForm>[2]>[0];
type Act = (access: Access, id: string, fields: Record<string, string>) => Promise<readonly ReceiveOutcome[]>;

/**
 * Does something with files, and tells what came of it: where nothing could be taken, the reason of now, beside the file; all
 * else on top of the tray, at the page of it that was looked at.
 */
function change([slug, name, tray, ids]: Files, form: FormData, done: "taken" | "discarded", act: Act) {
  return answerDomainForm([slug, name, "quarantine.change"], form, async (access, fields) => {
    // What is bound to a form comes back as whoever sends it likes.
    const asked = IDS.safeParse(ids);
    if (!asked.success) throw new NotFound("The file");
    const outcomes = await actOnEach(asked.data, (id) => act(access, id, fields));
    revalidatePath(access.base, "layout");
    const all = outcomes.flat();
    const counts = { ...countsOf(all), files: outcomes.length > 1 ? outcomes.length : 0 };
    const [first] = all;
    if (first !== undefined && "reason" in first && counts.left === all.length) {
      return ids.length === 1 ? `Still not taken. ${first.reason}` : "None of them can be taken yet.";
    }
    const page = /^\d{1,6}$/.test(fields.page ?? "") ? `&page=${fields.page}` : "";
    redirect(`${access.base}/${tray === "unclaimed" ? "unclaimed" : "quarantine"}${doneQuery(done, counts)}${page}`);
  });
}

/** One after the other; of several, those that somebody else has taken out meanwhile are passed over. */
async function actOnEach<T>(ids: readonly string[], act: (id: string) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const id of ids) {
    try {
      results.push(await act(id));
    } catch (error) {
      if (!(error instanceof NotFound) || ids.length === 1) throw error;
    }
  }
  return results;
}

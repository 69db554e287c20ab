"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { answerForm, type FormState } from "#app/form-state.ts";
import { domainAccess } from "#app/session.ts";
import { countsOf, doneQuery } from "#app/told.tsx";
import { domainNamed } from "#lib/db/domains.ts";
import { Refused } from "#lib/errors.ts";
import type { ReceiveOutcome } from "#lib/reports/receive.ts";
import { assignUnclaimed, discardQuarantined, retryQuarantined } from "#lib/reports/trays.ts";
import { displayName, parseDomainName } from "#lib/standards/domain-name.ts";

/** Which page a file's form stands on. */
type Tray = "quarantine" | "unclaimed";

/** Reads a file again; one that still cannot be taken stays where it is, and says why. */
export async function retryFileAction(
  slug: string,
  name: string,
  tray: Tray,
  id: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user, domain } = await domainAccess(slug, name, "quarantine.change");
    const outcomes = await retryQuarantined(domain, id, user);
    return tell(`/teams/${team.slug}/domains/${domain.name}`, tray, outcomes);
  });
}

/** Gives an unclaimed file to one of the team's domains. */
export async function assignFileAction(
  slug: string,
  name: string,
  id: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const { team, user, domain } = await domainAccess(slug, name, "quarantine.change");
    const parsed = parseDomainName(fields.domain ?? "");
    if (!parsed.ok) throw new Refused(parsed.sentence, "domain");
    const target = await domainNamed(team.id, parsed.name);
    if (target === null) throw new Refused(`${displayName(parsed.name)} is none of the team's domains.`, "domain");
    const outcomes = await assignUnclaimed(domain, id, target, user);
    return tell(`/teams/${team.slug}/domains/${domain.name}`, "unclaimed", outcomes);
  });
}

/** Removes a file for good. */
export async function discardFileAction(
  slug: string,
  name: string,
  tray: Tray,
  id: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return answerForm(form, async () => {
    const { team, user, domain } = await domainAccess(slug, name, "quarantine.change");
    await discardQuarantined(domain, id, user);
    leadTo(`/teams/${team.slug}/domains/${domain.name}`, tray, doneQuery("discarded"));
  });
}

/** What came of a file: where nothing could be taken, the reason of now, beside the file; all else on top of the tray. */
function tell(base: string, tray: Tray, outcomes: readonly ReceiveOutcome[]): string {
  const counts = countsOf(outcomes);
  const [first] = outcomes;
  if (counts.left === outcomes.length && first !== undefined && "reason" in first) {
    revalidatePath(base, "layout");
    return `Still not taken. ${first.reason}`;
  }
  leadTo(base, tray, doneQuery("taken", counts));
}

function leadTo(base: string, tray: Tray, query: string): never {
  revalidatePath(base, "layout");
  redirect(`${base}/${tray === "unclaimed" ? "unclaimed" : "quarantine"}${query}`);
}

import type { Permission } from "#lib/accounts/roles.ts";
import { answerForm, type FormState } from "./form-state.ts";
import { domainAccess } from "./session.ts";

type Access = Awaited<ReturnType<typeof domainAccess>>;

/** `answerForm` for a change of one domain: `run` also gets who makes it, of what, and where the domain's pages are. */
export async function answerDomainForm(
  [slug, name, permission]: [slug: string, name: string, permission: Permission],
  form: FormData,
  run: (access: Access & { base: string }, fields: Record<string, string>) => Promise<string>,
): Promise<FormState> {
  return answerForm(form, async (fields) => {
    const access = await domainAccess(slug, name, permission);
    return run({ ...access, base: `/teams/${access.team.slug}/domains/${access.domain.name}` }, fields);
  });
}

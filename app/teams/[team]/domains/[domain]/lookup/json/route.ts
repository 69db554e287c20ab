import { answerRoute, routeAccess } from "#app/api/route-answer.ts";
import { lookupFile } from "#app/lookup-file.ts";
import { latestLookup } from "#lib/db/lookups.ts";
import { NotFound } from "#lib/errors.ts";

type Context = { params: Promise<{ team: string; domain: string }> };

/** The last lookup of a registered domain, as a file. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  return answerRoute(async () => {
    const { domain } = await routeAccess(await params, "domain.view");
    const stored = await latestLookup(domain.id);
    if (stored === null) throw new NotFound();
    return lookupFile({ ...stored, domain: domain.name });
  });
}

import { answerRoute, problem } from "#app/api/route-answer.ts";
import { lookupClient } from "#app/lookup-client.ts";
import { lookupFile } from "#app/lookup-file.ts";
import { decodedPart } from "#app/page-props.ts";
import { lookUpFor } from "#lib/lookups/look-up-for.ts";
import { parseLookupName } from "#lib/standards/domain-name.ts";

type Context = { params: Promise<{ domain: string }> };

/** A live look at any domain, or the one that is shared, as a file. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  return answerRoute(async () => {
    const parsed = parseLookupName(decodedPart((await params).domain));
    if (!parsed.ok) return problem(400, parsed.sentence);
    const answer = await lookUpFor(await lookupClient(), parsed.name);
    if (!answer.ok) return problem(answer.status, answer.sentence, { "retry-after": String(answer.seconds) });
    return lookupFile(await answer.lookup.finished);
  });
}

import { answerRoute } from "#app/api/route-answer.ts";
import { decodedPart } from "#app/page-props.ts";
import { lookupForBadge } from "#lib/db/lookups.ts";
import { NotFound } from "#lib/errors.ts";
import { badgeState } from "#lib/lookups/badge-state.ts";
import { parseDomainName } from "#lib/standards/domain-name.ts";
import { badgeSvg } from "./badge-svg.ts";

/** Seconds for which a browser or a proxy may show it again. */
const CACHE_SECONDS = 300;

/**
 * The badge of a domain, for everybody, from its last lookup. A domain whose team does not show it looks like one that nobody
 * has, and nothing is looked up.
 */
export async function GET(_: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  return answerRoute(async () => {
    const file = decodedPart((await params).file);
    const parsed = parseDomainName(file.replace(/\.svg$/, ""));
    if (!parsed.ok || file !== `${parsed.name}.svg`) throw new NotFound();
    const lookup = await lookupForBadge(parsed.name);
    if (lookup === undefined) throw new NotFound();
    return new Response(badgeSvg(badgeState(lookup, new Date()), lookup?.checkedAt ?? null), {
      headers: {
        "content-type": "image/svg+xml; charset=utf-8",
        "cache-control": `public, max-age=${CACHE_SECONDS}`,
      },
    });
  });
}

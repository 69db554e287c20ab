import { answerRoute, teamRouteAccess } from "#app/api/route-answer.ts";
import { readOverviewView } from "#app/overview-query.ts";
import { domainsCsv } from "#lib/domains/csv.ts";
import { overviewOf } from "#lib/domains/overview.ts";

/** Far more than a team has. */
const MOST = 100_000;

/** All domains that the overview shows with this query, in its order, as a table for spreadsheets. */
export async function GET(request: Request, { params }: { params: Promise<{ team: string }> }): Promise<Response> {
  return answerRoute(async () => {
    const { team } = await teamRouteAccess((await params).team, "domain.view");
    const view = readOverviewView(Object.fromEntries(new URL(request.url).searchParams));
    const { rows } = await overviewOf(team.id, { ...view, skip: 0, take: MOST });
    return new Response(domainsCsv(rows), {
      headers: {
        "content-type": "text/csv; charset=utf-8; header=present",
        "content-disposition": `attachment; filename="domains-of-${team.slug}.csv"`,
        "cache-control": "private, no-store",
      },
    });
  });
}

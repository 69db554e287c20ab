import { answerRoute, csvAnswer, routeAccess } from "#app/api/route-answer.ts";
import { readReportQuery, rowFilter } from "#app/report-query.ts";
import { failuresCsv } from "#lib/reports/export.ts";

type Context = { params: Promise<{ team: string; domain: string }> };

/** All failures of a domain that its page shows with this query, as a table for spreadsheets. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  return answerRoute(async () => {
    const { domain } = await routeAccess(await params, "report.view");
    const query = readReportQuery(Object.fromEntries(new URL(request.url).searchParams), new Date());
    return csvAnswer(failuresCsv(domain.id, rowFilter(query)), `failures-of-${domain.name}`);
  });
}

import { answerRoute, fileAnswer, routeAccess } from "#app/api/route-answer.ts";
import { rawFileOfReport } from "#lib/db/read-reports.ts";
import { NotFound } from "#lib/errors.ts";

type Context = { params: Promise<{ team: string; domain: string; report: string }> };

/** The bytes of one report as they arrived. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  return answerRoute(async () => {
    const { report, ...address } = await params;
    const { domain } = await routeAccess(address, "raw.download");
    const file = await rawFileOfReport(domain.id, report);
    if (file === null) throw new NotFound();
    return fileAnswer(file.bytes, file.fileName, "report");
  });
}

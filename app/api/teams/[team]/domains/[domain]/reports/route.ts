import { answerRoute, routeAccess } from "#app/api/route-answer.ts";
import { UNCLAIMED_CODES } from "#lib/db/quarantine.ts";
import { Refused } from "#lib/errors.ts";
import { readUpload } from "#lib/reports/read-upload.ts";
import { type ReceiveOutcome, receive } from "#lib/reports/receive.ts";

type Context = { params: Promise<{ team: string; domain: string }> };

/**
 * Takes dropped files (multipart/form-data): stores all their reports in one transaction or, with an error, none.
 * Answers with an outcome for each file.
 */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  return answerRoute(async () => {
    const { team, domain } = await routeAccess(await params, "report.upload");
    // SameSite=Lax keeps the cookie from other sites, but not from other hosts of this one: browsers tell these apart.
    if (!["same-origin", "none", null].includes(request.headers.get("sec-fetch-site")))
      throw new Refused("Uploads from other sites are not taken.");
    const files = await readUpload(request);
    const taken = files.flatMap((file) => ("bytes" in file ? [file] : []));
    const outcomes = await receive(taken, { domain, teamId: team.id, door: "upload" }, new Date());
    const byFile = new Map(taken.map((file, index) => [file, outcomes[index] ?? []]));
    return Response.json({
      files: files.map((file) => ({
        file: file.fileName,
        outcomes: "bytes" in file ? byFile.get(file)?.map(withTray) : [{ outcome: "refused", reason: file.reason }],
      })),
    });
  });
}

/** What is set aside lies in one of two trays: the page leads to the one where it is. */
function withTray(outcome: ReceiveOutcome) {
  return outcome.outcome === "quarantined"
    ? { ...outcome, unclaimed: UNCLAIMED_CODES.includes(outcome.code) }
    : outcome;
}

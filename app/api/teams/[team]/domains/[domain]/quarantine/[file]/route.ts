import { answerRoute, fileAnswer, routeAccess } from "#app/api/route-answer.ts";
import { quarantinedFile } from "#lib/db/quarantine.ts";
import { NotFound } from "#lib/errors.ts";

type Context = { params: Promise<{ team: string; domain: string; file: string }> };

/** The bytes of one quarantined file as they arrived. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  return answerRoute(async () => {
    const { file: id, ...address } = await params;
    const { domain } = await routeAccess(address, "quarantine.view");
    const file = await quarantinedFile(domain.id, id);
    if (file === null) throw new NotFound();
    return fileAnswer(file.bytes, file.fileName, "quarantined");
  });
}

import { answerRoute, problem } from "#app/api/route-answer.ts";
import { domainOfInbox } from "#lib/db/domains.ts";
import { NotFound } from "#lib/errors.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { readBody } from "#lib/reports/read-body.ts";
import { receive } from "#lib/reports/receive.ts";

type Context = { params: Promise<{ inbox: string }> };

/**
 * The HTTPS door (RFC 8460 §5.4): senders POST a report here. No authentication exists; the token in the address is the
 * secret. 201 once the bytes are durable, also for what cannot be read: the sender could not mend it.
 */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  return answerRoute(async () => {
    const domain = await domainOfInbox((await params).inbox);
    if (domain === null) throw new NotFound();
    const bytes = await readBody(request, MAX_FILE_BYTES);
    if (bytes === null) return problem(413, `A report may have at most ${MAX_FILE_BYTES / 1024 / 1024} MB.`);
    if (bytes.length === 0) return problem(400, "The request has no body.");
    const inbox = { domain, teamId: domain.teamId, door: "https" } as const;
    const [outcomes = []] = await receive([{ bytes, fileName: null }], inbox, new Date());
    const isNew = outcomes.some(({ outcome }) => outcome !== "duplicate");
    const [first] = outcomes;
    const id = first && "id" in first ? first.id : null;
    return Response.json({ outcome: first?.outcome ?? null, id }, { status: isNew ? 201 : 200 });
  });
}

/** For a person who opens the address in a browser. */
export async function GET(_: Request, { params }: Context): Promise<Response> {
  return answerRoute(async () => {
    if ((await domainOfInbox((await params).inbox)) === null) throw new NotFound();
    return Response.json(
      { about: "Senders POST TLS reports (RFC 8460) here." },
      { status: 405, headers: { allow: "POST" } },
    );
  });
}

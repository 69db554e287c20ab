import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Arrival, ReceiveOutcome } from "#lib/reports/receive.ts";
import { visibleText } from "#lib/standards/visible-text.ts";

const OUTCOMES = ["stored", "revision", "duplicate", "quarantined", "refused"] as const;
const part = z.object({ outcome: z.enum(OUTCOMES), reason: z.string().optional() });
const answer = part.extend({
  /** Where there was more than one thing in the bytes. */
  outcomes: z.array(part).optional(),
  more: z.partialRecord(z.enum(OUTCOMES), z.int().min(0).max(1_000_000)).optional(),
});
const problem = z.object({ error: z.string() });

/** How often a server that is busy or away is asked again, and for how long it is waited for at most. */
const TRIES = 8;
const LONGEST_WAIT_S = 120;
const TIMEOUT_MS = 120_000;
const AT_ONCE = 8;

export type Told = Pick<ReceiveOutcome, "outcome"> & { reason?: string };

/**
 * Posts arrivals to a domain's inbox of a Sealpost that runs elsewhere, several at a time, as senders do (RFC 8460 §5.4).
 * @returns for each its outcome, or those of all that was in it
 * @throws Error with a sentence when the server cannot be used: not there, or an address that is no inbox
 */
export async function postAll(inbox: URL, arrivals: readonly Arrival[]): Promise<(Told | Told[])[]> {
  const outcomes: (Told | Told[])[] = [];
  const left = [...arrivals.entries()];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      outcomes[next[0]] = await post(inbox, next[1].bytes);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}

async function post(inbox: URL, bytes: Buffer): Promise<Told | Told[]> {
  let trouble = "";
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const response = await send(inbox, bytes);
    if (typeof response === "string") trouble = response;
    else {
      const body: unknown = await response.json().catch(() => null);
      const taken = answer.safeParse(body);
      if (response.ok && taken.success) return toldIn(taken.data);
      const fault = problem.safeParse(body).data?.error ?? `it answers with status ${response.status}`;
      if (response.status === 404)
        throw new Error(`${inbox.origin} knows no such inbox: check the address after --to.`);
      if (response.status !== 429 && response.status !== 503) return { outcome: "refused", reason: fault };
      trouble = fault;
      await sleep(waitOf(response, attempt));
      continue;
    }
    await sleep(1_000 * 2 ** (attempt - 1));
  }
  throw new Error(
    `${inbox.origin} does not take reports: ${visibleText(trouble)} What was counted is stored; run the same command again.`,
  );
}

function toldIn({ outcomes, more = {}, ...only }: z.infer<typeof answer>): Told | Told[] {
  if (outcomes === undefined) return told(only);
  const others = OUTCOMES.flatMap((outcome) => Array.from({ length: more[outcome] ?? 0 }, () => ({ outcome })));
  return [...outcomes.map(told), ...others];
}

function told({ outcome, reason = "it cannot be read; see the quarantine" }: z.infer<typeof part>): Told {
  return outcome === "quarantined" || outcome === "refused" ? { outcome, reason } : { outcome };
}

async function send(inbox: URL, bytes: Buffer): Promise<Response | string> {
  try {
    return await fetch(inbox, {
      ...{ method: "POST", redirect: "error", body: new Uint8Array(bytes) },
      headers: { "content-type": "application/octet-stream" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return `it cannot be reached (${cause}).`;
  }
}

function waitOf(response: Response, attempt: number): number {
  const asked = Number(response.headers.get("retry-after"));
  const seconds = Number.isFinite(asked) && asked > 0 ? asked : 2 ** (attempt - 1);
  return Math.min(seconds, LONGEST_WAIT_S) * 1_000;
}

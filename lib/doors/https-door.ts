import type { IncomingMessage, ServerResponse } from "node:http";
import { networkOf } from "#lib/accounts/throttle.ts";
import { type DomainRow, domainsOfInboxes } from "#lib/db/domains.ts";
import { DatabaseAway, NotFound } from "#lib/errors.ts";
import { MAX_COMPRESSED_BYTES, MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { sniff } from "#lib/reports/sniff.ts";
import { gzipsOf, withoutEncoding } from "./content-encoding.ts";
import { type Answer, refusal, send } from "./https-answer.ts";
import { type Room, readBody } from "./https-body.ts";
import { answerFor } from "./https-outcomes.ts";
import { inTurns } from "./in-turns.ts";
import { inRoom, mayComeTo } from "./large-bodies.ts";
import { HTTPS_LIMITS, type HttpsLimits, INBOX_QUESTIONS, INBOXES_AT_ONCE } from "./limits.ts";
import { rateLimit } from "./rate.ts";
import { type ReceiveOne, receiveTogether } from "./receive-together.ts";

/** What the door needs to know from its server. */
export interface HttpsDoorOptions {
  clientAddress: (request: IncomingMessage) => string;
  limits?: HttpsLimits;
  receiveOne?: ReceiveOne;
}

/** Takes a request that is for it. @returns whether it does; then it answers */
export type HttpsDoor = (request: IncomingMessage, response: ServerResponse, expectsContinue?: boolean) => boolean;

const ALLOW = "POST, GET, HEAD, OPTIONS";

/**
 * The HTTPS door (RFC 8460 §5.4): senders POST a report to `/api/tls-reports/<inbox>`. No authentication exists; the token
 * in the address is the secret. 201 and 200 once everything is durable, also for what cannot be read: the sender could not
 * mend it. It stands before Next.js, which would read each body twice (docs/decisions/0008).
 */
export function httpsDoor(options: HttpsDoorOptions): HttpsDoor {
  const { limits = HTTPS_LIMITS, receiveOne = receiveTogether() } = options;
  const door: Door = {
    ...{ limits, receiveOne, clientAddress: options.clientAddress },
    ...{ ofAddress: rateLimit(limits.perAddress), ofInbox: rateLimit(limits.perInbox) },
    ...{ room: { used: 0, bytes: limits.heldBytes }, inRoom: inRoom(limits) },
    domainOf: inTurns(domainsOfInboxes, { atOnce: INBOX_QUESTIONS, takes: ({ length }) => length < INBOXES_AT_ONCE }),
  };
  return (request, response, expectsContinue = false) => {
    const token = inboxIn(request.url ?? "");
    if (token === null) return false;
    const proceed = expectsContinue ? () => response.writeContinue() : () => {};
    void answerTo(request, token, door, proceed).then((answer) => {
      if (answer === null) return;
      // Whoever waits for "100 Continue" may send the body or not: what comes next on the connection, nobody knows.
      const isLast = !request.complete && (expectsContinue || answer.status === 408);
      send(request, response, answer, { drainMs: limits.drainMs, isLast });
    });
    return true;
  };
}

interface Door {
  limits: HttpsLimits;
  receiveOne: ReceiveOne;
  clientAddress: (request: IncomingMessage) => string;
  ofAddress: ReturnType<typeof rateLimit>;
  ofInbox: ReturnType<typeof rateLimit>;
  room: Room;
  domainOf: (token: string) => Promise<DomainRow | null>;
  inRoom: ReturnType<typeof inRoom>;
}

/** The inbox of an address, which may be missing; null when the address is none of this door. */
function inboxIn(target: string): string | null {
  // RFC 9112 §3.2.2: a server takes whole addresses too.
  const [path = ""] = target.replace(/^https?:\/\/[^/?#]*/i, "").split(/[?#]/, 1);
  const parts = path.split("/").map(decoded);
  if (parts.at(-1) === "" && parts.length === 5) parts.pop();
  const [root, api, door, token = "", ...more] = parts;
  return root === "" && api === "api" && door === "tls-reports" && more.length === 0 ? token : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Null when the sender is gone. */
async function answerTo(
  request: IncomingMessage,
  token: string,
  door: Door,
  proceed: () => void,
): Promise<Answer | null> {
  try {
    const address = networkOf(door.clientAddress(request));
    const wait = door.ofAddress(address, performance.now());
    if (wait > 0) return tooMany(wait);
    const domain = await door.domainOf(token);
    if (domain === null) throw new NotFound();
    switch (request.method) {
      case "POST":
        return await take(request, domain, door, proceed);
      case "GET":
      case "HEAD":
        return { status: 200, body: ABOUT, headers: { allow: ALLOW } };
      case "OPTIONS":
        return { status: 204, body: null, headers: { allow: ALLOW } };
      default:
        return refusal(405, "Reports are sent here by POST.", { allow: ALLOW });
    }
  } catch (error) {
    if (error instanceof NotFound) return refusal(404, "Not found.");
    if (error instanceof DatabaseAway) return refusal(503, error.message, { "retry-after": "10" });
    console.error(error);
    return refusal(500, "Something went wrong on our side; nothing was stored. It was written to the server's log.");
  }
}

const ABOUT = {
  about: "This is an inbox for TLS reports (RFC 8460). Senders POST them here; there is nothing to see.",
  takes: ["application/tlsrpt+gzip", "application/tlsrpt+json"],
};

const tooMany = (seconds: number) =>
  refusal(429, `Too many requests. Send it again in ${seconds} s.`, { "retry-after": String(seconds) });

const MB = 1024 * 1024;

const tooLarge = () =>
  refusal(
    413,
    `A report may have at most ${MAX_COMPRESSED_BYTES / MB} MB compressed, or ${MAX_FILE_BYTES / MB} MB as it is.`,
  );

async function take(
  request: IncomingMessage,
  domain: DomainRow,
  door: Door,
  proceed: () => void,
): Promise<Answer | null> {
  const { limits, room } = door;
  const wait = door.ofInbox(domain.id, performance.now());
  if (wait > 0) return tooMany(wait);
  const gzips = gzipsOf(request.headers["content-encoding"]);
  if (gzips === null) {
    // RFC 9110 §12.5.3: the answer to an unknown encoding names those that are known.
    return refusal(415, "A body may be encoded with gzip, or not at all.", { "accept-encoding": "gzip, identity" });
  }
  if (Number(request.headers["content-length"] ?? 0) > MAX_FILE_BYTES) return tooLarge();
  proceed();
  const body = await readBody(request, { most: MAX_FILE_BYTES, ms: limits.bodyMs, room });
  if (!body.ok) return UNREAD[body.why]();
  if (body.bytes.length === 0) return refusal(400, "The request has no body.");
  if (body.bytes.length > MAX_COMPRESSED_BYTES && isCompressed(body.bytes, gzips)) return tooLarge();
  room.used += body.bytes.length;
  try {
    const receiveIt = async () => {
      const bytes = await withoutEncoding(body.bytes, gzips);
      return door.receiveOne({ bytes, fileName: null }, { domain, teamId: domain.teamId, door: "https" });
    };
    const size = mayComeTo(body.bytes);
    const outcomes = await (size > limits.smallBytes ? door.inRoom(size, receiveIt) : receiveIt());
    return outcomes === null ? tooManyLarge() : answerFor(outcomes);
  } finally {
    room.used -= body.bytes.length;
  }
}

/** Judged by the bytes: what the sender calls them is no reason to refuse them (quirk 32). */
function isCompressed(bytes: Buffer, gzips: number): boolean {
  return gzips > 0 || ["gzip", "zip"].includes(sniff(bytes));
}

const tooManyLarge = () =>
  refusal(503, "Too many large reports come at once. Send it again in a while.", { "retry-after": "30" });

const UNREAD = {
  "too-large": tooLarge,
  "too-slow": () => refusal(408, "The body did not come in full in time; nothing was stored."),
  "no-room": () => refusal(503, "Too much comes at once. Send it again in a moment.", { "retry-after": "5" }),
  aborted: () => null,
};

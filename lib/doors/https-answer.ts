import type { IncomingMessage, ServerResponse } from "node:http";

/** What is said to a sender. */
export interface Answer {
  status: number;
  body: object | null;
  headers?: Record<string, string>;
}

// As the other answers that are no pages (next.config.js): what a browser shows of it is harmless (RFC 8460 §7).
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
};

/** An answer that says in a sentence what is wrong. */
export function refusal(status: number, error: string, headers: Record<string, string> = {}): Answer {
  return { status, body: { error }, headers };
}

/**
 * Sends an answer. Where the request's body has not come in full, the rest of it is let in for a while and thrown away: to
 * close at once would make the sender's system drop the answer before it is read (RFC 9112 §9.6).
 * @param isLast whether the connection takes no other request
 */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  { drainMs, isLast }: { drainMs: number; isLast: boolean },
): void {
  const text = answer.body === null ? "" : JSON.stringify(answer.body);
  const length = answer.status === 204 ? {} : { "content-length": Buffer.byteLength(text) };
  const type = answer.body === null ? {} : { "content-type": "application/json" };
  const close = isLast ? { connection: "close" } : {};
  response.writeHead(answer.status, { ...HEADERS, ...type, ...length, ...close, ...answer.headers });
  if (request.complete) {
    response.end(text);
    return;
  }
  // The end of a last answer closes the connection: it comes when the sender has closed it, or has had the time to.
  if (isLast) response.write(text);
  else response.end(text);
  request.resume();
  const over = () => {
    clearTimeout(timer);
    response.end();
    if (!request.complete) request.socket.destroySoon();
  };
  const timer = setTimeout(over, drainMs);
  request.on("end", over).on("close", over);
}

import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The answer to a request for a page, whose status the page may still set; null where it has to be 200. */
type Answering = ServerResponse | null;

// The pages are bundled apart from the web server's own code.
const holder: { sealpostAnswering?: AsyncLocalStorage<Answering> } = globalThis as typeof globalThis & {
  sealpostAnswering?: AsyncLocalStorage<Answering>;
};
holder.sealpostAnswering ??= new AsyncLocalStorage();
const answering = holder.sealpostAnswering;

/** Handles a request so that the page that it leads to can call `answerWith`. */
export function whileAnswering(request: IncomingMessage, response: ServerResponse, handle: () => void): void {
  // To a part of a page that a script asks for, Next's router takes any other status as a reason to ask again for the whole.
  const isRead = request.method === "GET" || request.method === "HEAD";
  answering.run(isRead && request.headers.rsc === undefined ? response : null, handle);
}

/**
 * Gives the page that is being made another status than 200; of these Next itself can only set those of its own error pages.
 * To be called before anything of the page is sent: in the page itself, and not below a Suspense boundary.
 */
export function answerWith(status: number, headers: Record<string, string> = {}): void {
  const response = answering.getStore();
  if (!response || response.headersSent) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

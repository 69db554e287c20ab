import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** What answers the requests, and whether the process is about to end. */
export interface WebServerOptions {
  /** Takes a request that is for it. @returns whether it does; then it answers */
  takes: (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => boolean;
  /** Answers all others. */
  handle: (request: IncomingMessage, response: ServerResponse) => void;
  isStopping: () => boolean;
  /** Whether a request may become something else than HTTP. */
  mayUpgrade: (request: IncomingMessage) => boolean;
}

/** An HTTP server that refuses by itself what none of the pages behind it could read. */
export function webServer({ takes, handle, isStopping, mayUpgrade }: WebServerOptions): Server {
  // RFC 9110 §7.8: a server may ignore an Upgrade field. Next listens for them as soon as it answers its first request, and
  // then never answers: with a listener alone Node would take each for the start of another protocol.
  const server = createServer({ shouldUpgradeCallback: mayUpgrade }, (request, response) => {
    // After a request with an Upgrade field, Node reads no other one on its connection.
    if (isStopping() || request.headers.upgrade !== undefined) response.setHeader("connection", "close");
    if (takes(request, response, false)) return;
    if (isReadable(request.url ?? "")) handle(request, response);
    else response.writeHead(404, PLAIN).end("Not found.\n");
  });
  server.on("checkContinue", (request, response) => {
    if (isStopping() || request.headers.upgrade !== undefined) response.setHeader("connection", "close");
    if (takes(request, response, true)) return;
    response.writeContinue();
    server.emit("request", request, response);
  });
  return server;
}

const PLAIN = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };

/** Whether a path's percent-encoding is UTF-8 (RFC 3986 §2.5); of any other Next makes an error of ours. */
function isReadable(target: string): boolean {
  const [path = ""] = target.split(/[?#]/, 1);
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

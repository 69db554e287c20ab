import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Identity } from "./authority.ts";
import { reply } from "./dns-answers.ts";
import type { Zone } from "./zone.ts";

export interface DohServer {
  url: string;
  /** "HTTP version, method, content type" of each request. */
  requests: string[];
  /** Connections made so far. */
  connections(): number;
  /** Closes all connections, and goes on listening. */
  disconnect(): void;
  stop(): Promise<void>;
}

export interface DohOptions {
  /** HTTP/1.1 only. */
  http1Only?: boolean;
  status?: number;
  contentType?: string;
  /** Octets instead of the zone's answer. */
  body?: Buffer;
}

/** Serves a zone over HTTPS (RFC 8484) at localhost, by HTTP/2 and 1.1. */
export async function startDohServer(zone: Zone, identity: Identity, options: DohOptions = {}): Promise<DohServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const answer = async (
    request: Http2ServerRequest | IncomingMessage,
    response: Http2ServerResponse | ServerResponse,
  ) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const query = Buffer.concat(chunks);
    requests.push(`${request.httpVersion} ${request.method} ${request.headers["content-type"]}`);
    const { delay, messages } = reply(zone, query, "tcp");
    const [message] = messages;
    if (!message) return; // silence
    setTimeout(() => {
      response.statusCode = options.status ?? 200;
      response.setHeader("content-type", options.contentType ?? "application/dns-message");
      response.end(options.body ?? message);
    }, delay);
  };
  const respond = (...[request, response]: Parameters<typeof answer>) => {
    answer(request, response).catch(() => response.destroy());
  };
  const server: Server = options.http1Only
    ? createServer({ ...identity }, respond)
    : createSecureServer({ ...identity }, respond);
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const disconnect = () => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/dns-query`,
    requests,
    connections: () => connections,
    disconnect,
    stop: async () => {
      disconnect();
      await new Promise((done) => server.close(done));
    },
  };
}

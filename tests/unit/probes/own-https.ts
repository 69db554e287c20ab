import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import type { Authority } from "#tests/lab/authority.ts";

export interface OwnHttps {
  port: number;
  /** Connections that were made so far. */
  connected(): number;
  stop(): Promise<void>;
}

/** A web server with a good certificate for a name, that does as told with the first octets of each request. */
export async function serveHttps(
  authority: Authority,
  name: string,
  onRequest: (socket: TLSSocket, head: string) => void,
  address = "127.0.0.1",
): Promise<OwnHttps> {
  const secureContext = createSecureContext(await authority.issue("good", name));
  const sockets = new Set<Socket>();
  let connected = 0;
  const server = createServer((raw) => {
    connected += 1;
    sockets.add(raw);
    raw.on("close", () => sockets.delete(raw));
    raw.on("error", () => {});
    const socket = new TLSSocket(raw, { isServer: true, secureContext });
    socket.on("error", () => {});
    socket.once("data", (chunk: Buffer) => onRequest(socket, chunk.toString("latin1")));
  });
  server.listen(0, address);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    connected: () => connected,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

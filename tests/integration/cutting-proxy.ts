import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A TCP connection's way that can be cut. */
export interface CuttingProxy {
  port: number;
  /** Connections so far. */
  connections(): number;
  /** Ends each connection once so many octets have come from the server; null for no longer. */
  cutAfter(octets: number | null): void;
  stop(): Promise<void>;
}

/** Passes everything on to a port of loopback. */
export async function startProxy(to: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let limit: number | null = null;
  let connections = 0;
  const server = createServer((near) => {
    connections++;
    const far = connect(to, "127.0.0.1");
    let passed = 0;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    far.on("data", (chunk: Buffer) => {
      passed += chunk.length;
      if (limit === null || passed <= limit) return void near.write(chunk);
      near.write(chunk.subarray(0, chunk.length - (passed - limit)), () => near.resetAndDestroy());
    });
    near.pipe(far);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections: () => connections,
    cutAfter(octets) {
      limit = octets;
    },
    stop: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

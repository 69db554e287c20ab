import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";
import type { Authority } from "./authority.ts";
import { readClientHello } from "./client-hello.ts";
import { answerOctets, type PolicyHost } from "./policy-host.ts";

/** A request as a policy host saw it. */
export interface SeenRequest {
  host: string;
  head: string;
}

export interface PolicyServer {
  port: number;
  requests: SeenRequest[];
  /** Connections that are open now. */
  connections(): number;
  stop(): Promise<void>;
}

const ALERT_HANDSHAKE_FAILURE = 40;
const ALERT_UNRECOGNIZED_NAME = 112; // RFC 6066 §3; RFC 8461 §7.1 wants no default certificate instead

const VERSIONS: Record<string, SecureContextOptions> = {
  modern: { minVersion: "TLSv1.2" },
  // OpenSSL 3 speaks these versions at security level 0 only.
  "1.1-only": { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" },
  "1.0-and-newer": { minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" },
};

/**
 * Serves all policy hosts on one loopback port, chosen by the name in SNI before the handshake.
 * @param slowness milliseconds that a slow host takes to answer
 */
export async function startPolicyServer(
  hosts: ReadonlyMap<string, PolicyHost>,
  authority: Authority,
  wanted: number,
  slowness: number,
): Promise<PolicyServer> {
  const sockets = new Set<Socket>();
  const requests: SeenRequest[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    onHello(socket, (name) => {
      const host = hosts.get(name);
      if (!host) return alert(socket, ALERT_UNRECOGNIZED_NAME);
      if (host.tls === "closes") return socket.destroy();
      if (host.tls === "alert") return alert(socket, ALERT_HANDSHAKE_FAILURE);
      if (host.tls === "hangs") return socket.resume(); // to notice the end
      secure(socket, name, host, authority).then(
        (tls) => onRequest(tls, (head) => respond(tls, name, host, head)),
        () => socket.destroy(),
      );
    });
  });
  function respond(tls: TLSSocket, name: string, host: PolicyHost, head: string): void {
    requests.push({ host: name, head });
    const octets = answerOctets(host.answer);
    if (octets === null) return;
    const timer = setTimeout(() => tls.end(octets), host.answer.way === "slow" ? slowness : 0);
    tls.on("close", () => clearTimeout(timer));
  }
  server.listen(wanted, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    connections: () => sockets.size,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Waits for the whole ClientHello and leaves it in the socket for TLS to read again. */
function onHello(socket: Socket, use: (serverName: string) => void): void {
  let read: Buffer = Buffer.alloc(0);
  const look = () => {
    const chunk: Buffer | null = socket.read();
    if (!chunk) return;
    read = Buffer.concat([read, chunk]);
    const hello = readClientHello(read);
    if (hello.state === "incomplete") return;
    socket.removeListener("readable", look);
    if (hello.state === "not-tls") socket.destroy();
    else {
      socket.unshift(read);
      use(hello.serverName ?? "");
    }
  };
  socket.on("readable", look);
}

async function secure(socket: Socket, name: string, host: PolicyHost, authority: Authority): Promise<TLSSocket> {
  const identity = await authority.issue(host.certificate ?? "good", name);
  const context = createSecureContext({ ...identity, ...VERSIONS[host.tls ?? "modern"] });
  const tls = new TLSSocket(socket, { isServer: true, secureContext: context, ALPNProtocols: ["http/1.1"] });
  tls.on("error", () => socket.destroy());
  return tls;
}

function onRequest(tls: TLSSocket, use: (head: string) => void): void {
  let head = "";
  tls.on("data", (chunk: Buffer) => {
    const wasComplete = head.includes("\r\n\r\n");
    head += chunk.toString("latin1");
    if (!wasComplete && head.includes("\r\n\r\n")) use(head);
  });
}

/** A fatal TLS alert in the clear (RFC 8446 §6). */
function alert(socket: Socket, description: number): void {
  socket.resume();
  socket.end(Buffer.from([21, 3, 3, 0, 2, 2, description]));
}

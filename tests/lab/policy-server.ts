import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";
import type { Authority } from "./authority.ts";
import { readClientHello } from "./client-hello.ts";
import { answerOctets, answerTo, hostAt, type PolicyHost } from "./policy-host.ts";

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

const LOOPBACK = "127.0.0.1";

/**
 * Serves all policy hosts on one port of 127.0.0.1 and of the other loopback addresses that they name, chosen by the
 * name in SNI before the handshake.
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
  const defaults = new Map(
    [...hosts].flatMap(([name, { withoutSni }]) => (withoutSni ? [[withoutSni.address, name]] : [])),
  );
  const onConnection = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    onHello(socket, (serverName) => {
      const address = socket.localAddress ?? "";
      const name = serverName === "" ? (defaults.get(address) ?? "") : serverName;
      const known = hosts.get(name);
      if (!known) return alert(socket, ALERT_UNRECOGNIZED_NAME);
      const host = hostAt(known, address);
      if (host.tls === "closes") return socket.destroy();
      if (host.tls === "alert") return alert(socket, ALERT_HANDSHAKE_FAILURE);
      if (host.tls === "hangs") return socket.resume(); // to notice the end
      const kind = serverName === "" ? host.withoutSni?.certificate : host.certificate;
      secure(socket, name, { ...host, certificate: kind ?? "good" }, authority).then(
        (tls) => onRequest(tls, (head) => respond(tls, name, host, head)),
        () => socket.destroy(),
      );
    });
  };
  function respond(tls: TLSSocket, name: string, host: PolicyHost, head: string): void {
    requests.push({ host: name, head });
    const answer = answerTo(host, head);
    const octets = answerOctets(answer);
    if (octets === null) return;
    const timer = setTimeout(() => tls.end(octets), answer.way === "slow" ? slowness : 0);
    tls.on("close", () => clearTimeout(timer));
  }
  const servers = await listen(addressesOf(hosts), wanted, onConnection);
  return {
    port: portOf(servers),
    requests,
    connections: () => sockets.size,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await close(servers);
    },
  };
}

/** The loopback addresses that some host names, 127.0.0.1 first. */
function addressesOf(hosts: ReadonlyMap<string, PolicyHost>): string[] {
  const named = [...hosts.values()].flatMap(({ at, withoutSni }) => [
    ...Object.keys(at ?? {}),
    ...(withoutSni ? [withoutSni.address] : []),
  ]);
  return [...new Set([LOOPBACK, ...named])];
}

/** The same port of each address; where a free one is wanted, one that is free at all of them. */
async function listen(addresses: string[], wanted: number, use: (socket: Socket) => void): Promise<Server[]> {
  for (let tries = 1; ; tries++) {
    const servers: Server[] = [];
    try {
      for (const address of addresses) {
        const server = createServer(use);
        server.listen(servers.length === 0 ? wanted : portOf(servers), address);
        await once(server, "listening");
        servers.push(server);
      }
      return servers;
    } catch (error) {
      await close(servers);
      const { code } = error as NodeJS.ErrnoException;
      // Some systems have no loopback address but the first: what needs another is then not to be seen.
      if (code === "EADDRNOTAVAIL" && addresses.length > 1) return await listen([LOOPBACK], wanted, use);
      if (code !== "EADDRINUSE" || wanted !== 0 || tries === 10) throw error;
    }
  }
}

function portOf([first]: readonly Server[]): number {
  const bound = first?.address() as AddressInfo | undefined;
  return bound?.port ?? 0;
}

async function close(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
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

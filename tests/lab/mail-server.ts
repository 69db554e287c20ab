import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Authority } from "./authority.ts";
import type { MailAddress, MailHost } from "./mail-host.ts";
import { MailSession, type SeenCommand } from "./mail-session.ts";
import { ANY_NAME } from "./mail-tls.ts";
import { startUnanswered } from "./mail-unanswered.ts";

export interface MailServer {
  port: number;
  /** What the mail hosts were told, in order. */
  commands: SeenCommand[];
  /** Connections that are open now, at one address or at all. */
  connections(address?: string): number;
  stop(): Promise<void>;
}

/** 127.0.0.1 is a mail host for all names, on which all is well. */
const DEFAULT: MailAddress = { address: "127.0.0.1", name: ANY_NAME, host: {} };

const TOO_MANY: MailHost = { greeting: { say: "421 Too many connections\r\n", close: true } };

/**
 * Mail hosts on loopback, told apart by their addresses, on the same port: a free one for 0. An address that is not named
 * refuses connections.
 */
export async function startMailServer(
  addresses: readonly MailAddress[],
  authority: Authority,
  wanted: number,
): Promise<MailServer> {
  const running: (() => Promise<unknown>)[] = [];
  const sockets = new Map<Socket, string>();
  const commands: SeenCommand[] = [];
  const connections = (address?: string) =>
    address === undefined ? sockets.size : [...sockets.values()].filter((one) => one === address).length;

  function serve(at: MailAddress): Server {
    let visits = 0;
    return createServer((socket) => {
      visits += 1;
      sockets.set(socket, at.address);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      if (at.host.connection === "reset") socket.resetAndDestroy();
      else if (at.host.connection === "closed") socket.end();
      else {
        const host = at.host.once && visits > 1 ? TOO_MANY : at.host;
        new MailSession(socket, { ...at, host }, authority, commands).greet();
      }
    });
  }

  async function listen(at: MailAddress, port: number): Promise<number> {
    if (at.host.connection === "refused") return port;
    if (at.host.connection === "unanswered") {
      const unanswered = await startUnanswered(at.address, port);
      running.push(unanswered.stop);
      return port;
    }
    const server = serve(at).listen(port, at.address);
    await once(server, "listening");
    running.push(() => new Promise((done) => server.close(done)));
    return (server.address() as AddressInfo).port;
  }

  const stop = async () => {
    for (const socket of sockets.keys()) socket.destroy();
    await Promise.all(running.splice(0).map((end) => end()));
  };
  try {
    const port = await listen(DEFAULT, wanted);
    await Promise.all(addresses.map((at) => listen(at, port)));
    return { port, commands, connections, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import { SMTPConnection, type SMTPConnectionOptions } from "smtp-server/lib/smtp-connection.js";
import type { Ranges } from "./smtp-settings.ts";

const connections = new WeakMap<SMTPServerSession, SMTPConnection>();

/** Ends the connection of a session with 421, whatever it is at. */
export function hangUp(session: SMTPServerSession, why: string): void {
  connections.get(session)?.send(421, why);
}

/** A connection on which a text that begins with a status code of its own (RFC 3463) gets no other. */
class Connection extends SMTPConnection {
  override send(code: number, text?: string | string[] | null, context?: string | false): void {
    const isOwn = typeof text === "string" && /^[245]\.\d{1,3}\.\d{1,3} /.test(text);
    super.send(code, text, isOwn ? false : context);
  }
}

/** The package's server, which knows proxies by single addresses only, and codes only by its own list. */
export class Server extends SMTPServer {
  readonly #isProxy: Ranges;
  constructor(options: SMTPServerOptions, isProxy: Ranges) {
    super(options);
    this.#isProxy = isProxy;
  }

  override _expectsProxyHeader(socket: Socket): boolean {
    return this.#isProxy(socket.remoteAddress);
  }

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const connection = new Connection(this, socket, options);
    connections.set(connection.session, connection);
    this.connections.add(connection);
    connection.on("error", (error: Error) => this._onError(error));
    connection.init();
  }
}

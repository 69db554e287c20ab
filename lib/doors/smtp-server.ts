import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import { SMTPConnection, type SMTPConnectionOptions } from "smtp-server/lib/smtp-connection.js";
import type { Ranges } from "./smtp-settings.ts";

const connections = new WeakMap<SMTPServerSession, SMTPConnection>();
const peers = new WeakMap<SMTPServerSession, string>();

/** Ends the connection of a session with 421, whatever it is at. */
export function hangUp(session: SMTPServerSession, why: string): void {
  connections.get(session)?.send(421, why);
}

/** The other end of the TCP connection, whoever speaks through it; the session tells whom PROXY or XCLIENT name. */
export function peerOf(session: SMTPServerSession): string | undefined {
  return peers.get(session);
}

/** The parameters of MAIL and RCPT of the extensions that are announced, and those that the package reads all the same. */
const PARAMETERS = new Set(["SIZE", "BODY", "SMTPUTF8", "REQUIRETLS", "AUTH", "RET", "ENVID", "NOTIFY", "ORCPT"]);

/** A connection on which a text that begins with a status code of its own (RFC 3463) gets no other. */
class Connection extends SMTPConnection {
  override send(code: number, text?: string | string[] | null, context?: string | false): void {
    const isOwn = typeof text === "string" && /^[245]\.\d{1,3}\.\d{1,3} /.test(text);
    super.send(code, text, isOwn ? false : context);
  }

  override _rejectInvalidParams(
    ...[parsed, keys, callback]: Parameters<SMTPConnection["_rejectInvalidParams"]>
  ): boolean {
    // RFC 5321 §4.1.1.11: 555 for a parameter that is not known.
    const unknown = Object.keys(parsed.args || {}).find((name) => !PARAMETERS.has(name));
    if (unknown === undefined) return super._rejectInvalidParams(parsed, keys, callback);
    this.send(555, `5.5.4 The parameter ${unknown.slice(0, 50)} is not known here`);
    callback();
    return true;
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
    if (socket.remoteAddress !== undefined) peers.set(connection.session, socket.remoteAddress);
    this.connections.add(connection);
    connection.on("error", (error: Error) => this._onError(error));
    connection.init();
  }
}

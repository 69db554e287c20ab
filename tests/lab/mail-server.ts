import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createSecureContext } from "node:tls";
import { SMTPServer } from "smtp-server";
import type { Authority } from "./authority.ts";

export interface MailServer {
  port: number;
  stop(): Promise<void>;
}

const DEFAULT_HOST = "mx.lab.test";

/**
 * One mail host for all names: it offers STARTTLS, has a good certificate for the name in SNI and its own without, and
 * takes every mail to throw it away.
 */
export async function startMailServer(authority: Authority, wanted: number): Promise<MailServer> {
  const server = new SMTPServer({
    ...(await authority.issue("good", DEFAULT_HOST)),
    name: DEFAULT_HOST,
    banner: "Sealpost lab",
    disabledCommands: ["AUTH"],
    disableReverseLookup: true,
    closeTimeout: 100,
    SNICallback: (name, done) => {
      authority.issue("good", name).then(
        (identity) => done(null, createSecureContext(identity)),
        (error: Error) => done(error),
      );
    },
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on("end", () => done());
    },
  });
  server.on("error", () => {}); // a client that breaks off is its own affair
  const listening = server.listen(wanted, "127.0.0.1");
  await once(listening, "listening");
  return {
    port: (listening.address() as AddressInfo).port,
    stop: () => new Promise<void>((done) => server.close(() => done())),
  };
}

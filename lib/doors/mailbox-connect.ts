import { Socket } from "node:net";
import { ImapFlow, type ImapFlowOptions } from "imapflow";
import type { ProbeSettings } from "#lib/probes/probe-settings.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { faultOf, type MailHost } from "./mailbox-fault.ts";
import { reachHost, secure } from "./reach-host.ts";

/** How often IDLE begins anew, at least: RFC 2177 §3 says 29 minutes, networks forget connections sooner. */
const IDLE_MS = 4 * 60_000;
/** Without a word for this long the connection is taken for dead. */
const SILENCE_MS = 6 * 60_000;
/** While a person waits for the answer, and while a worker can wait. */
const GREETING_MS = 20_000;

export interface Account extends MailHost {
  security: "tls" | "starttls";
  userName: string;
}

/** What is shown to the server: a password (RFC 9051 §6.2.2), or a bearer token (RFC 7628, XOAUTH2). */
export type Proof = { pass: string } | { accessToken: string };

/**
 * Connects and signs in: over TLS from the start (RFC 8314 §3), or after STARTTLS, and in no case without. The caller
 * closes the client, which has a listener for errors already.
 * @throws MailboxFault, or the signal's reason
 */
export async function connectMailbox(
  account: Account,
  proof: Proof,
  probes: ProbeSettings,
  signal?: AbortSignal,
): Promise<ImapFlow> {
  const { host, port, security, userName } = account;
  const raw = await reachHost(account, probes, signal);
  const client = new ImapFlow({
    ...{ host, port, secure: security === "tls", doSTARTTLS: security === "starttls" },
    auth: { user: userName, ...proof },
    transport: transportOver(raw, host, probes),
    ...{ logger: false, clientInfo: { name: "Sealpost" }, disableAutoIdle: true, maxIdleTime: IDLE_MS },
    ...{ greetingTimeout: GREETING_MS, connectionTimeout: GREETING_MS, socketTimeout: SILENCE_MS },
    // The plain protocol is enough, and every extension is one more thing in which servers differ.
    ...{ disableCompression: true, disableAutoEnable: true, disableIMAP4rev2: true, disableBinary: true },
    // What a server may have us hold: one mail, or a list of a million numbers.
    ...{ maxLiteralSize: MAX_FILE_BYTES + 1_024, maxResponseSize: 2 * MAX_FILE_BYTES, maxLineLength: MAX_FILE_BYTES },
  });
  client.on("error", () => {}); // told by the command that it ends
  const stop = () => client.close();
  signal?.addEventListener("abort", stop);
  client.once("close", () => signal?.removeEventListener("abort", stop));
  try {
    if (signal?.aborted) stop();
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    raw.destroy();
    signal?.throwIfAborted();
    throw faultOf(error, account);
  }
}

/** The library is given a connection that the guard has let pass, and never opens one itself. */
function transportOver(raw: Socket, host: string, probes: ProbeSettings): ImapFlowOptions["transport"] {
  return {
    connect({ secure: fromTheStart }, onConnect) {
      if (fromTheStart) return secure(raw, host, probes, onConnect);
      setImmediate(onConnect);
      return raw;
    },
    upgrade(socket, _, onSecure) {
      if (!(socket instanceof Socket)) throw new TypeError("STARTTLS on a connection that is not ours");
      return secure(socket, host, probes, onSecure);
    },
  };
}

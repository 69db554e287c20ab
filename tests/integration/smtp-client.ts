import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { createTransport } from "nodemailer";
import { SMTP_LIMITS, type SmtpLimits } from "#lib/doors/limits.ts";
import { openSmtpDoor, type SmtpDoor } from "#lib/doors/smtp-door.ts";
import { type SmtpDoorSettings, smtpDoorSettings } from "#lib/doors/smtp-settings.ts";
import { readSettings } from "#lib/settings.ts";

/** Addresses of this machine from which tests play a relay, a proxy and a stranger. */
export const RELAY = "127.0.0.2";
export const PROXY = "127.0.0.3";
export const STRANGER = "127.0.0.1";

const opened: SmtpDoor[] = [];

/** What the door says to the operator. */
export const said: string[] = [];

/** Opens a door on some port of loopback; the domain is reports.test. */
export async function openDoor(
  limits: Partial<SmtpLimits> = {},
  env: Record<string, string> = {},
  settings: Partial<SmtpDoorSettings> = {},
): Promise<number> {
  const listen = { SEALPOST_MAIL_DOMAIN: "Reports.test", SEALPOST_SMTP_RELAYS: RELAY, SEALPOST_SMTP_PROXIES: PROXY };
  const read = smtpDoorSettings(readSettings({ ...listen, ...env }));
  if ("closed" in read) throw new Error(read.closed);
  const all = { ...SMTP_LIMITS, stopMs: 2_000, ...limits };
  const door = await openSmtpDoor({ ...read, port: 0, ...settings }, (line) => said.push(line), { limits: all });
  opened.push(door);
  return door.port() ?? 0;
}

/** Stops every door that was opened. */
export async function stopDoors(): Promise<void> {
  await Promise.all(opened.splice(0).map((door) => door.stop()));
}

/** What a sender was told at the end, and how the connection was. */
export interface Told {
  code: number;
  text: string;
}

/** Sends a mail as nodemailer does, with STARTTLS unless told otherwise. */
export async function send(
  port: number,
  to: string | string[],
  raw: Buffer,
  { tls = true, from = "noreply@google.com", localAddress = STRANGER } = {},
): Promise<Told> {
  const transport = createTransport({
    ...{ host: "127.0.0.1", port, localAddress, name: "mail.google.com" },
    ...(tls ? { requireTLS: true, tls: { rejectUnauthorized: false } } : { ignoreTLS: true }),
  });
  try {
    const { response } = await transport.sendMail({ envelope: { from, to: [to].flat() }, raw });
    return told(response);
  } catch (error) {
    if (error instanceof Error && "response" in error) return told(String(error.response));
    throw error;
  } finally {
    transport.close();
  }
}

function told(reply: string): Told {
  return { code: Number(reply.slice(0, 3)), text: reply.slice(4) };
}

/** A conversation line by line. */
export interface Dialogue {
  /** Waits for the next reply, of one line or more. Null when the connection has ended. */
  reply(): Promise<string | null>;
  /** Sends a line, and waits for the reply. */
  say(line: string): Promise<string | null>;
  write(text: string | Buffer): void;
  /** After the reply to STARTTLS. @returns the fingerprint of the certificate */
  secure(): Promise<string>;
  end(): void;
}

/** Begins a conversation; the greeting is still to be read. */
export async function dialogue(port: number, localAddress = STRANGER): Promise<Dialogue> {
  let socket: Socket = connect({ port, host: "127.0.0.1", localAddress });
  let text = "";
  let over = false;
  let wake = () => {};
  const listen = () => {
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      wake();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      over = true;
      wake();
    });
  };
  listen();
  await once(socket, "connect");
  const reply = async () => {
    for (;;) {
      const whole = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(text)?.[0];
      if (whole !== undefined) {
        text = text.slice(whole.length);
        return whole.trimEnd();
      }
      if (over) return null;
      await new Promise<void>((done) => {
        wake = done;
      });
    }
  };
  return {
    reply,
    async say(line) {
      socket.write(`${line}\r\n`);
      return reply();
    },
    write: (bytes) => void socket.write(bytes),
    async secure() {
      socket.removeAllListeners();
      const secure = connectTls({ socket, rejectUnauthorized: false });
      socket = secure;
      await once(secure, "secureConnect");
      listen();
      return secure.getPeerCertificate().fingerprint256;
    },
    end: () => socket.destroy(),
  };
}

import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { ProbeLimits } from "./limits.ts";
import { settle } from "./settle.ts";
import type { SmtpFailure, SmtpReply } from "./smtp-fact.ts";
import { ReplyReader } from "./smtp-lines.ts";
import { type Handshake, handshake, reasonOf } from "./tls-connect.ts";

/** The patience of a dialogue. */
export interface Timing {
  limits: ProbeLimits;
  /** The limit, or what is left of the total where that is less; at least 1 ms. */
  within: (limit: number) => number;
  signal: AbortSignal | undefined;
}

/** The reply to what was said, or why there is none. */
export type Step =
  | { ok: true; reply: SmtpReply }
  | {
      ok: false;
      failure: Extract<SmtpFailure, "reply-timeout" | "reply-malformed" | "connection-reset">;
      detail: string;
    };

interface Shaking {
  /** The name in SNI; null for none. */
  servername: string | null;
  context: SecureContext;
  /** Milliseconds. */
  patience: number;
}

/** One SMTP dialogue over a connection that is open. The maker destroys it. Steps reject only with the signal's reason. */
export class Dialogue {
  #stream: Socket;
  #reader = new ReplyReader();
  #timing: Timing;
  /** Why nothing more will come. */
  #ended: string | null = null;
  #wake: () => void = () => {};

  constructor(socket: Socket, timing: Timing) {
    this.#stream = socket;
    this.#timing = timing;
    this.#listen(socket);
  }

  /** Our end of the connection (RFC 5321 §4.1.3), as "[192.0.2.1]" or "[IPv6:2001:db8::1]". */
  get ownLiteral(): string {
    const { localAddress = "127.0.0.1", localFamily } = this.#stream;
    return localFamily === "IPv6" ? `[IPv6:${localAddress}]` : `[${localAddress}]`;
  }

  /** Says a line and waits for its reply. A host that spoke before it was asked is not understood. */
  async ask(line: string): Promise<Step> {
    if (this.#reader.unread > 0 && this.#ended === null) {
      return { ok: false, failure: "reply-malformed", detail: "it said more than it was asked for" };
    }
    this.say(line);
    return await this.reply(this.#timing.limits.smtpReply);
  }

  /** Says a line. */
  say(line: string): void {
    if (this.#stream.writable) this.#stream.write(`${line}\r\n`);
  }

  /** The next reply that comes within so many milliseconds. */
  async reply(limit: number): Promise<Step> {
    const timeout = this.#timing.within(limit);
    return await settle<Step>({
      timeout,
      signal: this.#timing.signal,
      late: () => ({ ok: false, failure: "reply-timeout", detail: `no complete reply within ${timeout} ms` }),
      release: () => {
        this.#wake = () => {};
      },
      start: (done) => {
        this.#wake = () => {
          const step = this.#next();
          if (step) done(step);
        };
        this.#wake();
      },
    });
  }

  /** TLS over the same connection; all that follows is said and heard inside it. */
  async secure({ servername, context, patience }: Shaking): Promise<Handshake> {
    const raw = this.#stream;
    // In TLS the client speaks first, so these octets are plaintext, and must not pass for what is inside.
    if (this.#reader.unread > 0) {
      return { ok: false, failure: "tls-handshake", detail: "plaintext came after the reply to STARTTLS" };
    }
    if (this.#ended !== null) return { ok: false, failure: "connection-reset", detail: this.#ended };
    raw.pause();
    raw.removeAllListeners("data");
    const { within, signal } = this.#timing;
    const shaken = await handshake(raw, { servername, context, timeout: within(patience), signal });
    if (shaken.ok) {
      this.#stream = shaken.socket;
      this.#listen(shaken.socket);
    }
    return shaken;
  }

  /** QUIT, and a moment for its reply (RFC 5321 §4.1.1.10), so that nobody counts a broken connection; then the end. */
  async quit(): Promise<void> {
    if (this.#ended === null) {
      this.say("QUIT");
      await this.reply(this.#timing.limits.smtpQuit);
    }
    this.destroy();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  #next(): Step | null {
    const reading = this.#reader.read();
    if (reading.state === "reply") return { ok: true, reply: reading.reply };
    if (reading.state === "malformed") return { ok: false, failure: "reply-malformed", detail: reading.detail };
    return this.#ended === null ? null : { ok: false, failure: "connection-reset", detail: this.#ended };
  }

  #listen(stream: Socket): void {
    stream.on("data", (octets: Buffer) => {
      if (!this.#reader.push(octets)) stream.destroy();
      this.#wake();
    });
    stream.on("error", (error) => this.#end(reasonOf(error)));
    stream.on("end", () => this.#end("the connection was closed"));
    stream.on("close", () => this.#end("the connection was closed"));
  }

  #end(why: string): void {
    this.#ended ??= why;
    this.#wake();
  }
}

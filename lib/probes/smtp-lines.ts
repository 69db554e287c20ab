import { MAX_REPLY_BYTES, MAX_REPLY_LINE_BYTES, MAX_REPLY_LINES } from "./limits.ts";
import type { SmtpReply } from "./smtp-fact.ts";

/** What has come so far: a whole reply, not enough for one, or something that is none. */
export type ReplyReading =
  | { state: "reply"; reply: SmtpReply }
  | { state: "incomplete" }
  | { state: "malformed"; detail: string };

// RFC 5321 §4.2: three digits, then a hyphen where more lines follow, then text. The blank may be missing on the last.
const REPLY_LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/s;
const LF = 0x0a;

/** Cuts the octets of a mail host into replies, however they are divided; holds no more than `MAX_REPLY_BYTES`. */
export class ReplyReader {
  #replies: SmtpReply[] = [];
  #lines: string[] = [];
  #code: string | null = null;
  /** The beginning of a line. */
  #rest: Buffer = Buffer.alloc(0);
  #held = 0;
  #fault: string | null = null;

  /** Octets that came and belong to no reply that was read. */
  get unread(): number {
    return this.#held;
  }

  /** Takes what came; false when nothing more is wanted, since it is no SMTP. */
  push(octets: Buffer): boolean {
    this.#held += octets.length;
    if (this.#held > MAX_REPLY_BYTES) this.#fault ??= `more than ${MAX_REPLY_BYTES} octets at once`;
    for (let rest = octets; this.#fault === null; ) {
      const end = rest.indexOf(LF);
      const part = end < 0 ? rest : rest.subarray(0, end);
      if (this.#rest.length + part.length > MAX_REPLY_LINE_BYTES) {
        this.#fault = `a line of more than ${MAX_REPLY_LINE_BYTES} octets`;
        break;
      }
      this.#rest = Buffer.concat([this.#rest, part]);
      if (end < 0) break;
      this.#endLine();
      rest = rest.subarray(end + 1);
    }
    return this.#fault === null;
  }

  /** The next reply, each once. What came before a fault is still a reply. */
  read(): ReplyReading {
    const reply = this.#replies.shift();
    if (reply) {
      if (this.#replies.length === 0 && this.#lines.length === 0) this.#held = this.#rest.length;
      return { state: "reply", reply };
    }
    return this.#fault === null ? { state: "incomplete" } : { state: "malformed", detail: this.#fault };
  }

  /** A line is over. It ends in CRLF (RFC 5321 §2.3.8); a bare LF is about too, and clear enough. */
  #endLine(): void {
    const line = this.#rest.toString("latin1").replace(/\r$/, "");
    this.#rest = Buffer.alloc(0);
    const [, code, more, text = ""] = REPLY_LINE.exec(line) ?? [];
    if (code === undefined) {
      this.#fault = `"${clip(line)}" is no line of an SMTP reply`;
    } else if (this.#code !== null && code !== this.#code) {
      this.#fault = `a reply that begins with ${this.#code} goes on with ${code}`; // RFC 5321 §4.2.1: the same on each
    } else if (this.#lines.length === MAX_REPLY_LINES) {
      this.#fault = `a reply of more than ${MAX_REPLY_LINES} lines`;
    } else {
      this.#code = code;
      this.#lines.push(text);
      if (more !== "-") this.#endReply(Number(code));
    }
  }

  #endReply(code: number): void {
    this.#replies.push({ code, lines: this.#lines });
    this.#lines = [];
    this.#code = null;
  }
}

function clip(line: string): string {
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

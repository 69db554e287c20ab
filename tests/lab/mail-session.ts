import type { Socket } from "node:net";
import type { Authority } from "./authority.ts";
import type { MailAddress, MailHost, Script } from "./mail-host.ts";
import { secureAs } from "./mail-tls.ts";

/** A line as a mail host got it. */
export interface SeenCommand {
  address: string;
  line: string;
  inside: boolean;
}

const KEYWORDS = ["PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES"];

/** Speaks as one mail host over one connection. It knows no mail. */
export class MailSession {
  #at: MailAddress;
  #host: MailHost;
  #authority: Authority;
  #stream: Socket;
  #seen: SeenCommand[];
  #unread = "";
  #inside = false;

  constructor(socket: Socket, at: MailAddress, authority: Authority, seen: SeenCommand[]) {
    this.#stream = socket;
    this.#at = at;
    this.#host = at.host;
    this.#authority = authority;
    this.#seen = seen;
  }

  greet(): void {
    this.#say(this.#host.greeting ?? `220 ${this.#at.name} ESMTP lab\r\n`);
    this.#listen();
  }

  #listen(): void {
    this.#stream.on("data", (octets: Buffer) => {
      this.#unread += octets.toString("latin1");
      this.#readLines();
    });
  }

  #readLines(): void {
    for (let end = this.#unread.indexOf("\n"); end >= 0; end = this.#unread.indexOf("\n")) {
      const line = this.#unread.slice(0, end).trimEnd();
      this.#unread = this.#unread.slice(end + 1);
      this.#seen.push({ address: this.#at.address, line, inside: this.#inside });
      // What follows STARTTLS is for the handshake, or to be thrown away.
      if (this.#obey(line.toUpperCase()) === "starttls") return;
    }
  }

  #obey(line: string): "starttls" | "next" {
    if (line.startsWith("EHLO ")) this.#hello();
    else if (line === "QUIT") this.#say({ say: `221 ${this.#at.name} closes\r\n`, close: true });
    else if (line === "NOOP") this.#say("250 Nothing done\r\n");
    else if (line === "STARTTLS" && !this.#inside) return this.#startTls();
    else this.#say("502 Not here\r\n");
    return "next";
  }

  #hello(): void {
    const { keywords, keywordsInside, ehlo, ehloInside } = this.#host;
    const usual = this.#inside ? [...KEYWORDS, "REQUIRETLS"] : [...KEYWORDS, "STARTTLS"];
    const lines = [this.#at.name, ...((this.#inside ? keywordsInside : keywords) ?? usual)];
    const reply = lines.map((line, i) => `250${i === lines.length - 1 ? " " : "-"}${line}\r\n`).join("");
    this.#say((this.#inside ? ehloInside : ehlo) ?? reply);
  }

  #startTls(): "starttls" | "next" {
    const { starttls = "220 Go ahead\r\n", injection } = this.#host;
    if (injection === "refused" && this.#unread !== "") {
      this.#say({ say: "554 Too early\r\n", close: true });
      return "next";
    }
    const text = typeof starttls === "string" ? starttls : starttls.say;
    if (!text.startsWith("220")) {
      this.#say(starttls);
      return "next";
    }
    if (injection !== "processed") this.#unread = "";
    const raw = this.#stream;
    raw.pause();
    raw.removeAllListeners("data");
    this.#say(starttls);
    secureAs(raw, this.#at, this.#authority).then(
      (tls) => {
        if (tls === null) return;
        this.#stream = tls;
        this.#inside = true;
        this.#readLines();
        this.#listen();
      },
      () => raw.destroy(),
    );
    return "starttls";
  }

  #say(script: Script): void {
    const { say, pace = 0, forever = false, close = false } = typeof script === "string" ? { say: script } : script;
    const stream = this.#stream;
    const octets = Buffer.from(say, "latin1");
    if (forever) endlessly(stream, octets);
    else if (pace > 0) slowly(stream, octets, pace);
    else if (octets.length > 0 && stream.writable) stream.write(octets);
    if (close) stream.end();
  }
}

function slowly(stream: Socket, octets: Buffer, pace: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at < octets.length && stream.writable) stream.write(octets.subarray(at, at + 1));
    at += 1;
  }, pace);
  stream.on("close", () => clearInterval(timer));
}

function endlessly(stream: Socket, octets: Buffer): void {
  const more = () => {
    while (stream.writable && stream.write(octets));
  };
  stream.on("drain", more);
  more();
}

import { setTimeout as sleep } from "node:timers/promises";
import { createTransport } from "nodemailer";
import { makeMail } from "#tests/unit/reports/make-mail.ts";
import type { Sent } from "./traffic.ts";

/** A report as a mail (RFC 8460 §5.3), not signed. */
export function asMail({ id, bytes }: Pick<Sent, "id" | "bytes">, domain = "example.org"): Buffer {
  const headers = [
    "From: noreply-smtp-tls-reporting@google.com",
    "To: reports@reports.test",
    `Subject: Report Domain: ${domain} Submitter: google.com Report-ID: <${id}@google.com>`,
    `Message-ID: <${id}@google.com>`,
    `TLS-Report-Domain: ${domain}`,
    "TLS-Report-Submitter: google.com",
  ];
  return makeMail(headers, [
    { type: "text/plain", body: "This is an aggregate TLS report." },
    { type: "application/tlsrpt+gzip", body: bytes, encoding: "base64" },
  ]);
}

/** A sender that keeps its connections. */
export interface Sender {
  /** Brings a mail, again and again until somebody says 250. @returns the refusals and breaks before that */
  deliver(mail: Buffer): Promise<string[]>;
  close(): void;
}

/** Connects to a door on loopback. */
export function makeSender(port: number, to: string, maxConnections: number): Sender {
  const transport = createTransport({
    ...{ pool: true, maxConnections, maxMessages: Number.POSITIVE_INFINITY },
    ...{ host: "127.0.0.1", port, ignoreTLS: true, name: "mail.google.com" },
    ...{ connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 20_000 },
  });
  return {
    async deliver(raw) {
      const before: string[] = [];
      for (;;) {
        try {
          await transport.sendMail({ envelope: { from: "", to: [to] }, raw });
          return before;
        } catch (error) {
          before.push(error instanceof Error ? error.message : String(error));
          await sleep(50);
        }
      }
    },
    close: () => transport.close(),
  };
}

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail server for what Sealpost sends. It keeps every mail, and shows them to the tests on an HTTP port of its own. */
export interface Mailbox {
  /** For SMTP_URL. */
  url: string;
  stop(): Promise<void>;
}

/** Starts the mail server; `httpPort` answers GET with all mails as a JSON array of their source texts. */
export async function startMailbox(httpPort: number): Promise<Mailbox> {
  const mails: string[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, _, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push(Buffer.concat(chunks).toString("utf8"));
        done();
      });
    },
  });
  const server = smtp.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const http = createServer((_, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify(mails)),
  );
  await new Promise<void>((done) => http.listen(httpPort, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    stop: async () => {
      await Promise.all([new Promise<void>((done) => smtp.close(done)), new Promise((done) => http.close(done))]);
    },
  };
}

import { once } from "node:events";
import { createServer, type TLSSocket } from "node:tls";
import type { Authority } from "#tests/lab/authority.ts";

/** A name of the lab that leads to loopback. */
export const IMAP_HOST = "mail.reports.test";
export const IMAP_PASSWORD = "only-this-mailbox-knows-it";
export const IMAP_FOLDERS = ["INBOX", "Archive"];

/** As little of an IMAP server as a client needs to sign in and find no mail; what it is really like is tested elsewhere. */
export async function startImap(authority: Authority, port: number): Promise<{ stop(): Promise<void> }> {
  const sockets = new Set<TLSSocket>();
  const server = createServer(await authority.issue("good", IMAP_HOST), (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    const say = (line: string) => socket.write(`${line}\r\n`);
    say("* OK [CAPABILITY IMAP4rev1 IDLE LOGINDISABLED AUTH=PLAIN] ready");
    let rest = "";
    let waiting: ((line: string) => void) | null = null;
    socket.on("data", (chunk) => {
      const lines = (rest + chunk.toString("latin1")).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (waiting !== null) {
          const answer = waiting;
          waiting = null;
          answer(line);
          continue;
        }
        waiting = obey(line, say);
        if (/^\S+ LOGOUT/i.test(line)) socket.end();
      }
    });
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    stop: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers one command. @returns what takes the next line, where the command goes on with it */
function obey(line: string, say: (line: string) => void): ((line: string) => void) | null {
  const [tag = "*", command = "", ...rest] = line.split(" ");
  const name = command.toUpperCase() === "UID" ? `UID ${rest.shift()?.toUpperCase()}` : command.toUpperCase();
  const ok = () => say(`${tag} OK done`);
  if (name === "AUTHENTICATE" || name === "IDLE") {
    say("+ go on");
    return (next) => {
      const [, , password] = Buffer.from(next, "base64").toString("utf8").split("\0");
      if (name === "IDLE" || password === IMAP_PASSWORD) ok();
      else say(`${tag} NO [AUTHENTICATIONFAILED] Wrong user name or password`);
    };
  }
  if (name === "CAPABILITY") say("* CAPABILITY IMAP4rev1 IDLE LOGINDISABLED AUTH=PLAIN");
  if (name === "LIST") for (const folder of IMAP_FOLDERS) say(`* LIST () "/" ${folder}`);
  if (name === "UID SEARCH") say("* SEARCH");
  if (name === "SELECT" || name === "EXAMINE") {
    const folder = rest.join(" ").replaceAll('"', "");
    if (!IMAP_FOLDERS.includes(folder)) {
      say(`${tag} NO there is no such folder`);
      return null;
    }
    for (const told of ["FLAGS ()", "0 EXISTS", "OK [UIDVALIDITY 1] ok", "OK [UIDNEXT 1] ok"]) say(`* ${told}`);
  }
  ok();
  return null;
}

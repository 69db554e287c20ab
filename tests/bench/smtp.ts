import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { receive } from "#lib/reports/receive.ts";
import { type Account, makeAccount } from "#tests/system/account.ts";
import { cleanUp, freePort, start } from "#tests/system/installation.ts";
import { asMail, makeSender } from "#tests/system/mails.ts";
import { makeSent } from "#tests/system/traffic.ts";
import { printFigures } from "./figures.ts";

const MAILS = 1_000;
const CONNECTIONS = 8;
const WARM_UP = 200;

/** Mails with small reports over several connections, each answered when it is durable, and what of that time is whose. */
export async function bench(): Promise<void> {
  const port = await freePort();
  const installation = await start(undefined, {
    ...{ SEALPOST_MAIL_DOMAIN: "reports.test", SEALPOST_SMTP_LISTEN: `127.0.0.1:${port}` },
    SEALPOST_SMTP_RELAYS: "127.0.0.1",
  });
  try {
    const account = await makeAccount(installation);
    const address = `${account.domain.inboxToken}@reports.test`;
    await sendAll(port, address, mails(0).slice(0, WARM_UP)); // the first mails of a process compile its code
    const bare = await bareServer();
    await sendAll(bare.port, address, mails(0).slice(0, WARM_UP));
    const swallowing = await seconds(() => sendAll(bare.port, address, mails(1)));
    await bare.stop();
    await receiveAll(account, mails(2).slice(0, WARM_UP));
    const storing = await seconds(() => receiveAll(account, mails(3)));
    const door = await seconds(() => sendAll(port, address, mails(4)));
    const [row] = await sql<{ count: string }>("SELECT count(*) FROM reports", []);
    const expected = 2 * MAILS + 2 * WARM_UP;
    if (Number(row?.count) !== expected) throw new Error(`${row?.count} reports were stored, not ${expected}.`);
    printFigures(`${MAILS} mails over ${CONNECTIONS} connections: ${Math.round(MAILS / door)} reports a second`, [
      {
        ...{ name: "the SMTP door", value: door, unit: "s" },
        floor: { value: swallowing, of: "a bare smtp-server that swallows such mails" },
      },
      { name: `receive() alone, ${CONNECTIONS} at a time`, value: storing, unit: "s" },
    ]);
  } finally {
    await closeDatabase();
    await installation.stop();
    await cleanUp();
  }
}

/** Mails unlike those of any other set. */
function mails(set: number): Buffer[] {
  return Array.from({ length: MAILS }, (_, number) => asMail(makeSent(set * MAILS + number)));
}

/** Each connection brings a mail after the other. */
async function inTurn(items: readonly Buffer[], task: (mail: Buffer) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const work = async () => {
    for (let mail = left.pop(); mail !== undefined; mail = left.pop()) await task(mail);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

async function sendAll(port: number, to: string, items: readonly Buffer[]): Promise<void> {
  const sender = makeSender(port, to, CONNECTIONS);
  await inTurn(items, async (mail) => {
    const before = await sender.deliver(mail);
    if (before.length > 0) throw new Error(`A mail was answered with: ${before[0]}`);
  });
  sender.close();
}

async function receiveAll({ domain }: Account, items: readonly Buffer[]): Promise<void> {
  const inbox = { domain, teamId: domain.teamId, door: "smtp" } as const;
  await inTurn(items, (bytes) => receive([{ bytes, fileName: null }], inbox, new Date()));
}

async function bareServer(): Promise<{ port: number; stop: () => Promise<void> }> {
  const server = new SMTPServer({
    ...{ disabledCommands: ["AUTH", "STARTTLS"], disableReverseLookup: true },
    onData(stream, _, done) {
      stream.on("end", done).resume();
    },
  });
  const listener = server.listen(0, "127.0.0.1");
  await new Promise((done) => listener.once("listening", done));
  const { port } = listener.address() as AddressInfo;
  return { port, stop: () => new Promise((done) => server.close(done)) };
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1_000;
}

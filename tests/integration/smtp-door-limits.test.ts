import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import type { DomainRow } from "#lib/db/domains.ts";
import { SMTP_LIMITS } from "#lib/doors/limits.ts";
import { makeIdentity } from "#lib/doors/smtp-certificate.ts";
import { openSmtpDoor } from "#lib/doors/smtp-door.ts";
import { smtpDoorSettings } from "#lib/doors/smtp-settings.ts";
import { readSettings } from "#lib/settings.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { reportMail } from "#tests/unit/reports/sign-mail.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { makeDomain, rowsOf } from "./reports.ts";
import { type Dialogue, dialogue, openDoor, PROXY, RELAY, send, stopDoors } from "./smtp-client.ts";

const url = await ownDatabase();
const owner = await makeOwner();
const domain = await makeDomain(owner);
const inbox = `${domain.inboxToken}@reports.test`;
afterAll(stopDoors);

let number = 0;
function mailAbout({ name }: DomainRow): Buffer {
  return reportMail(makeReport({ id: `r${number++}`, policies: [makePolicy({ domain: name })] }), { domain: name });
}

/** A mail of exactly that many octets, the last line's end among them. */
function mailOf(size: number): Buffer {
  const head = Buffer.from(`Subject: ${number++}\r\nFrom: a@b.test\r\n\r\n`);
  const lines = Buffer.alloc(size - head.length, `${"x".repeat(70)}\r\n`);
  lines.write("\r\n", lines.length - 2);
  return Buffer.concat([head, lines]);
}

async function greeted(port: number, from?: string): Promise<Dialogue> {
  const peer = await dialogue(port, from);
  await peer.reply();
  await peer.say("EHLO a.test");
  return peer;
}

async function atData(port: number, from?: string): Promise<Dialogue> {
  const peer = await greeted(port, from);
  for (const line of ["MAIL FROM:<>", `RCPT TO:<${inbox}>`, "DATA"]) await peer.say(line);
  return peer;
}

/** Runs `task` while another session holds a table, and kills whoever waits for it. */
async function whileLosing<T>(table: string, task: () => Promise<T>): Promise<T> {
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  const running = task();
  try {
    // From another session: within a transaction the activity is seen as it was at the first look.
    for (let killed = 0; killed === 0; await sleep(20)) {
      const waiting = await sql<{ pid: number }>(
        `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        [],
      );
      killed = waiting.length;
    }
  } finally {
    await other.query("ROLLBACK");
    await other.end();
  }
  return running;
}

describe("the size of a mail", () => {
  const limit = SMTP_LIMITS.mailBytes;

  it("is taken up to the limit, and one octet more is not", async () => {
    const port = await openDoor();
    expect(await send(port, inbox, mailOf(limit))).toMatchObject({ code: 250 });
    const peer = await atData(port);
    peer.write(mailOf(limit + 1));
    expect(await peer.say(".")).toMatch(/^552 5\.3\.4 /);
    expect(await peer.say("NOOP")).toMatch(/^250 /);
    peer.end();
  });

  it("is refused before it comes when the sender says it", async () => {
    const peer = await greeted(await openDoor());
    expect(await peer.say(`MAIL FROM:<> SIZE=${limit + 1}`)).toMatch(/^552 5\.3\.4 /);
    expect(await peer.say(`MAIL FROM:<> SIZE=${limit}`)).toMatch(/^250 /);
    peer.end();
  });

  it("decides how many come at once: large ones have to wait their turn, small ones never", async () => {
    const port = await openDoor({ smallMailBytes: 20_000, largeMailsAtOnce: 1 });
    const [first, second, small] = [await atData(port), await atData(port), await atData(port)];
    first.write(mailOf(20_100));
    await sleep(100);
    second.write(mailOf(20_100));
    expect(await second.say(".")).toMatch(/^452 4\.3\.1 /);
    small.write(mailOf(20_000));
    expect(await small.say(".")).toMatch(/^250 /);
    expect(await first.say(".")).toMatch(/^250 /);
    for (const line of ["MAIL FROM:<>", `RCPT TO:<${inbox}>`, "DATA"]) await second.say(line);
    second.write(mailOf(20_100));
    expect(await second.say(".")).toMatch(/^250 /); // the first one's place is free
    for (const peer of [first, second, small]) peer.end();
  });
});

describe("recipients", () => {
  it("are as many as the limit says", async () => {
    const port = await openDoor({ recipients: 3 });
    const peer = await greeted(port);
    await peer.say("MAIL FROM:<>");
    for (const tag of ["a", "b", "c"]) expect(await peer.say(`RCPT TO:<${tag}+${inbox}>`)).toMatch(/^250 /);
    expect(await peer.say(`RCPT TO:<d+${inbox}>`)).toMatch(/^452 4\.5\.3 /);
    expect(await peer.say("DATA")).toMatch(/^354 /);
    peer.end();
  });

  it("that are unknown end the connection when they are too many", async () => {
    const peer = await greeted(await openDoor({ unknownRecipients: 2 }));
    await peer.say("MAIL FROM:<>");
    for (const name of ["a", "b"]) expect(await peer.say(`RCPT TO:<${name}@reports.test>`)).toMatch(/^550 /);
    expect(await peer.say("RCPT TO:<c@reports.test>")).toMatch(/^421 4\.7\.0 /);
    expect(await peer.reply()).toBeNull();
  });
});

describe("connections", () => {
  it("are limited in all", async () => {
    const port = await openDoor({ connections: 2 });
    const open = [await greeted(port), await greeted(port, "127.0.1.1")];
    const third = await dialogue(port, "127.0.1.2");
    expect(await third.reply()).toMatch(/^421 /);
    expect(await third.reply()).toBeNull();
    open[0]?.end();
    await sleep(100);
    const fourth = await dialogue(port, "127.0.1.2");
    expect(await fourth.reply()).toMatch(/^220 /);
    for (const peer of [...open, fourth]) peer.end();
  });

  it("are limited for each network, not for relays", async () => {
    const port = await openDoor({ connectionsOfNetwork: 1 });
    const open = [await greeted(port), await greeted(port, "127.0.1.1"), await greeted(port, RELAY)];
    const second = await dialogue(port);
    expect(await second.reply()).toMatch(/^421 4\.7\.0 /);
    const relay = await dialogue(port, RELAY);
    expect(await relay.reply()).toMatch(/^220 /);
    open[0]?.end();
    await sleep(100);
    const third = await dialogue(port);
    expect(await third.reply()).toMatch(/^220 /);
    for (const peer of [...open, relay, third]) peer.end();
  });

  it("are counted for whom a proxy names", async () => {
    const port = await openDoor({ connectionsOfNetwork: 1 });
    const through = async (address: string) => {
      const peer = await dialogue(port, PROXY);
      peer.write(`PROXY TCP6 ${address} ::1 5000 25\r\n`);
      return { peer, greeting: await peer.reply() };
    };
    const first = await through("2001:db8::1");
    expect(first.greeting).toMatch(/^220 /);
    expect((await through("2001:db8::2")).greeting).toMatch(/^421 4\.7\.0 /); // the same /64
    const other = await through("2001:db8:0:1::1");
    expect(other.greeting).toMatch(/^220 /);
    for (const { peer } of [first, other]) peer.end();
  });

  it("bring a number of mails each, and each network a number in a while", async () => {
    const port = await openDoor({ mailsOfConnection: 2, mailsOfNetwork: 3 });
    const mails = async (peer: Dialogue) => {
      await peer.say("MAIL FROM:<>");
      await peer.say(`RCPT TO:<${inbox}>`);
      await peer.say("DATA");
      return peer.say(`${mailAbout(domain)}.`);
    };
    const peer = await greeted(port);
    expect(await mails(peer)).toMatch(/^250 /);
    expect(await mails(peer)).toMatch(/^250 /);
    expect(await peer.say("MAIL FROM:<>")).toMatch(/^421 4\.7\.0 /);
    const again = await greeted(port);
    expect(await mails(again)).toMatch(/^250 /);
    expect(await again.say("MAIL FROM:<>")).toMatch(/^450 4\.7\.1 /);
    expect(await send(port, inbox, mailAbout(domain), { localAddress: RELAY })).toMatchObject({ code: 250 });
    again.end();
  });
});

describe("a slow client", () => {
  it("that says nothing is told so, and hung up on", async () => {
    const peer = await greeted(await openDoor({ idleMs: 200 }));
    expect(await peer.reply()).toMatch(/^421 /);
    expect(await peer.reply()).toBeNull();
  });

  it("that trickles its mail is hung up on, and nothing of it is kept", async () => {
    const other = await makeDomain(owner);
    const peer = await greeted(await openDoor({ dataMs: 400 }));
    for (const line of ["MAIL FROM:<>", `RCPT TO:<${other.inboxToken}@reports.test>`, "DATA"]) await peer.say(line);
    const trickle = setInterval(() => peer.write("x\r\n"), 50);
    expect(await peer.reply()).toMatch(/^421 4\.4\.2 /);
    expect(await peer.reply()).toBeNull();
    clearInterval(trickle);
    expect(await rowsOf(other.id)).toEqual({});
  });

  it("that says NOOP for ever is hung up on", async () => {
    const peer = await greeted(await openDoor({ sessionMs: 400 }));
    let last: string | null = "";
    for (let reply: string | null = ""; reply !== null; reply = await peer.say("NOOP")) last = reply || last;
    expect(last).toMatch(/^421 4\.4\.2 /);
  });
});

describe("while the database is away", () => {
  it("a recipient is asked to come again", async () => {
    const peer = await greeted(await openDoor());
    await peer.say("MAIL FROM:<>");
    expect(await whileLosing("domains", () => peer.say(`RCPT TO:<${inbox}>`))).toMatch(/^451 4\.3\.0 /);
    expect(await peer.say(`RCPT TO:<${inbox}>`)).toMatch(/^250 /);
    peer.end();
  });

  it("so is a mail, which is then stored once", async () => {
    const other = await makeDomain(owner);
    const address = `${other.inboxToken}@reports.test`;
    const port = await openDoor();
    const mail = mailAbout(other);
    expect(await whileLosing("reports", () => send(port, address, mail))).toMatchObject({ code: 451 });
    expect(await rowsOf(other.id)).toEqual({});
    expect(await send(port, address, mail)).toMatchObject({ code: 250 });
    expect(await rowsOf(other.id)).toMatchObject({ reports: 1 });
  });
});

describe("the door", () => {
  const base = { SEALPOST_MAIL_DOMAIN: "reports.test" };
  const settings = (env: Record<string, string>) => {
    const read = smtpDoorSettings(readSettings({ ...base, ...env }));
    if ("closed" in read) throw new Error(read.closed);
    return read;
  };

  it("answers the mail that is under way when it is told to stop, and hangs up on who is idle", async () => {
    const told: string[] = [];
    const door = await openSmtpDoor({ ...settings({}), port: 0 }, (line) => told.push(line));
    const port = door.port() ?? 0;
    const [idle, busy] = [await greeted(port), await atData(port)];
    const stopped = door.stop();
    expect(await idle.reply()).toMatch(/^421 4\.3\.2 /);
    expect(await busy.say(`${mailAbout(domain)}.`)).toMatch(/^250 /);
    expect(await busy.reply()).toMatch(/^421 4\.3\.2 /);
    await stopped;
    await expect(dialogue(port)).rejects.toThrow("ECONNREFUSED");
    expect(told).toEqual([]);
  });

  it("says once that its port is taken, and opens when it is free", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => squatter.once("listening", done));
    const address = squatter.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const told: string[] = [];
    const read = settings({ SEALPOST_SMTP_LISTEN: `127.0.0.1:${port}` });
    const door = await openSmtpDoor(read, (line) => told.push(line), { againMs: 50 });
    await sleep(200);
    expect(told).toEqual([
      expect.stringContaining(`SEALPOST_SMTP_LISTEN: another program listens at 127.0.0.1:${port}.`),
    ]);
    await new Promise((done) => squatter.close(done));
    for (let tries = 0; door.port() === null && tries < 200; tries++) await sleep(20);
    expect(told[1]).toBe(`The SMTP door is open at 127.0.0.1:${port}.`);
    await door.stop();
  });

  it("names the certificate that it cannot read, and opens when it can", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sealpost-smtp-"));
    const files = { SEALPOST_SMTP_CERT: join(folder, "cert.pem"), SEALPOST_SMTP_KEY: join(folder, "key.pem") };
    const told: string[] = [];
    const door = await openSmtpDoor({ ...settings(files), port: 0 }, (line) => told.push(line), { againMs: 20 });
    expect(told[0]).toMatch(/^The SMTP door cannot open\. SEALPOST_SMTP_CERT: ENOENT.*cert\.pem/);
    for (const file of Object.values(files)) writeFileSync(file, "no certificate");
    for (let tries = 0; told.length < 2 && tries < 200; tries++) await sleep(20);
    expect(told[1]).toContain("SEALPOST_SMTP_CERT and SEALPOST_SMTP_KEY cannot be used together");
    expect(door.port()).toBeNull();
    await door.stop();
    rmSync(folder, { recursive: true });
  });

  it("takes up a certificate that was renewed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sealpost-smtp-"));
    const files = { SEALPOST_SMTP_CERT: join(folder, "cert.pem"), SEALPOST_SMTP_KEY: join(folder, "key.pem") };
    const write = async () => {
      const { cert, key } = await makeIdentity("reports.test");
      writeFileSync(files.SEALPOST_SMTP_CERT, cert);
      writeFileSync(files.SEALPOST_SMTP_KEY, key);
      return new X509Certificate(cert).fingerprint256;
    };
    const seen = async (port: number) => {
      const peer = await greeted(port);
      await peer.say("STARTTLS");
      const fingerprint = await peer.secure();
      peer.end();
      return fingerprint;
    };
    const first = await write();
    const door = await openSmtpDoor({ ...settings(files), port: 0 }, () => {}, { renewMs: 20 });
    expect(await seen(door.port() ?? 0)).toBe(first);
    const second = await write();
    let fingerprint = first;
    for (let tries = 0; fingerprint === first && tries < 20; tries++) fingerprint = await seen(door.port() ?? 0);
    expect(fingerprint).toBe(second);
    await door.stop();
    rmSync(folder, { recursive: true });
  });
});

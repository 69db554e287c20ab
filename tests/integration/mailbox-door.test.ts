import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import type { DomainRow } from "#lib/db/domains.ts";
import {
  changeMailbox,
  createMailbox,
  deleteMailbox,
  enableMailbox,
  type MailboxSettings,
  mailboxesOf,
} from "#lib/db/mailboxes.ts";
import { newId } from "#lib/db/new-id.ts";
import { type Credentials, openCredentials, sealCredentials } from "#lib/doors/mailbox-credentials.ts";
import { runMailboxes } from "#lib/doors/run-mailboxes.ts";
import { tryMailbox } from "#lib/doors/try-mailbox.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { type Authority, createAuthority } from "#tests/lab/authority.ts";
import { until } from "#tests/system/installation.ts";
import { a, NXDOMAIN, servePackets, stopServers } from "#tests/unit/probes/own-dns.ts";
import { makeMail } from "#tests/unit/reports/make-mail.ts";
import { reportMail } from "#tests/unit/reports/sign-mail.ts";
import { startProxy } from "./cutting-proxy.ts";
import { ownDatabase } from "./database.ts";
import { type Dovecot, PASSWORD, startDovecot, TOKEN, whyNoDovecot } from "./dovecot.ts";
import { makeOwner } from "./people.ts";
import { makeDomain, reportAbout } from "./reports.ts";
import { serveTokens } from "./token-endpoint.ts";

// The door as the worker runs it, against a Dovecot of Debian's. Each test has a mailbox and a domain of its own.
const HOST = "imap.mail.test";
await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), "sealpost-mailbox-"));
const authority: Authority = await createAuthority();
writeFileSync(join(folder, "roots.pem"), authority.rootPem);
const dns = await servePackets(({ questions }) => {
  const { name = "", type } = questions?.[0] ?? {};
  if (name === "private.mail.test") return type === "A" ? { answers: [a(name, "10.0.0.1")] } : {};
  if (!["imap.mail.test", "other.mail.test", "token.mail.test"].includes(name)) return NXDOMAIN;
  return type === "A" ? { answers: [a(name, "127.0.0.1")] } : {};
});
process.env.SEALPOST_DNS = dns.address;
process.env.SEALPOST_PROBE_CA_FILE = join(folder, "roots.pem");
process.env.SEALPOST_PROBE_ALLOW = "127.0.0.0/8";

const why = whyNoDovecot();
const owner = await makeOwner();
const by = owner.user;
const WITH_PASSWORD: Credentials = { kind: "password", password: PASSWORD };

let dovecot: Dovecot;
let stopReading: () => Promise<void>;
const faults: unknown[] = [];
const mailboxes: string[] = [];

beforeAll(async () => {
  if (why !== null) return;
  dovecot = await startDovecot(await authority.issue("good", HOST));
  stopReading = runMailboxes((what, error) => faults.push(what, error));
}, 300_000);

afterEach(async () => {
  for (const id of mailboxes.splice(0)) await deleteMailbox(owner.team.id, id, by).catch(() => {});
  expect(faults.splice(0)).toEqual([]);
});

afterAll(async () => {
  await stopReading?.();
  await dovecot?.stop();
  await stopServers();
  rmSync(folder, { recursive: true, force: true });
});

interface Own {
  id: string;
  user: string;
  domain: DomainRow;
  settings: MailboxSettings;
}

/** A user whom nobody else has, with a domain. */
async function newOwn(change: Partial<MailboxSettings> = {}): Promise<Own> {
  const domain = await makeDomain(owner);
  const id = newId();
  const user = `u${id.replaceAll("-", "")}`;
  const settings: MailboxSettings = {
    ...{ host: HOST, port: dovecot.ports.tls, security: "tls", userName: user, auth: "password" },
    ...{ folder: "INBOX", afterwards: "leave", moveTo: null, trayDomainId: domain.id, ...change },
  };
  return { id, user, domain, settings };
}

/** Has the mailbox read from now on. */
async function read({ id, settings }: Own, credentials: Credentials = WITH_PASSWORD): Promise<void> {
  await createMailbox(owner.team.id, id, settings, sealCredentials(credentials, id), by);
  mailboxes.push(id);
}

const stateOf = async ({ id }: Own) => (await mailboxesOf(owner.team.id)).find((row) => row.id === id);
const stored = async ({ domain }: Own) =>
  (await sql<{ report_id: string }>("SELECT report_id FROM reports WHERE domain_id = $1 ORDER BY id", [domain.id])).map(
    (row) => row.report_id,
  );
const quarantined = ({ domain }: Own) =>
  sql<{ code: string; reason: string }>("SELECT code, reason FROM quarantined WHERE domain_id = $1 ORDER BY code", [
    domain.id,
  ]);

const mailOf = ({ domain }: Own, id: string) =>
  reportMail({ ...reportAbout(domain.name, { id }) }, { domain: domain.name });
const OTHER = makeMail(["From: a@example.org", "Subject: Lunch"], [{ type: "text/plain", body: "At noon?" }]);
const BROKEN = makeMail(
  ["From: a@example.org", "Subject: Report", "TLS-Report-Domain: example.org"],
  [{ type: "application/tlsrpt+json", body: '{"organization-name": ' }],
);

const taken = (own: Own, count: number) =>
  until(`${count} reports are stored`, async () => (await stored(own)).length === count);
const settled = (own: Own, read: number) =>
  until(`${read} mails are read`, async () => {
    const state = await stateOf(own);
    return state !== undefined && Number(state.taken + state.others) === read && state.waiting === 0n;
  });
const failing = async (own: Own) => {
  await until("it is failing", async () => (await stateOf(own))?.failure !== null);
  return (await stateOf(own))?.failure ?? "";
};

describe.skipIf(why !== null)("a mailbox", () => {
  it("is read from its first mail on, in order, and new mail is taken within seconds", async () => {
    const own = await newOwn();
    const ids = Array.from({ length: 60 }, (_, at) => `old-${String(at).padStart(2, "0")}`);
    for (const id of ids) dovecot.deliver(own.user, mailOf(own, id));
    await read(own);
    await settled(own, 60);
    expect(await stored(own)).toEqual(ids);
    const before = await stateOf(own);
    expect(before).toMatchObject({ taken: 60n, others: 0n, lastUid: 60n, failure: null, failingSince: null });
    dovecot.deliver(own.user, mailOf(own, "new-1"));
    await until("IDLE tells of it", async () => (await stored(own)).length === 61, 5_000);
    dovecot.deliver(own.user, mailOf(own, "new-2"));
    await taken(own, 62);
    expect(dovecot.flags(own.user)).toEqual({ "": 62 });
  });

  it("keeps the order of its mail, and knows the same report again", async () => {
    const own = await newOwn();
    for (const id of ["a", "b", "a"]) dovecot.deliver(own.user, mailOf(own, id));
    await read(own);
    await settled(own, 3);
    expect(await stored(own)).toEqual(["a", "b"]);
  });

  it("with other mail: it stays as it is, and only what is a broken report is quarantined", async () => {
    const own = await newOwn({ afterwards: "move", moveTo: "Taken reports" });
    const foreign = await newOwn();
    dovecot.deliver(own.user, OTHER);
    dovecot.deliver(own.user, mailOf(own, "1"));
    dovecot.deliver(own.user, BROKEN);
    dovecot.deliver(own.user, reportMail(reportAbout("elsewhere.example"), { domain: "elsewhere.example" }));
    dovecot.deliver(own.user, mailOf(foreign, "of another domain"));
    dovecot.deliver(own.user, OTHER);
    await read(own);
    await settled(own, 6);
    expect(await stateOf(own)).toMatchObject({ taken: 4n, others: 2n });
    expect(await stored(own)).toEqual(["1"]);
    expect(await stored(foreign)).toEqual(["of another domain"]);
    expect((await quarantined(own)).map(({ code }) => code)).toEqual(["json-syntax", "other-domain"]);
    expect(dovecot.flags(own.user)).toEqual({ "": 2 });
    expect(dovecot.flags(own.user, "Taken reports")).toEqual({ "": 4 });
  });

  it.each([
    ["leave", { "": 3 }],
    ["seen", { "": 1, S: 2 }],
    ["delete", { "": 1 }],
  ] as const)("when it was taken: %s", async (afterwards, flags) => {
    const own = await newOwn({ afterwards });
    for (const mail of [mailOf(own, "1"), OTHER, mailOf(own, "2")]) dovecot.deliver(own.user, mail);
    await read(own);
    await settled(own, 3);
    expect(await stored(own)).toEqual(["1", "2"]);
    expect(dovecot.flags(own.user)).toEqual(flags);
  });

  it("another folder with a name in other letters, by STARTTLS", async () => {
    const own = await newOwn({ folder: "Berichte für TLS", security: "starttls", port: dovecot.ports.starttls });
    dovecot.deliver(own.user, mailOf(own, "1"), "Berichte f&APw-r TLS"); // modified UTF-7 (RFC 3501 §5.1.3)
    await read(own);
    await settled(own, 1);
    expect(await stored(own)).toEqual(["1"]);
  });

  it("whose numbers were made anew is read from its beginning, and nothing is doubled", async () => {
    const own = await newOwn();
    for (const id of ["1", "2"]) dovecot.deliver(own.user, mailOf(own, id));
    await read(own);
    await settled(own, 2);
    const before = await stateOf(own);
    await enableMailbox(owner.team.id, own.id, false, by);
    await sleep(1_100); // Dovecot's UIDVALIDITY is the second in which it was made
    dovecot.renumber(own.user);
    dovecot.deliver(own.user, mailOf(own, "3"));
    await enableMailbox(owner.team.id, own.id, true, by);
    await settled(own, 5);
    const after = await stateOf(own);
    expect(after?.uidValidity).not.toBe(before?.uidValidity);
    expect(await stored(own)).toEqual(["1", "2", "3"]);
  });

  it("with a mail larger than any report leaves it there, and tells of it when it says that it is one", async () => {
    const own = await newOwn({ afterwards: "delete" });
    const rest = Buffer.alloc(MAX_FILE_BYTES, "x".repeat(75).concat("\n"));
    dovecot.deliver(own.user, Buffer.concat([Buffer.from("Subject: Photos\r\n\r\n"), rest]));
    dovecot.deliver(own.user, Buffer.concat([Buffer.from("TLS-Report-Domain: a.example\r\n\r\n"), rest]));
    dovecot.deliver(own.user, mailOf(own, "1"));
    await read(own);
    await settled(own, 3);
    expect(await stateOf(own)).toMatchObject({ taken: 1n, others: 2n });
    expect(await quarantined(own)).toEqual([
      { code: "too-large", reason: expect.stringContaining('The mail stays in the folder "INBOX"') },
    ]);
    expect(dovecot.flags(own.user)).toEqual({ "": 2 });
  });

  it("whose server dies again and again loses and doubles nothing", async () => {
    const own = await newOwn({ afterwards: "move", moveTo: "Done" });
    const ids = Array.from({ length: 150 }, (_, at) => `r-${String(at).padStart(3, "0")}`);
    for (const id of ids) dovecot.deliver(own.user, mailOf(own, id));
    await read(own);
    for (const least of [1, 50]) {
      await until(`${least} are there`, async () => (await stored(own)).length >= least);
      await dovecot.crash();
    }
    await taken(own, 150);
    // A server that dies between copying and removing has some in both folders: those are moved once more.
    await until("all are moved", () => Object.keys(dovecot.flags(own.user)).length === 0, 30_000);
    expect(dovecot.flags(own.user, "Done")[""]).toBeGreaterThanOrEqual(150);
    expect(await stored(own)).toEqual(ids);
  }, 60_000);

  it("whose connection is cut in the middle of a mail is read on behind the last one that was taken", async () => {
    const proxy = await startProxy(dovecot.ports.tls);
    const own = await newOwn({ port: proxy.port });
    const ids = Array.from({ length: 100 }, (_, at) => `c-${String(at).padStart(3, "0")}`);
    for (const id of ids) dovecot.deliver(own.user, mailOf(own, id));
    proxy.cutAfter(60_000);
    await read(own);
    expect(await failing(own)).toBe(`${HOST} closed the connection.`);
    const { failingSince } = (await stateOf(own)) ?? {};
    expect(failingSince).toBeInstanceOf(Date);
    await until("it comes again", () => proxy.connections() >= 3);
    proxy.cutAfter(null);
    await settled(own, 100);
    expect(await stored(own)).toEqual(ids);
    expect(await stateOf(own)).toMatchObject({ taken: 100n, failure: null, failingSince: null });
    await proxy.stop();
  }, 60_000);

  it("is read by one of two workers", async () => {
    const proxy = await startProxy(dovecot.ports.tls);
    const own = await newOwn({ port: proxy.port });
    for (let at = 0; at < 50; at++) dovecot.deliver(own.user, mailOf(own, `w-${at}`));
    const stopOther = runMailboxes((what, error) => faults.push(what, error));
    await read(own);
    await settled(own, 50);
    await sleep(4_000);
    expect(proxy.connections()).toBe(1);
    expect(await stateOf(own)).toMatchObject({ taken: 50n, others: 0n });
    await stopOther();
    dovecot.deliver(own.user, mailOf(own, "after the stop"));
    await taken(own, 51);
    await proxy.stop();
  });

  it("that is changed while it is read is read as it is now; paused or removed it is not read at all", async () => {
    const own = await newOwn();
    dovecot.deliver(own.user, mailOf(own, "1"));
    dovecot.deliver(own.user, mailOf(own, "2"), "Elsewhere");
    await read(own);
    await settled(own, 1);
    const changed = { ...own.settings, folder: "Elsewhere", afterwards: "seen" } as const;
    await changeMailbox(owner.team.id, own.id, changed, sealCredentials(WITH_PASSWORD, own.id), by);
    await taken(own, 2);
    await until("it is marked", () => dovecot.flags(own.user, "Elsewhere").S === 1);
    expect(dovecot.flags(own.user)).toEqual({ "": 1 });
    await enableMailbox(owner.team.id, own.id, false, by);
    await sleep(11_000); // the worker asks for its right every ten seconds
    dovecot.deliver(own.user, mailOf(own, "3"), "Elsewhere");
    await sleep(1_500);
    expect(await stored(own)).toHaveLength(2);
    await enableMailbox(owner.team.id, own.id, true, by);
    await taken(own, 3);
  });
});

describe.skipIf(why !== null)("an OAuth 2.0 token", () => {
  it("signs in as it is", async () => {
    const own = await newOwn({ auth: "oauth" });
    dovecot.deliver(own.user, mailOf(own, "1"));
    await read(own, { kind: "token", accessToken: `${TOKEN}-${own.user}` });
    await settled(own, 1);
  });

  it("is fetched when there is none, kept with the new refresh token, and fetched anew when it is not believed", async () => {
    const own = await newOwn({ auth: "oauth" });
    const endpoint = await serveTokens(authority, "token.mail.test", () => ({
      status: 200,
      body: { access_token: `${TOKEN}-${own.user}`, expires_in: 3600, refresh_token: "rotated" },
    }));
    const credentials: Credentials = {
      ...{ kind: "refresh", tokenUrl: endpoint.url, clientId: "client", clientSecret: "s&cret", scope: "mail read" },
      ...{ refreshToken: "first", accessToken: "no longer good", expiresAt: Date.now() + 3_600_000 },
    };
    dovecot.deliver(own.user, mailOf(own, "1"));
    await read(own, credentials);
    await settled(own, 1);
    expect(endpoint.forms).toEqual([
      {
        ...{ grant_type: "refresh_token", refresh_token: "first", client_id: "client", client_secret: "s&cret" },
        scope: "mail read",
      },
    ]);
    const row = await stateOf(own);
    const kept = openCredentials(row?.secret ?? Buffer.alloc(0), own.id);
    expect(kept).toMatchObject({ refreshToken: "rotated", accessToken: `${TOKEN}-${own.user}` });
    expect(JSON.stringify(row?.secret)).not.toContain("rotated");
    await endpoint.stop();
  });

  it.each([
    [
      { status: 400, body: { error: "invalid_grant", error_description: "Token has been revoked." } },
      '(it says "invalid_grant: Token has been revoked.")',
    ],
    [{ status: 200, body: { hello: "world" } }, "its answer has status 200"],
    [{ status: 302, body: {} }, "its answer has status 302"],
    [{ status: 200, body: { access_token: "x".repeat(100_000) } }, "its answer has status 200"],
  ])("that the endpoint does not give: %j", async (answer, words) => {
    const endpoint = await serveTokens(authority, "token.mail.test", () => answer);
    const own = await newOwn({ auth: "oauth" });
    const tried = await tryMailbox(own.settings, {
      ...{ kind: "refresh", tokenUrl: endpoint.url, clientId: "c", clientSecret: null, scope: null },
      ...{ refreshToken: "r", accessToken: null, expiresAt: null },
    });
    expect(tried.fault).toMatchObject({ code: "token-refused", sentence: expect.stringContaining(words) });
    await endpoint.stop();
  });
});

describe.skipIf(why !== null)("a try", () => {
  it("signs in, lists the folders and counts the mails, and changes nothing", async () => {
    const own = await newOwn();
    dovecot.deliver(own.user, OTHER);
    dovecot.deliver(own.user, OTHER, "Berichte");
    const tried = await tryMailbox(own.settings, WITH_PASSWORD);
    expect(tried).toMatchObject({ mails: 1, fault: null, credentials: WITH_PASSWORD });
    expect(tried.folders.sort()).toEqual(["Berichte", "INBOX"]);
    expect(dovecot.flags(own.user)).toEqual({ "": 1 });
  });

  const WRONG: [string, Partial<MailboxSettings>, Credentials, string, string][] = [
    [
      "another password",
      {},
      { kind: "password", password: "wrong" },
      "login-refused",
      'refuses the user name or what signs in (it says "Authentication failed.")',
    ],
    [
      "another token",
      { auth: "oauth" },
      { kind: "token", accessToken: "wrong" },
      "login-refused",
      "refuses the user name",
    ],
    ["no such folder", { folder: "Nowhere" }, WITH_PASSWORD, "folder-missing", 'has no folder "Nowhere"'],
    [
      "a certificate for another name",
      { host: "other.mail.test" },
      WITH_PASSWORD,
      "certificate",
      "it is for another name",
    ],
    ["an address for a name", { host: "127.0.0.1" }, WITH_PASSWORD, "certificate", "it is for another name"],
    [
      "no such host",
      { host: "nowhere.mail.test" },
      WITH_PASSWORD,
      "host-not-found",
      "There is no host nowhere.mail.test",
    ],
    [
      "a private address",
      { host: "private.mail.test" },
      WITH_PASSWORD,
      "address-refused",
      "10.0.0.1 is a private address. Whoever runs this Sealpost can allow it with SEALPOST_PROBE_ALLOW.",
    ],
    [
      "a private address by its number",
      { host: "192.168.1.1" },
      WITH_PASSWORD,
      "address-refused",
      "SEALPOST_PROBE_ALLOW",
    ],
    ["a port where nobody listens", { port: 1 }, WITH_PASSWORD, "connection-refused", "the connection is refused"],
  ];
  it.each(WRONG)("tells of %s", async (_, change, credentials, code, words) => {
    const own = await newOwn(change);
    const tried = await tryMailbox(own.settings, credentials);
    expect(tried.fault).toMatchObject({ code, sentence: expect.stringContaining(words) });
  });

  it("tells of a port that waits for STARTTLS", async () => {
    const tried = await tryMailbox((await newOwn({ port: dovecot.ports.starttls })).settings, WITH_PASSWORD);
    expect(tried.fault).toMatchObject({ code: "tls", sentence: expect.stringContaining("that of the other security") });
  });
});

describe.skipIf(why !== null)("a mailbox that cannot be read", () => {
  it("says so and since when, delays no other, and is read again once it is mended", async () => {
    const own = await newOwn({ folder: "Later" });
    const other = await newOwn();
    dovecot.deliver(own.user, OTHER);
    dovecot.deliver(other.user, mailOf(other, "1"));
    await read(own);
    expect(await failing(own)).toBe(`${HOST} has no folder "Later".`);
    await read(other);
    await settled(other, 1);
    dovecot.deliver(own.user, mailOf(own, "1"), "Later");
    await settled(own, 1);
    expect(await stateOf(own)).toMatchObject({ failure: null, failingSince: null });
  });

  it("asks for the password again when the installation's secret is another one", async () => {
    const own = await newOwn();
    const { id } = own;
    const foreign = sealCredentials(WITH_PASSWORD, newId()); // as good as one under another secret
    await createMailbox(owner.team.id, id, own.settings, foreign, by);
    mailboxes.push(id);
    expect(await failing(own)).toContain("enter it again");
  });
});

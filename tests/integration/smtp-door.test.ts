import { afterAll, describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { type DomainRow, domainNamed, rotateInbox } from "#lib/db/domains.ts";
import { changeReportPolicy } from "#lib/db/report-policy.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { servePackets, stopServers } from "#tests/unit/probes/own-dns.ts";
import { KEY_RECORD, reportMail, signMail } from "#tests/unit/reports/sign-mail.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { makeDomain, rowsOf, totalsOf } from "./reports.ts";
import { dialogue, openDoor, PROXY, RELAY, said, send, stopDoors } from "./smtp-client.ts";

await ownDatabase();
const dns = await servePackets(({ questions }) => {
  const name = questions?.[0]?.name ?? "";
  return name.endsWith("_domainkey.google.com")
    ? { answers: [{ type: "TXT", name, ttl: 300, data: KEY_RECORD.match(/.{1,250}/g) ?? [] }] }
    : { flags: 3 };
});
process.env.SEALPOST_DNS = dns.address;
const port = await openDoor();
afterAll(async () => {
  await stopDoors();
  await stopServers();
  expect(said).toEqual([]);
});

const owner = await makeOwner();

function mailAbout({ name }: DomainRow, id = "1", headers: string[] = []): Buffer {
  const report = makeReport({ id, policies: [makePolicy({ domain: name, successes: 10 })] });
  return reportMail(report, { domain: name, headers });
}

const signed = (mail: Buffer) => signMail(mail, "google.com");
const inboxOf = ({ inboxToken }: DomainRow, domain = "reports.test") => `${inboxToken}@${domain}`;
const rows = ({ id }: DomainRow) =>
  sql<{ report_id: string; held: boolean; dkim: string; door: string }>(
    "SELECT report_id, held, dkim, door FROM reports WHERE domain_id = $1 ORDER BY report_id",
    [id],
  );

describe("a mail", () => {
  it("with a report is stored, signed and counted; again, it is known", async () => {
    const domain = await makeDomain(owner);
    const mail = await signed(mailAbout(domain));
    expect(await send(port, inboxOf(domain), mail)).toEqual({
      code: 250,
      text: expect.stringMatching(/^2\.0\.0 stored [\da-f-]{36}$/),
    });
    expect(await rows(domain)).toEqual([{ report_id: "1", held: false, dkim: "pass", door: "smtp" }]);
    expect(await send(port, inboxOf(domain), mail)).toEqual({ code: 250, text: "2.0.0 known already" });
    expect(await rowsOf(domain.id)).toMatchObject({ reports: 1, day_totals: 1 });
  });

  it("without a signature of its reporter is held", async () => {
    const domain = await makeDomain(owner);
    const { code, text } = await send(port, inboxOf(domain), mailAbout(domain));
    expect({ code, text }).toEqual({ code: 250, text: expect.stringMatching(/^2\.0\.0 stored \S+, held for review$/) });
    expect(await rows(domain)).toMatchObject([{ held: true, dkim: "none" }]);
  });

  it("without a report is kept in quarantine, and the sender is told why", async () => {
    const domain = await makeDomain(owner);
    const { code, text } = await send(
      port,
      inboxOf(domain),
      Buffer.from("Subject: hello\r\nFrom: a@b.test\r\n\r\nH\u00e9!\r\n"),
    );
    expect({ code, text }).toEqual({ code: 250, text: expect.stringMatching(/^2\.0\.0 kept in quarantine: [ -~]+$/) });
    expect(await rowsOf(domain.id)).toEqual({ quarantined: 1 });
  });

  it("comes without TLS too (RFC 8460 §5.3), from the null sender, and with a dot at the start of a line", async () => {
    const domain = await makeDomain(owner);
    const mail = Buffer.concat([mailAbout(domain), Buffer.from(".\r\n..\r\n")]);
    expect(await send(port, inboxOf(domain), mail, { tls: false, from: "" })).toMatchObject({ code: 250 });
    const [raw] = await sql<{ bytes: Buffer }>("SELECT bytes FROM raw_files WHERE domain_id = $1", [domain.id]);
    expect(Buffer.from(raw?.bytes ?? []).equals(mail)).toBe(true);
  });

  it("to several inboxes is received for each, once", async () => {
    const mine = await makeDomain(owner);
    const theirs = await makeDomain(await makeOwner(), mine.name);
    const addresses = [inboxOf(mine), inboxOf(theirs), inboxOf(mine, "REPORTS.TEST"), `x+${inboxOf(mine)}`];
    const { code, text } = await send(port, addresses, mailAbout(mine));
    expect({ code, text }).toEqual({ code: 250, text: expect.stringMatching(/^2\.0\.0 stored [^;]+; stored [^;]+$/) });
    for (const domain of [mine, theirs]) expect(await rows(domain)).toHaveLength(1);
  });
});

describe("a recipient", () => {
  it.each([
    ["as it is", (token: string) => `${token}@reports.test`],
    ["in other case", (token: string) => `${token.toUpperCase()}@Reports.TEST`],
    ["with a subaddress", (token: string) => `${token}+google@reports.test`],
    ["as a subaddress", (token: string) => `tls+${token}@reports.test`],
  ])("is found %s", async (_, address) => {
    const domain = await makeDomain(owner);
    expect(await send(port, address(domain.inboxToken), mailAbout(domain))).toMatchObject({ code: 250 });
    expect(await rows(domain)).toHaveLength(1);
  });

  it.each([
    ["unknown@reports.test", "5.1.1 "],
    ["a+b+c@reports.test", "5.1.1 "],
    ["postmaster@reports.test", "5.1.1 "],
    ["x%example.com@reports.test", "5.1.1 "],
    ["somebody@example.com", "5.7.1 "],
    ["somebody@sub.reports.test", "5.7.1 "],
  ])("%s is none", async (address, status) => {
    const told = await send(port, address, Buffer.from("Subject: x\r\n\r\n"));
    expect(told).toEqual({ code: 550, text: expect.stringMatching(new RegExp(`^${status}`)) });
  });

  it("is the same after the inbox got another address, for some days", async () => {
    const domain = await makeDomain(owner);
    await rotateInbox(owner.team.id, domain.name, 14, owner.user);
    const now = await domainNamed(owner.team.id, domain.name);
    expect(await send(port, inboxOf(domain), mailAbout(domain, "old"))).toMatchObject({ code: 250 });
    expect(await send(port, inboxOf(now ?? domain), mailAbout(domain, "new"))).toMatchObject({ code: 250 });
    expect((await rows(domain)).map((row) => row.report_id)).toEqual(["new", "old"]);
    await rotateInbox(owner.team.id, domain.name, 14, owner.user);
    expect(await send(port, inboxOf(domain), mailAbout(domain))).toMatchObject({ code: 550 });
  });

  it("that is removed between RCPT and the end of the mail is no more", async () => {
    const domain = await makeDomain(owner);
    const peer = await dialogue(port);
    await peer.reply();
    for (const line of ["EHLO a.test", "MAIL FROM:<>", `RCPT TO:<${inboxOf(domain)}>`, "DATA"]) await peer.say(line);
    await sql("DELETE FROM domains WHERE id = $1", [domain.id]);
    expect(await peer.say(`${mailAbout(domain)}.`)).toMatch(/^550 5\.1\.1 /);
    peer.end();
  });
});

describe("the dialogue", () => {
  it("of a real sender: EHLO, STARTTLS, MAIL, RCPT, DATA, in pipelines", async () => {
    const domain = await makeDomain(owner);
    const peer = await dialogue(port);
    expect(await peer.reply()).toBe("220 reports.test ESMTP");
    const features = [`SIZE ${MAX_FILE_BYTES}`, "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"].sort();
    const first = (await peer.say("EHLO mail-yw1-f201.google.com"))?.split("\r\n").map((line) => line.slice(4)) ?? [];
    expect(first[0]).toBe("reports.test");
    expect(first.slice(1).sort()).toEqual([...features, "STARTTLS"].sort());
    expect(await peer.say("STARTTLS")).toMatch(/^220 /);
    await peer.secure();
    expect(await peer.say("MAIL FROM:<>")).toMatch(/^503 /); // what was said before counts no more (RFC 3207 §4.2)
    const second = (await peer.say("EHLO mail-yw1-f201.google.com"))?.split("\r\n").map((line) => line.slice(4)) ?? [];
    expect(second.slice(1).sort()).toEqual(features);
    const mail = await signed(mailAbout(domain));
    peer.write(`MAIL FROM:<> SIZE=${mail.length} BODY=8BITMIME\r\nRCPT TO:<${inboxOf(domain)}>\r\nDATA\r\n`);
    expect(await peer.reply()).toMatch(/^250 2\.1\.0 /);
    expect(await peer.reply()).toMatch(/^250 2\.1\.5 /);
    expect(await peer.reply()).toMatch(/^354 /);
    peer.write(Buffer.concat([mail, Buffer.from(".\r\nQUIT\r\n")]));
    expect(await peer.reply()).toMatch(/^250 2\.0\.0 stored /);
    expect(await peer.reply()).toMatch(/^221 /);
    expect(await peer.reply()).toBeNull();
    expect(await rows(domain)).toMatchObject([{ dkim: "pass" }]);
  });

  it("knows neither AUTH nor BDAT nor old jokes, and VRFY and EXPN tell nobody who is there", async () => {
    const domain = await makeDomain(owner);
    const peer = await dialogue(port);
    await peer.reply();
    await peer.say("EHLO a.test");
    for (const line of ["AUTH PLAIN AGEAYg==", "BDAT 4 LAST", "WIZ x", "EXPN reports", "XCLIENT ADDR=192.0.2.1"]) {
      expect(await peer.say(line), line).toMatch(/^500 5\.5\.2 /);
    }
    expect(await peer.say(`VRFY ${inboxOf(domain)}`)).toBe(await peer.say("VRFY unknown@reports.test"));
    expect(await peer.say("RCPT TO:<a@reports.test>")).toMatch(/^503 /);
    expect(await peer.say("DATA")).toMatch(/^503 /);
    peer.end();
  });

  it("discards what was sent in clear after STARTTLS", async () => {
    const domain = await makeDomain(owner);
    const peer = await dialogue(port);
    await peer.reply();
    await peer.say("EHLO a.test");
    const injected = `EHLO evil.test\r\nMAIL FROM:<>\r\nRCPT TO:<${inboxOf(domain)}>\r\nDATA\r\nFrom: a@b.test\r\n\r\n.\r\n`;
    peer.write(`STARTTLS\r\n${injected}`);
    expect(await peer.reply()).toMatch(/^220 /);
    await peer.secure();
    expect(await peer.say("NOOP")).toMatch(/^250 2\.0\.0 OK$/);
    expect(await peer.say("RCPT TO:<a@reports.test>")).toMatch(/^503 /);
    expect(await rowsOf(domain.id)).toEqual({});
    peer.end();
  });

  it("does not take a mail that breaks off", async () => {
    const domain = await makeDomain(owner);
    const peer = await dialogue(port);
    await peer.reply();
    for (const line of ["EHLO a.test", "MAIL FROM:<>", `RCPT TO:<${inboxOf(domain)}>`, "DATA"]) await peer.say(line);
    peer.write(mailAbout(domain));
    peer.end();
    expect(await send(port, inboxOf(domain), mailAbout(domain, "next"))).toMatchObject({ code: 250 });
    expect(await rows(domain)).toMatchObject([{ report_id: "next" }]);
  });

  it("knows an inbox in quotes, and no parameter that it has not announced", async () => {
    const domain = await makeDomain(owner);
    const peer = await dialogue(port);
    await peer.reply();
    await peer.say("EHLO a.test");
    expect(await peer.say("MAIL FROM:<> X-PRIORITY=1")).toMatch(/^555 5\.5\.4 /);
    expect(await peer.say("MAIL FROM:<> SIZE=1000 BODY=8BITMIME RET=HDRS ENVID=a")).toMatch(/^250 /);
    const [token = "", host] = inboxOf(domain).split("@");
    expect(await peer.say(`RCPT TO:<"${token}"@${host}> NOTIFY=NEVER`)).toMatch(/^250 /);
    expect(await peer.say(`RCPT TO:<"\\${token}"@${host}>`)).toMatch(/^250 /);
    expect(await peer.say(`RCPT TO:<"x${token}"@${host}>`)).toMatch(/^550 /);
    expect(await peer.say(`RCPT TO:<${token}@${host}> COLOUR=blue`)).toMatch(/^555 /);
    peer.end();
  });

  it("takes only CRLF.CRLF for the end of a mail (RFC 5321 §4.1.1.4)", async () => {
    const domain = await makeDomain(owner);
    const peer = await dialogue(port);
    await peer.reply();
    for (const line of ["EHLO a.test", "MAIL FROM:<>", `RCPT TO:<${inboxOf(domain)}>`, "DATA"]) await peer.say(line);
    expect(await peer.say(`${mailAbout(domain)}\n.\nRSET\r\n.`)).toMatch(/^250 2\.0\.0 stored /);
    expect(await peer.say("NOOP")).toBe("250 2.0.0 OK");
    peer.end();
  });
});

describe("a relay", () => {
  const results = "Authentication-Results: mx.team.example; dkim=pass header.d=google.com";

  it("is believed what it says of signatures; nobody else is", async () => {
    const team = await makeOwner();
    const domain = await makeDomain(team);
    await changeReportPolicy(team.team.id, { holdUnverified: true, authservIds: ["mx.team.example"] }, team.user);
    await send(port, inboxOf(domain), mailAbout(domain, "relay", [results]), { localAddress: RELAY });
    await send(port, inboxOf(domain), mailAbout(domain, "stranger", [results]));
    expect(await rows(domain)).toMatchObject([
      { report_id: "relay", held: false, dkim: "pass" },
      { report_id: "stranger", held: true, dkim: "none" },
    ]);
  });

  it.each([
    "ADDR=192.0.2.1 NAME=mail.example",
    "ADDR=[UNAVAILABLE]",
    `ADDR=${RELAY}`,
    "NAME=mail.example",
    "HELO=mail.example",
  ])("may name its client with XCLIENT %s; then the mail is that client's, and no more believed", async (client) => {
    const team = await makeOwner();
    const domain = await makeDomain(team);
    await changeReportPolicy(team.team.id, { holdUnverified: true, authservIds: ["mx.team.example"] }, team.user);
    const peer = await dialogue(port, RELAY);
    await peer.reply();
    expect(await peer.say("EHLO proxy.test")).toContain("XCLIENT NAME ADDR");
    expect(await peer.say(`XCLIENT ${client}`)).toMatch(/^220 /);
    const again = await peer.say("EHLO mail.example");
    if (client.includes("ADDR")) expect(again).not.toContain("XCLIENT");
    for (const line of ["MAIL FROM:<>", `RCPT TO:<${inboxOf(domain)}>`, "DATA"]) await peer.say(line);
    expect(await peer.say(`${mailAbout(domain, "1", [results])}.`)).toMatch(/^250 /);
    expect(await rows(domain)).toMatchObject([{ held: true, dkim: "none" }]);
    peer.end();
  });

  it.each([
    ["TCP4 192.0.2.1 127.0.0.1 5000 25", "1"],
    ["UNKNOWN", "2"],
    [`TCP4 ${RELAY} 127.0.0.1 5000 25`, "3"],
  ])("of another kind, a proxy, begins with PROXY %s, and is not believed either", async (header, id) => {
    const team = await makeOwner();
    const domain = await makeDomain(team);
    await changeReportPolicy(team.team.id, { holdUnverified: true, authservIds: ["mx.team.example"] }, team.user);
    const both = await openDoor({}, { SEALPOST_SMTP_RELAYS: `${RELAY} ${PROXY}` });
    const peer = await dialogue(both, PROXY);
    peer.write(`PROXY ${header}\r\n`);
    expect(await peer.reply()).toMatch(/^220 /);
    expect(await peer.say("EHLO mail.example")).not.toContain("XCLIENT");
    for (const line of ["MAIL FROM:<>", `RCPT TO:<${inboxOf(domain)}>`, "DATA"]) await peer.say(line);
    expect(await peer.say(`${mailAbout(domain, id, [results])}.`)).toMatch(/^250 /);
    expect(await rows(domain)).toMatchObject([{ held: true }]);
    peer.end();
  });

  it("that is not named is a client like any other: no PROXY, no XCLIENT", async () => {
    const peer = await dialogue(port);
    peer.write("PROXY TCP4 192.0.2.1 127.0.0.1 5000 25\r\n");
    expect(await peer.reply()).toMatch(/^421 /);
    const silent = await dialogue(port, PROXY);
    silent.write("EHLO a.test\r\n");
    expect(await silent.reply()).toBeNull(); // a proxy has to say for whom it speaks
    peer.end();
  });
});

it("many mails at once into one domain: none is lost, none is doubled", async () => {
  const domain = await makeDomain(owner);
  const mails = Array.from({ length: 24 }, (_, number) => mailAbout(domain, `r${number % 20}`));
  const told = await Promise.all(
    mails.map((mail, index) => send(port, inboxOf(domain), mail, { tls: index % 3 === 0, localAddress: RELAY })),
  );
  expect(told.filter(({ text }) => text.startsWith("2.0.0 stored"))).toHaveLength(20);
  expect(told.filter(({ text }) => text === "2.0.0 known already")).toHaveLength(4);
  expect(await rowsOf(domain.id)).toMatchObject({ reports: 20 });
  const { standing, summed } = await totalsOf(domain.id);
  expect(standing).toEqual(summed);
});

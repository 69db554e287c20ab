import { afterAll, expect, test } from "vitest";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { makeAccount } from "./account.ts";
import { cleanUp, freePort, newFolder, start } from "./installation.ts";
import { asMail, makeSender } from "./mails.ts";
import { makeSent } from "./traffic.ts";

afterAll(async () => {
  await closeDatabase();
  await cleanUp();
});

test("an installation with a mail domain takes reports by SMTP; one without says that its door stays closed", async () => {
  const folder = newFolder();
  const without = await start(folder);
  expect(without.stderr()).toContain("The SMTP door stays closed: SEALPOST_MAIL_DOMAIN");
  const { domain } = await makeAccount(without);
  expect(await without.stop()).toEqual({ code: 0, signal: null });

  const port = await freePort();
  const door = { SEALPOST_MAIL_DOMAIN: "reports.test", SEALPOST_SMTP_LISTEN: `127.0.0.1:${port}` };
  const sealpost = await start(folder, door);
  expect(sealpost.stderr()).not.toContain("SMTP door");
  const sender = makeSender(port, `${domain.inboxToken}@reports.test`, 1);
  expect(await sender.deliver(asMail(makeSent(1)))).toEqual([]);
  const rows = await sql("SELECT report_id, door, held FROM reports WHERE domain_id = $1", [domain.id]);
  expect(rows).toEqual([{ report_id: "report-1", door: "smtp", held: true }]);
  // The sender's connection is still open: that must not hold the stop up.
  await closeDatabase();
  expect(await sealpost.stop()).toEqual({ code: 0, signal: null });
  sender.close();
});

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { closeDatabase } from "#lib/db/client.ts";
import { makeAccount } from "./account.ts";
import { cleanUp, start } from "./installation.ts";
import { makeSent } from "./traffic.ts";

afterAll(async () => {
  await closeDatabase();
  await cleanUp();
});

test("curl as Postfix's tlsrpt-reporter calls it: small and large reports, and what it is told (quirk 43)", async () => {
  const sealpost = await start();
  const { domain } = await makeAccount(sealpost);
  const door = `${sealpost.url}/api/tls-reports/${domain.inboxToken}`;
  const file = (name: string, bytes: Buffer) => {
    writeFileSync(join(sealpost.folder, name), bytes);
    return `@${join(sealpost.folder, name)}`;
  };
  const post = async (data: string, to = door) => {
    const header = "Content-Type: application/tlsrpt+gzip";
    const args = ["--silent", "--request", "POST", "--header", header, "--data-binary", data];
    const { stdout } = await promisify(execFile)("curl", [...args, "--write-out", "\n%{http_code}", to]);
    const [answer = "", status] = stdout.split("\n");
    return [Number(status), JSON.parse(answer).outcome ?? JSON.parse(answer).error];
  };
  const report = file("report.json.gz", makeSent(1).bytes);
  expect(await post(report)).toEqual([201, "stored"]);
  expect(await post(report)).toEqual([200, "duplicate"]);
  // Above a megabyte curl asks first whether it may.
  const large = file("large", Buffer.alloc(3 * 1024 * 1024, "x"));
  expect(await post(large)).toEqual([201, "quarantined"]);
  expect(await post(large, `${sealpost.url}/api/tls-reports/nobody`)).toEqual([404, "Not found."]);
  const tooLarge = file("too-large", Buffer.alloc(17 * 1024 * 1024, "x"));
  expect(await post(tooLarge)).toEqual([413, "A report may have at most 10 MB compressed, or 16 MB as it is."]);
});

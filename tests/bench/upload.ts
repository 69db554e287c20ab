import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { closeDatabase, sql } from "#lib/db/client.ts";
import { storeArrivals } from "#lib/db/store-arrivals.ts";
import { readReports } from "#lib/reports/receive.ts";
import { dropFiles } from "#tests/e2e/fixtures.ts";
import { type Account, makeAccount } from "#tests/system/account.ts";
import { cleanUp, start } from "#tests/system/installation.ts";
import { makeSent, type Sent, upload } from "#tests/system/traffic.ts";
import { cookieFor, withBrowser } from "./browser.ts";
import { printFigures } from "./figures.ts";

const FILES = 1_000;
const TARGET_SECONDS = 10;
/** As components/reports/send-files.ts does it. */
const FILES_AT_ONCE = 100;
const REQUESTS_AT_ONCE = 2;

/** 1,000 small reports dropped on the page, and what of that time is whose. */
export async function bench(): Promise<void> {
  const installation = await start();
  try {
    const account = await makeAccount(installation);
    await sendAll(account, reports(0).slice(0, 200)); // the first requests of a process compile its code
    const bare = await bareServer();
    const reading = await seconds(() => sendAll({ ...account, uploads: bare.url }, reports(1)));
    bare.stop();
    const storing = await storeAlone(account, reports(2));
    const http = await seconds(() => sendAll(account, reports(3)));
    const dropped = await drop(installation.url, account, reports(4));
    const [row] = await sql<{ count: string }>("SELECT count(*) FROM reports", []);
    if (Number(row?.count) !== 3 * FILES + 200) throw new Error(`Only ${row?.count} reports were stored.`);
    printFigures(`${FILES} small reports`, [
      {
        ...{ name: "one drop on the page, in Chromium", value: dropped, unit: "s", target: TARGET_SECONDS },
        floor: { value: reading, of: "the same bytes to a bare Node server that only reads them" },
      },
      {
        ...{ name: "the same requests without a browser", value: http, unit: "s" },
        floor: { value: storing, of: "storing them alone, in the same batches" },
      },
    ]);
  } finally {
    await closeDatabase();
    await installation.stop();
    await cleanUp();
  }
}

/** Reports unlike those of any other set. */
function reports(set: number): Sent[] {
  return Array.from({ length: FILES }, (_, number) => makeSent(set * FILES + number));
}

function batches<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / FILES_AT_ONCE);
  return Array.from({ length: count }, (_, index) => items.slice(index * FILES_AT_ONCE, (index + 1) * FILES_AT_ONCE));
}

async function sendAll(account: Account, files: readonly Sent[]): Promise<void> {
  const left = batches(files);
  const work = async () => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) {
      const { status } = await upload(account, batch);
      if (status !== 200) throw new Error(`The upload was answered with ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
}

async function storeAlone({ domain }: Account, files: readonly Sent[]): Promise<number> {
  const inbox = { domain, teamId: domain.teamId, door: "upload" } as const;
  const read = await Promise.all(batches(files).map((batch) => readReports(batch, inbox, new Date())));
  return seconds(async () => {
    for (const batch of read) await storeArrivals(batch, []);
  });
}

async function drop(url: string, account: Account, files: readonly Sent[]): Promise<number> {
  return withBrowser(async (browser) => {
    const context = await browser.newContext();
    await context.addCookies([cookieFor(url, account.headers.cookie)]);
    const page = await context.newPage();
    await page.goto(`${url}/teams/${account.team}/domains/${account.domain.name}`, { waitUntil: "networkidle" });
    const status = page.getByText(/^1,000 of 1,000 files sent: /);
    // The time runs in the page, from the drop to the last outcome on the screen.
    await page.evaluate(() => {
      document.addEventListener("drop", () => performance.mark("dropped"), { capture: true, once: true });
    });
    await dropFiles(
      page.getByText("Drop report files or mails here"),
      files.map(({ fileName, bytes }) => ({ name: fileName, bytes })),
    );
    await status.waitFor({ timeout: 120_000 });
    const text = await status.textContent();
    if (!text?.includes("1,000 stored")) throw new Error(`The page says: ${text}`);
    return page.evaluate(() => performance.measure("shown", "dropped").duration / 1_000);
  });
}

async function bareServer(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end('{"files":[]}'));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => void server.close() };
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1_000;
}

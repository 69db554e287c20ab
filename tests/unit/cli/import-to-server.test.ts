import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { postAll } from "#lib/cli/import-to-server.ts";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => listener(request, response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/tls-reports/abc`);
}

const arrivals = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ fileName: `${i}`, bytes: Buffer.from(`${i}`) }));

describe("an import through a server", () => {
  it("has each arrival's outcome in its place", async () => {
    const outcomes = ["stored", "duplicate", "revision", "quarantined"];
    const inbox = await serve(async (request, response) => {
      const number = Number(request.headers["content-length"]) > 1 ? 3 : 0;
      response.writeHead(201).end(JSON.stringify({ outcome: outcomes[number], id: "x" }));
    });
    const told = await postAll(inbox, [...arrivals(3), { fileName: "q", bytes: Buffer.from("long") }]);
    expect(told.flat().map(({ outcome }) => outcome)).toEqual(["stored", "stored", "stored", "quarantined"]);
    expect(told[3]).toMatchObject({ reason: expect.stringMatching(/quarantine/) });
  });

  it("has all outcomes of an arrival with more than one thing in it, and those that are only counted", async () => {
    const bad = { outcome: "quarantined", id: "y", reason: "The JSON is broken." };
    const inbox = await serve((_, response) => {
      const outcomes = [bad, { outcome: "stored", id: "x" }];
      response.writeHead(201).end(JSON.stringify({ outcome: "stored", id: "x", outcomes, more: { duplicate: 2 } }));
    });
    expect(await postAll(inbox, arrivals(1))).toEqual([
      [
        ...[{ outcome: "quarantined", reason: bad.reason }, { outcome: "stored" }],
        ...[{ outcome: "duplicate" }, { outcome: "duplicate" }],
      ],
    ]);
  });

  it("waits as long as a busy server asks for, and comes again", async () => {
    let refused = 0;
    const inbox = await serve((_, response) => {
      if (refused++ === 0) response.writeHead(429, { "retry-after": "1" }).end('{"error":"Too many."}');
      else response.writeHead(201).end('{"outcome":"stored","id":"x"}');
    });
    expect(await postAll(inbox, arrivals(1))).toEqual([{ outcome: "stored" }]);
  });

  it("says why one is not taken, and takes the others", async () => {
    const inbox = await serve((request, response) => {
      if (request.headers["content-length"] === "1") response.writeHead(413).end('{"error":"Too large."}');
      else response.writeHead(200).end('{"outcome":"duplicate","id":"x"}');
    });
    const told = await postAll(inbox, [...arrivals(1), { fileName: "b", bytes: Buffer.from("bb") }]);
    expect(told).toEqual([{ outcome: "refused", reason: "Too large." }, { outcome: "duplicate" }]);
  });

  it("ends with a sentence when the address is no inbox", async () => {
    const inbox = await serve((_, response) => response.writeHead(404).end('{"error":"Not found."}'));
    await expect(postAll(inbox, arrivals(2))).rejects.toThrow(/knows no such inbox/);
  });
});

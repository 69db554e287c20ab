import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { askHttpsDestination } from "#lib/probes/https-destination.ts";
import { LIMITS } from "#lib/probes/limits.ts";
import type { FetchOptions } from "#lib/probes/policy-fetch.ts";
import { type Lab, startLab } from "#tests/lab/lab.ts";
import { type OwnHttps, serveHttps } from "./own-https.ts";

const LOOPBACK = "127.0.0.1";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ slowness: 20 });
});
afterAll(async () => {
  await lab.stop();
});

const servers: OwnHttps[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** A report server of our own, and the requests that it saw. */
async function reportServer(answer: string) {
  const heads: string[] = [];
  const server = await serveHttps(lab.authority, "reports.own.test", (socket, head) => {
    heads.push(head);
    if (answer !== "") socket.end(answer);
  });
  servers.push(server);
  const settings = { ...lab.settings, httpsPort: server.port };
  const ask = (url: string, options: FetchOptions = {}) => askHttpsDestination(url, [LOOPBACK], settings, options);
  return { heads, server, ask };
}

const askOf = (label: string, addresses = [LOOPBACK]) =>
  askHttpsDestination(`https://mta-sts.${label}.test/tls`, addresses, lab.settings);

describe("an https destination", () => {
  test("T13: is asked what it is for, and gets no report", async () => {
    const { heads, ask } = await reportServer("HTTP/1.1 204 No Content\r\nAllow: OPTIONS, POST\r\n\r\n");
    expect(await ask("https://Reports.Own.test/tls?team=a%20b")).toEqual({
      url: "https://Reports.Own.test/tls?team=a%20b",
      host: "reports.own.test",
      address: LOOPBACK,
      attempts: [],
      tls: expect.objectContaining({ chainError: null }),
      answer: { status: 204, location: null, allow: "OPTIONS, POST" },
      failure: null,
      milliseconds: expect.any(Number),
    });
    expect(heads.map((head) => head.split("\r\n").toSorted())).toEqual([
      [
        "OPTIONS /tls?team=a%20b HTTP/1.1",
        "Host: reports.own.test",
        "User-Agent: Sealpost/0.1 (TLS-RPT destination lookup)",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Cache-Control: no-cache",
        "Connection: close",
        "",
        "",
      ].toSorted(),
    ]);
  });

  test.each([
    ["HTTP/1.1 405 Method Not Allowed\r\nAllow: POST\r\n\r\n", { status: 405, allow: "POST" }],
    [
      "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.test/\r\n\r\n",
      { status: 302, location: "https://elsewhere.test/" },
    ],
    ["HTTP/1.1 404 Not Found\r\nContent-Length: 1000000000\r\n\r\n", { status: 404, allow: null }],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk", { status: 200 }],
    ["HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", { status: 101 }],
  ])("is known by the headers of its answer: %j", async (text, answer) => {
    const { ask } = await reportServer(text);
    expect(await ask("https://reports.own.test/tls")).toMatchObject({ failure: null, answer });
  });

  test("may say nothing, or no HTTP", async () => {
    const silent = await reportServer("");
    const limits = { ...LIMITS, fetchTotal: 400 };
    expect(await silent.ask("https://reports.own.test/", { limits })).toMatchObject({
      answer: null,
      failure: { code: "response-timeout", detail: expect.stringMatching(/within (?:3\d\d|400|[12]?\d\d) ms/) },
    });
    const smtp = await reportServer("220 mail.test ESMTP\r\n");
    expect(await smtp.ask("https://reports.own.test/")).toMatchObject({ failure: { code: "response-malformed" } });
  });

  test.each([
    ["cert-expired", { tls: { chainError: { code: "CERT_HAS_EXPIRED" } } }],
    ["cert-self-signed", { tls: { chainError: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } } }],
    [
      "cert-wrong-name",
      { tls: { chainError: null, chain: [{ dnsNames: ["parked.provider.test", "www.provider.test"] }, {}] } },
    ],
  ])("T13: is not asked over a connection like that of %s.test", async (label, seen) => {
    lab.requests.length = 0;
    expect(await askOf(label)).toMatchObject({ answer: null, failure: null, ...seen });
    expect(lab.requests).toEqual([]);
  });

  test("is tried at each of its addresses, each guarded", async () => {
    const fact = await askOf("healthy", ["127.0.0.2", LOOPBACK, "::1", "fd00::1", "127.0.0.2"]);
    expect(fact).toMatchObject({ address: LOOPBACK, failure: null, answer: { status: 200 } });
    // RFC 8305 §4: the families in turns, IPv6 first.
    expect(fact.attempts.map(({ address, failure }) => [address, failure])).toEqual([
      ["::1", "address-refused"],
      ["127.0.0.2", "connection-refused"],
      ["fd00::1", "address-refused"],
    ]);
    expect(await askOf("healthy", ["169.254.169.254"])).toMatchObject({ failure: { code: "address-refused" } });
    expect(await askOf("healthy", [])).toMatchObject({ failure: { code: "network-unreachable" } });
    // That all fail is told by one that was tried.
    expect(await askOf("healthy", ["127.0.0.2", "::1"])).toMatchObject({
      ...{ address: null, attempts: [{ address: "::1" }, { address: "127.0.0.2" }] },
      failure: { code: "connection-refused" },
    });
    const many = Array.from({ length: 200 }, (_, i) => `10.0.0.${i}`);
    expect((await askOf("healthy", many)).attempts).toHaveLength(8);
  });

  test("is not left for another address once connected, whatever comes of it", async () => {
    expect(await askOf("tls-alert", [LOOPBACK, "127.0.0.2"])).toMatchObject({
      ...{ address: LOOPBACK, attempts: [], failure: { code: "tls-handshake" } },
    });
  });

  test.each([
    ["https://reports.own.test:8443/", "port-not-probed", /port 8443/],
    ["https://reports.own.test:25/", "port-not-probed", /port 25/],
    ["https://reports.own.test:1/tls", "port-not-probed", /port 1,/],
    ["http://reports.own.test/", "url-malformed", /no https URL/],
    ["http://reports.own.test:443/", "url-malformed", /no https URL/],
    ["mailto:a@reports.own.test", "url-malformed", /no https URL/],
    ["https://", "url-malformed", /no https URL/],
    ["https://reports own.test/", "url-malformed", /no https URL/],
    ["https://reports.own.test:99999/", "url-malformed", /no https URL/],
    ["", "url-malformed", /no https URL/],
  ])("issue 3: %s is not connected to", async (url, code, detail) => {
    const { server, ask } = await reportServer("HTTP/1.1 200 OK\r\n\r\n");
    expect(await ask(url)).toMatchObject({
      address: null,
      attempts: [],
      tls: null,
      answer: null,
      failure: { code, detail: expect.stringMatching(detail) },
    });
    expect(server.connected()).toBe(0);
  });

  test("issue 3: the port of the lab may not be named either, and 443 is the one that stands for it", async () => {
    const { server, ask } = await reportServer("HTTP/1.1 200 OK\r\n\r\n");
    expect(await ask(`https://reports.own.test:${server.port}/`)).toMatchObject({
      failure: { code: "port-not-probed" },
    });
    expect(await ask("https://reports.own.test:443/")).toMatchObject({ failure: null, answer: { status: 200 } });
    expect(server.connected()).toBe(1);
  });

  test("gets no credentials, and no fragment", async () => {
    const { heads, ask } = await reportServer("HTTP/1.1 200 OK\r\n\r\n");
    expect(await ask("https://user:secret@reports.own.test./tls#part")).toMatchObject({
      host: "reports.own.test",
      answer: { status: 200 },
    });
    expect(heads[0]).toMatch(/^OPTIONS \/tls HTTP/);
    expect(heads[0]).not.toMatch(/secret|dXNlcj|authorization|part/i);
  });

  test("that is an address has no name for a certificate, and is guarded like any other", async () => {
    const { ask, heads } = await reportServer("HTTP/1.1 200 OK\r\n\r\n");
    expect(await ask("https://127.0.0.1/tls")).toMatchObject({ host: LOOPBACK, address: LOOPBACK, answer: null });
    expect(await ask("https://[::1]/tls")).toMatchObject({ host: "::1", failure: { code: "address-refused" } });
    // Names for numbers: the URL parser knows them all.
    expect(await ask("https://0xA010203/tls")).toMatchObject({
      host: "10.1.2.3",
      failure: { code: "address-refused" },
    });
    expect(heads).toEqual([]);
  });

  test("is left after an abort", async () => {
    const aborting = new AbortController();
    const { ask } = await reportServer("");
    const asking = ask("https://reports.own.test/", { signal: aborting.signal });
    setTimeout(() => aborting.abort(new Error("no longer wanted")), 50);
    await expect(asking).rejects.toThrow("no longer wanted");
  });
});

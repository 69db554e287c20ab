import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { LIMITS } from "#lib/probes/limits.ts";
import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import { type FetchOptions, fetchPolicy } from "#lib/probes/policy-fetch.ts";
import { type Lab, startLab } from "#tests/lab/lab.ts";
import { serveHttps } from "./own-https.ts";

/** For handshakes that never end. */
const QUICK_TLS = { ...LIMITS, tlsHandshake: 300, legacyTls: 300 };
/** For answers that never come. */
const QUICK_HTTP = { ...LIMITS, fetchTotal: 1_000 };
const LOOPBACK = "127.0.0.1";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ slowness: 20 });
});
afterAll(async () => {
  await lab.stop();
});

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

function fetchOf(label: string, address = LOOPBACK, options: FetchOptions = {}): Promise<PolicyFetchFact> {
  return fetchPolicy(`mta-sts.${label}.test`, address, lab.settings, options);
}

/** A policy host of our own making, with a good certificate, that does as told once TLS is up. */
async function serve(
  onRequest: (socket: TLSSocket) => void,
): Promise<(options?: FetchOptions) => Promise<PolicyFetchFact>> {
  const server = await serveHttps(lab.authority, "mta-sts.own.test", onRequest);
  servers.push(server);
  const settings = { ...lab.settings, httpsPort: server.port };
  return (options = {}) => fetchPolicy("mta-sts.own.test", LOOPBACK, settings, options);
}

describe("a policy", () => {
  test("is fetched with all that was seen on the way", async () => {
    const fact = await fetchOf("healthy");
    expect(fact).toEqual({
      url: "https://mta-sts.healthy.test/.well-known/mta-sts.txt",
      host: "mta-sts.healthy.test",
      address: LOOPBACK,
      attempts: [],
      tls: { version: "TLSv1.3", cipher: expect.stringMatching(/^TLS_/), chain: expect.any(Array), chainError: null },
      legacyVersions: [],
      withoutSni: { certificate: null, detail: expect.stringMatching(/unrecognized name/) },
      http: {
        status: 200,
        location: null,
        contentType: "text/plain; charset=utf-8",
        contentEncoding: null,
        body: "version: STSv1\r\nmode: enforce\r\nmx: mx1.healthy.test\r\nmax_age: 2592000\r\n",
        tooLarge: false,
      },
      failure: null,
      milliseconds: expect.any(Number),
    });
    const [leaf, intermediate, ...more] = fact.tls?.chain ?? [];
    expect(leaf).toMatchObject({
      subject: "CN=mta-sts.healthy.test",
      issuer: "CN=Sealpost lab intermediate",
      commonName: "mta-sts.healthy.test",
      dnsNames: ["mta-sts.healthy.test"],
      notBefore: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      pem: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
    });
    expect(intermediate?.subject).toBe("CN=Sealpost lab intermediate");
    expect(more).toEqual([]); // the root was not sent
  });

  test("is asked for with these headers and no others", async () => {
    lab.requests.length = 0;
    await fetchOf("healthy");
    const [request, ...others] = lab.requests;
    expect(others).toEqual([]);
    expect(request?.head.split("\r\n").toSorted()).toEqual(
      [
        "GET /.well-known/mta-sts.txt HTTP/1.1",
        "Host: mta-sts.healthy.test",
        "User-Agent: Sealpost/0.1 (MTA-STS policy lookup)",
        "Accept: text/plain",
        "Accept-Encoding: identity",
        "Cache-Control: no-cache",
        "Connection: close",
        "",
        "",
      ].toSorted(),
    );
  });

  test.each([
    ["policy-chunked", { status: 200, body: expect.stringMatching(/^version: STSv1\r\n[\s\S]*max_age: 2592000\r\n$/) }],
    ["policy-redirects", { status: 302, location: "https://www.provider.test/mta-sts.txt" }],
    ["policy-redirects-to-itself", { status: 301, location: "/.well-known/mta-sts.txt/" }],
    ["policy-not-found", { status: 404, contentType: "text/html" }],
    ["policy-forbidden", { status: 403 }],
    ["policy-server-error", { status: 500 }],
    ["policy-no-content", { status: 204, contentType: null, body: "" }],
    ["policy-without-type", { status: 200, contentType: null }],
    ["policy-compressed", { status: 200, contentEncoding: "gzip", body: expect.stringContaining("\x1f\x8b") }],
    ["policy-with-bom", { body: expect.stringMatching(/^\xef\xbb\xbfversion/) }],
    ["policy-slow", { status: 200 }],
  ])("of %s.test is seen as it is", async (label, http) => {
    expect(await fetchOf(label)).toMatchObject({ failure: null, http });
  });

  test.each([
    ["policy-of-64-kilobytes", 65_536, false],
    ["policy-too-large", 65_537, true],
  ])("of %s.test is read up to %i octets", async (label, length, tooLarge) => {
    const { http } = await fetchOf(label);
    expect([http?.body.length, http?.tooLarge]).toEqual([length, tooLarge]);
  });

  test("that never ends is not read to its end", async () => {
    const fetchOwn = await serve((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const more = () => {
        while (socket.writable && socket.write(Buffer.alloc(16_384, "x")));
      };
      socket.on("drain", more);
      more();
    });
    const { http } = await fetchOwn();
    expect([http?.body.length, http?.tooLarge]).toEqual([65_537, true]);
  });

  test.each([
    ["policy-host-speaks-smtp", "response-malformed"],
    ["policy-incomplete", "response-incomplete"],
    ["policy-never-comes", "response-timeout"],
  ])("of %s.test fails as %s", async (label, code) => {
    const fact = await fetchOf(label, LOOPBACK, { limits: code === "response-timeout" ? QUICK_HTTP : LIMITS });
    expect(fact).toMatchObject({
      address: LOOPBACK,
      http: null,
      failure: { code, detail: expect.stringMatching(/./) },
    });
    expect(fact.tls?.chainError).toBeNull();
  });

  test.each<[string, string, string[]]>([
    ["an end before the answer", "response-incomplete", []],
    ["an end in the headers", "response-incomplete", ["HTTP/1.1 200 OK\r\nContent-Ty"]],
    [
      "an end in a chunk",
      "response-incomplete",
      ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nversion"],
    ],
    [
      "a chunk without a length",
      "response-malformed",
      ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nversion: STSv1\r\n"],
    ],
    ["two lengths", "response-malformed", ["HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"]],
    ["headers of 20 KB", "response-malformed", ["HTTP/1.1 200 OK\r\n", `X: ${"x".repeat(20_000)}\r\n\r\n`]],
    ["HTTP/0.9", "response-malformed", ["version: STSv1\r\n"]],
  ])("with %s fails as %s", async (_, code, parts) => {
    const fetchOwn = await serve((socket) => {
      for (const part of parts) socket.write(part);
      socket.end();
    });
    expect(await fetchOwn()).toMatchObject({ http: null, failure: { code } });
  });

  test("that trickles in fails when the total time is up", async () => {
    const fetchOwn = await serve((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
      const timer = setInterval(() => socket.write("x"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    expect(await fetchOwn({ limits: QUICK_HTTP })).toMatchObject({ http: null, failure: { code: "response-timeout" } });
  });

  test.each([
    ["404 that breaks off", "HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\nNot", 404],
    ["switch to another protocol", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", 101],
    [
      "200 after an early hint",
      "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      200,
    ],
    ["200 without a length", "HTTP/1.1 200 OK\r\n\r\nversion: STSv1", 200],
    ["200 of HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n", 200],
  ])("with a %s has its status seen", async (_, answer, status) => {
    const fetchOwn = await serve((socket) => socket.end(answer));
    expect(await fetchOwn()).toMatchObject({ failure: null, http: { status } });
  });
});

describe("TLS", () => {
  test.each([
    ["cert-expired", "CERT_HAS_EXPIRED"],
    ["cert-not-yet-valid", "CERT_NOT_YET_VALID"],
    ["cert-self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["cert-unknown-ca", "SELF_SIGNED_CERT_IN_CHAIN"],
    ["cert-no-intermediate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ])("with %s is not trusted, and nothing is asked over it", async (label, code) => {
    lab.requests.length = 0;
    const fact = await fetchOf(label);
    expect(fact).toMatchObject({ http: null, failure: null, tls: { chainError: { code } } });
    expect(fact.tls?.chainError?.message).toMatch(/^[a-z' -]+/);
    expect(lab.requests).toEqual([]);
  });

  test.each([
    ["cert-wrong-name", ["parked.provider.test", "www.provider.test"]],
    ["cert-common-name-only", []],
    ["cert-partial-wildcard", ["mta-*.cert-partial-wildcard.test"]],
    ["cert-double-wildcard", ["*.*.test"]],
    ["cert-wildcard-too-deep", ["*.test"]],
  ])("with %s has a good chain, and nothing is asked over it", async (label, dnsNames) => {
    lab.requests.length = 0;
    const fact = await fetchOf(label);
    expect(fact).toMatchObject({ http: null, failure: null, tls: { chainError: null, chain: [{ dnsNames }, {}] } });
    expect(lab.requests).toEqual([]);
  });

  test.each(["cert-wildcard", "cert-without-subject"])("with %s is good", async (label) => {
    expect(await fetchOf(label)).toMatchObject({ failure: null, http: { status: 200 } });
  });

  test("trusts no root of the lab unless it is told to", async () => {
    const fact = await fetchPolicy("mta-sts.healthy.test", LOOPBACK, { ...lab.settings, extraRoots: null });
    expect(fact).toMatchObject({ http: null, tls: { chainError: { code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" } } });
  });

  test("below 1.2 is named, and not used", async () => {
    expect(await fetchOf("tls-1-1-only")).toMatchObject({
      tls: null,
      legacyVersions: ["TLSv1.1"],
      failure: { code: "tls-handshake", detail: expect.stringMatching(/version/) },
    });
    expect(await fetchOf("tls-1-0-offered")).toMatchObject({
      tls: { version: "TLSv1.3" },
      legacyVersions: ["TLSv1", "TLSv1.1"],
      http: { status: 200 },
    });
  });

  test.each([
    ["tls-alert", "tls-handshake"],
    ["tls-hangs", "tls-timeout"],
    ["tls-closes", "connection-reset"],
    ["no-such-host", "tls-handshake"], // the alert for an unknown name
  ])("of %s.test fails as %s", async (label, code) => {
    const fact = await fetchOf(label, LOOPBACK, { limits: code === "tls-timeout" ? QUICK_TLS : LIMITS });
    expect(fact).toMatchObject({ address: LOOPBACK, tls: null, http: null, legacyVersions: [], failure: { code } });
  });

  test.each([
    ["another certificate", "cert-without-sni", "127.0.0.4", ["parked.provider.test", "www.provider.test"]],
    ["the host's own", "own", LOOPBACK, ["mta-sts.own.test"]],
  ])("without SNI may bring %s", async (_, label, address, dnsNames) => {
    const own = await serveHttps(lab.authority, "mta-sts.own.test", (socket) => socket.end("HTTP/1.0 200 OK\r\n\r\n"));
    servers.push(own);
    const settings = label === "own" ? { ...lab.settings, httpsPort: own.port } : lab.settings;
    const fact = await fetchPolicy(`mta-sts.${label}.test`, address, settings);
    expect(fact).toMatchObject({ http: { status: 200 }, withoutSni: { certificate: { dnsNames }, detail: null } });
    expect(fact.tls?.chain[0]?.dnsNames).toEqual([`mta-sts.${label}.test`]);
  });

  test("is not there where something else listens", async () => {
    const server = createServer((socket) => socket.resume().end("220 mail.test ESMTP\r\n"));
    servers.push({ stop: () => new Promise<void>((done) => server.close(() => done())) });
    server.listen(0, LOOPBACK);
    await once(server, "listening");
    const settings = { ...lab.settings, httpsPort: (server.address() as AddressInfo).port };
    const fact = await fetchPolicy("mta-sts.own.test", LOOPBACK, settings);
    expect(fact).toMatchObject({ tls: null, failure: { code: "tls-handshake" } });
  });
});

describe("an address", () => {
  test.each([["10.1.2.3"], ["::1"], ["fe80::1"], ["::ffff:192.168.1.1"], ["not an address"]])(
    "that the guard refuses is not connected to: %s",
    async (address) => {
      expect(await fetchOf("healthy", address)).toMatchObject({
        ...{ address: null, attempts: [{ address, failure: "address-refused" }], tls: null, legacyVersions: null },
        failure: { code: "address-refused" },
      });
    },
  );

  test("of this machine is refused outside a lab", async () => {
    const guarded = { ...lab.settings, allow: [] };
    expect(await fetchPolicy("mta-sts.healthy.test", LOOPBACK, guarded)).toMatchObject({
      failure: { code: "address-refused", detail: "127.0.0.1 is a loopback address" },
    });
  });

  test("at which nothing listens is an attempt, and no connection", async () => {
    expect(await fetchOf("healthy", "127.0.0.2")).toMatchObject({
      ...{ address: null, attempts: [{ address: "127.0.0.2", failure: "connection-refused" }], tls: null, http: null },
      failure: { code: "connection-refused" },
    });
  });

  test("may have a policy and a certificate of its own", async () => {
    const [first, second] = await Promise.all([
      fetchOf("policy-differs-by-address"),
      fetchOf("policy-differs-by-address", "127.0.0.3"),
    ]);
    expect([first.http?.status, second.http?.status]).toEqual([200, 200]);
    expect(first.http?.body).not.toBe(second.http?.body);
    expect(await fetchOf("cert-expired-at-second-address", "127.0.0.3")).toMatchObject({
      address: "127.0.0.3",
      http: null,
      tls: { chainError: { code: "CERT_HAS_EXPIRED" } },
    });
  });

  test("of a family that this machine has no way to is told apart from one that does not answer", async () => {
    // Multicast: TCP knows no way there, and sends nothing.
    const settings = { ...lab.settings, allow: ["ff00::/8"] };
    const fact = await fetchPolicy("mta-sts.healthy.test", "ff0e::1", settings);
    const hasGlobal = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .some(({ family, address }) => family === "IPv6" && /^[23]/.test(address));
    expect(fact.attempts).toMatchObject([{ failure: hasGlobal ? "network-unreachable" : "no-route-here" }]);
  });
});

describe("an abort", () => {
  test.each(["tls-hangs", "policy-never-comes"])("ends the fetch from %s.test with its reason", async (label) => {
    const aborting = new AbortController();
    const fetching = fetchOf(label, LOOPBACK, { signal: aborting.signal });
    const before = lab.requests.length;
    // In the middle of the handshake, or of the wait for the answer.
    await expect
      .poll(() => (label === "tls-hangs" ? lab.connections() : lab.requests.length - before), { timeout: 5_000 })
      .toBeGreaterThan(0);
    aborting.abort(new Error("no longer wanted"));
    await expect(fetching).rejects.toThrow("no longer wanted");
  });

  test("before the start makes no connection", async () => {
    await expect(fetchOf("healthy", LOOPBACK, { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow(
      "too late",
    );
  });
});

test("no connection outlives its fetch", async () => {
  await Promise.all(
    ["healthy", "tls-hangs", "tls-1-1-only", "policy-too-large", "policy-never-comes", "cert-expired"].map((label) =>
      fetchOf(label, LOOPBACK, { limits: { ...QUICK_TLS, fetchTotal: 1_000 } }),
    ),
  );
  await expect.poll(() => lab.connections(), { timeout: 5_000 }).toBe(0);
});

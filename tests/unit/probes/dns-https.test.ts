import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createResolver } from "#lib/probes/dns.ts";
import { LIMITS } from "#lib/probes/limits.ts";
import { type Authority, createAuthority } from "#tests/lab/authority.ts";
import { type DohOptions, type DohServer, startDohServer } from "#tests/lab/doh-server.ts";
import { WORLD, zoneOf } from "#tests/lab/world.ts";

const ZONE = zoneOf(WORLD);
const QUICK = { ...LIMITS, dnsTries: [400], dnsTotal: 400 };

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});

const servers: DohServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(options: DohOptions = {}, host = "localhost"): Promise<DohServer> {
  const server = await startDohServer(ZONE, await authority.issue("good", host), options);
  servers.push(server);
  return server;
}

function resolverFor(url: string, { trusting = true, limits = LIMITS } = {}) {
  const extraRoots = trusting ? authority.rootPem : null;
  return createResolver(
    { resolvers: [url], httpsPort: 443, smtpPort: 25, ehloName: null, extraRoots, allow: [] },
    { limits },
  );
}

describe("DNS over HTTPS", () => {
  test("answers over one HTTP/2 connection", async () => {
    const server = await serve();
    const resolver = resolverFor(server.url);
    const [mx, txt] = await Promise.all([resolver.mx("healthy.test"), resolver.txt("_mta-sts.healthy.test")]);
    expect(mx).toMatchObject({
      resolver: server.url,
      result: { ok: true, records: [{ exchange: "mx1.healthy.test" }] },
    });
    expect(txt.result.ok).toBe(true);
    expect(server.requests).toEqual(["2.0 POST application/dns-message", "2.0 POST application/dns-message"]);
    expect(server.connections()).toBe(1);
  });

  test("answers over HTTP/1.1 where there is no other", async () => {
    const server = await serve({ http1Only: true });
    const resolver = resolverFor(server.url);
    expect((await resolver.mx("dnssec-signed.test")).authenticated).toBe(true);
    expect((await resolver.a("nothing.healthy.test")).result).toMatchObject({ failure: "no-such-name" });
    expect(server.requests).toEqual(["1.1 POST application/dns-message", "1.1 POST application/dns-message"]);
  });

  test("connects anew after the server has gone and come back", async () => {
    const server = await serve();
    expect((await resolverFor(server.url).mx("healthy.test")).result.ok).toBe(true);
    server.disconnect();
    expect((await resolverFor(server.url).mx("healthy.test")).result.ok).toBe(true);
  });

  test.each<[string, string, DohOptions]>([
    ["another HTTP status", "network", { status: 503 }],
    ["a redirect", "network", { status: 302 }],
    ["another media type", "malformed", { contentType: "text/html" }],
    ["something that is no DNS message", "malformed", { body: Buffer.from("<html>") }],
    ["more than 64 KB", "malformed", { body: Buffer.alloc(65_536) }],
  ])("with %s fails as %s", async (_, failure, options) => {
    for (const http1Only of [true, false]) {
      const server = await serve({ ...options, http1Only });
      const { result } = await resolverFor(server.url).mx("healthy.test");
      expect(result).toMatchObject({ ok: false, failure, detail: expect.stringMatching(/DoH server/) });
    }
  });

  test("with SERVFAIL or silence fails as any resolver does", async () => {
    const server = await serve();
    expect((await resolverFor(server.url).mx("dns-servfail.test")).result).toMatchObject({ failure: "servfail" });
    expect((await resolverFor(server.url, { limits: QUICK }).mx("dns-times-out.test")).result).toMatchObject({
      failure: "timeout",
    });
  });

  test("is not believed with a certificate of another name, or of nobody's authority", async () => {
    const other = await serve({}, "dns.test");
    expect((await resolverFor(other.url).mx("healthy.test")).result).toMatchObject({ ok: false, failure: "network" });
    expect(other.requests).toEqual([]);
    const good = await serve();
    const { result } = await resolverFor(good.url, { trusting: false }).mx("healthy.test");
    expect(result).toMatchObject({ ok: false, failure: "network" });
    expect(good.requests).toEqual([]);
  });

  test.each(["text/\x9bhtml", `text/${"x".repeat(3_000)}`, "", "html"])(
    "with a media type that is none does not repeat it: %j",
    async (contentType) => {
      const { url } = await serve({ contentType });
      expect((await resolverFor(url).mx("healthy.test")).result).toMatchObject({
        failure: "malformed",
        detail: "the DoH server answered with something else than a DNS message",
      });
    },
  );

  test("fails where nobody listens", async () => {
    const { result } = await resolverFor("https://localhost:1/dns-query").mx("healthy.test");
    expect(result).toMatchObject({ ok: false, failure: "network" });
  });
});

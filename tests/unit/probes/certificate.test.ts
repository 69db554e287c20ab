import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import { dnsNames } from "#lib/probes/certificate.ts";
import type { TlsFact } from "#lib/probes/policy-fact.ts";
import { handshake, tlsFactOf } from "#lib/probes/tls-connect.ts";
import { trustedContext } from "#lib/probes/trust.ts";
import { type Authority, type CertificateKind, createAuthority } from "#tests/lab/authority.ts";

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});

/** What a handshake with a server of such a certificate shows. */
async function factOf(kind: CertificateKind): Promise<TlsFact> {
  const context = createSecureContext(await authority.issue(kind, "mx.test"));
  const server = createServer((raw) => {
    new TLSSocket(raw, { isServer: true, secureContext: context }).on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const raw = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const trusting = trustedContext(authority.rootPem);
  const shaken = await handshake(raw, { servername: "mx.test", context: trusting, timeout: 5_000 });
  try {
    if (!shaken.ok) throw new Error(shaken.detail);
    return tlsFactOf(shaken.socket);
  } finally {
    if (shaken.ok) shaken.socket.destroy();
    await new Promise((done) => server.close(done));
  }
}

const subjects = ({ chain }: TlsFact) => chain.map(({ subject }) => subject);

describe("the chain that a server sends", () => {
  test("is told as sent: the trusted root only where it was sent", async () => {
    const leafAndMiddle = ["CN=mx.test", "CN=Sealpost lab intermediate"];
    expect(subjects(await factOf("good"))).toEqual(leafAndMiddle);
    expect(subjects(await factOf("root-sent-too"))).toEqual([...leafAndMiddle, "CN=Sealpost lab root"]);
    expect(subjects(await factOf("no-intermediate"))).toEqual(["CN=mx.test"]);
  });

  test("may hold a certificate that does not belong there, and is trusted all the same", async () => {
    const fact = await factOf("stranger-in-chain");
    expect(subjects(fact)).toEqual(["CN=mx.test", "CN=Unrelated", "CN=Sealpost lab intermediate"]);
    expect(fact.chainError).toBeNull();
  });

  test("may begin with a certificate without subject", async () => {
    const [leaf] = (await factOf("no-subject")).chain;
    expect(leaf).toMatchObject({ subject: "", commonName: null, dnsNames: ["mx.test"] });
  });

  test("may hold names that try to pass for others", async () => {
    const [leaf] = (await factOf("odd-names")).chain;
    expect(leaf?.dnsNames).toEqual(['quo"te.test', "comma, DNS:evil.test", "nul\0.test", "mx.test"]);
    expect(leaf?.commonName).toMatch(/^Prüf/);
  });

  test("may hold a thousand names", async () => {
    const [leaf] = (await factOf("many-names")).chain;
    expect(leaf?.dnsNames).toHaveLength(1001);
    expect(leaf?.dnsNames.at(-1)).toBe("mx.test");
  });
});

describe("DNS-IDs", () => {
  test.each<[string | undefined, string[]]>([
    [undefined, []],
    ["", []],
    ["DNS:a.test", ["a.test"]],
    ["DNS:*.a.test, DNS:b.test", ["*.a.test", "b.test"]],
    ["IP Address:192.0.2.1, email:a@b.test, DNS:a.test, URI:https://b.test/", ["a.test"]],
    ['DNS:"a\\u002c DNS:b.test", DNS:c.test', ["a, DNS:b.test", "c.test"]],
    ['URI:"https://x/\\u002c DNS:evil.test", DNS:"b\\u00fccher.test"', ["bücher.test"]],
    ['othername:"x\\u002c DNS:evil.test"', []],
    ['DNS:"broken', ['"broken']],
  ])("of %s", (text, names) => {
    expect(dnsNames(text)).toEqual(names);
  });
});

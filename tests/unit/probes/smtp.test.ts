import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIMITS, MAX_REPLY_BYTES } from "#lib/probes/limits.ts";
import { speakSmtp } from "#lib/probes/smtp.ts";
import { type MailHost, mailAddress } from "#tests/lab/mail-host.ts";
import { type MailHosts, QUICK, startMailHosts } from "./mail-host.ts";

/** How a host is, what is to be seen of it, and whether one has to wait in vain for it. */
type Case = [host: MailHost, seen: object, patience?: "waits"];

const NOTHING = { keywords: null, starttls: null, tls: null, keywordsInside: null, withoutSni: null, versions: [] };

/** No dialogue: the failure, and the code of the greeting where one came. */
function failed(code: string, greeting: number | null = null): object {
  return {
    ...{ ...NOTHING, injection: null, failure: { code, detail: expect.stringMatching(/./) } },
    greeting: greeting === null ? null : expect.objectContaining({ code: greeting }),
  };
}

/** EHLO was answered, but there is no TLS. */
function bare(state: string, reply: number | null): object {
  return {
    ...{ ...NOTHING, failure: null, keywords: expect.any(Array), injection: null },
    starttls: expect.objectContaining({
      state,
      reply: reply === null ? null : expect.objectContaining({ code: reply }),
    }),
  };
}

function accepting(...versions: string[]): object {
  const all = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
  return {
    versions: all.map((version) => expect.objectContaining({ version, accepted: versions.includes(version) })),
  };
}

const NO_HANDSHAKE = { tls: null, keywordsInside: null, injection: null, failure: null };
const NEVER_TRIED = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"].map((version) => {
  return { version, accepted: null, detail: expect.stringMatching(/./) };
});
const LONG = `250-${"x".repeat(65_536)}\r\n`;

const CASES: Record<string, Case> = {
  // Connections
  refused: [{ connection: "refused" }, failed("connection-refused")],
  unanswered: [{ connection: "unanswered" }, failed("connection-timeout"), "waits"],
  reset: [{ connection: "reset" }, failed("connection-reset")],
  closed: [{ connection: "closed" }, failed("connection-reset")],
  // Greetings
  "greeting-421": [{ greeting: { say: "421 Not now\r\n", close: true } }, failed("greeting-temporary", 421)],
  greylisted: [{ greeting: "451 4.7.1 Greylisted\r\n" }, failed("greeting-temporary", 451)],
  "greeting-554": [{ greeting: "554 No mail here\r\n" }, failed("greeting-refused", 554)],
  "greeting-354": [{ greeting: "354 Go on\r\n" }, failed("reply-malformed", 354)],
  "greeting-http": [{ greeting: "HTTP/1.1 400 Bad Request\r\n\r\n" }, failed("reply-malformed")],
  "greeting-tls": [{ greeting: "\x15\x03\x01\x00\x02\x02\x0a\n" }, failed("reply-malformed")],
  "greeting-silent": [{ greeting: "" }, failed("reply-timeout"), "waits"],
  "greeting-drips": [{ greeting: { say: "220 mail.test\r\n", pace: 100 } }, failed("reply-timeout"), "waits"],
  "greeting-endless": [{ greeting: { say: "220-more\r\n", forever: true } }, failed("reply-malformed")],
  "greeting-and-more": [{ greeting: "220 one\r\n250-two\r\n250 STARTTLS\r\n" }, failed("reply-malformed", 220)],
  "greeting-twice": [{ greeting: "220 one\r\n220 two\r\n" }, failed("reply-malformed", 220)],
  "greeting-in-parts": [
    { greeting: { say: "220-mail.test\r\n220 ESMTP\r\n", pace: 1 } },
    { failure: null, greeting: { code: 220, lines: ["mail.test", "ESMTP"] } },
  ],
  // EHLO
  "ehlo-closes": [{ ehlo: { say: "", close: true } }, failed("connection-reset", 220)],
  "ehlo-breaks-off": [{ ehlo: { say: "250-mail.test\r\n250-STARTTLS", close: true } }, failed("connection-reset", 220)],
  "ehlo-502": [{ ehlo: "502 Not implemented\r\n" }, failed("ehlo-refused", 220)],
  "ehlo-451": [{ ehlo: "451 Later\r\n" }, failed("ehlo-temporary", 220)],
  "ehlo-421": [{ ehlo: { say: "421 Closing\r\n", close: true } }, failed("ehlo-temporary", 220)],
  "ehlo-220": [{ ehlo: "220 What?\r\n" }, failed("reply-malformed", 220)],
  "ehlo-silent": [{ ehlo: "" }, failed("reply-timeout", 220), "waits"],
  "ehlo-codes-differ": [{ ehlo: "250-mail.test\r\n251 STARTTLS\r\n" }, failed("reply-malformed", 220)],
  "ehlo-endless": [{ ehlo: { say: "250-MORE\r\n", forever: true } }, failed("reply-malformed", 220)],
  "ehlo-endless-line": [{ ehlo: { say: "250-", forever: true } }, failed("reply-malformed", 220)],
  "ehlo-long-line": [{ ehlo: `${LONG}250 STARTTLS\r\n` }, failed("reply-malformed", 220)],
  "ehlo-bare-lf": [{ ehlo: "250-mail.test\n250 starttls\n" }, { keywords: ["STARTTLS"], tls: expect.anything() }],
  "ehlo-parameters": [
    { keywords: ["size  100 ", "AUTH Plain login", "StartTLS"] },
    { keywords: ["SIZE 100", "AUTH Plain login", "STARTTLS"], starttls: { state: "established" } },
  ],
  // STARTTLS
  "not-offered": [{ keywords: ["SIZE", "XSTARTTLS", "X STARTTLS"] }, bare("not-offered", null)],
  masked: [{ keywords: ["XXXXXXXA"] }, { ...bare("not-offered", null), keywords: ["XXXXXXXA"] }],
  "starttls-454": [{ starttls: "454 TLS not available\r\n" }, bare("temporary", 454)],
  "starttls-421": [{ starttls: { say: "421 Closing\r\n", close: true } }, bare("temporary", 421)],
  "starttls-501": [{ starttls: "501 Syntax error\r\n" }, bare("refused", 501)],
  "starttls-550": [{ starttls: "550 Not for you\r\n" }, bare("refused", 550)],
  "starttls-250": [{ starttls: "250 Fine\r\n" }, bare("refused", 250)],
  "starttls-closes": [{ starttls: { say: "", close: true } }, bare("refused", null)],
  "starttls-silent": [{ starttls: "" }, bare("refused", null), "waits"],
  "starttls-plaintext": [
    { starttls: "220 Go ahead\r\n250-not in TLS\r\n250 STARTTLS\r\n" },
    {
      ...NO_HANDSHAKE,
      starttls: { state: "handshake-failed", reply: { code: 220 }, detail: expect.stringContaining("plaintext") },
      ...accepting(),
    },
  ],
  "starttls-plaintext-later": [
    { tls: "plaintext" },
    { ...NO_HANDSHAKE, starttls: { state: "handshake-failed", detail: expect.stringMatching(/./) }, ...accepting() },
  ],
  // Inside TLS
  "offered-inside": [{ keywordsInside: ["SIZE", "STARTTLS"] }, { keywordsInside: ["SIZE", "STARTTLS"] }],
  "ehlo-inside-closes": [
    { ehloInside: { say: "", close: true } },
    {
      ...{ starttls: { state: "established" }, tls: expect.anything(), keywordsInside: null, injection: "refused" },
      failureInside: { code: "connection-reset", detail: "the connection was closed", reply: null },
    },
  ],
  "ehlo-inside-502": [
    { ehloInside: "502 Not here\r\n" },
    { keywordsInside: null, failureInside: { code: "ehlo-refused", reply: { code: 502, lines: ["Not here"] } } },
  ],
  "ehlo-inside-421": [
    { ehloInside: { say: "421 Closing\r\n", close: true } },
    { keywordsInside: null, failureInside: { code: "ehlo-temporary", reply: { code: 421, lines: ["Closing"] } } },
  ],
  "ehlo-inside-silent": [
    { ehloInside: "" },
    { keywordsInside: null, failureInside: { code: "reply-timeout", reply: null } },
    "waits",
  ],
  "certificate-demanded": [
    { demandsCertificate: true },
    {
      starttls: { state: "established" },
      keywordsInside: null,
      failureInside: { code: "certificate-demanded", detail: "tlsv13 alert certificate required", reply: null },
    },
  ],
  "ehlo-inside-garbage": [
    { ehloInside: "what?\r\n" },
    {
      ...{ starttls: { state: "established" }, tls: expect.anything(), keywordsInside: null, injection: "unknown" },
      failureInside: { code: "reply-malformed", reply: null },
    },
  ],
  "injection-processed": [{ injection: "processed" }, { injection: "processed", keywordsInside: expect.any(Array) }],
  "injection-refused": [{ injection: "refused" }, { injection: "refused", keywordsInside: expect.any(Array) }],
  // Handshakes
  "tls-alert": [
    { tls: "alert" },
    {
      ...{ ...NO_HANDSHAKE, ...accepting() },
      starttls: { state: "handshake-failed", detail: expect.stringMatching(/alert/) },
      withoutSni: { fingerprint256: null, chain: [], detail: expect.stringMatching(/alert/) },
    },
  ],
  "tls-closes": [
    { tls: "closes" },
    {
      ...NO_HANDSHAKE,
      ...accepting(),
      starttls: { state: "handshake-failed", detail: expect.stringMatching(/disconnected|reset/) },
    },
  ],
  "tls-hangs": [
    { tls: "hangs" },
    {
      ...{ ...NO_HANDSHAKE, withoutSni: null, versions: NEVER_TRIED },
      starttls: { state: "handshake-failed", detail: "no TLS handshake within 1000 ms" },
    },
    "waits",
  ],
  "1.0-only": [
    { tls: "1.0-only" },
    {
      ...NO_HANDSHAKE,
      ...accepting("TLSv1"),
      starttls: { state: "handshake-failed", detail: expect.stringMatching(/version/) },
    },
  ],
  "1.1-only": [{ tls: "1.1-only" }, { ...NO_HANDSHAKE, ...accepting("TLSv1.1") }],
  "1.2-only": [{ tls: "1.2-only" }, { tls: { version: "TLSv1.2", keyExchange: "X25519" }, ...accepting("TLSv1.2") }],
  "1.3-only": [{ tls: "1.3-only" }, { tls: { version: "TLSv1.3" }, ...accepting("TLSv1.3") }],
  "1.0-and-newer": [{ tls: "1.0-and-newer" }, { ...accepting("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3") }],
  "no-forward-secrecy": [{ tls: "no-forward-secrecy" }, { tls: { version: "TLSv1.2", keyExchange: "RSA" } }],
  "short-dh": [{ tls: "short-dh" }, { tls: { version: "TLSv1.2", keyExchange: "DH 1024", chainError: null } }],
  // Without SNI
  "sni-demanded": [
    { withoutSni: "demanded" },
    {
      tls: { chainError: null },
      withoutSni: { fingerprint256: null, chain: [], detail: expect.stringMatching(/alert/) },
    },
  ],
  "sni-other": [
    { withoutSni: "other-name" },
    {
      tls: { chain: [{ dnsNames: ["sni-other"] }, {}] },
      withoutSni: {
        fingerprint256: expect.any(String),
        chain: [{ dnsNames: ["parked.provider.test", "www.provider.test"] }, {}],
        detail: null,
      },
    },
  ],
  // A host that has enough of us
  once: [
    { once: true },
    {
      ...{ failure: null, tls: { version: "TLSv1.3" }, withoutSni: null, injection: "unknown" },
      versions: [
        ...["TLSv1", "TLSv1.1", "TLSv1.2"].map((version) => {
          return { version, accepted: null, detail: "421 Too many connections" };
        }),
        { version: "TLSv1.3", accepted: true, detail: null },
      ],
    },
  ],
  // Certificates
  expired: [{ certificate: "expired" }, { tls: { chainError: { code: "CERT_HAS_EXPIRED" } } }],
  "not-yet-valid": [{ certificate: "not-yet-valid" }, { tls: { chainError: { code: "CERT_NOT_YET_VALID" } } }],
  "self-signed": [{ certificate: "self-signed" }, { tls: { chainError: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } } }],
  "unknown-authority": [
    { certificate: "unknown-authority" },
    { tls: { chainError: { code: "SELF_SIGNED_CERT_IN_CHAIN" } } },
  ],
  "no-intermediate": [
    { certificate: "no-intermediate" },
    { tls: { chain: [{}], chainError: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } } },
  ],
  "root-sent-too": [{ certificate: "root-sent-too" }, { tls: { chain: [{}, {}, {}], chainError: null } }],
  "weak-key": [{ certificate: "weak-key" }, { tls: { chainError: null, version: "TLSv1.3" } }],
  "weak-signature": [{ certificate: "weak-signature" }, { tls: { chainError: null } }],
  "many-names": [{ certificate: "many-names" }, { tls: { chainError: null } }],
};

let hosts: MailHosts;
beforeAll(async () => {
  hosts = await startMailHosts({
    healthy: {},
    aborted: { tls: "hangs" },
    "by-sni": { nameFor: (said) => said },
    "once-by-sni": { once: true },
    "sni-refuses-base": { nameFor: (said) => (said === "base.test" ? null : said) },
    "sni-only-base": { nameFor: (said) => (said === "base.test" ? said : null) },
    ...Object.fromEntries(Object.entries(CASES).map(([name, [host]]) => [name, host])),
  });
});
afterAll(async () => {
  await hosts.server.stop();
});

test("all that a healthy host shows is told", async () => {
  const fact = await hosts.speak("healthy");
  expect(fact).toEqual({
    host: "healthy",
    address: mailAddress("healthy"),
    failure: null,
    greeting: { code: 220, lines: ["healthy ESMTP lab"] },
    keywords: ["PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES", "STARTTLS"],
    starttls: { state: "established", reply: { code: 220, lines: ["Go ahead"] }, detail: null },
    tls: {
      version: "TLSv1.3",
      cipher: expect.stringMatching(/^TLS_/),
      chain: [
        expect.objectContaining({ subject: "CN=healthy", dnsNames: ["healthy"] }),
        expect.objectContaining({ subject: "CN=Sealpost lab intermediate" }),
      ],
      chainError: null,
      keyExchange: "X25519MLKEM768",
    },
    keywordsInside: ["PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES", "REQUIRETLS"],
    withoutSni: { fingerprint256: fact.tls?.chain[0]?.fingerprint256, chain: fact.tls?.chain, detail: null },
    versions: [
      { version: "TLSv1", accepted: false, detail: expect.stringMatching(/version/) },
      { version: "TLSv1.1", accepted: false, detail: expect.stringMatching(/version/) },
      { version: "TLSv1.2", accepted: true, detail: null },
      { version: "TLSv1.3", accepted: true, detail: null },
    ],
    injection: "discarded",
    milliseconds: expect.any(Number),
  });
  expect(JSON.parse(JSON.stringify(fact))).toEqual(fact);
});

test("it speaks politely: QUIT at each end, one connection at a time, and no mail", () => {
  const address = mailAddress("healthy");
  const lines = hosts.server.commands.filter((command) => command.address === address);
  const hello = { address, line: "EHLO [127.0.0.1]", inside: false };
  const bye = { address, line: "QUIT", inside: true };
  const begin = [hello, { address, line: "STARTTLS", inside: false }];
  const inside = { ...hello, inside: true };
  expect(lines.slice(0, 4)).toEqual([...begin, inside, bye]);
  // Without SNI and TLS 1.2; the handshakes with TLS 1.1 and 1.0 fail; and the injection.
  const others = [...begin, bye, ...begin, bye, ...begin, ...begin, ...begin, inside, bye];
  expect(lines.slice(4)).toEqual(others);
});

describe.concurrent("a host is seen as it is", () => {
  test.each(Object.entries(CASES))("%s", async (name, [, seen, patience]) => {
    expect(await hosts.speak(name, patience === "waits" ? QUICK : LIMITS)).toMatchObject(seen);
  });
});

describe("the TLSA base, where it is another name than the host's, is said in one more handshake (D17)", () => {
  const BASE = "base.test";

  test("first among the further ones, and politely", async () => {
    const fact = await hosts.speak("by-sni", LIMITS, BASE);
    expect(fact.tls?.chain).toMatchObject([{ dnsNames: ["by-sni"] }, {}]);
    expect(fact.baseSni).toEqual({
      ...{ base: BASE, established: true, detail: null },
      chain: [expect.objectContaining({ dnsNames: [BASE] }), fact.tls?.chain[1]],
    });
    expect(JSON.parse(JSON.stringify(fact))).toEqual(fact);
    const address = mailAddress("by-sni");
    const lines = hosts.server.commands.filter((command) => command.address === address).map(({ line }) => line);
    const again = ["EHLO [127.0.0.1]", "STARTTLS", "QUIT"];
    const [first, second, third] = [lines.slice(0, 4), lines.slice(4, 7), lines.slice(7, 10)];
    expect([first.at(-1), second, third]).toEqual(["QUIT", again, again]);
    expect(lines.filter((line) => line === "STARTTLS")).toHaveLength(7);
  });

  test.each([
    ["sni-refuses-base", { tls: expect.anything(), baseSni: { established: false, detail: /disconnected|reset/ } }],
    ["sni-only-base", { tls: null, baseSni: { established: true, chain: [{ dnsNames: [BASE] }, {}], detail: null } }],
    ["tls-alert", { tls: null, baseSni: { established: false, chain: [] } }],
    ["once-by-sni", { tls: expect.anything(), baseSni: { established: null, chain: [], detail: /421 Too many/ } }],
  ])("%s", async (name, { tls, baseSni }) => {
    const { detail } = { detail: undefined, ...baseSni };
    const seen = { ...baseSni, ...(detail instanceof RegExp ? { detail: expect.stringMatching(detail) } : {}) };
    expect(await hosts.speak(name, LIMITS, BASE)).toMatchObject({ tls, baseSni: { base: BASE, ...seen } });
  });

  test.each([["not-offered"], ["starttls-501"], ["refused"]])(
    "not where it does not come to that: %s",
    async (name) => {
      expect(await hosts.speak(name, LIMITS, BASE)).not.toHaveProperty("baseSni");
    },
  );
});

test.each([
  ["the host is left alone", "once", ["EHLO [127.0.0.1]", "STARTTLS", "EHLO [127.0.0.1]", "QUIT"]],
  ["there is a QUIT", "greylisted", ["QUIT"]],
  ["the host is not asked again", "starttls-454", ["EHLO [127.0.0.1]", "STARTTLS", "QUIT"]],
])("when it is turned away, %s", (_, name, lines) => {
  const said = hosts.server.commands.filter(({ address }) => address === mailAddress(name)).map(({ line }) => line);
  expect(said.slice(0, lines.length)).toEqual(lines);
  // The second connection ends by the host: perhaps before it has read the QUIT.
  expect(said.slice(lines.length).filter((line) => line !== "QUIT")).toEqual([]);
});

describe("the guard", () => {
  test.each([["10.1.2.3"], ["::1"], ["fe80::1"], ["not an address"]])("keeps it from %s", async (address) => {
    const guarded = { ...hosts.settings, allow: ["127.0.0.0/8"] };
    expect(await speakSmtp("guarded.test", address, guarded)).toMatchObject(failed("address-refused"));
  });
});

describe("the name that it gives", () => {
  test("is the one of the settings", async () => {
    const named = { ...hosts.settings, ehloName: "probe.sealpost.example" };
    const before = hosts.server.commands.length;
    await speakSmtp("healthy", mailAddress("healthy"), named);
    const names = hosts.server.commands.slice(before).filter(({ line }) => line.startsWith("EHLO"));
    expect(new Set(names.map(({ line }) => line))).toEqual(new Set(["EHLO probe.sealpost.example"]));
  });

  test("is an address literal without one, also by IPv6", async ({ skip }) => {
    const said: string[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (line) => said.push(line.toString()) && socket.end("250 mail.test\r\n"));
      socket.write("220 mail.test\r\n");
    });
    server.listen(0, "::1");
    const isThere = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isThere) skip("this machine has no IPv6");
    const settings = { ...hosts.settings, smtpPort: (server.address() as AddressInfo).port };
    await speakSmtp("six.test", "::1", settings);
    expect(said[0]).toBe("EHLO [IPv6:::1]\r\n");
    server.close();
  });
});

describe("what a host did", () => {
  test("is taken for what it does, for all who ask at the time", async () => {
    const before = hosts.server.commands.length;
    const [one, other] = await Promise.all([hosts.speak("healthy"), hosts.speak("healthy")]);
    expect(other).toBe(one);
    expect(hosts.server.commands.length).toBe(before);
  });

  test("is looked at anew for another name", async () => {
    const { commands } = hosts.server;
    const before = commands.length;
    const names = ["one.test", "other.test"];
    const facts = await Promise.all(names.map((name) => speakSmtp(name, mailAddress("healthy"), hosts.settings)));
    expect(facts).toMatchObject(names.map((host) => ({ host, tls: { chain: [{ dnsNames: ["healthy"] }, {}] } })));
    // One after the other, since both names have the same address.
    const lines = commands.slice(before).map(({ line, inside }) => `${inside ? "inside" : "clear"} ${line}`);
    expect(lines.slice(lines.length / 2)).toEqual(lines.slice(0, lines.length / 2));
  });
});

describe("an abort", () => {
  test("in the middle ends it with its reason", async () => {
    const aborting = new AbortController();
    const address = mailAddress("aborted");
    const speaking = speakSmtp("aborted", address, hosts.settings, { signal: aborting.signal });
    await expect.poll(() => hosts.server.commands.some((one) => one.address === address)).toBe(true);
    aborting.abort(new Error("no longer wanted"));
    await expect(speaking).rejects.toThrow("no longer wanted");
    await expect.poll(() => hosts.server.connections(address)).toBe(0);
  });

  test("before the start makes no connection", async () => {
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(speakSmtp("late.test", mailAddress("healthy"), hosts.settings, { signal })).rejects.toThrow(
      "too late",
    );
  });
});

test("the time for all connections together is limited", { timeout: 10_000 }, async () => {
  const limits = { ...LIMITS, smtpTotal: 250 };
  expect(await hosts.speak("greeting-silent", limits)).toMatchObject(failed("reply-timeout"));
});

test("a reply is read up to its limit", async () => {
  const fact = await hosts.speak("ehlo-endless");
  expect(fact.failure?.detail).toMatch(/more than \d+ (?:lines|octets)/);
  expect(JSON.stringify(fact).length).toBeLessThan(MAX_REPLY_BYTES);
});

test("no connection outlives its dialogue", async () => {
  await expect.poll(() => hosts.server.connections()).toBe(0);
});

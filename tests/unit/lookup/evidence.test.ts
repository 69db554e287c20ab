import { describe, expect, test } from "vitest";
import { chainLinks } from "#components/lookup/chain-links.ts";
import { dialogueLines, trials } from "#components/lookup/dialogue-text.ts";
import { zoneLines } from "#components/lookup/dns-text.ts";
import {
  addressesAt,
  certificate,
  failed,
  found,
  mxOf,
  NOW,
  spoken,
  tlsWith,
  txtOf,
} from "#tests/unit/checks/facts.ts";

const HOST = "mta-sts.example.org";
const [leaf, issuer] = [certificate(), certificate({ subject: "CN=Test Issuing CA", issuer: "CN=Test Root" })];
const linksOf = (changes: Parameters<typeof tlsWith>[0], host = HOST) =>
  chainLinks(tlsWith(changes), host, Date.parse(NOW));

describe("a served chain", () => {
  test("that is trusted holds to the root, which need not be sent", () => {
    expect(linksOf({}).map(({ role, faults, next }) => [role, faults, next.holds, next.text])).toEqual([
      ["Certificate of the host", [], true, "Issued by the next certificate."],
      ["Intermediate", [], true, "Issued by the trusted root CN=Test Root."],
    ]);
  });

  const missing = { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", message: "" };
  test.each([
    ["breaks where the issuer was not sent", { chain: [leaf], chainError: missing }, [false]],
    [
      "breaks where another certificate comes next",
      { chain: [leaf, certificate({ subject: "CN=X" })], chainError: missing },
      [false, false],
    ],
    [
      "breaks at a root that nobody trusts",
      { chain: [certificate({ issuer: `CN=${HOST}` })], chainError: missing },
      [false],
    ],
    [
      "holds where only a date is wrong",
      { chain: [leaf, issuer], chainError: { code: "CERT_HAS_EXPIRED", message: "" } },
      [true, true],
    ],
  ])("%s", (_, changes, holds) => {
    expect(linksOf(changes).map(({ next }) => next.holds)).toEqual(holds);
  });

  test("tells what is wrong with a certificate itself", () => {
    const old = { leaf: { notAfter: "2026-11-20T08:00:00.000Z" } };
    expect(linksOf(old)[0]).toMatchObject({ days: -2, faults: ["It has expired."] });
    expect(linksOf({ leaf: { notBefore: "2026-12-01T08:00:00.000Z" } })[0]?.faults).toEqual(["It is not valid yet."]);
    expect(linksOf({}, "mx.example.net")[0]?.faults).toEqual(["It does not name mx.example.net."]);
    expect(linksOf({})[0]?.key).toBeNull();
  });
});

describe("DNS answers", () => {
  test("are lines of a zone file", () => {
    expect(zoneLines(mxOf("mx1.example.org"))[0]).toBe("example.org. 3600 MX 10 mx1.example.org.");
    expect(zoneLines(addressesAt("a.example", ["192.0.2.1"]).a)[0]).toBe("a.example. 3600 A 192.0.2.1");
    const tlsa = found("_25._tcp.a.example", "TLSA", [{ usage: 3, selector: 1, matchingType: 1, data: "ab" }]);
    expect(zoneLines(tlsa)[0]).toBe("_25._tcp.a.example. 3600 TLSA 3 1 1 ab");
    expect(zoneLines(mxOf(""))[0]).toBe("example.org. 3600 MX 10 .");
  });

  test("show aliases, failures, and who vouches", () => {
    expect(zoneLines(failed("a.example", "TXT", "timeout", ["b.example"]))).toEqual([
      "a.example. CNAME b.example.",
      "; a.example. TXT: no answer in time (test: timeout)",
      "; not vouched for by DNSSEC, from 127.0.0.1:53 in 12 ms",
    ]);
  });

  test("hold nothing that cannot be seen, and no quotation mark of their own", () => {
    expect(zoneLines(txtOf("a.example", ['a"\\\n\u202e`']))[0]).toBe('a.example. 3600 TXT "a\\"\\\\\\n\\u{202e}`"');
  });
});

describe("a dialogue", () => {
  test("is shown as it went", () => {
    expect(dialogueLines(spoken("mx1.example.org"))).toEqual([
      "S: 220 mx1.example.org ESMTP",
      ...["C: EHLO", "S: 250-PIPELINING", "S: 250 STARTTLS", "C: STARTTLS", "S: 220 Go ahead"],
      "   TLSv1.3, cipher TLS_AES_256_GCM_SHA384, key exchange X25519",
      ...["C: EHLO", "S: 250-PIPELINING", "S: 250 REQUIRETLS"],
    ]);
  });

  test("ends where it broke off", () => {
    const failure = { code: "ehlo-refused", detail: "550 go away\u0007" } as const;
    const lines = dialogueLines(
      spoken("mx1.example.org", "192.0.2.1", {
        failure,
        keywords: null,
        starttls: null,
        tls: null,
        keywordsInside: null,
      }),
    );
    expect(lines).toEqual(["S: 220 mx1.example.org ESMTP", "   ehlo-refused: 550 go away\\x07"]);
  });

  test.each([
    [{ code: 554, lines: ["5.7.1 No\u0007"] }, "S: 554 5.7.1 No\\x07"],
    [null, "   connection-reset: the connection was closed"],
  ])("shows what came back inside TLS: %o", (reply, line) => {
    const failureInside = { code: "connection-reset", detail: "the connection was closed", reply } as const;
    const lines = dialogueLines(spoken("mx1.example.org", "192.0.2.1", { keywordsInside: null, failureInside }));
    expect(lines.slice(-2)).toEqual(["C: EHLO", line]);
  });

  test("comes with what else was tried", () => {
    expect(trials(spoken("mx1.example.org")).map(({ name, result }) => `${name}: ${result}`)).toEqual([
      ...["TLS 1.0: refused", "TLS 1.1: refused", "TLS 1.2: accepted", "TLS 1.3: accepted"],
      ...["Without SNI: the same certificate", "Plaintext sent with STARTTLS: discarded"],
    ]);
  });

  test.each([
    [true, spoken("mx1.example.org").tls?.chain, "the same certificate"],
    [true, [certificate()], "another certificate"],
    [true, [], "another certificate"],
    [false, [], "no handshake"],
    [null, [], "not tried"],
  ])("names what comes of the name that senders with DANE say: %s, %#", (established, chain = [], result) => {
    const baseSni = { base: "mail.\u202e.example", established, chain, detail: null };
    expect(trials(spoken("mx1.example.org", undefined, { baseSni }))).toContainEqual({
      name: "With SNI mail.\\u{202e}.example",
      result,
    });
  });
});

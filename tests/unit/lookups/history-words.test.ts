import { describe, expect, it } from "vitest";
import type { Change, ChangeKind } from "#lib/lookups/compare.ts";
import { wordsOfPolicy } from "#lib/lookups/history-values.ts";
import { alikeChanges, changesByLookup, wordsOfChange } from "#lib/lookups/history-words.ts";

const CERTIFICATE = { fingerprint: "AA", issuer: "CN=R3", notAfter: "2027-01-21T08:00:00.000Z" };
const POLICY = { mode: "testing" as const, maxAge: 604_800, mx: ["mx1.example.org"] };
const change = (
  kind: ChangeKind,
  before: Change["before"],
  after: Change["after"],
  subject = "mx1.example.org",
): Change => ({
  ...{ kind, subject, before, after },
});
const words = (one: Change) => alikeChanges([one]).map(wordsOfChange)[0];

describe("a change in words", () => {
  it.each([
    [change("mx-added", null, 10), "New mail host: `mx1.example.org`", "not there", "there, with preference 10"],
    [change("mx-removed", 10, null), "Mail host gone: `mx1.example.org`", "there, with preference 10", "not there"],
    [
      change("mx-added", null, 0, ""),
      "The domain takes no mail any more (null MX)",
      "not there",
      "there, with preference 0",
    ],
    [change("address-added", null, "192.0.2.1"), "New address of `mx1.example.org`", "not there", "`192.0.2.1`"],
    [
      change("addresses-rotate", null, "192.0.2.1, 192.0.2.2"),
      "The addresses of `mx1.example.org` rotate",
      "not seen to rotate",
      "`192.0.2.1, 192.0.2.2` came back",
    ],
    [
      change("certificate", CERTIFICATE, { ...CERTIFICATE, notAfter: "soon" }),
      "New certificate: `mx1.example.org`",
      "issued by `CN=R3`, valid until 21 Jan 2027",
      "issued by `CN=R3`, valid until `soon`",
    ],
    [
      change("certificate", CERTIFICATE, null),
      "`mx1.example.org` offers no TLS any more",
      "issued by `CN=R3`, valid until 21 Jan 2027",
      "STARTTLS was not offered",
    ],
    [change("sts-id", null, "1"), "The id of the MTA-STS record changed", "no valid record", "`1`"],
    [
      change("policy-added", null, POLICY),
      "An MTA-STS policy is there",
      "none that senders can use",
      "mode `testing`, max_age `604800` (7 days), `mx1.example.org`",
    ],
    [
      change("policy-max-age", 86_400, 8_640_000),
      "The max_age of the policy changed",
      "`86400` (1 day)",
      "`8640000` (100 days)",
    ],
    [
      change("dnssec", "secure", "bogus", "example.org"),
      "DNSSEC of `example.org` changed",
      "secure: signed, and the signatures are right",
      "bogus: signed, and the signatures are wrong",
    ],
    [change("worst", "pass", "fail"), "The worst finding changed", "Pass", "Problem"],
    [
      change("tls-rpt-record", "v=TLSRPTv1; `x\u202e\n", null),
      "The TLS-RPT record changed",
      "`v=TLSRPTv1; 'x\\u{202e}\\n`",
      "no record",
    ],
    [
      change("mx-added", null, 10, "xn--bcher-kva.example"),
      "New mail host: `bücher.example`",
      "not there",
      "there, with preference 10",
    ],
  ])("%j", (one, title, before, after) => {
    expect(words(one)).toMatchObject({ title, before, after });
  });

  it("says what it means, but not of the null MX what it means of a host", () => {
    expect(words(change("mx-added", null, 10))?.meaning).toContain("its certificate has to fit");
    expect(words(change("mx-added", null, 0, ""))?.meaning).toBeNull();
  });

  it("is told once when it is the same at several hosts, those of one lookup together", () => {
    const other = { ...CERTIFICATE, fingerprint: "BB" };
    const hosts = ["a", "b", "c", "d", "e", "f"].map((host) => change("certificate", CERTIFICATE, other, host));
    expect(alikeChanges([...hosts, change("certificate", other, CERTIFICATE, "g")]).map(wordsOfChange)).toMatchObject([
      { title: "New certificate: `a`, `b`, `c`, `d` and 2 more" },
      { title: "New certificate: `g`" },
    ]);
    const at = (day: number) => new Date(Date.UTC(2026, 10, day));
    const stored = hosts.map((one, n) => ({
      ...one,
      id: String(n),
      lookupId: n < 2 ? "x" : "y",
      at: at(n < 2 ? 9 : 8),
    }));
    expect(changesByLookup(stored)).toMatchObject([
      { lookupId: "x", at: at(9), changes: [{ title: "New certificate: `a`, `b`" }] },
      { lookupId: "y", at: at(8), changes: [{ title: "New certificate: `c`, `d`, `e`, `f`" }] },
    ]);
    expect(changesByLookup([])).toEqual([]);
  });
});

it("a version of the policy is shown without what cannot be seen", () => {
  const seen = { firstSeen: new Date("2026-11-01T00:00:00Z"), lastSeen: new Date("2026-11-02T00:00:00Z") };
  const policy = {
    ...seen,
    id: "1",
    hash: "ab",
    mode: "testing",
    maxAge: 604_800,
    body: "version: STSv1\r\nnote: caf\xc3\xa9\0\n",
  };
  expect(wordsOfPolicy(policy)).toMatchObject({
    ...{ maxAge: "604800 (7 days)", text: "version: STSv1\nnote: café\\x00\n" },
    runsOut: new Date("2026-11-09T00:00:00Z"),
  });
});

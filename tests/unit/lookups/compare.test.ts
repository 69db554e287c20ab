import { describe, expect, it } from "vitest";
import type { Facts } from "#lib/checks/gather.ts";
import type { MailHostFact } from "#lib/checks/mail-host-facts.ts";
import { type Change, carry, compare } from "#lib/lookups/compare.ts";
import { seenIn, type ToCompare } from "#lib/lookups/compare-seen.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import {
  addressesAt,
  certificate,
  DOMAIN,
  factsWith,
  failed,
  fetched,
  found,
  HOST,
  httpWith,
  mailHost,
  mxOf,
  noAddressesAt,
  notReached,
  rptOf,
  secure,
  served,
  signedNames,
  silent,
  spoken,
  stsOf,
  tlsWith,
} from "#tests/unit/checks/facts.ts";

const MX1 = "mx1.example.org";
const MX2 = "mx2.example.org";
const AT = "192.0.2.25";

/** What changes between a domain at which all is well, with what `before` says, and the same with what `after` says. */
function changes(before: Partial<Facts>, after: Partial<Facts>): Change[] {
  return compare(seen(before), seen(after));
}

const seen = (facts: Partial<Facts>, worst = "pass") => seenIn({ facts: factsWith(facts), worst });
const short = (all: readonly Change[]) => all.map(({ kind, subject, before, after }) => [kind, subject, before, after]);
const hosts = (first: Partial<MailHostFact>): Partial<Facts> => ({
  mailHosts: [mailHost(MX1, 10, first), mailHost(MX2, 20)],
});
const tlsaOf = (...data: string[]) => {
  const records = data.map((one) => ({ usage: 3, selector: 1, matchingType: 1, data: one }));
  return hosts({ tlsa: [{ base: MX1, records: found(`_25._tcp.${MX1}`, "TLSA", records) }] });
};
const dialogue = (changed: Partial<SmtpFact>): Partial<Facts> => ({ smtp: [spoken(MX1, AT, changed), spoken(MX2)] });
const leafOf = (fingerprint256: string, notAfter = "2027-01-21T08:00:00.000Z"): Partial<Facts> =>
  dialogue({
    tls: { ...tlsWith({ leaf: { issuer: "CN=Test Issuing CA", fingerprint256, notAfter } }), keyExchange: null },
  });
const policy = (text: string): Partial<Facts> => ({ policyFetch: served(text) });
const BODY = "version: STSv1\nmode: testing\nmx: mx1.example.org\nmax_age: 604800\n";
const WHOLE = { mode: "testing", maxAge: 604_800, mx: [MX1] };

describe("a change is found", () => {
  it.each([
    ["a mail host more", { mx: mxOf(MX1) }, { mx: mxOf(MX1, MX2) }, [["mx-added", MX2, null, 20]]],
    [
      "a mail host less",
      { mx: mxOf(MX1, MX2) },
      { mx: mxOf(MX2) },
      [
        ["mx-removed", MX1, 10, null],
        ["mx-preference", MX2, 20, 10],
      ],
    ],
    ["another preference", { mx: mxOf([10, MX1]) }, { mx: mxOf([30, MX1]) }, [["mx-preference", MX1, 10, 30]]],
    [
      "mail is not taken any more (RFC 7505)",
      { mx: mxOf(MX1) },
      { mx: mxOf([0, ""]) },
      [
        ["mx-removed", MX1, 10, null],
        ["mx-added", "", null, 0],
      ],
    ],
    [
      "the domain becomes its own mail host (RFC 5321 §5.1)",
      { mx: mxOf(MX1) },
      { mx: failed(DOMAIN, "MX", "no-data"), domainAddresses: addressesAt(DOMAIN, ["192.0.2.1"]) },
      [
        ["mx-removed", MX1, 10, null],
        ["mx-added", DOMAIN, null, 0],
      ],
    ],
    [
      "addresses of a mail host, in each family",
      hosts({ addresses: addressesAt(MX1, ["192.0.2.25"], ["2001:db8::1"]) }),
      hosts({ addresses: addressesAt(MX1, ["192.0.2.26"]) }),
      [
        ["address-removed", MX1, "192.0.2.25", null],
        ["address-added", MX1, null, "192.0.2.26"],
        ["address-removed", MX1, "2001:db8::1", null],
      ],
    ],
    [
      "a policy host appears (M79)",
      { policyHostAddresses: noAddressesAt(HOST, "no-such-name"), policyFetch: null },
      { policyHostAddresses: addressesAt(HOST, ["192.0.2.66"]), policyFetch: served(BODY) },
      [
        ["address-added", HOST, null, "192.0.2.66"],
        ["policy-added", DOMAIN, null, WHOLE],
      ],
    ],
    [
      "a mail host's certificate",
      leafOf("AA"),
      leafOf("BB", "2027-04-01T00:00:00.000Z"),
      [
        [
          "certificate",
          `${MX1} [${AT}]`,
          { issuer: "CN=Test Issuing CA", notAfter: "2027-01-21T08:00:00.000Z", fingerprint: "AA" },
          { issuer: "CN=Test Issuing CA", notAfter: "2027-04-01T00:00:00.000Z", fingerprint: "BB" },
        ],
      ],
    ],
    [
      "a host that offers no TLS any more",
      leafOf("AA"),
      dialogue({ tls: null, starttls: { state: "not-offered", reply: null, detail: null } }),
      [["certificate", `${MX1} [${AT}]`, expect.objectContaining({ fingerprint: "AA" }), null]],
    ],
    [
      "the policy host's certificate, also one that senders do not accept",
      {},
      { policyFetch: fetched({ tls: tlsWith({ leaf: { fingerprint256: "EE" } }), http: null }) },
      [["certificate", `${HOST} [192.0.2.10]`, expect.anything(), expect.objectContaining({ fingerprint: "EE" })]],
    ],
    [
      "TLSA records",
      tlsaOf("aa", "bb"),
      tlsaOf("bb", "cc"),
      [
        ["tlsa-removed", MX1, "3 1 1 aa", null],
        ["tlsa-added", MX1, null, "3 1 1 cc"],
      ],
    ],
    ["the first TLSA record", hosts({}), tlsaOf("aa"), [["tlsa-added", MX1, null, "3 1 1 aa"]]],
    [
      "the id",
      { stsTxt: stsOf("v=STSv1; id=1;") },
      { stsTxt: stsOf("v=STSv1; id=2;") },
      [["sts-id", DOMAIN, "1", "2"]],
    ],
    [
      "a record that is no good any more",
      { stsTxt: stsOf("v=STSv1; id=1;") },
      { stsTxt: stsOf("v=STSv1; id=1-2;") },
      [["sts-id", DOMAIN, "1", null]],
    ],
    [
      "the mode",
      policy(BODY),
      policy(BODY.replace("testing", "enforce")),
      [["policy-mode", DOMAIN, "testing", "enforce"]],
    ],
    ["max_age", policy(BODY), policy(BODY.replace("604800", "86400")), [["policy-max-age", DOMAIN, 604_800, 86_400]]],
    [
      "a host of the policy",
      policy(BODY),
      policy(BODY.replace("mx1", "*")),
      [
        ["policy-mx-removed", DOMAIN, MX1, null],
        ["policy-mx-added", DOMAIN, null, "*.example.org"],
      ],
    ],
    [
      "a policy that is gone",
      policy(BODY),
      { policyFetch: fetched({ http: httpWith({ status: 404 }) }) },
      [["policy-removed", DOMAIN, WHOLE, null]],
    ],
    [
      "a policy that no sender can use",
      policy(BODY),
      policy("mode: testing\n"),
      [["policy-removed", DOMAIN, WHOLE, null]],
    ],
    [
      "the TLS-RPT record",
      { tlsRptTxt: rptOf("v=TLSRPTv1; rua=mailto:a@example.org") },
      { tlsRptTxt: failed("", "TXT", "no-such-name") },
      [["tls-rpt-record", DOMAIN, "v=TLSRPTv1; rua=mailto:a@example.org", null]],
    ],
    [
      "DNSSEC",
      { mx: secure(mxOf(MX1)) },
      { mx: { ...failed(DOMAIN, "MX", "servfail"), answeredUnchecked: true } },
      [["dnssec", DOMAIN, "secure", "bogus"]],
    ],
  ] satisfies [string, Partial<Facts>, Partial<Facts>, unknown[][]][])("%s", (_, before, after, expected) => {
    expect(short(changes(before, after))).toEqual(expected);
    expect(changes(after, after)).toEqual([]);
  });

  it("the worst status", () => {
    expect(short(compare(seen({}, "pass"), seen({}, "fail")))).toEqual([["worst", DOMAIN, "pass", "fail"]]);
  });
});

describe("no change is", () => {
  const timeout = <Type extends "MX" | "TXT">(type: Type) => failed(DOMAIN, type, "timeout");
  const unseen = noAddressesAt(MX1, "timeout");

  it.each([
    ["another order of mail hosts", { mx: mxOf([10, MX1], [10, MX2]) }, { mx: mxOf([10, MX2], [10, MX1]) }],
    [
      "another order of addresses",
      hosts({ addresses: addressesAt(MX1, ["192.0.2.1", "192.0.2.2"]) }),
      hosts({ addresses: addressesAt(MX1, ["192.0.2.2", "192.0.2.1"]) }),
    ],
    ["another order of TLSA records", tlsaOf("aa", "bb"), tlsaOf("bb", "aa")],
    [
      "another order in the policy",
      policy(BODY),
      policy("version: STSv1\nmax_age: 604800\nmx: mx1.example.org\nmode: testing\n"),
    ],
    [
      "another TTL",
      { mx: found(DOMAIN, "MX", mxOf(MX1).result.ok ? [{ preference: 10, exchange: MX1 }] : [], 60) },
      { mx: mxOf(MX1) },
    ],
    ["an MX answer that did not come", {}, { mx: timeout("MX"), mailHosts: [], smtp: [] }],
    ["addresses that were not answered", hosts({}), hosts({ addresses: unseen })],
    ["a host that was not spoken with", leafOf("AA"), { smtp: [silent(MX1, "connection-timeout", AT), spoken(MX2)] }],
    [
      "a handshake that failed",
      leafOf("AA"),
      dialogue({ tls: null, starttls: { state: "handshake-failed", reply: null, detail: null } }),
    ],
    [
      "TLS that is away for the moment",
      leafOf("AA"),
      dialogue({ tls: null, starttls: { state: "temporary", reply: null, detail: null } }),
    ],
    ["a policy host that was not reached", policy(BODY), { policyFetch: notReached("connection-timeout") }],
    ["a policy host that is out of order", policy(BODY), { policyFetch: fetched({ http: httpWith({ status: 503 }) }) }],
    [
      "a policy host that has enough of us",
      policy(BODY),
      { policyFetch: fetched({ http: httpWith({ status: 429 }) }) },
    ],
    [
      "a policy host whose addresses did not come",
      policy(BODY),
      { policyHostAddresses: noAddressesAt(HOST, "servfail"), policyFetch: null },
    ],
    ["a record that was not answered", {}, { stsTxt: timeout("TXT"), tlsRptTxt: timeout("TXT") }],
    [
      "DNSSEC that a resolver does not look at",
      { mx: secure(mxOf(MX1)) },
      { mx: mxOf(MX1), signedNames: signedNames(false) },
    ],
  ] satisfies [string, Partial<Facts>, Partial<Facts>][])("%s", (_, before, after) => {
    expect(changes(before, after)).toEqual([]);
    expect(changes(after, before)).toEqual([]);
  });

  it("a worst status that is not known", () => {
    expect(compare(seen({}, "error"), seen({}, "fail"))).toEqual([]);
    expect(compare(seen({}, "pass"), seen({}, "error"))).toEqual([]);
  });

  it("what lookups of an earlier version did not ask for", () => {
    const { domain, checkedAt, mx, domainAddresses, stsTxt, policyHostAddresses, policyFetch, tlsRptTxt } = factsWith({
      signedNames: signedNames(false),
    });
    const facts: ToCompare["facts"] = { domain, checkedAt, mx, domainAddresses, stsTxt };
    const old = seenIn({ facts: { ...facts, policyHostAddresses, policyFetch, tlsRptTxt }, worst: "pass" });
    expect(compare(old, seen({}))).toEqual([]);
    expect(compare(seen({}), seenIn({ facts: { domain }, worst: "pass" }))).toEqual([]);
  });
});

describe("what was last seen", () => {
  const nothing = {
    mx: failed(DOMAIN, "MX", "timeout"),
    ...{ mailHosts: [], smtp: [], policyFetch: notReached("connection-timeout") },
    ...{ stsTxt: failed("", "TXT", "timeout"), tlsRptTxt: failed("", "TXT", "timeout") },
    policyHostAddresses: noAddressesAt(HOST, "timeout"),
  } satisfies Partial<Facts>;

  it("is carried over lookups that could not look, however many", () => {
    const before = seen(leafOf("AA"));
    const carried = [1, 2, 3].reduce((up) => carry(up, seen(nothing, "error")), before);
    expect(new Set(carried.map((entry) => JSON.stringify(entry)))).toEqual(
      new Set(before.map((entry) => JSON.stringify(entry))),
    );
    expect(short(compare(carried, seen(leafOf("BB"))))).toEqual([
      ["certificate", `${MX1} [${AT}]`, expect.objectContaining({ fingerprint: "AA" }), expect.anything()],
    ]);
  });

  it("is forgotten of a mail host that is gone, so that nothing is said of it when it comes back", () => {
    const gone = carry(
      seen(leafOf("AA")),
      seen({ mx: mxOf(MX2), mailHosts: [mailHost(MX2, 10)], smtp: [spoken(MX2)] }),
    );
    expect(gone.filter(({ host }) => host === MX1)).toEqual([]);
    expect(gone.filter(({ host }) => host === HOST)).not.toEqual([]);
    expect(compare(gone, seen(leafOf("BB"))).map(({ kind }) => kind)).toEqual(["mx-preference", "mx-added"]);
  });

  it("is forgotten of an address that is gone, and not of one that was not answered", () => {
    const moved = { ...hosts({ addresses: addressesAt(MX1, ["192.0.2.99"]) }), smtp: [spoken(MX2)] };
    const unanswered = { ...hosts({ addresses: noAddressesAt(MX1, "timeout") }), smtp: [spoken(MX2)] };
    const certificates = (facts: Partial<Facts>) =>
      carry(seen(leafOf("AA")), seen(facts)).filter(({ kind, host }) => kind === "certificate" && host === MX1);
    expect(certificates(moved)).toEqual([]);
    expect(certificates(unanswered)).toHaveLength(1);
  });

  it("is the same as it comes back from the database, with names and texts that it cannot hold", () => {
    const odd = seen({
      mx: mxOf("__proto__", "a\0b"),
      mailHosts: [mailHost("__proto__"), mailHost("a\0b")],
      smtp: [spoken("__proto__")],
      tlsRptTxt: rptOf("v=TLSRPTv1; rua=mailto:a\0\ud800@example.org"),
      policyFetch: fetched({ tls: { ...tlsWith(), chain: [certificate({ issuer: "CN=\0" })] } }),
    });
    expect(JSON.stringify(odd)).not.toContain("\\u0000");
    expect(compare(JSON.parse(JSON.stringify(odd)), odd)).toEqual([]);
    expect(carry(odd, odd)).toHaveLength(odd.length);
    expect(odd.some(({ subject }) => subject === "__proto__")).toBe(true);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import type { Facts } from "#lib/checks/gather.ts";
import type { Verdict } from "#lib/checks/verdict.ts";
import type { FindingCode } from "#lib/checks/wording.ts";
import type { InsideFailure, SmtpFact, SmtpReply, StarttlsFact } from "#lib/probes/smtp-fact.ts";
import { addressesAt, certificate, factsWith, found, mailHost, mxOf, POLICY, silent, spoken, txtOf } from "./facts.ts";
import { SHORT_RSA_KEY } from "./weak-certificates.ts";

const MX1 = "mx1.example.org";

/** The one verdict with this code, for a domain with one mail host. */
function only(code: FindingCode, changes: Partial<Facts>): Verdict {
  const [verdict, ...others] = judge(
    factsWith({ mx: mxOf(MX1), mailHosts: [mailHost(MX1)], smtp: [spoken(MX1)], ...changes }),
  ).filter((one) => one.code === code);
  if (verdict === undefined || others.length > 0) throw new Error(`${others.length + 1} verdicts or none: ${code}`);
  return verdict;
}

const detailOf = (code: FindingCode, changes: Partial<Facts> = {}) => only(code, changes).detail;

describe("the dialogue", () => {
  const ended = (starttls: Partial<StarttlsFact> & Pick<StarttlsFact, "state">, changes: Partial<SmtpFact> = {}) => {
    const nothing = { tls: null, keywordsInside: null, versions: [], injection: null };
    return {
      smtp: [
        spoken(MX1, "192.0.2.25", { ...nothing, starttls: { reply: null, detail: null, ...starttls }, ...changes }),
      ],
    };
  };

  test("what was said is shown", () => {
    expect(detailOf("starttls-established")).toContain("greets with `220 mx1.example.org ESMTP`");
    const reply = { code: 502, lines: ["5.5.1 not today", "really"] };
    expect(detailOf("starttls-reply-refused", ended({ state: "refused", reply }))).toContain("`502 5.5.1 not today`");
    const offered = ended({ state: "not-offered" }, { keywords: ["SIZE 1000", "PIPELINING"] });
    expect(detailOf("starttls-not-offered", offered)).toContain("EHLO with `SIZE 1000`, `PIPELINING`");
    const bare = ended({ state: "not-offered" }, { keywords: [] });
    expect(detailOf("starttls-not-offered", bare)).toContain("EHLO with `no keyword`");
    const greeting = { code: 421, lines: ["4.7.0 try again later"] };
    const later = { smtp: [{ ...silent(MX1, "greeting-temporary"), greeting }] };
    expect(detailOf("starttls-greeting-temporary", later)).toContain("`421 4.7.0 try again later`");
  });

  test("S5: what came back inside TLS is shown, and not taken for silence", () => {
    const inside = (code: InsideFailure["code"], detail: string, reply: SmtpReply | null = null) => ({
      smtp: [spoken(MX1, "192.0.2.25", { keywordsInside: null, failureInside: { code, detail, reply } })],
    });
    const closed = inside("connection-reset", "the connection was closed");
    expect(detailOf("starttls-silent-inside", closed)).toContain("no answer inside it (`the connection was closed`)");
    const junk = inside("reply-malformed", `"what?" is no line of an SMTP reply`);
    expect(detailOf("starttls-malformed-inside", junk)).toContain('`"what?" is no line');
    const later = inside("ehlo-temporary", "421 later", { code: 421, lines: ["later"] });
    expect(detailOf("starttls-temporary-inside", later)).toContain("answered with `421 later`");
    const no = inside("ehlo-refused", "554 5.7.1 No", { code: 554, lines: ["5.7.1 No"] });
    expect(detailOf("starttls-refused-inside", no)).toContain("inside TLS with `554 5.7.1 No`");
  });

  test("Q1: REQUIRETLS is in the evidence, and only when it is a keyword inside TLS", () => {
    const requireTls = (keywordsInside: string[]) =>
      only("starttls-established", { smtp: [spoken(MX1, "192.0.2.25", { keywordsInside })] }).evidence;
    expect(requireTls(["SIZE 1000", "REQUIRETLS"])).toMatchObject({ requireTls: true });
    expect(requireTls(["XREQUIRETLS"])).toMatchObject({ requireTls: false });
  });

  test("a handshake that fails with SNI only is said to do so", () => {
    const failing = { state: "handshake-failed", detail: "unrecognized name" } as const;
    const sni = "(SNI) the handshake succeeds";
    const bare = { fingerprint256: "AB", chain: [certificate()], detail: null };
    expect(detailOf("starttls-handshake-failed", ended(failing))).toContain(sni);
    expect(detailOf("starttls-handshake-failed", ended(failing, { withoutSni: bare }))).toContain(sni);
    for (const withoutSni of [null, { ...bare, fingerprint256: null }]) {
      const detail = detailOf("starttls-handshake-failed", ended(failing, { withoutSni }));
      expect(detail).toContain("ends with: `unrecognized name`. Some");
      expect(detail).not.toContain(sni);
    }
  });

  test("silence is put down to the host only when port 25 of others was reached", () => {
    const there = "so the cause is probably there";
    const quiet = silent(MX1, "connection-timeout");
    expect(detailOf("starttls-connection-timeout", { smtp: [quiet] })).not.toContain(there);
    const open = { port25: "open", tried: [] } as const;
    const reached = { smtp: [quiet], outward: { ...open, tried: [] } };
    expect(detailOf("starttls-connection-timeout", reached)).toContain(there);
    const addresses = addressesAt(MX1, ["192.0.2.25", "192.0.2.26"]);
    const half = { mailHosts: [mailHost(MX1, 10, { addresses })], smtp: [quiet, spoken(MX1, "192.0.2.26")] };
    expect(detailOf("starttls-connection-timeout", half)).toContain(there);
  });

  test("what to type is what works", () => {
    const at = (address: string) => {
      const addresses = addressesAt(MX1, [], [address]);
      const starttls = { state: "handshake-failed", reply: null, detail: "test" } as const;
      const fact = spoken(MX1, address, { tls: null, keywordsInside: null, starttls });
      return only("starttls-handshake-failed", { mailHosts: [mailHost(MX1, 10, { addresses })], smtp: [fact] }).fix;
    };
    expect(at("192.0.2.25")).toContain("-connect 192.0.2.25:25`");
    expect(at("2001:db8::25")).toContain("-connect [2001:db8::25]:25`");
  });
});

describe("certificates of mail hosts", () => {
  const serving = (changes: Parameters<typeof certificate>[0]) => {
    const { tls } = spoken(MX1);
    const chain = [certificate({ subject: `CN=${MX1}`, dnsNames: [MX1], ...changes }), ...(tls?.chain.slice(1) ?? [])];
    return { smtp: [spoken(MX1, "192.0.2.25", { tls: tls && { ...tls, chain } })] };
  };

  test("what follows for each kind of sender, and the codes of Exchange Online's bounces (B2.9)", () => {
    const detail = detailOf("mx-certificate-name-mismatch", serving({ dnsNames: ["example.org"] }));
    expect(detail).toContain("does not cover `mx1.example.org`: it is made out to other names");
    for (const part of ["in enforce do not deliver", "4.7.5", "5.7.5", "opportunistic", "usage 3"]) {
      expect(detail).toContain(part);
    }
  });

  test("which key is too short, and by how much", () => {
    const verdict = only("mx-certificate-weak-key", serving({ pem: SHORT_RSA_KEY }));
    expect(verdict.detail).toContain("The RSA key of `CN=mx1.example.org` has 1024 bits");
  });

  test("RFC 5280 §4.2.1.6: a certificate without a subject goes by its first name", () => {
    const weak = only("mx-certificate-weak-key", serving({ pem: SHORT_RSA_KEY, subject: "" }));
    expect(weak.detail).toContain("The RSA key of `mx1.example.org` has 1024 bits");
    const chain = [certificate({ subject: "", dnsNames: ["default.example"], fingerprint256: "other" })];
    const withoutSni = { fingerprint256: "other", chain, detail: null };
    const other = only("mx-tls-default-certificate", { smtp: [spoken(MX1, "192.0.2.25", { withoutSni })] });
    expect(other.detail).toContain("gets the certificate `default.example`, which");
    expect(only("mx-certificate-valid", serving({ subject: "" })).evidence).toMatchObject({ certificate: MX1 });
  });
});

test("M5: when the earlier policy was seen, and under which id", () => {
  const earlierPolicy = { id: "1", body: POLICY, seenAt: "2026-11-20T07:59:59.000Z" };
  expect(detailOf("sts-id-ahead", { earlierPolicy })).toContain("The id was `1` on 2026-11-20 07:59 UTC");
});

test("T12: what is wrong with the record of a mail host", () => {
  const tlsRptTxt = txtOf(`_smtp._tls.${MX1}`, ["v=TSLRPTv1; rua=mailto:a@b.example"]);
  const text = detailOf("tls-rpt-hosts-invalid", { mailHosts: [mailHost(MX1, 10, { tlsRptTxt })] });
  expect(text).toContain("`v=TSLRPTv1; rua=mailto:a@b.example`, but senders cannot use it: The version is misspelt.");
});

test("M36: where to publish the record and the policy of a subdomain", () => {
  const name = "news.example.org";
  const mx = found(name, "MX", [{ preference: 10, exchange: MX1 }]);
  const verdict = only("sts-record-subdomain-without", {
    subdomains: [{ name, mx, stsTxt: txtOf(`_mta-sts.${name}`, []) }],
  });
  expect(verdict.fix).toContain(
    "`_mta-sts.news.example.org` and a policy at https://mta-sts.news.example.org/.well-known",
  );
});

test("what a mail host says stays data: nothing invisible, no code that ends early, and small evidence", () => {
  const hostile = fc.string({ unit: "binary", maxLength: 400 });
  const states = ["not-offered", "temporary", "refused", "handshake-failed"] as const;
  const failures = ["greeting-temporary", "greeting-refused", "ehlo-refused", "reply-malformed"] as const;
  fc.assert(
    fc.property(hostile, hostile, fc.constantFrom(...states), fc.constantFrom(...failures), (a, b, state, code) => {
      const reply = { code: 454, lines: [a, b] };
      const starttls = { state, reply, detail: b };
      const without = { greeting: reply, keywords: [a, b], starttls, tls: null, keywordsInside: null };
      const { tls } = spoken(MX1);
      const chain = [certificate({ subject: a, issuer: b, commonName: b, dnsNames: [a, b], notAfter: a })];
      const smtp = [
        spoken(MX1, "192.0.2.1", without),
        { ...silent(MX1, code, "192.0.2.2"), greeting: reply, failure: { code, detail: a } },
        spoken(MX1, "192.0.2.3", {
          tls: tls && { ...tls, chain, chainError: { code: a, message: b } },
          keywordsInside: [a],
        }),
        spoken(MX1, "192.0.2.4", { withoutSni: { fingerprint256: null, chain: [], detail: a } }),
        spoken(MX1, "192.0.2.5", {
          withoutSni: { fingerprint256: "x", chain, detail: null },
          tls: tls && { ...tls, cipher: b },
        }),
      ];
      const addresses = addressesAt(
        MX1,
        smtp.map(({ address }) => address),
      );
      const tlsRptTxt = txtOf(`_smtp._tls.${MX1}`, [`v=TLSRPTv1; ${a}`]);
      const mailHosts = [mailHost(MX1, 10, { addresses, tlsRptTxt })];
      for (const { code: finding, title, detail, fix, evidence } of judge(
        factsWith({ mx: mxOf(MX1), mailHosts, smtp }),
      )) {
        expect(finding).not.toBe("check-crashed");
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
        expect(`${title}${detail}${fix}`).not.toMatch(/[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
        expect(`${title}${detail}${fix}`.split("`").length % 2).toBe(1);
        expect(JSON.stringify(evidence).length).toBeLessThan(20_000);
      }
    }),
    { numRuns: 100 },
  );
});

import { describe, expect, it, vi } from "vitest";
import { TOO_MANY_KEYS } from "#lib/reports/key-quota.ts";
import { MAX_SIGNATURES } from "#lib/reports/limits.ts";
import { type SenderVerdict, type Verifying, verifySender } from "#lib/reports/verify-sender.ts";
import { makeReport } from "#prisma/seed.ts";
import { makeMail } from "./make-mail.ts";
import { KEY_RECORD, reportMail, signMail } from "./sign-mail.ts";

const report = makeReport();
const mail = reportMail(report);

const coded = (code: string) => Object.assign(new Error(code), { code });
const verifying: Verifying = {
  lookUpKey: async () => [[KEY_RECORD.slice(0, 200), KEY_RECORD.slice(200)]],
  authservIds: [],
  now: new Date("2026-11-02T12:00:00Z"),
};
const signTime = new Date("2026-11-02T10:00:00Z");

interface Case {
  what: string;
  mail: Promise<Buffer> | Buffer;
  /** google.com where it is not said. */
  reporter?: string | null;
  with?: Partial<Verifying>;
  verdict: SenderVerdict["verdict"];
  signer: string | null;
  reason?: RegExp;
}

const CASES: Case[] = [
  {
    ...{ what: "signed by the reporter itself", mail: signMail(mail, "google.com", { signTime }) },
    ...{ verdict: "pass", signer: "google.com", reason: /^Signed by google\.com\.$/ },
  },
  {
    ...{ what: "signed by the organisational parent (P18)", mail: signMail(mail, "google.com", { signTime }) },
    reporter: "tls.mail.google.com",
    ...{ verdict: "pass", signer: "google.com" },
  },
  {
    ...{ what: "mail.ru signs with corp.mail.ru (quirk 41)", mail: signMail(mail, "corp.mail.ru", { signTime }) },
    reporter: "mail.ru",
    ...{ verdict: "pass", signer: "corp.mail.ru" },
  },
  {
    ...{ what: "Microsoft signs no TLS-Report-* (quirk 41)", mail: signMail(mail, "microsoft.com", { signTime }) },
    reporter: "microsoft.com",
    ...{ verdict: "pass", signer: "microsoft.com" },
  },
  {
    ...{ what: "nobody is named whom it could prove", mail: signMail(mail, "google.com", { signTime }) },
    ...{ reporter: null, verdict: "fail", signer: "google.com", reason: /does not say whom it is from/ },
  },
  {
    ...{ what: "a key for other services too (P19)", mail: signMail(mail, "google.com", { signTime }) },
    with: { lookUpKey: async () => [[KEY_RECORD.replace("k=rsa;", "k=rsa; s=email:*;")]] },
    ...{ verdict: "pass", signer: "google.com" },
  },
  {
    ...{ what: "a list's wrapper around the mail that was signed", mail: signMail(mail, "google.com", { signTime }) },
    ...{ verdict: "pass", signer: "google.com" },
  },
  ...["tlsrpt", "email", "*", " other : TLSRPT "].map(
    (services): Case => ({
      ...{ what: `a key with s=${services} (P19)`, mail: signMail(mail, "google.com", { signTime }) },
      with: { lookUpKey: async () => [[KEY_RECORD.replace("k=rsa;", `k=rsa; s=${services};`)]] },
      ...{ verdict: "pass", signer: "google.com" },
    }),
  ),
  {
    ...{ what: "a key for other services only", mail: signMail(mail, "google.com", { signTime }) },
    with: { lookUpKey: async () => [[KEY_RECORD.replace("k=rsa;", "k=rsa; s=tlsrptx:web;")]] },
    ...{ verdict: "fail", signer: "google.com", reason: /for other services/ },
  },
  {
    ...{ what: "a key that names its services twice", mail: signMail(mail, "google.com", { signTime }) },
    with: { lookUpKey: async () => [[KEY_RECORD.replace("k=rsa;", "k=rsa; s=tlsrpt; s=*;")]] },
    ...{ verdict: "fail", signer: "google.com" },
  },
  {
    ...{ what: "a key in testing mode (RFC 6376 §3.6.1)", mail: signMail(mail, "google.com", { signTime }) },
    with: { lookUpKey: async () => [[KEY_RECORD.replace("k=rsa;", "k=rsa; t=s:y;")]] },
    ...{ verdict: "none", signer: null, reason: /^The signature of google\.com .* testing mode/ },
  },
  {
    what: "a signature that does not fit, and a key in testing mode",
    mail: signMail(mail, "google.com", { signTime }).then((signed) =>
      Buffer.from(signed.toString("latin1").replace("Report Domain: e", "Report Domain: f"), "latin1"),
    ),
    with: { lookUpKey: async () => [[KEY_RECORD.replace("k=rsa;", "k=rsa; t=y;")]] },
    ...{ verdict: "none", signer: null, reason: /testing mode/ },
  },
  {
    what: "a second signature, whose key is no test",
    mail: signMail(mail, "google.com", { signTime }).then((signed) =>
      signMail(signed, "mail.google.com", { signTime }),
    ),
    with: { lookUpKey: async (name) => [[KEY_RECORD.replace("k=rsa;", name.includes("mail.") ? "t=y;" : "")]] },
    ...{ verdict: "pass", signer: "google.com" },
  },
  {
    ...{ what: "its key was revoked", mail: signMail(mail, "google.com", { signTime }) },
    ...{ with: { lookUpKey: async () => [["v=DKIM1; p="]] }, verdict: "fail", signer: "google.com", reason: /revoked/ },
  },
  { what: "not signed", mail, verdict: "none", signer: null, reason: /no DKIM signature/ },
  {
    ...{ what: "signed by somebody else", mail: signMail(mail, "evil.example", { signTime }) },
    ...{ verdict: "fail", signer: "evil.example", reason: /signed by evil\.example, .* from google\.com/ },
  },
  {
    what: "somebody else's signature, who is the mail's author too",
    mail: signMail(reportMail(report, { from: "noreply@evil.example" }), "evil.example", { signTime }),
    ...{ verdict: "fail", signer: "evil.example" },
  },
  {
    ...{ what: "a name that ends alike", mail: signMail(mail, "notgoogle.com", { signTime }) },
    ...{ verdict: "fail", signer: "notgoogle.com" },
  },
  {
    ...{ what: "a public suffix is nobody's parent", mail: signMail(mail, "co.uk", { signTime }) },
    ...{ reporter: "reports.co.uk", verdict: "fail", signer: "co.uk" },
  },
  {
    ...{ what: "a neighbour below a private suffix", mail: signMail(mail, "a.github.io", { signTime }) },
    ...{ reporter: "b.github.io", verdict: "fail", signer: "a.github.io" },
  },
  {
    ...{
      what: "l= covers a part only (RFC 8460 §3)",
      mail: signMail(mail, "google.com", { signTime, maxBodyLength: 10 }),
    },
    ...{ verdict: "fail", signer: "google.com", reason: /l=/ },
  },
  {
    what: "changed on its way, as by a gateway that rewrites texts (quirk 42)",
    mail: signMail(mail, "google.com", { signTime }).then((signed) =>
      Buffer.from(signed.toString("latin1").replace("This is an", "[External] This is an"), "latin1"),
    ),
    ...{ verdict: "fail", signer: "google.com", reason: /changed on its way/ },
  },
  {
    what: "another subject than was signed",
    mail: signMail(mail, "google.com", { signTime }).then((signed) =>
      Buffer.from(signed.toString("latin1").replace("Report Domain: e", "Report Domain: f"), "latin1"),
    ),
    ...{ verdict: "fail", signer: "google.com", reason: /does not fit/ },
  },
  {
    ...{ what: "its key is gone", mail: signMail(mail, "google.com", { signTime }) },
    with: { lookUpKey: async () => Promise.reject(coded("ENOTFOUND")) },
    ...{ verdict: "fail", signer: "google.com", reason: /no key/ },
  },
  {
    ...{ what: "nobody answers for its key", mail: signMail(mail, "google.com", { signTime }) },
    with: { lookUpKey: async () => Promise.reject(coded("TIMEOUT")) },
    ...{ verdict: "temporary", signer: "google.com", reason: /could not be checked/ },
  },
  {
    ...{ what: "too many keys were asked for", mail: signMail(mail, "google.com", { signTime }) },
    with: { lookUpKey: async () => Promise.reject(coded(TOO_MANY_KEYS)) },
    ...{ verdict: "temporary", signer: "google.com", reason: /was not checked: too many keys/ },
  },
  {
    ...{
      what: "it has run out",
      mail: signMail(mail, "google.com", { signTime, expires: new Date("2026-11-02T11:00:00Z") }),
    },
    ...{ verdict: "fail", signer: "google.com", reason: /run out/ },
  },
  {
    ...{ what: "SHA-1", mail: signMail(mail, "google.com", { signTime, algorithm: "rsa-sha1" }) },
    ...{ verdict: "fail", signer: "google.com", reason: /SHA-1/ },
  },
  {
    ...{
      what: "a trusted relay says that it was valid",
      mail: believed("mx.relay.test; dkim=pass header.d=google.com"),
    },
    ...{ with: { authservIds: ["MX.relay.test"] }, verdict: "pass", signer: "google.com", reason: /mx\.relay\.test/ },
  },
  {
    ...{ what: "a relay that nobody trusts", mail: believed("mx.relay.test; dkim=pass header.d=google.com") },
    ...{ with: { authservIds: ["mx.other.test"] }, verdict: "none", signer: null },
  },
  {
    ...{ what: "no relay is trusted at this door", mail: believed("mx.relay.test; dkim=pass header.d=google.com") },
    ...{ verdict: "none", signer: null },
  },
  {
    ...{ what: "the relay speaks of another domain", mail: believed("mx.relay.test; dkim=pass header.d=evil.example") },
    ...{ with: { authservIds: ["mx.relay.test"] }, verdict: "none", signer: null },
  },
  {
    what: "the topmost field counts, not one that a stranger put below it",
    mail: believed(
      "mx.relay.test; dkim=fail header.d=google.com",
      "Authentication-Results: mx.relay.test; dkim=pass header.d=google.com",
    ),
    ...{ with: { authservIds: ["mx.relay.test"] }, verdict: "none", signer: null },
  },
];

function believed(results: string, ...more: string[]): Buffer {
  return reportMail(report, { headers: [`Authentication-Results: ${results}`, ...more] });
}

describe("the sender of a mail", () => {
  it.each(CASES)("$what", async ({ mail: given, reporter = "google.com", with: change, verdict, signer, reason }) => {
    const seen = await verifySender([await given], reporter, { ...verifying, ...change });
    expect(seen).toMatchObject({ verdict, signer });
    expect(seen.reason).toMatch(reason ?? /\.$/);
  });

  it("is found in the mail inside of another one, whatever the outer one says", async () => {
    const inner = await signMail(mail, "google.com", { signTime });
    const outer = makeMail(["From: list@lists.test", "Subject: Fwd"], [{ type: "message/rfc822", body: inner }]);
    const seen = await verifySender([inner, outer], "google.com", verifying);
    expect(seen).toMatchObject({ verdict: "pass", signer: "google.com" });
  });

  it("is found in a large mail, which is read in pieces while others have their turn", async () => {
    const large = Buffer.concat([mail, Buffer.alloc(8_000_000, "line of text\r\n")]);
    const signed = await signMail(large, "google.com", { signTime });
    let turns = 0;
    const count = () => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    expect(await verifySender([signed], "google.com", verifying)).toMatchObject({
      verdict: "pass",
      signer: "google.com",
    });
    clearImmediate(next);
    expect(turns).toBeGreaterThan(5);
    const changed = Buffer.concat([signed, Buffer.from("x")]);
    expect(await verifySender([changed], "google.com", verifying)).toMatchObject({ verdict: "fail" });
  });

  it("is looked for once in a mail, however many reports are in it", async () => {
    const signed = await signMail(mail, "google.com", { signTime });
    let lookups = 0;
    const counting = { ...verifying, checks: new Map(), lookUpKey: async () => [[KEY_RECORD.repeat(++lookups)]] };
    for (let i = 0; i < 3; i++)
      expect(await verifySender([signed], "google.com", counting)).toMatchObject({ verdict: "pass" });
    expect(await verifySender([signed], "other.example", counting)).toMatchObject({ verdict: "fail" });
    expect(lookups).toBe(1);
  });

  it.each([
    ["a bounce that returns it", "google.com"],
    ["a forwarder", "forwarder.test"],
  ])("is not proven by the signature of %s", async (_what, signer) => {
    const headers = ["From: postmaster@google.com", "Subject: Undeliverable", "Message-ID: <2@google.com>"];
    const outer = await signMail(makeMail(headers, [{ type: "message/rfc822", body: mail }]), signer, { signTime });
    const seen = await verifySender([mail, outer], "google.com", verifying);
    expect(seen).toMatchObject({ verdict: "none", signer: null });
  });

  it("is not proven by what an attached mail, or the one around it, says that a relay has found", async () => {
    const results = "Authentication-Results: mx.relay.test; dkim=pass header.d=google.com";
    const forged = reportMail(report, { headers: [results] });
    const outer = (...headers: string[]) =>
      makeMail([...headers, "From: a@evil.example"], [{ type: "message/rfc822", body: forged }]);
    const trusting = { ...verifying, authservIds: ["mx.relay.test"] };
    for (const around of [outer("Authentication-Results: mx.relay.test; dkim=none"), outer(), outer(results)]) {
      expect(await verifySender([forged, around], "google.com", trusting)).toMatchObject({ verdict: "none" });
    }
    expect(await verifySender([forged], "google.com", trusting)).toMatchObject({ verdict: "pass" });
  });

  /** A mail that each of some domains has signed. */
  async function signedBy(domains: readonly string[]): Promise<Buffer> {
    let signed = mail;
    for (const domain of domains) signed = await signMail(signed, domain, { signTime });
    return signed;
  }

  it(`costs no more than ${MAX_SIGNATURES} lookups, however many signatures of its own there are`, async () => {
    const signed = await signedBy(Array.from({ length: MAX_SIGNATURES + 4 }, (_, i) => `d${i}.google.com`));
    const lookUpKey = vi.fn(async () => [["v=DKIM1; p="]]);
    expect(await verifySender([signed], "google.com", { ...verifying, lookUpKey })).toMatchObject({ verdict: "fail" });
    expect(lookUpKey).toHaveBeenCalledTimes(MAX_SIGNATURES);
    const first = await signedBy(["google.com", ...Array.from({ length: MAX_SIGNATURES }, () => "d.google.com")]);
    expect(await verifySender([first], "google.com", verifying)).toMatchObject({ verdict: "pass" });
  });

  it("asks nobody for the keys of others, which decide nothing", async () => {
    const signed = await signedBy(["google.com", "evil.example", "list.test"]);
    const lookUpKey = vi.fn(verifying.lookUpKey);
    expect(await verifySender([signed], "google.com", { ...verifying, lookUpKey })).toMatchObject({ verdict: "pass" });
    expect(lookUpKey.mock.calls.map(([name]) => name)).toEqual(["s1._domainkey.google.com"]);
    expect(await verifySender([signed], null, { ...verifying, lookUpKey })).toMatchObject({ verdict: "fail" });
    expect(lookUpKey).toHaveBeenCalledTimes(1);
  });

  it("is found by keys that are asked for side by side", async () => {
    const signed = await signedBy(["google.com", "a.google.com", "b.google.com"]);
    const all = Promise.withResolvers<void>();
    let asked = 0;
    const lookUpKey = async () => {
      asked += 1;
      if (asked === 3) all.resolve();
      await all.promise;
      return [[KEY_RECORD]];
    };
    expect(await verifySender([signed], "google.com", { ...verifying, lookUpKey })).toMatchObject({ verdict: "pass" });
  });

  it("is not waited for longer than ten seconds, however many keys are not to be had", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const signed = await signedBy(["google.com", "a.google.com", "b.google.com"]);
      const asked = Promise.withResolvers<void>();
      let keys = 0;
      const lookUpKey = () => {
        keys += 1;
        if (keys === 3) asked.resolve();
        return new Promise<never>(() => {});
      };
      const seen = verifySender([signed], "google.com", { ...verifying, lookUpKey });
      await asked.promise;
      vi.advanceTimersByTime(10_000);
      expect(await seen).toMatchObject({ verdict: "temporary", reason: expect.stringMatching(/TIMEOUT/) });
    } finally {
      vi.useRealTimers();
    }
  });
});

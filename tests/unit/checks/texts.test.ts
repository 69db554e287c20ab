import { describe, expect, test } from "vitest";
import { judge } from "#lib/checks/catalogue.ts";
import type { Facts } from "#lib/checks/gather.ts";
import type { FindingCode } from "#lib/checks/wording.ts";
import {
  DOMAIN,
  factsWith,
  failed,
  fetched,
  found,
  httpWith,
  mxOf,
  rptOf,
  served,
  stsOf,
  tlsWith,
  withTls,
} from "./facts.ts";

/** The text of one finding on these facts has to say this. */
function says(code: FindingCode, changes: Partial<Facts>, ...parts: string[]): void {
  test(`${code}: ${parts.join(" · ")}`, () => {
    const verdict = judge(factsWith(changes)).find((one) => one.code === code);
    const text = verdict && `${verdict.detail} -> ${verdict.fix}`;
    for (const part of parts) expect(text).toContain(part);
  });
}

describe("what to publish is given in full", () => {
  const sts = (text: string) => ({ stsTxt: stsOf(text) });
  says("sts-record-missing", { stsTxt: stsOf() }, "at `_mta-sts.example.org`: `v=STSv1; id=20261122080000Z`");
  says("sts-record-id-characters", sts("v=STSv1; id=2026-11-22"), "`v=STSv1; id=20261122`");
  says("sts-record-version-case", sts("V=STSv1; id=77"), "`v=STSv1; id=77`");
  says("sts-record-several", { stsTxt: stsOf("v=STSv1; id=1", "v=STSv1; id=2") }, "`v=STSv1; id=1`, `v=STSv1; id=2`");
  says("sts-record-repeated-field", sts("v=STSv1; id=1; id=2"), "senders use `id=1`", "ignore `id=2`");
  says(
    "tls-rpt-record-missing",
    { tlsRptTxt: rptOf() },
    "at `_smtp._tls.example.org`: `v=TLSRPTv1; rua=mailto:ADDRESS`",
  );
  says(
    "tls-rpt-record-version-misspelt",
    { tlsRptTxt: rptOf("v=TSLRPTv1; rua=mailto:a@b.example") },
    "`v=TLSRPTv1; rua=mailto:a@b.example`",
  );
  says(
    "tls-rpt-destination-semicolon",
    { tlsRptTxt: rptOf("v=TLSRPTv1;rua=mailto:a@b.example;mailto:c@d.example") },
    "`v=TLSRPTv1; rua=mailto:a@b.example,mailto:c@d.example`",
  );
  says(
    "sts-policy-mx-list",
    { policyFetch: served("version: STSv1\nmx: a.example,b.example") },
    "In line 2",
    "`mx: a.example`, `mx: b.example`",
  );
  says(
    "sts-policy-mx-missing",
    { policyFetch: served("version: STSv1\nmode: testing") },
    "`mx: mx1.example.org`, `mx: mx2.example.org`",
  );
  says(
    "sts-policy-mode-invalid",
    { policyFetch: served("version: STSv1\nmode: Testing") },
    "`Testing`",
    "`mode: testing`",
  );
});

test("an id of our own is called a proposal, one from the record is not", () => {
  const fixOf = (stsTxt: Facts["stsTxt"]) =>
    judge(factsWith({ stsTxt })).find((verdict) => verdict.check === "mta-sts-record")?.fix;
  expect(fixOf(stsOf())).toMatch(/`v=STSv1; id=20261122080000Z` \(any id of 1 to 32 letters and digits/);
  expect(fixOf(stsOf("V=STSv1; id=77"))).toMatch(/`v=STSv1; id=77`$/);
});

says(
  "sts-mx-wildcard-own-zone",
  {
    mx: mxOf("a.example.org", "b.mail.example.org"),
    policyFetch: served("version: STSv1\nmode: enforce\nmx: *.example.org\nmx: *.mail.example.org\nmax_age: 7776000"),
  },
  "With `*.example.org`, `*.mail.example.org` every host",
  "one by one: `mx: a.example.org`, `mx: b.mail.example.org`.",
);

describe("what follows for mail is told", () => {
  const m12 = "A policy that was served before is not cancelled by this";
  says("sts-record-missing", { stsTxt: stsOf() }, m12, "mail is not blocked");
  says(
    "sts-record-cname-dangling",
    { stsTxt: failed("_mta-sts.example.org", "TXT", "no-such-name", ["x.example"]) },
    m12,
    "`x.example`",
  );
  const m31 = "Mail is not blocked by this";
  const m32 = "a sender that holds an earlier policy keeps to it until its max_age has passed";
  says("sts-fetch-not-found", { policyFetch: fetched({ http: httpWith({ status: 404 }) }) }, m31, m32, "status 404");
  says(
    "sts-fetch-redirect",
    { policyFetch: fetched({ http: httpWith({ status: 302, location: "https://x.example/" }) }) },
    m31,
    "`https://x.example/`",
  );
  says(
    "dns-servfail",
    { stsTxt: failed("_mta-sts.example.org", "TXT", "servfail") },
    "DNSSEC",
    "`TXT` at `_mta-sts.example.org`",
  );
});

describe("mail hosts outside the policy", () => {
  const policyFetch = served("version: STSv1\nmode: enforce\nmx: mx0.example.org\nmx: *.mx.example\nmax_age: 7776000");
  const mx = mxOf([10, "mx1.example.org"], [10, "a.b.mx.example"], [20, "mx2.example.org"]);
  const says1 = judge(factsWith({ mx, policyFetch })).filter((verdict) => verdict.check === "mta-sts-mx");
  const of = (host: string) => says1.find((verdict) => verdict.subject === host);

  test("with the preference, and so what is at stake", () => {
    expect(of("mx1.example.org")?.detail).toContain(
      "The mode is enforce; the host is the most preferred (preference 10).",
    );
    expect(of("mx2.example.org")?.detail).toContain("the host is a backup (preference 20).");
    expect(of("mx2.example.org")?.fix).toContain("Add the line `mx: mx2.example.org` to the policy");
  });

  test("with why the wildcard does not reach", () => {
    expect(of("a.b.mx.example")?.detail).toContain(
      "`*.mx.example` does not match `a.b.mx.example`: the asterisk stands for exactly one label",
    );
  });
});

describe("certificates", () => {
  const chainError = { code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", message: "test" };
  says("sts-certificate-untrusted-root", { policyFetch: withTls(tlsWith({ chainError })) }, "`CN=Test Root`");
  const { chain } = tlsWith();
  says(
    "sts-certificate-chain-incomplete",
    { policyFetch: withTls(tlsWith({ chainError, chain: chain.slice(0, 1) })) },
    "`CN=Test Issuing CA`",
  );
  says("sts-certificate-valid", {}, "valid until 2027-01-21 08:00 UTC (60 days)", "issued by `CN=Test Issuing CA`");
  says(
    "sts-certificate-name-mismatch",
    { policyFetch: withTls(tlsWith({ leaf: { dnsNames: ["*.org"] } })) },
    "its wildcard stands for exactly one label",
  );
});

describe("times in words", () => {
  const kept = (seconds: number, lasts: string) =>
    test(`${seconds} seconds are ${lasts}`, () => {
      const text = `version: STSv1\nmode: testing\nmx: mx1.example.org\nmax_age: ${seconds}\n`;
      const [verdict] = judge(factsWith({ policyFetch: served(text) })).filter(
        (one) => one.check === "mta-sts-max-age",
      );
      expect(verdict?.evidence).toMatchObject({ lasts, maxAge: seconds });
    });
  kept(1, "1 second");
  kept(59, "59 seconds");
  kept(60, "1 minute");
  kept(119, "119 seconds");
  kept(120, "2 minutes");
  kept(3600, "1 hour");
  kept(5400, "90 minutes");
  kept(86_400, "1 day");
  kept(129_600, "36 hours");
  kept(216_000, "2.5 days");
  kept(604_800, "7 days");
  says("sts-fetch-slow", { policyFetch: fetched({ milliseconds: 7250 }) }, "The answer took 7.3 seconds");
});

describe("boundaries between findings", () => {
  test.each([
    [299, "sts-fetch-status"],
    [300, "sts-fetch-redirect"],
    [399, "sts-fetch-redirect"],
    [400, "sts-fetch-client-error"],
    [401, "sts-fetch-forbidden"],
    [402, "sts-fetch-client-error"],
    [499, "sts-fetch-client-error"],
    [500, "sts-fetch-server-error"],
    [599, "sts-fetch-server-error"],
    [600, "sts-fetch-status"],
  ])("status %i: %s", (status, code) => {
    const verdicts = judge(factsWith({ policyFetch: fetched({ http: httpWith({ status }) }) }));
    expect(verdicts.filter((verdict) => verdict.check === "mta-sts-fetch").map((verdict) => verdict.code)).toEqual([
      code,
    ]);
  });

  test("M76: a switched-off policy may be kept for a week", () => {
    const verdicts = judge(factsWith({ policyFetch: served("version: STSv1\nmode: none\nmax_age: 604800\n") }));
    expect(verdicts.find((verdict) => verdict.check === "mta-sts-max-age")?.code).toBe("sts-max-age-good");
  });

  test("an answer without records says that the name exists", () => {
    const verdict = judge(factsWith({ mx: found(DOMAIN, "MX", []) })).find(({ check }) => check === "mx");
    expect(verdict?.code).toBe("mx-no-mail-host");
  });
});

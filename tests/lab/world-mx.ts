import { AFTER_HOST, domain, type WorldDomain } from "./world-domain.ts";

const NOT_COVERED = { "mta-sts-mx": "fail", outcome: "fail" } as const;
/** It is its own mail host, so that its TLS-RPT record is that of the mail host too (T12). */
const OWN_HOST = { "tls-rpt-hosts": "pass" } as const;
const NO_MAIL_HOST = { "mx-address": "info", starttls: "info", "mx-certificate": "info", "mx-tls": "info" } as const;

/** The MX hosts, and whether the policy covers them (RFC 8461 §4.1). */
export const MX_DOMAINS: WorldDomain[] = [
  domain("healthy", "All is well.", ["M1", "M2", "M4", "M20", "M24", "M42", "M60", "T1"]),
  domain("mx-two-hosts", "It has two MX hosts, and its policy names both.", ["M60"], {
    mx: [
      [10, "mx1.@"],
      [20, "mx2.@"],
    ],
    policy: { mx: ["mx1.@", "mx2.@"] },
  }),
  domain(
    "mx-not-covered",
    "Its policy does not name its only MX host.",
    ["M60"],
    { policy: { mx: ["mail.@"] } },
    NOT_COVERED,
    "sts-mx-not-covered",
  ),
  domain(
    "mx-backup-not-covered",
    "Its policy does not name the second of its MX hosts.",
    ["M60", "M65"],
    {
      mx: [
        [10, "mx1.@"],
        [20, "backup.provider.test"],
      ],
    },
    { ...NOT_COVERED, outcome: "warn" },
    "sts-mx-not-covered",
  ),
  domain(
    "mx-not-covered-testing",
    "Its policy is in testing and does not name its only MX host.",
    ["M60", "M71"],
    { policy: { mode: "testing", mx: ["mail.@"] } },
    { ...NOT_COVERED, "mta-sts-mode": "info", outcome: "info" },
    "sts-mx-not-covered",
  ),
  domain(
    "mx-by-wildcard",
    "Its MX host is at a provider, and its policy covers it by the provider's wildcard.",
    ["M61", "M66"],
    { mx: [[10, "mx7.inbound.provider.test"]], policy: { mx: ["*.inbound.provider.test"] } },
    { "mta-sts-mx": "info" },
    "sts-mx-wildcard-provider",
  ),
  domain(
    "mx-by-own-wildcard",
    "Its policy covers its MX host by a wildcard over the whole domain.",
    ["M61", "M66"],
    { policy: { mx: ["*.@"] } },
    { "mta-sts-mx": "warn" },
    "sts-mx-wildcard-own-zone",
  ),
  domain(
    "mx-below-wildcard",
    "Its MX host has one label more than the wildcard of its policy covers.",
    ["M61"],
    { mx: [[10, "example-com.q-v1.mx.provider.test"]], policy: { mx: ["*.mx.provider.test"] } },
    NOT_COVERED,
    "sts-mx-wildcard-too-deep",
  ),
  domain(
    "mx-above-wildcard",
    "It is its own MX host, which the wildcard of its policy does not cover.",
    ["M61"],
    { mx: [[10, "@"]], policy: { mx: ["*.@"] } },
    { ...NOT_COVERED, ...OWN_HOST },
    "sts-mx-wildcard-apex",
  ),
  domain("mx-upper-case", "Its MX record is in upper case, as it may be.", ["M49"], {
    names: { "@": { MX: [[10, "MX1.MX-Upper-Case.TEST"]] } },
  }),
  domain(
    "null-mx",
    "It takes no mail and says so with a null MX.",
    ["M68"],
    { mx: [[0, "."]] },
    { mx: "info", "mta-sts-mx": "info", ...NO_MAIL_HOST, outcome: "info" },
    "mx-null",
  ),
  domain(
    "null-mx-alone",
    "It takes no mail, says so with a null MX, and has nothing for MTA-STS and TLS-RPT.",
    ["M68"],
    { mx: [[0, "."]], record: null, tlsRpt: null, names: { "mta-sts.@": null } },
    {
      ...{ mx: "info", "mta-sts-record": "info", "mta-sts-host": "skipped", ...NO_MAIL_HOST, outcome: "info" },
      ...{ "tls-rpt-record": "info", "tls-rpt-destinations": "info" },
    },
    "no-mail-hosts",
  ),
  domain(
    "mx-twice",
    "Its only MX host stands twice, as it may.",
    ["M60"],
    {
      mx: [
        [10, "mx1.@"],
        [20, "mx1.@"],
      ],
    },
    {},
    "mx-present",
  ),
  domain(
    "null-mx-and-others",
    "It has a null MX beside another one.",
    ["M68"],
    {
      mx: [
        [0, "."],
        [10, "mx1.@"],
      ],
    },
    { mx: "warn" },
    "mx-null-with-others",
  ),
  domain(
    "implicit-mx",
    "It has no MX, so it is its own, and its policy names it.",
    ["M68"],
    { mx: null, mail: { "@": {} }, policy: { mx: ["@"] } },
    { mx: "info", ...OWN_HOST },
    "mx-implicit",
  ),
  domain(
    "implicit-mx-not-covered",
    "It has no MX, so it is its own, but its policy does not name it.",
    ["M68"],
    { mx: null, mail: { "@": {} } },
    { mx: "info", ...NOT_COVERED, ...OWN_HOST },
    "sts-mx-not-covered",
  ),
  domain(
    "no-mail-host",
    "It has neither MX nor address, so it takes no mail.",
    ["M68"],
    { mx: null },
    { mx: "fail", "mta-sts-mx": "skipped" },
    "mx-no-mail-host",
  ),
  domain(
    "no-mail-and-no-mta-sts",
    "It has neither MX nor address, nor MTA-STS, nor TLS-RPT.",
    ["M68"],
    { mx: null, record: null, tlsRpt: null, addresses: {} },
    {
      mx: "fail",
      "mta-sts-record": "fail",
      ...AFTER_HOST,
      "mta-sts-host": "skipped",
      "tls-rpt-record": "fail",
      "tls-rpt-destinations": "skipped",
    },
    "mx-no-mail-host",
  ),
];

import { AFTER_HOST, domain, type WorldDomain } from "./world-domain.ts";

const HOST_UNSEEN = { "mta-sts-host": "error", ...AFTER_HOST } as const;
const NO_DESTINATIONS = { "tls-rpt-destinations": "skipped" } as const;
const NOTHING_SEEN = {
  mx: "error",
  dnssec: "error",
  "mta-sts-record": "error",
  ...HOST_UNSEEN,
  "tls-rpt-record": "error",
  ...NO_DESTINATIONS,
} as const;

/** What the DNS can do to any question. */
export const DNS_DOMAINS: WorldDomain[] = [
  domain(
    "dns-times-out",
    "Its name servers never answer.",
    ["D3"],
    { switches: { "@": { fault: "silent" } } },
    NOTHING_SEEN,
    "dns-timeout",
  ),
  domain(
    "dns-servfail",
    "Every question about it ends in SERVFAIL.",
    ["D3"],
    { switches: { "@": { fault: "servfail" } } },
    NOTHING_SEEN,
    "dns-servfail",
  ),
  domain(
    "dns-refused",
    "Its name servers refuse every question.",
    ["D3"],
    { switches: { "@": { fault: "refused" } } },
    NOTHING_SEEN,
    "dns-refused",
  ),
  domain(
    "dns-malformed",
    "Its name servers answer with something that is no DNS message.",
    ["D3"],
    { switches: { "@": { fault: "malformed" } } },
    NOTHING_SEEN,
    "dns-malformed",
  ),
  domain("dns-truncated", "Its answers are only complete over TCP.", [], { switches: { "@": { truncated: true } } }),
  domain("dns-forged", "A forged answer comes before each true one.", [], { switches: { "@": { forgedFirst: true } } }),
  domain("dns-without-edns", "Its name servers do not know EDNS.", [], { switches: { "@": { withoutEdns: true } } }),
  domain("dns-slow", "Its name servers take their time.", [], { switches: { "@": { delay: 100 } } }),
  domain(
    "dnssec-signed",
    "Its answers are validated by DNSSEC.",
    ["T10"],
    { switches: { "@": { authenticated: true } } },
    { dnssec: "pass" },
  ),
  domain(
    "mx-times-out",
    "Nobody answers for its MX records.",
    ["M60"],
    {
      names: { "@": null },
      switches: { "@": { fault: "silent" }, "reports.@": {}, "_mta-sts.@": {}, "mta-sts.@": {}, "_smtp._tls.@": {} },
    },
    { mx: "error", "mta-sts-host": "info", dnssec: "error", "mta-sts-mx": "skipped" },
    "dns-timeout",
  ),
  domain(
    "record-times-out",
    "Nobody answers for its MTA-STS record.",
    ["M12"],
    { switches: { "_mta-sts.@": { fault: "silent" } } },
    { "mta-sts-record": "error", outcome: "error" },
    "dns-timeout",
  ),
  domain(
    "tls-rpt-servfail",
    "The question for its TLS-RPT record ends in SERVFAIL.",
    ["T1"],
    { switches: { "_smtp._tls.@": { fault: "servfail" } } },
    { "tls-rpt-record": "error", ...NO_DESTINATIONS },
    "dns-servfail",
  ),
  domain(
    "policy-host-times-out",
    "Nobody answers for the addresses of its policy host.",
    ["M31"],
    { switches: { "mta-sts.@": { fault: "silent" } } },
    { ...HOST_UNSEEN, outcome: "error" },
    "dns-timeout",
  ),
  domain(
    "policy-host-servfail",
    "The question for the addresses of its policy host ends in SERVFAIL.",
    ["M31"],
    { switches: { "mta-sts.@": { fault: "servfail" } } },
    { ...HOST_UNSEEN, outcome: "error" },
    "dns-servfail",
  ),
];

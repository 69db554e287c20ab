import { AFTER_HOST, domain, LOOPBACK, type WorldDomain } from "./world-domain.ts";
import type { ZoneRecords } from "./zone.ts";

const HOST_WRONG = { "mta-sts-host": "fail", ...AFTER_HOST } as const;
const NO_DESTINATIONS = { "tls-rpt-destinations": "skipped" } as const;

const RECORD = "v=STSv1; id=20260101;";

/** From _mta-sts through the aliases a1, a2, … to a record. */
function aliases(count: number): Record<string, ZoneRecords> {
  const names = ["_mta-sts.@", ...Array.from({ length: count }, (_, i) => `a${i + 1}.@`)];
  return Object.fromEntries(
    names.map((name, i) => [name, i < count ? { CNAME: names[i + 1] ?? "" } : { TXT: [[RECORD]] }]),
  );
}

/** Where the names lead. */
export const NAME_DOMAINS: WorldDomain[] = [
  domain(
    "record-is-alias",
    "Its MTA-STS record is an alias of a provider's.",
    ["M14", "H1"],
    { names: aliases(1) },
    { "mta-sts-record": "info" },
    "sts-record-cname",
  ),
  domain(
    "record-behind-three-aliases",
    "Its MTA-STS record stands at the end of three aliases, which its server does not follow.",
    ["M14"],
    { names: aliases(3), switches: { "@": { aliasOnly: true } } },
    { "mta-sts-record": "info" },
    "sts-record-cname",
  ),
  domain(
    "record-alias-dangling",
    "Its MTA-STS record is an alias of a name that is gone.",
    ["M14", "H10"],
    { names: { "_mta-sts.@": { CNAME: "gone.provider.test" } } },
    { "mta-sts-record": "fail" },
    "sts-record-cname-dangling",
  ),
  domain(
    "record-alias-loop",
    "The alias at its MTA-STS record leads back to itself.",
    ["M14"],
    { names: { "_mta-sts.@": { CNAME: "loop.@" }, "loop.@": { CNAME: "_mta-sts.@" } } },
    { "mta-sts-record": "fail" },
    "dns-chain-loop",
  ),
  domain(
    "record-chain-too-long",
    "Its MTA-STS record stands behind nine aliases, more than we follow.",
    ["M14"],
    { names: aliases(9) },
    { "mta-sts-record": "error", outcome: "error" },
    "dns-chain-too-long",
  ),
  domain(
    "tls-rpt-is-alias",
    "Its TLS-RPT record is an alias.",
    ["T1"],
    {
      names: {
        "_smtp._tls.@": { CNAME: "record.@" },
        "record.@": { TXT: [["v=TLSRPTv1; rua=mailto:tls-reports@reports.{domain}"]] },
      },
    },
    { "tls-rpt-record": "info" },
    "tls-rpt-record-cname",
  ),
  domain(
    "policy-host-is-alias",
    "Its policy host is an alias of a provider's host.",
    ["H2"],
    {
      names: { "mta-sts.@": { CNAME: "sts.@" }, "sts.@": { A: [LOOPBACK] } },
    },
    { "mta-sts-host": "info" },
    "sts-host-cname",
  ),
  domain(
    "policy-host-alias-dangling",
    "Its policy host is an alias of a host that is gone.",
    ["H10"],
    { names: { "mta-sts.@": { CNAME: "gone.provider.test" } } },
    HOST_WRONG,
    "sts-host-cname-dangling",
  ),
  domain(
    "policy-host-missing",
    "Its policy host has no address.",
    ["M20", "M31"],
    { addresses: {} },
    HOST_WRONG,
    "sts-host-missing",
  ),
  domain(
    "policy-host-not-in-dns",
    "Its policy host does not exist.",
    ["M20", "M31"],
    { names: { "mta-sts.@": null } },
    HOST_WRONG,
    "sts-host-missing",
  ),
  domain(
    "private-address",
    "Its policy host has a private address.",
    ["M20"],
    { addresses: { A: ["10.1.2.3"] } },
    { ...AFTER_HOST, "mta-sts-host": "fail" },
    "sts-host-private-address",
  ),
  domain(
    "mapped-address",
    "Its policy host has an IPv6 address that stands for a private IPv4 one.",
    ["M20"],
    { addresses: { AAAA: ["::ffff:192.168.1.1"] } },
    { ...AFTER_HOST, "mta-sts-host": "fail" },
    "sts-host-private-address",
  ),
  domain(
    "one-address-private",
    "One of the two addresses of its policy host is private.",
    ["M20"],
    {
      addresses: { A: [LOOPBACK], AAAA: ["fd00::1"] },
    },
    { "mta-sts-host": "warn" },
    "sts-host-some-private",
  ),
  domain(
    "one-address-dead",
    "Nothing listens at one of the two addresses of its policy host.",
    ["M20"],
    {
      addresses: { A: ["127.0.0.2", LOOPBACK] },
    },
    { "mta-sts-fetch": "warn" },
    "sts-fetch-address-refuses",
  ),
  domain(
    "policy-host-closed",
    "Nothing listens at its policy host.",
    ["M31"],
    { addresses: { A: ["127.0.0.2"] } },
    { ...AFTER_HOST, "mta-sts-fetch": "fail" },
    "sts-fetch-connection-refused",
  ),
  domain(
    "no-mta-sts",
    "It has no MTA-STS at all.",
    ["M12", "M31"],
    { record: null, names: { "mta-sts.@": null } },
    { "mta-sts-record": "fail", ...AFTER_HOST, "mta-sts-host": "skipped" },
    "sts-record-missing",
  ),
  domain(
    "no-mta-sts-record",
    "It serves a policy, but has no MTA-STS record.",
    ["M12"],
    { record: null },
    { "mta-sts-record": "fail" },
    "sts-record-missing",
  ),
  domain(
    "no-tls-rpt",
    "It has no TLS-RPT record.",
    ["T1"],
    { tlsRpt: null },
    { "tls-rpt-record": "fail", ...NO_DESTINATIONS },
    "tls-rpt-record-missing",
  ),
  domain(
    "not-registered",
    "It does not exist.",
    [],
    { mx: null, record: null, tlsRpt: null, names: { "@": null, "mta-sts.@": null } },
    {
      mx: "fail",
      "mta-sts-record": "fail",
      ...AFTER_HOST,
      "mta-sts-host": "skipped",
      "tls-rpt-record": "fail",
      ...NO_DESTINATIONS,
    },
    "mx-domain-not-found",
  ),
];

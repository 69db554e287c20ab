import type { Facts } from "#lib/checks/gather.ts";
import { type Outcome, table } from "./case.ts";
import { addressesAt, DOMAIN, failed, mxOf, noAddressesAt, served } from "./facts.ts";

const { cases, when } = table();

export { cases };

// mx
{
  const mx = (value: Facts["mx"], outcomes: Outcome[], why: string, addresses: Facts["domainAddresses"] = null) =>
    when("mx", { mx: value, domainAddresses: addresses }, outcomes, why);
  mx(mxOf("mx1.example.org"), ["pass mx-present"], "RFC 5321 §5.1: one host");
  mx(mxOf(""), ["info mx-null"], "RFC 7505: null MX");
  mx(mxOf("", "mx1.example.org"), ["warn mx-null-with-others"], "RFC 7505 §3: not alone");
  mx(mxOf([10, "mx1.example.org"], [20, "mx1.example.org"]), ["pass mx-present"], "a host that stands twice");
  mx(
    mxOf([0, ""], [10, "mx1.example.org"], [20, "mx1.example.org"]),
    ["warn mx-null-with-others"],
    "RFC 7505 §3: not alone, and a host that stands twice",
  );
  mx(mxOf("192.0.2.25"), ["fail mx-address-literal"], "an address");
  mx(mxOf("2001:db8::25", "mx1.example.org"), ["fail mx-address-literal"], "an address beside a name");
  mx(mxOf("localhost"), ["fail mx-local-name"], "localhost");
  mx(mxOf("mail"), ["fail mx-local-name"], "one label");
  mx(mxOf("mail.corp.local"), ["fail mx-local-name"], ".local");
  mx(mxOf("mx.example.test"), ["pass mx-present"], ".test is a lab's");
  mx(mxOf("mail_1.example.org"), ["warn mx-host-name-invalid"], "underscore");
  mx(
    mxOf("localhost", "192.0.2.25", "a_b.example.org"),
    ["fail mx-local-name", "fail mx-address-literal", "warn mx-host-name-invalid"],
    "three things wrong",
  );
  const noMx = failed(DOMAIN, "MX", "no-data");
  mx(noMx, ["info mx-implicit"], "M68: an address", addressesAt(DOMAIN, ["192.0.2.25"]));
  mx(noMx, ["fail mx-no-mail-host"], "neither MX nor address", noAddressesAt(DOMAIN, "no-data"));
  mx(noMx, ["error dns-timeout"], "no MX, and the address unknown", noAddressesAt(DOMAIN, "timeout"));
  mx(failed(DOMAIN, "MX", "no-such-name"), ["fail mx-domain-not-found"], "NXDOMAIN");
  mx(failed(DOMAIN, "MX", "timeout"), ["error dns-timeout"], "no answer");
  mx(failed(DOMAIN, "MX", "servfail"), ["error dns-servfail"], "SERVFAIL");
  mx(failed(DOMAIN, "MX", "refused"), ["error dns-refused"], "REFUSED");
  mx(failed(DOMAIN, "MX", "malformed"), ["error dns-malformed"], "rubbish");
  mx(failed(DOMAIN, "MX", "network"), ["error dns-network"], "no network");
  mx(failed(DOMAIN, "MX", "chain-too-long", ["a.example"]), ["error dns-chain-too-long"], "too many aliases");
  mx(failed(DOMAIN, "MX", "chain-loop", ["a.example"]), ["fail dns-chain-loop"], "aliases in a circle");
}

// mta-sts-mx (M60, M61, M66, M68)
{
  const mx = (
    patterns: string[],
    hosts: Facts["mx"],
    outcomes: Outcome[],
    why: string,
    changes: Partial<Facts> = {},
  ) => {
    const text = ["version: STSv1", "mode: testing", ...patterns.map((one) => `mx: ${one}`), "max_age: 604800"];
    when("mta-sts-mx", { mx: hosts, policyFetch: served(text.join("\n")), ...changes }, outcomes, why);
  };
  mx(
    ["MX1.example.org", "mx2.example.org"],
    mxOf("mx1.example.org", "mx2.example.org"),
    ["pass sts-mx-covered @mx1.example.org", "pass sts-mx-covered @mx2.example.org"],
    "each host has its verdict",
  );
  mx(
    ["mx1.example.org"],
    mxOf("mx1.example.org", "mx2.example.org"),
    ["pass sts-mx-covered @mx1.example.org", "fail sts-mx-not-covered @mx2.example.org"],
    "M60: one is left out",
  );
  mx(
    ["*.mx.example"],
    mxOf("a.b.mx.example"),
    ["fail sts-mx-wildcard-too-deep @a.b.mx.example", "info sts-mx-wildcard-provider"],
    "M61: two labels",
  );
  mx(
    ["*.mx.example"],
    mxOf("mx.example"),
    ["fail sts-mx-wildcard-apex @mx.example", "info sts-mx-wildcard-provider"],
    "M61: no label",
  );
  mx(
    ["*.mx.example"],
    mxOf("a.mx.example"),
    ["pass sts-mx-covered @a.mx.example", "info sts-mx-wildcard-provider"],
    "M66: provider",
  );
  mx(
    ["*.example.org"],
    mxOf("mx1.example.org"),
    ["pass sts-mx-covered @mx1.example.org", "warn sts-mx-wildcard-own-zone"],
    "M66: own zone",
  );
  mx(
    ["*.mail.example.org"],
    mxOf("mx1.example.net"),
    ["fail sts-mx-not-covered @mx1.example.net", "warn sts-mx-wildcard-own-zone", "info sts-mx-pattern-unused"],
    "M66: own zone, nothing to propose",
  );
  mx(
    ["mx1.example.org", "old.example.net"],
    mxOf("mx1.example.org"),
    ["pass sts-mx-covered @mx1.example.org", "info sts-mx-pattern-unused"],
    "a leftover",
  );
  mx(["mx1.example.org"], mxOf(""), ["info sts-mx-null"], "M68: null MX");
  const noMx = failed(DOMAIN, "MX", "no-data");
  const web = { domainAddresses: addressesAt(DOMAIN, ["192.0.2.1"]) };
  mx([DOMAIN], noMx, ["pass sts-mx-covered"], "M68: implicit MX", web);
  mx(
    ["mx1.example.org"],
    noMx,
    ["fail sts-mx-not-covered", "info sts-mx-pattern-unused"],
    "M68: implicit MX left out",
    web,
  );
  mx(
    ["mx1.example.org"],
    mxOf("mx1.example.org", "192.0.2.1"),
    ["pass sts-mx-covered @mx1.example.org", "skipped skipped-after-fail @192.0.2.1"],
    "an address is told under mx",
  );
  mx(["mx1.example.org"], failed(DOMAIN, "MX", "timeout"), ["skipped skipped-after-error"], "hosts unknown");
  mx(["mx1.example.org"], failed(DOMAIN, "MX", "no-such-name"), ["skipped skipped-after-fail"], "no hosts");
  mx(
    ["mx1.example.org"],
    mxOf([10, "mx1.example.org"], [20, "mx1.example.org"]),
    ["pass sts-mx-covered @mx1.example.org"],
    "a host that stands twice",
  );
  when(
    "mta-sts-mx",
    { policyFetch: served("version: STSv1\nmode: none\nmax_age: 86400") },
    ["skipped sts-mx-mode-none"],
    "mode none",
  );
  when("mta-sts-mx", { policyFetch: served("mode: none") }, ["skipped skipped-after-fail"], "after the policy");
}

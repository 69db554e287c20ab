import type { AddressFacts, Facts } from "#lib/checks/gather.ts";
import { type Outcome, table } from "./case.ts";
import { addressesAt, DOMAIN, failed, found, mailHost, mxOf, noAddressesAt } from "./facts.ts";

const { cases, when } = table();

export { cases };

const [MX1, MX2] = ["mx1.example.org", "mx2.example.org"] as const;

// mx-address (RFC 5321 §5.1, RFC 2181 §10.3; M65, M68, D9)
{
  const hosts = (all: Record<string, AddressFacts>, outcomes: Outcome[], why: string, changes: Partial<Facts> = {}) => {
    const mailHosts = Object.entries(all).map(([name, addresses], i) => mailHost(name, 10 * (i + 1), { addresses }));
    when("mx-address", { mx: mxOf(...Object.keys(all)), mailHosts, smtp: [], ...changes }, outcomes, why);
  };
  const one = (addresses: AddressFacts, outcomes: Outcome[], why: string) => hosts({ [MX1]: addresses }, outcomes, why);
  const chain = ["mail.provider.example"];
  const v4 = ["192.0.2.25"];
  const v6 = ["2001:db8::25"];
  one(addressesAt(MX1, v4, v6), [`pass mx-address-found @${MX1}`], "both families");
  one(addressesAt(MX1, v4), [`pass mx-address-found @${MX1}`], "IPv4 only is fine");
  one(addressesAt(MX1, [], v6), [`warn mx-address-ipv6-only @${MX1}`], "IPv6 only, and no other host");
  hosts(
    { [MX1]: addressesAt(MX1, [], v6), [MX2]: addressesAt(MX2, v4) },
    [`pass mx-address-found @${MX1}`, `info mx-address-backed-by-ipv4 @${MX1}`, `pass mx-address-found @${MX2}`],
    "IPv6 only beside a host with IPv4",
  );
  one(noAddressesAt(MX1, "no-such-name"), [`fail mx-address-missing @${MX1}`], "NXDOMAIN");
  one(noAddressesAt(MX1, "no-data"), [`fail mx-address-missing @${MX1}`], "no address");
  one({ a: found(MX1, "A", []), aaaa: found(MX1, "AAAA", []) }, [`fail mx-address-missing @${MX1}`], "empty answers");
  one(addressesAt(MX1, v4, [], chain), [`warn mx-address-alias @${MX1}`], "D9: an alias");
  one(noAddressesAt(MX1, "no-such-name", chain), [`fail mx-address-alias-dangling @${MX1}`], "an alias to nowhere");
  one(noAddressesAt(MX1, "chain-loop", chain), [`fail dns-chain-loop @${MX1}`], "aliases in a circle: told once");
  one(noAddressesAt(MX1, "timeout"), [`error dns-timeout @${MX1}`], "no answer for both families: told once");
  one(
    { a: failed(MX1, "A", "timeout"), aaaa: failed(MX1, "AAAA", "servfail") },
    [`error dns-timeout @${MX1}`, `error dns-servfail @${MX1}`],
    "no answers, for two reasons",
  );
  one(
    { a: found(MX1, "A", v4), aaaa: failed(MX1, "AAAA", "servfail") },
    [`error dns-servfail @${MX1}`],
    "one family known, the other not: never green",
  );
  one(
    { a: failed(MX1, "A", "timeout"), aaaa: found(MX1, "AAAA", v6) },
    [`error dns-timeout @${MX1}`],
    "IPv6 known, IPv4 not: that is not IPv6 only",
  );
  one(
    { a: failed(MX1, "A", "no-data"), aaaa: failed(MX1, "AAAA", "timeout") },
    [`error dns-timeout @${MX1}`],
    "one family has none, the other is unknown: that is not missing",
  );
  hosts(
    { [MX1]: noAddressesAt(MX1, "no-such-name"), [MX2]: addressesAt(MX2, v4) },
    [`fail mx-address-missing @${MX1}`, `pass mx-address-found @${MX2}`],
    "M67: each host has its verdict",
  );
  hosts(
    { [MX1]: addressesAt(MX1, v4) },
    [`pass mx-address-found @${MX1}`, "info mx-address-hosts-unlooked"],
    "M65: more hosts than are looked at",
    { mx: mxOf(MX1, MX2) },
  );
  const own = { domainAddresses: addressesAt(DOMAIN, v4), mx: failed(DOMAIN, "MX", "no-data") };
  hosts({ [DOMAIN]: addressesAt(DOMAIN, v4) }, ["pass mx-address-found"], "M68: implicit MX", own);
}

// Each check about mail hosts, where there is none, or not all are names.
for (const check of ["mx-address", "starttls", "mx-certificate", "mx-tls", "tls-rpt-hosts"] as const) {
  const none = { mailHosts: [], smtp: [] };
  when(check, { ...none, mx: mxOf("") }, ["info no-mail-hosts"], "RFC 7505: null MX");
  when(check, { ...none, mx: failed(DOMAIN, "MX", "timeout") }, ["skipped skipped-after-error"], "hosts unknown");
  when(check, { ...none, mx: failed(DOMAIN, "MX", "no-such-name") }, ["skipped skipped-after-fail"], "no such domain");
  when(
    check,
    { ...none, mx: mxOf("192.0.2.1"), mailHosts: [mailHost("192.0.2.1", 10)] },
    ["skipped skipped-after-fail @192.0.2.1"],
    "an address in the place of a name is told under mx",
  );
  when(check, none, ["error check-crashed"], "facts that contradict one another are our fault");
}
for (const check of ["starttls", "mx-certificate", "mx-tls"] as const) {
  const without = (addresses: AddressFacts, outcomes: Outcome[], why: string) =>
    when(check, { mx: mxOf(MX1), mailHosts: [mailHost(MX1, 10, { addresses })], smtp: [] }, outcomes, why);
  without(noAddressesAt(MX1, "no-data"), [`skipped skipped-after-fail @${MX1}`], "a host without addresses");
  without(noAddressesAt(MX1, "timeout"), [`skipped skipped-after-error @${MX1}`], "a host whose addresses are unknown");
}

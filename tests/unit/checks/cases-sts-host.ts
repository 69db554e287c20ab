import type { Facts } from "#lib/checks/gather.ts";
import { type Outcome, table } from "./case.ts";
import { addressesAt, failed, fetched, found, HOST, noAddressesAt, notReached, stsOf } from "./facts.ts";

const { cases, when } = table();

export { cases };

// mta-sts-host
{
  const host = (changes: Partial<Facts>, outcomes: Outcome[], why: string) =>
    when("mta-sts-host", changes, outcomes, why);
  const chain = ["sts.provider.example"];
  const none = { policyHostAddresses: noAddressesAt(HOST, "no-such-name"), policyFetch: null };
  host({}, ["pass sts-host-found"], "addresses");
  host(
    { policyHostAddresses: addressesAt(HOST, ["192.0.2.10"], [], chain) },
    ["pass sts-host-found", "info sts-host-cname"],
    "alias",
  );
  host(none, ["fail sts-host-missing"], "a record, and no host");
  host({ ...none, stsTxt: stsOf("v=stsv1; id=1") }, ["fail sts-host-missing"], "a misspelt record is meant too");
  host({ ...none, stsTxt: stsOf() }, ["skipped sts-host-not-published"], "neither record nor host");
  host({ ...none, stsTxt: stsOf("v=spf1 -all") }, ["skipped sts-host-not-published"], "a stray text is no record");
  host(
    { ...none, stsTxt: failed("x", "TXT", "timeout") },
    ["skipped skipped-after-error"],
    "no host, and the record unknown",
  );
  host(
    { ...none, stsTxt: failed("x", "TXT", "no-such-name", ["y"]) },
    ["fail sts-host-missing"],
    "a dangling record is meant too",
  );
  host(
    { ...none, policyHostAddresses: noAddressesAt(HOST, "no-such-name", chain) },
    ["fail sts-host-cname-dangling"],
    "H10",
  );
  host(
    { ...none, policyHostAddresses: noAddressesAt(HOST, "no-data", chain), stsTxt: stsOf() },
    ["fail sts-host-cname-dangling"],
    "H10: also without a record",
  );
  host({ ...none, policyHostAddresses: noAddressesAt(HOST, "chain-loop", chain) }, ["fail dns-chain-loop"], "circle");
  host({ ...none, policyHostAddresses: noAddressesAt(HOST, "servfail") }, ["error dns-servfail"], "could not look");
  host(
    { ...none, policyHostAddresses: { a: failed(HOST, "A", "no-data"), aaaa: failed(HOST, "AAAA", "timeout") } },
    ["error dns-timeout"],
    "one family has none, the other is unknown",
  );
  host(
    { policyHostAddresses: { a: found(HOST, "A", ["192.0.2.10"]), aaaa: failed(HOST, "AAAA", "servfail") } },
    ["warn sts-host-family-unanswered"],
    "one family answers, the other fails",
  );
  host({ policyFetch: notReached("address-refused") }, ["fail sts-host-private-address"], "the guard refused");
  const attempts = [{ address: "10.0.0.1", failure: "address-refused" as const, detail: "private" }];
  host({ policyFetch: fetched({ attempts }) }, ["warn sts-host-some-private"], "the guard refused one of two");
}

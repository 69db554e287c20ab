import type { Facts } from "#lib/checks/gather.ts";
import { type Outcome, table } from "./case.ts";
import {
  addressesAt,
  DOMAIN,
  failed,
  fetched,
  found,
  HOST,
  httpWith,
  noAddressesAt,
  notReached,
  stsOf,
  tlsWith,
  withTls,
} from "./facts.ts";

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

  const alias = (changes: Partial<Facts>, end = "sts.provider.example") => ({
    policyHostAddresses: addressesAt(HOST, ["192.0.2.10"], [], ["a.example", end]),
    ...changes,
  });
  const notThere = fetched({ http: httpWith({ status: 404 }) });
  const elsewhere = withTls(tlsWith({ leaf: { dnsNames: ["parked.provider.example"] } }));
  host(alias({ policyFetch: notThere }), ["warn sts-host-cname-unclaimed"], "H10: the provider has no such page");
  host(alias({ policyFetch: elsewhere }), ["warn sts-host-cname-unclaimed"], "H10: the provider has no such host");
  const snakeOil = { code: "DEPTH_ZERO_SELF_SIGNED_CERT", message: "test" };
  host(
    alias({ policyFetch: withTls(tlsWith({ leaf: { dnsNames: ["localhost"] }, chainError: snakeOil })) }),
    ["warn sts-host-cname-unclaimed"],
    "H10: a server that was never set up",
  );
  host(
    alias({ policyFetch: elsewhere }, `sts.${DOMAIN}`),
    ["pass sts-host-found", "info sts-host-cname"],
    "H10: nobody else's name",
  );
  host(
    alias({ policyFetch: fetched({ http: httpWith({ status: 503 }) }) }),
    ["pass sts-host-found", "info sts-host-cname"],
    "H10: a provider that knows it, and has a fault",
  );
  host(
    alias({ policyFetch: withTls(tlsWith({ chainError: { code: "CERT_HAS_EXPIRED", message: "test" } })) }),
    ["pass sts-host-found", "info sts-host-cname"],
    "H10: an expired certificate does not tell whose it is",
  );

  const caa = (...records: [tag: string, value: string][]) => ({
    policyHostCaa: found(
      DOMAIN,
      "CAA",
      records.map(([tag, value]) => ({ critical: false, tag, value })),
    ),
  });
  host(
    caa(["issue", "letsencrypt.org; accounturi=https://x.example/1"], ["issue", "ca.example"]),
    ["pass sts-host-found", "info sts-host-caa"],
    "CAA: two authorities",
  );
  host(caa(["issue", ";"]), ["warn sts-host-caa-nobody"], "CAA: nobody");
  host(caa(["issue", " ; x=y"]), ["warn sts-host-caa-nobody"], "CAA: nobody, with a parameter");
  host(
    caa(["issue", ";"], ["issue", "ca.example"]),
    ["pass sts-host-found", "info sts-host-caa"],
    "CAA: what is allowed counts",
  );
  host(caa(["iodef", "mailto:a@b.example"]), ["pass sts-host-found"], "CAA: no word on who may issue");
  host(caa(["issuewild", ";"]), ["pass sts-host-found"], "CAA: no wildcards, which does not matter here");
  host(
    { policyHostCaa: failed(HOST, "CAA", "servfail") },
    ["pass sts-host-found", "info sts-host-caa-unanswered"],
    "CAA: no answer",
  );
  host({ policyHostCaa: failed(HOST, "CAA", "no-data") }, ["pass sts-host-found"], "CAA: none");
  host({ ...none, ...caa(["issue", ";"]) }, ["fail sts-host-missing"], "CAA: nothing to issue for");
}

import type { Facts } from "#lib/checks/gather.ts";
import { type Outcome, table } from "./case.ts";
import { brokenOff, fetched, HOST, httpWith, noAddressesAt, notReached, stsOf, tlsWith, withTls } from "./facts.ts";

const { cases, when } = table();

export { cases };

// mta-sts-fetch (M20 to M23, M28, M29)
{
  const get = (policyFetch: Facts["policyFetch"], outcomes: Outcome[], why: string) =>
    when("mta-sts-fetch", { policyFetch }, outcomes, why);
  const http = (changes: Parameters<typeof httpWith>[0], outcomes: Outcome[], why: string) =>
    get(fetched({ http: httpWith(changes) }), outcomes, why);
  http({}, ["pass sts-fetch-ok"], "200");
  http({ contentType: "Text/Plain; charset=UTF-8" }, ["pass sts-fetch-ok"], "M28: case, charset");
  http({ contentType: 'text/plain; charset="us-ascii"' }, ["pass sts-fetch-ok"], "M28: quoted charset");
  http({ contentType: "text/plain; charset=iso-8859-1" }, ["pass sts-fetch-ok", "info sts-fetch-charset"], "M28");
  http({ contentType: "text/html" }, ["warn sts-fetch-media-type"], "M28: a policy as text/html");
  http({ contentType: "text/plainx" }, ["warn sts-fetch-media-type"], "M28");
  http({ contentType: null }, ["warn sts-fetch-media-type-missing"], "M28");
  http({ contentType: "text/html", body: "<html>" }, ["fail sts-policy-html"], "M28: a page");
  http({ contentEncoding: "gzip", body: "\x1f\x8b" }, ["fail sts-fetch-encoded"], "compressed unasked");
  http({ contentEncoding: "identity" }, ["pass sts-fetch-ok"], "not compressed");
  http({ tooLarge: true }, ["fail sts-fetch-too-large"], "M29");
  http({ status: 301, location: "https://www.example.org/" }, ["fail sts-fetch-redirect"], "M22");
  http({ status: 308, location: null }, ["fail sts-fetch-redirect"], "M22: without a target");
  http({ status: 404 }, ["fail sts-fetch-not-found"], "M21");
  http({ status: 410 }, ["fail sts-fetch-not-found"], "M21");
  http({ status: 403 }, ["fail sts-fetch-forbidden"], "M21");
  http({ status: 429 }, ["fail sts-fetch-forbidden"], "M21");
  http({ status: 418 }, ["fail sts-fetch-client-error"], "M21");
  http({ status: 503 }, ["fail sts-fetch-server-error"], "M21");
  http({ status: 204 }, ["fail sts-fetch-status"], "M21: only 200, not each 2xx");
  http({ status: 203 }, ["fail sts-fetch-status"], "M21: only 200, not each 2xx");
  http({ status: 304 }, ["fail sts-fetch-status"], "M23: nothing was cached");
  get(fetched({ milliseconds: 5000 }), ["pass sts-fetch-ok"], "M29: five seconds");
  get(fetched({ milliseconds: 5001 }), ["warn sts-fetch-slow"], "M29: more than five seconds");
  get(fetched({ milliseconds: 60_001 }), ["fail sts-fetch-response-timeout"], "M29: more than a minute");
  get(
    fetched({ milliseconds: 9000, http: httpWith({ contentType: null }) }),
    ["warn sts-fetch-slow", "warn sts-fetch-media-type-missing"],
    "two things",
  );
  get(notReached("connection-refused"), ["fail sts-fetch-connection-refused"], "refused");
  get(notReached("connection-reset"), ["fail sts-fetch-connection-reset"], "reset");
  get(notReached("connection-timeout"), ["error sts-fetch-connection-timeout"], "we could not look");
  get(notReached("network-unreachable"), ["error sts-fetch-network-unreachable"], "we could not look");
  get(brokenOff("response-timeout"), ["fail sts-fetch-response-timeout"], "M29");
  get(brokenOff("response-malformed"), ["fail sts-fetch-response-malformed"], "no HTTP");
  get(brokenOff("response-incomplete"), ["fail sts-fetch-response-incomplete"], "broken off");
  get(notReached("tls-handshake", { legacyVersions: [] }), ["skipped skipped-after-fail"], "after the certificate");
  get(notReached("tls-timeout"), ["skipped skipped-after-error"], "after the certificate");
  get(withTls(tlsWith({ leaf: { dnsNames: ["x.example"] } })), ["skipped skipped-after-fail"], "after the certificate");
  const tried = (failure: "connection-refused" | "connection-timeout") => [
    { address: "2001:db8::10", failure, detail: "" },
  ];
  get(fetched({ attempts: tried("connection-refused") }), ["warn sts-fetch-address-refuses"], "D2: one family only");
  get(
    fetched({ attempts: tried("connection-timeout") }),
    ["pass sts-fetch-ok", "info sts-fetch-address-silent"],
    "D2: perhaps our network",
  );
  when(
    "mta-sts-fetch",
    { policyHostAddresses: noAddressesAt(HOST, "no-such-name"), policyFetch: null, stsTxt: stsOf() },
    ["skipped skipped-after-skip"],
    "MTA-STS is not set up",
  );
  when(
    "mta-sts-fetch",
    { policyHostAddresses: noAddressesAt(HOST, "timeout"), policyFetch: null },
    ["skipped skipped-after-error"],
    "the host is unknown",
  );
  get(null, ["error check-crashed"], "facts that contradict one another are our fault");
}

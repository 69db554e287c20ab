import { createHash } from "node:crypto";
import type { Facts } from "#lib/checks/gather.ts";
import type { FetchFailure, PolicyAgentFact, PolicyFetchFact, WithoutSni } from "#lib/probes/policy-fact.ts";
import { type Outcome, table } from "./case.ts";
import {
  brokenOff,
  certificate,
  fetched,
  HOST,
  httpWith,
  noAddressesAt,
  notReached,
  POLICY,
  stsOf,
  tlsWith,
  withTls,
} from "./facts.ts";

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
  get(notReached("forbidden-here"), ["error sts-fetch-network-unreachable"], "our own firewall");
  get(notReached("no-route-here"), ["skipped sts-fetch-no-route"], "IPv6 only, and this machine has none");
  get(brokenOff("response-timeout"), ["fail sts-fetch-response-timeout"], "M29");
  get(brokenOff("response-malformed"), ["fail sts-fetch-response-malformed"], "no HTTP");
  get(brokenOff("response-incomplete"), ["fail sts-fetch-response-incomplete"], "broken off");
  get(notReached("tls-handshake", { legacyVersions: [] }), ["skipped skipped-after-fail"], "after the certificate");
  get(notReached("tls-timeout"), ["skipped skipped-after-error"], "after the certificate");
  get(withTls(tlsWith({ leaf: { dnsNames: ["x.example"] } })), ["skipped skipped-after-fail"], "after the certificate");
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

// mta-sts-fetch: the addresses of the policy host (D2, fault class 1)
{
  const FOUR = "192.0.2.10"; // the address of `fetched()`
  const OTHER = "192.0.2.11";
  const SIX = "2001:db8::10";
  const at = (address: string) => `@${HOST} [${address}]`;
  const addresses = (
    policyFetch: PolicyFetchFact,
    policyFetches: PolicyFetchFact[],
    outcomes: Outcome[],
    why: string,
  ) => when("mta-sts-fetch", { policyFetch, policyFetches }, outcomes, why);
  const beside = (others: PolicyFetchFact[], outcomes: Outcome[], why: string) =>
    addresses(fetched(), [fetched(), ...others], outcomes, why);
  const on = (address: string, fact: PolicyFetchFact) => ({ ...fact, address });
  const lost = (address: string, code: FetchFailure, changes: Partial<PolicyFetchFact> = {}) =>
    notReached(code, { attempts: [{ address, failure: code, detail: `test: ${code}` }], ...changes });

  beside([on(SIX, fetched()), on(OTHER, fetched())], ["pass sts-fetch-ok"], "all the same");
  beside([lost(SIX, "connection-refused")], [`warn sts-fetch-ipv6-fails ${at(SIX)}`], "IPv4 only");
  beside([lost(SIX, "connection-timeout")], [`warn sts-fetch-ipv6-fails ${at(SIX)}`], "a dead AAAA record");
  beside([lost(SIX, "tls-timeout")], [`warn sts-fetch-ipv6-fails ${at(SIX)}`], "a dead proxy");
  beside(
    [lost(SIX, "connection-refused"), on("2001:db8::11", fetched())],
    [`warn sts-fetch-address-refuses ${at(SIX)}`],
    "one of two IPv6 addresses",
  );
  beside([lost(OTHER, "connection-refused")], [`warn sts-fetch-address-refuses ${at(OTHER)}`], "one of two");
  beside([lost(OTHER, "connection-reset")], [`warn sts-fetch-address-refuses ${at(OTHER)}`], "one of two");
  beside([lost(OTHER, "connection-timeout")], [`warn sts-fetch-address-silent ${at(OTHER)}`], "one of two");
  const untyped = fetched({ http: httpWith({ contentType: null }) });
  addresses(
    untyped,
    [untyped, lost(OTHER, "connection-refused")],
    ["warn sts-fetch-media-type-missing", `warn sts-fetch-address-refuses ${at(OTHER)}`],
    "what is served with a small fault is served",
  );
  const six = on(SIX, fetched());
  addresses(six, [six, lost(FOUR, "connection-refused")], [`fail sts-fetch-ipv4-fails ${at(FOUR)}`], "IPv6 only");
  addresses(
    six,
    [six, lost(FOUR, "connection-timeout")],
    [`warn sts-fetch-address-silent ${at(FOUR)}`],
    "perhaps our firewall",
  );
  beside(
    [lost(SIX, "no-route-here"), lost("2001:db8::11", "network-unreachable"), lost(OTHER, "forbidden-here")],
    ["pass sts-fetch-ok", "info sts-fetch-address-unseen"],
    "no IPv6 on this machine",
  );
  for (const code of ["no-route-here", "network-unreachable", "forbidden-here"] as const) {
    beside([lost(SIX, code)], ["pass sts-fetch-ok", "info sts-fetch-address-unseen"], `not seen: ${code}`);
  }
  addresses(
    fetched(),
    [lost(FOUR, "connection-refused"), six],
    ["pass sts-fetch-ok"],
    "an address that served once serves, whatever it does when asked again",
  );
  beside([lost("10.0.0.1", "address-refused")], ["warn sts-host-some-private"], "a private address after a public one");
  const skipped = [{ address: "10.0.0.1", failure: "address-refused" as const, detail: "private" }];
  addresses(
    fetched({ attempts: skipped }),
    [fetched(), lost("10.0.0.1", "address-refused")],
    ["pass sts-fetch-ok"],
    "a private address that is told under mta-sts-host",
  );

  const answers = (changes: Parameters<typeof httpWith>[0]) => on(OTHER, fetched({ http: httpWith(changes) }));
  beside([answers({ status: 404 })], [`fail sts-fetch-not-found ${at(OTHER)}`], "404 at one of two");
  beside([answers({ contentType: null })], [`warn sts-fetch-media-type-missing ${at(OTHER)}`], "no type at one of two");
  beside([answers({ contentType: "text/plain; charset=x" })], ["pass sts-fetch-ok"], "a note is told of the host only");
  beside(
    [on(OTHER, fetched({ http: null, failure: { code: "response-malformed", detail: "test" } }))],
    [`fail sts-fetch-response-malformed ${at(OTHER)}`],
    "no HTTP at one of two",
  );
  const expired = { code: "CERT_HAS_EXPIRED", message: "test" };
  beside(
    [on(OTHER, withTls(tlsWith({ chainError: expired })))],
    [`fail sts-certificate-issuer-expired ${at(OTHER)}`],
    "a certificate that is not renewed on each node",
  );
  beside(
    [on(OTHER, withTls(tlsWith({ leaf: { dnsNames: ["x.example"] } })))],
    [`fail sts-certificate-name-mismatch ${at(OTHER)}`],
    "a certificate for another name at one of two",
  );
  beside(
    [lost(OTHER, "tls-handshake", { address: OTHER, attempts: [], legacyVersions: ["TLSv1"] })],
    [`fail sts-certificate-tls-too-old ${at(OTHER)}`],
    "an old node",
  );
  const soon = { notAfter: "2026-11-29T00:00:00.000Z", fingerprint256: "EF" };
  beside(
    [on(OTHER, fetched({ tls: tlsWith({ leaf: soon }) }))],
    [`warn sts-certificate-expires-soon ${at(OTHER)}`, "info sts-fetch-certificates-differ"],
    "a node on which the renewal did not run",
  );
  beside(
    [on(OTHER, fetched({ tls: tlsWith({ leaf: { fingerprint256: "EF" } }) }))],
    ["pass sts-fetch-ok", "info sts-fetch-certificates-differ"],
    "a certificate for each node, as large hosts have",
  );

  const testing = POLICY.replace("enforce", "testing");
  beside([answers({ body: testing })], [`fail sts-fetch-policy-differs ${at(OTHER)}`], "two policies");
  beside(
    [answers({ body: `${POLICY}mx: old.example.org\n` })],
    [`fail sts-fetch-policy-differs ${at(OTHER)}`],
    "a policy with one more host",
  );
  beside(
    [answers({ body: "not found" })],
    [`fail sts-fetch-policy-differs ${at(OTHER)}`],
    "something else than a policy",
  );
  beside(
    [answers({ body: POLICY.replaceAll("\n", "\r\n") })],
    ["pass sts-fetch-ok", "info sts-fetch-text-differs"],
    "quirk 45: other line ends",
  );
  addresses(
    fetched(),
    [fetched({ http: httpWith({ body: testing }) }), six],
    [`fail sts-fetch-policy-differs ${at(FOUR)}`],
    "two policies at one address, by turns",
  );

  const missing = fetched({ http: httpWith({ status: 404 }) });
  addresses(missing, [missing, on(OTHER, missing)], ["fail sts-fetch-not-found"], "the same fault everywhere");
  addresses(
    missing,
    [missing, six],
    ["fail sts-fetch-not-found", "info sts-fetch-others-serve"],
    "only the others are well",
  );
  addresses(
    missing,
    [missing, answers({ status: 500 }), lost(SIX, "connection-refused")],
    ["fail sts-fetch-not-found", `fail sts-fetch-server-error ${at(OTHER)}`],
    "nobody serves",
  );
  addresses(
    withTls(tlsWith({ chainError: expired })),
    [withTls(tlsWith({ chainError: expired })), six],
    ["skipped skipped-after-fail", "info sts-fetch-others-serve"],
    "the certificate is told elsewhere",
  );
  addresses(
    lost(FOUR, "connection-refused"),
    [lost(FOUR, "connection-refused"), lost(SIX, "no-route-here")],
    ["fail sts-fetch-connection-refused"],
    "nobody serves, and one was not seen",
  );
  const tried = (failure: FetchFailure) => [{ address: SIX, failure, detail: "" }];
  addresses(
    fetched({ attempts: tried("connection-refused") }),
    [],
    [`warn sts-fetch-ipv6-fails ${at(SIX)}`],
    "facts of older lookups: one family only",
  );
  addresses(
    fetched({ attempts: tried("connection-timeout") }),
    [],
    [`warn sts-fetch-ipv6-fails ${at(SIX)}`],
    "facts of older lookups: a dead AAAA record",
  );
  addresses(
    fetched({ attempts: tried("network-unreachable") }),
    [],
    ["pass sts-fetch-ok", "info sts-fetch-address-unseen"],
    "facts of older lookups: perhaps our network",
  );
}

// mta-sts-fetch: who asks (B2.8, M27)
{
  const sha256 = createHash("sha256").update(POLICY).digest("hex");
  const agent = (changes: Partial<PolicyAgentFact> = {}): PolicyAgentFact => {
    return { agent: null, status: 200, sha256, failure: null, ...changes };
  };
  const asked = (policyAgents: PolicyAgentFact[], outcomes: Outcome[], why: string, policyFetch = fetched()) =>
    when("mta-sts-fetch", { policyAgents, policyFetch }, outcomes, why);
  const broken = (code: FetchFailure) => agent({ status: null, sha256: null, failure: { code, detail: "test" } });
  asked([agent(), agent({ agent: "MTA/1" })], ["pass sts-fetch-ok"], "B2.8: the same for all");
  asked([agent({ status: 403 })], ["warn sts-fetch-agent-refused"], "B2.8: no name, no policy");
  asked([agent(), agent({ agent: "MTA/1", status: 503 })], ["warn sts-fetch-agent-refused"], "B2.8: no bots");
  asked([broken("response-incomplete")], ["warn sts-fetch-agent-refused"], "B2.8: cut off when the name was read");
  asked([broken("response-timeout")], ["warn sts-fetch-agent-refused"], "B2.8: left to wait");
  asked([agent({ sha256: "00" })], ["warn sts-fetch-agent-other-body"], "B2.8: a challenge instead");
  asked([agent({ sha256: null })], ["warn sts-fetch-agent-other-body"], "B2.8: nothing instead");
  asked([broken("connection-refused"), broken("tls-handshake")], ["pass sts-fetch-ok"], "B2.8: before a name is said");
  asked([agent({ status: 429 })], ["pass sts-fetch-ok"], "B2.8: we did ask often");
  asked([broken("response-timeout")], ["warn sts-fetch-slow"], "B2.8: slow for all", fetched({ milliseconds: 20_000 }));
  const forbidden = fetched({ http: httpWith({ status: 403, body: "" }) });
  asked(
    [agent({ status: 403, sha256: null }), agent({ agent: "MTA/1" })],
    ["fail sts-fetch-forbidden", "info sts-fetch-agent-served"],
    "B2.8: only we are turned away",
    forbidden,
  );
  asked([agent({ status: 404 })], ["fail sts-fetch-forbidden"], "B2.8: nobody gets it", forbidden);

  const shown = (leaf: Parameters<typeof certificate>[0]) => ({ certificate: certificate(leaf), detail: null });
  const sni = (withoutSni: WithoutSni | null, outcomes: Outcome[], why: string) =>
    when("mta-sts-fetch", { policyFetch: fetched({ withoutSni }) }, outcomes, why);
  sni(null, ["pass sts-fetch-ok"], "M27: not tried");
  sni({ certificate: null, detail: "unrecognized name" }, ["pass sts-fetch-ok"], "M27: none without SNI");
  sni(shown({}), ["pass sts-fetch-ok"], "M27: the same");
  const parked = { fingerprint256: "EF", dnsNames: ["parked.example"], subject: "CN=parked.example" };
  sni(shown(parked), ["pass sts-fetch-ok", "info sts-fetch-default-certificate"], "H3: another without SNI");
  sni(
    shown({ ...parked, subject: "" }),
    ["pass sts-fetch-ok", "info sts-fetch-default-certificate"],
    "H3: another without SNI or subject",
  );
  sni(shown({ fingerprint256: "EF" }), ["pass sts-fetch-ok"], "M27: another that names the host as well");
}

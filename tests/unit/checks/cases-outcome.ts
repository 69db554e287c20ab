import type { AddressFacts, Facts } from "#lib/checks/gather.ts";
import type { MailHostFact } from "#lib/checks/mail-host-facts.ts";
import type { OutcomeRow } from "#lib/checks/verdict.ts";
import type { PolicyFetchFact } from "#lib/probes/policy-fact.ts";
import type { InsideFailure, SmtpFact } from "#lib/probes/smtp-fact.ts";
import { tlsaFor } from "#lib/standards/tlsa.ts";
import { type Outcome, table } from "./case.ts";
import { maker } from "./certificates.ts";
import {
  addressesAt,
  DOMAIN,
  failed,
  fetched,
  found,
  HOST,
  httpWith,
  mailHost,
  mxOf,
  noAddressesAt,
  notReached,
  secure,
  served,
  signedNames,
  silent,
  spoken,
  stsOf,
  tlsWith,
  withTls,
} from "./facts.ts";

const { cases, when } = table();

export { cases };

/** "deliver deliver defer": MTA-STS, DANE, opportunistic; "-" where it is not known. */
type Acts = string;

/** Cases with the rows of the table besides the verdict. */
export const rowCases: { changes: Partial<Facts>; rows: Acts[]; why: string }[] = [];

/** One row as its acts. */
export function actsOf({ mtaSts, dane, opportunistic }: OutcomeRow): Acts {
  return [mtaSts, dane, opportunistic].map((act) => act ?? "-").join(" ");
}

const MX1 = "mx1.example.org";
const policy = (mode: string, ...mx: string[]) =>
  served(["version: STSv1", `mode: ${mode}`, ...mx.map((one) => `mx: ${one}`), "max_age: 604800"].join("\n"));
const NO_STS: Partial<Facts> = { stsTxt: stsOf() };

function outcome(
  hosts: MailHostFact[],
  smtp: SmtpFact[],
  [rows, verdict]: [Acts[], Outcome],
  why: string,
  changes: Partial<Facts> = {},
): void {
  const names = [...new Set(hosts.map(({ name }) => name))];
  const all = { mx: mxOf(...names), mailHosts: hosts, smtp, policyFetch: policy("enforce", ...names), ...changes };
  when("outcome", all, [verdict], why);
  rowCases.push({ changes: all, rows, why });
}

const PROTECTED = "pass outcome-protected";
const STOPS = "fail outcome-mail-stops";
const NOT_KNOWN = "error outcome-not-known";
const withState = (state: "not-offered" | "temporary" | "refused" | "handshake-failed", address?: string) =>
  spoken(MX1, address, {
    starttls: { state, reply: { code: 454, lines: ["No"] }, detail: null },
    tls: null,
    withoutSni: null,
    versions: [],
  });
const untrusted = spoken(MX1);
if (untrusted.tls) untrusted.tls.chainError = { code: "CERT_HAS_EXPIRED", message: "it has expired" };
const otherName = spoken("other.example.net").tls;

// MTA-STS and opportunistic senders
const UNPROTECTED = "fail outcome-unprotected";
const one = [mailHost(MX1)];
outcome(one, [spoken(MX1)], [["deliver deliver deliver"], PROTECTED], "all is well, and enforced");
outcome(one, [spoken(MX1)], [["deliver deliver deliver"], "info outcome-opportunistic"], "no MTA-STS", NO_STS);
outcome(one, [spoken(MX1)], [["deliver deliver deliver"], "info outcome-opportunistic"], "in testing", {
  policyFetch: policy("testing", MX1),
});
outcome(one, [untrusted], [["defer deliver deliver"], STOPS], "M62, M70: a certificate that is not trusted");
outcome(one, [untrusted], [["deliver deliver deliver"], "info outcome-opportunistic"], "M71: the same in testing", {
  policyFetch: policy("testing", MX1),
});
outcome(one, [{ ...spoken(MX1), tls: otherName }], [["defer deliver deliver"], STOPS], "M62: another name");
outcome(one, [spoken(MX1)], [["defer deliver deliver"], STOPS], "M60: not in the policy", {
  policyFetch: policy("enforce", "mx9.example.org"),
});
outcome(one, [spoken(MX1)], [["- deliver deliver"], NOT_KNOWN], "the record could not be looked up", {
  stsTxt: failed(`_mta-sts.${DOMAIN}`, "TXT", "timeout"),
});

// The policy host (RFC 8461 §3.3)
{
  const GOOD: Acts[] = ["deliver deliver deliver"];
  const sts = (changes: Partial<Facts>, row: [Acts[], Outcome], why: string, smtp = [spoken(MX1)]) =>
    outcome(one, smtp, row, why, changes);
  const unseen: [Acts[], Outcome] = [["- deliver deliver"], NOT_KNOWN];
  const free: [Acts[], Outcome] = [GOOD, "info outcome-opportunistic"];
  const noFetch = (policyHostAddresses: AddressFacts) => ({ policyFetch: null, policyHostAddresses });
  sts(noFetch(noAddressesAt(HOST, "servfail")), unseen, "SERVFAIL at the policy host, so it may have a policy");
  sts(noFetch(noAddressesAt(HOST, "timeout")), unseen, "no answer at the policy host");
  const half = { a: failed(HOST, "A", "no-data"), aaaa: failed(HOST, "AAAA", "servfail") };
  sts(noFetch(half), unseen, "no IPv4, and SERVFAIL for IPv6");
  sts(noFetch(noAddressesAt(HOST, "no-such-name")), free, "M31: no policy host");
  sts(noFetch(noAddressesAt(HOST, "chain-loop", ["x.example"])), free, "M31: aliases in a circle");
  for (const code of ["tls-timeout", "connection-timeout", "network-unreachable", "no-route-here"] as const) {
    sts({ policyFetch: notReached(code) }, unseen, `the policy could not be looked at: ${code}`);
  }
  for (const code of ["connection-refused", "tls-handshake", "address-refused"] as const) {
    sts({ policyFetch: notReached(code) }, free, `M31: nobody gets a policy: ${code}`);
  }

  const enforce = policy("enforce", MX1);
  const at = (address: string, fact: PolicyFetchFact): PolicyFetchFact => ({ ...fact, address });
  const A = "192.0.2.10";
  const B = "192.0.2.11";
  const both = (a: PolicyFetchFact, b: PolicyFetchFact, row: [Acts[], Outcome], why: string, smtp?: SmtpFact[]) => {
    // Whichever comes first.
    for (const [first, second] of [
      [at(A, a), at(B, b)],
      [at(A, b), at(B, a)],
    ] as const) {
      sts({ policyFetch: first, policyFetches: [first, second] }, row, why, smtp);
    }
  };
  const DIFFERS: Outcome = "warn outcome-policy-differs";
  const lapsed = tlsWith({ chainError: { code: "CERT_HAS_EXPIRED", message: "test" } });
  both(enforce, enforce, [GOOD, PROTECTED], "D2: the same policy at both addresses");
  both(enforce, policy("testing", MX1), [GOOD, DIFFERS], "D2: in testing at one address");
  both(enforce, fetched({ http: httpWith({ status: 404 }) }), [GOOD, DIFFERS], "D2: 404 at one address");
  both(enforce, withTls(lapsed), [GOOD, DIFFERS], "D2: an expired certificate at one address");
  both(enforce, notReached("tls-timeout"), [GOOD, DIFFERS], "D2: one address says nothing after the connection");
  both(enforce, policy("enforce", MX1, "mx9.example.org"), [GOOD, PROTECTED], "D2: two policies that both enforce");
  both(policy("testing", MX1), fetched({ http: httpWith({ status: 404 }) }), free, "D2: nothing that is in force");
  both(fetched({ http: httpWith({ status: 404 }) }), withTls(lapsed), free, "D2: no policy at either");
  both(enforce, policy("testing", MX1), [["defer deliver deliver"], STOPS], "D2: those that find it enforced wait", [
    untrusted,
  ]);
  const refusing = (address: string) => {
    const fact = notReached("connection-refused");
    return { ...fact, attempts: fact.attempts.map((attempt) => ({ ...attempt, address })) };
  };
  const only6 = at("2001:db8::10", enforce);
  sts({ policyFetch: only6, policyFetches: [only6, refusing(A)] }, [GOOD, DIFFERS], "D2: nothing by IPv4");
  const only4 = at(A, enforce);
  sts({ policyFetch: only4, policyFetches: [refusing("2001:db8::10"), only4] }, [GOOD, PROTECTED], "D2: by IPv4 alone");
  const refused = refusing("192.0.2.12");
  for (const policyFetches of [
    [at(A, enforce), refused],
    [refused, at(B, enforce)],
  ]) {
    const [first] = policyFetches.filter(({ address }) => address !== null);
    sts({ policyFetch: first ?? null, policyFetches }, [GOOD, PROTECTED], "D2: without a connection senders go on");
  }
}
for (const state of ["not-offered", "temporary", "refused", "handshake-failed"] as const) {
  outcome(one, [withState(state)], [["defer unprotected unprotected"], STOPS], `STARTTLS ${state}, enforced`);
  const open: Outcome = "fail outcome-unprotected";
  outcome(one, [withState(state)], [["unprotected unprotected unprotected"], open], `STARTTLS ${state}`, NO_STS);
}

// What a lookup leaves out (M65)
{
  const PART: Outcome = "info outcome-part-unlooked";
  const ten = Array.from({ length: 10 }, (_, i) => `192.0.2.${i + 1}`);
  const wide = [mailHost(MX1, 10, { addresses: addressesAt(MX1, ten) })];
  const eight = ten.slice(0, 8).map((address) => spoken(MX1, address));
  const GOOD = "deliver deliver deliver";
  const good: Acts[] = [...eight.map(() => GOOD), "- - -"];
  outcome(wide, eight, [good, PART], "ten addresses, eight looked at, and all of these well");
  outcome(wide, eight, [good, PART], "the same without MTA-STS", NO_STS);
  const [first, ...others] = eight;
  const lapsed = { ...untrusted, address: first?.address ?? "" };
  outcome(
    wide,
    [lapsed, ...others],
    [["defer deliver deliver", ...others.map(() => GOOD), "- - -"], "warn outcome-some-defer"],
    "one of the eight is not well",
  );
  const closed = eight.map(({ address }) => withState("not-offered", address));
  outcome(
    wide,
    closed,
    [[...closed.map(() => "unprotected unprotected unprotected"), "- - -"], UNPROTECTED],
    "none of the eight is well",
    NO_STS,
  );
  const names = Array.from({ length: 70 }, (_, i) => `mx${i + 1}.example.org`);
  const hosts = names.slice(0, 16).map((name) => mailHost(name));
  const many = { mx: mxOf(...names), policyFetch: policy("enforce", ...names) };
  const spokenWith = hosts.map(({ name }) => spoken(name));
  outcome(hosts, spokenWith, [[...hosts.map(() => GOOD), "- - -"], PART], "seventy hosts, sixteen looked at", many);
}

// Hosts that are not reached
{
  const silentAfter = withState("refused");
  if (silentAfter.starttls) silentAfter.starttls.reply = null;
  outcome(one, [silentAfter], [["- - -"], NOT_KNOWN], "no reply to STARTTLS");
}

// EHLO inside TLS (RFC 3207 §4.2; S5)
{
  const inside = (failure: InsideFailure["code"] | null, code: number | null, row: [Acts[], Outcome], why: string) => {
    const reply = code === null ? null : { code, lines: ["test"] };
    const failureInside = failure === null ? {} : { failureInside: { code: failure, detail: "test", reply } };
    outcome(one, [spoken(MX1, "192.0.2.25", { keywordsInside: null, ...failureInside })], row, why);
  };
  const unseen: [Acts[], Outcome] = [["- - -"], NOT_KNOWN];
  inside(null, null, unseen, "S5: not answered, and no reason kept");
  inside("connection-reset", null, unseen, "S5: closed inside TLS");
  inside("reply-timeout", null, unseen, "S5: silence inside TLS");
  inside("reply-malformed", null, unseen, "S5: junk inside TLS");
  inside("ehlo-temporary", 421, unseen, "S5: 421 inside TLS");
  inside("ehlo-refused", 502, unseen, "S5: 502 inside TLS: senders fall back to HELO");
  inside("ehlo-refused", 554, [["defer defer defer"], STOPS], "S5: 554 inside TLS, after EHLO was taken outside");
  inside("certificate-demanded", null, [["defer defer defer"], STOPS], "S5: a certificate of the sender is demanded");
  const lapsed = { ...untrusted, keywordsInside: null };
  outcome(one, [lapsed], [["defer - -"], STOPS], "S5: what keeps senders away before it is known all the same");
}
const two = [mailHost(MX1, 10, { addresses: addressesAt(MX1, ["192.0.2.25"], ["2001:db8::25"]) })];
const V6 = "2001:db8::25";
outcome(one, [silent(MX1, "connection-refused")], [["defer defer defer"], STOPS], "nothing listens");
outcome(one, [silent(MX1, "connection-refused")], [["- - -"], NOT_KNOWN], "a firewall of ours refuses", {
  outward: { port25: "closed", tried: [] },
});
outcome(one, [silent(MX1, "address-refused")], [["defer defer defer"], STOPS], "not on the public internet");
for (const code of [
  ...(["connection-timeout", "network-unreachable", "no-route-here", "forbidden-here", "reply-timeout"] as const),
  ...(["greeting-temporary", "greeting-refused", "ehlo-refused", "ehlo-temporary", "connection-reset"] as const),
]) {
  outcome(one, [silent(MX1, code)], [["- - -"], NOT_KNOWN], `not seen from here: ${code}`);
}
outcome(
  two,
  [spoken(MX1), silent(MX1, "connection-timeout", V6)],
  [["deliver deliver deliver", "defer defer defer"], "warn outcome-some-defer"],
  "half reachable: another address answers, so the silence is not ours",
);
for (const code of ["connection-timeout", "network-unreachable", "connection-refused"] as const) {
  outcome(
    [mailHost(MX1, 10, { addresses: addressesAt(MX1, ["192.0.2.25", "192.0.2.26"]) })],
    [spoken(MX1), silent(MX1, code, "192.0.2.26")],
    [["deliver deliver deliver", "defer defer defer"], "warn outcome-some-defer"],
    `half reachable, no connection: ${code}`,
  );
}
outcome(
  two,
  [spoken(MX1), silent(MX1, "network-unreachable", V6)],
  [["deliver deliver deliver", "- - -"], NOT_KNOWN],
  "half reachable: IPv4 says nothing about our way by IPv6",
);
for (const code of ["connection-reset", "reply-timeout"] as const) {
  outcome(
    two,
    [spoken(MX1), silent(MX1, code, V6)],
    [["deliver deliver deliver", "- - -"], NOT_KNOWN],
    `half reachable, and perhaps for others in whole: ${code}`,
  );
}
outcome(
  two,
  [spoken(MX1), silent(MX1, "no-route-here", V6)],
  [["deliver deliver deliver", "- - -"], NOT_KNOWN],
  "half reachable: we have no IPv6",
);
outcome(
  two,
  [spoken(MX1), withState("not-offered", V6)],
  [["deliver deliver deliver", "unprotected unprotected unprotected"], "warn outcome-some-unprotected"],
  "one address without STARTTLS",
  NO_STS,
);
outcome(
  [mailHost(MX1), mailHost("mx2.example.org", 20, { addresses: noAddressesAt("mx2.example.org", "no-such-name") })],
  [spoken(MX1)],
  [["deliver deliver deliver", "defer defer defer"], "warn outcome-some-defer"],
  "a host without an address",
);
outcome(
  [mailHost(MX1), mailHost("mx2.example.org", 20, { addresses: noAddressesAt("mx2.example.org", "timeout") })],
  [spoken(MX1)],
  [["deliver deliver deliver", "- - -"], NOT_KNOWN],
  "a host whose addresses could not be looked up",
);

// DANE; the certificates of these facts hold no key, so a usable record fits none of them
{
  const tlsa = (usage: number, changes: Partial<MailHostFact> = {}): MailHostFact => {
    const records = [{ usage, selector: 1, matchingType: 1, data: "ab".repeat(32) }];
    const fact = secure(found(`_25._tcp.${MX1}`, "TLSA", records));
    const host = mailHost(MX1, 10, { tlsa: [{ base: MX1, records: fact }], ...changes });
    const { a, aaaa } = host.addresses;
    return { ...host, addresses: changes.addresses ?? { a: secure(a), aaaa: secure(aaaa) } };
  };
  const signed = { ...NO_STS, mx: secure(mxOf(MX1)) };
  const OPEN = "info outcome-opportunistic";
  outcome([tlsa(3)], [spoken(MX1)], [["deliver defer deliver"], STOPS], "D5: no record matches", signed);
  const ANYONE = "warn outcome-dane-unauthenticated";
  outcome([tlsa(1)], [spoken(MX1)], [["deliver deliver deliver"], ANYONE], "D6, D10: none is usable", signed);
  outcome([tlsa(4)], [spoken(MX1)], [["deliver deliver deliver"], ANYONE], "D6: none is usable", signed);
  outcome([tlsa(4)], [spoken(MX1)], [["deliver deliver deliver"], PROTECTED], "D6: beside a policy in enforce", {
    mx: signed.mx,
  });
  const open = withState("not-offered");
  outcome([tlsa(1)], [open], [["unprotected defer unprotected"], STOPS], "D8, D6: and no TLS", NO_STS);
  outcome([tlsa(1)], [open], [["unprotected defer unprotected"], STOPS], "D6: then TLS is mandatory", signed);
  outcome([tlsa(3)], [spoken(MX1)], [["deliver defer deliver"], STOPS], "D8: an insecure MX, and none fits", NO_STS);
  outcome([tlsa(4)], [spoken(MX1)], [["deliver deliver deliver"], OPEN], "D8, D6: none is usable", NO_STS);
  const plain = { addresses: addressesAt(MX1, ["192.0.2.25"]) };
  outcome([tlsa(3, plain)], [spoken(MX1)], [["deliver deliver deliver"], OPEN], "D4: insecure addresses", signed);
  const broken = { ...failed(`_25._tcp.${MX1}`, "TLSA", "servfail"), answeredUnchecked: true };
  const blocked = tlsa(3, { tlsa: [{ base: MX1, records: broken }] });
  outcome([blocked], [spoken(MX1)], [["deliver defer deliver"], STOPS], "D3: SERVFAIL at the TLSA name", signed);
  outcome([blocked], [spoken(MX1)], [["deliver defer deliver"], STOPS], "D8, D3: over an insecure MX, too", NO_STS);
  outcome([blocked], [silent(MX1, "connection-timeout")], [["- defer -"], STOPS], "D3, and not reached", signed);
  // What a certificate of these facts is compared with does not matter where any will do.
  const END = "mail.provider.example";
  const aliased = (usage: number) =>
    tlsa(usage, { tlsa: tlsa(usage).tlsa.map(({ records }) => ({ base: END, records })) });
  const saying = (fact: SmtpFact, established: boolean | null, chain = spoken(END).tls?.chain ?? []): SmtpFact => {
    return { ...fact, baseSni: { base: END, established, chain, detail: null } };
  };
  outcome([aliased(1)], [saying(spoken(MX1), true)], [["deliver deliver deliver"], ANYONE], "D17, D6", signed);
  outcome(
    [aliased(1)],
    [saying(spoken(MX1), false)],
    [["deliver defer deliver"], STOPS],
    "D17: no TLS for them",
    signed,
  );
  outcome([aliased(1)], [saying(spoken(MX1), null)], [["deliver - deliver"], NOT_KNOWN], "D17: not tried", signed);
  const failing = withState("handshake-failed");
  outcome(
    [aliased(1)],
    [saying(failing, true)],
    [["unprotected deliver unprotected"], UNPROTECTED],
    "D17: only for them",
    signed,
  );
  outcome(
    [aliased(1)],
    [saying(failing, false)],
    [["unprotected defer unprotected"], STOPS],
    "D17: for nobody",
    signed,
  );
  const fitting = aliased(3);
  const { authority, server } = maker();
  const leaf = await server(MX1, await authority("Test root"));
  const record = tlsaFor(leaf.pem, 3, 1, 1)?.record;
  if (record === undefined) throw new Error("unreadable");
  for (const lookup of fitting.tlsa) lookup.records = secure(found(`_25._tcp.${END}`, "TLSA", [record]));
  const ours = [leaf.served];
  const theirs = spoken(MX1).tls?.chain ?? [];
  const serving = (chain: typeof ours): SmtpFact => {
    const fact = spoken(MX1);
    return { ...fact, tls: fact.tls && { ...fact.tls, chain } };
  };
  outcome(
    [fitting],
    [saying(serving(theirs), true, ours)],
    [["deliver deliver deliver"], PROTECTED],
    "D17: theirs fits",
    signed,
  );
  outcome(
    [fitting],
    [saying(serving(ours), true, theirs)],
    [["deliver defer deliver"], STOPS],
    "D17: only ours fits",
    signed,
  );
  outcome([fitting], [serving(ours)], [["deliver deliver deliver"], PROTECTED], "D17: facts from before", signed);
  const issuer = await authority("Another root");
  const ofAlias = await server("mail.provider.example", issuer);
  const anchor = tlsaFor(issuer.pem, 2, 0, 1)?.record;
  if (anchor === undefined) throw new Error("unreadable");
  const anchored = tlsa(2, { tlsa: [{ base: MX1, records: secure(found(`_25._tcp.${MX1}`, "TLSA", [anchor])) }] });
  outcome(
    [anchored],
    [serving([ofAlias.served, issuer.served])],
    [["deliver deliver deliver"], PROTECTED],
    "D12: the certificate names what the domain of the mail addresses is an alias of",
    { ...NO_STS, mx: { ...signed.mx, chain: ["mail.provider.example"] } },
  );
  // What does not fit every sender (D13, D19)
  const at1 = (...combinations: string[]) => {
    const records = combinations.map((one) => {
      const [usage = 0, selector = 0, matchingType = 0] = one.split(" ").map(Number);
      const made = tlsaFor((usage === 2 ? issuer : leaf).pem, usage, selector, matchingType)?.record;
      if (made === undefined) throw new Error("unreadable");
      return made;
    });
    return tlsa(3, { tlsa: [{ base: MX1, records: secure(found(`_25._tcp.${MX1}`, "TLSA", records)) }] });
  };
  const all = ["deliver deliver deliver"];
  const ofIssuer = (await server(MX1, issuer)).served;
  outcome([at1("2 1 0")], [serving([ofIssuer])], [["deliver defer deliver"], STOPS], "D13: a bare key", signed);
  outcome([at1("2 1 0")], [serving([ofIssuer, issuer.served])], [all, PROTECTED], "D13: and sent", signed);
  const unusable = mailHost("mx2.example.org", 20, { tlsa: tlsa(4).tlsa });
  const { a, aaaa } = unusable.addresses;
  outcome(
    [at1("3 1 1"), { ...unusable, addresses: { a: secure(a), aaaa: secure(aaaa) } }],
    [serving(ours), spoken("mx2.example.org")],
    [[...all, ...all], ANYONE],
    "D6: at one of two hosts",
    { ...NO_STS, mx: secure(mxOf(MX1, "mx2.example.org")) },
  );
  outcome([at1("3 1 1")], [serving(ours)], [all, "info outcome-partially-protected"], "D8: one fits", NO_STS);
  outcome([at1("3 1 1")], [serving(ours)], [all, PROTECTED], "D8: one fits, and a policy in enforce");
  const SOME = "warn outcome-dane-combination";
  outcome([at1("3 1 1", "2 1 1")], [serving(ours)], [all, SOME], "D19: 2 1 1 fits nothing", signed);
  outcome([at1("3 1 1", "2 1 1")], [serving(ours)], [all, SOME], "D19: and with a policy in enforce", {
    mx: signed.mx,
  });
  const out = { addresses: addressesAt(MX1, ["192.0.2.25"], [], [END]) };
  const leadingOut = { ...at1("3 1 1"), ...out };
  outcome(
    [leadingOut],
    [serving(theirs)],
    [["deliver defer deliver"], STOPS],
    "D9: a signed alias, and none fits",
    signed,
  );
  outcome([leadingOut], [serving(ours)], [all, PROTECTED], "D9: a signed alias, and one fits", signed);
  // One family of addresses without an answer (D3)
  const half = (failure: "servfail" | "timeout", host = at1("3 1 1"), isAnsweredUnchecked = false) => {
    const aaaa = { ...failed(MX1, "AAAA", failure), ...(isAnsweredUnchecked ? { answeredUnchecked: true } : {}) };
    return { ...host, addresses: { ...host.addresses, aaaa } };
  };
  const DEFERS: [Acts[], Outcome] = [["deliver defer deliver"], STOPS];
  const DOUBT: [Acts[], Outcome] = [["deliver - deliver"], NOT_KNOWN];
  const none = tlsa(3, { tlsa: [{ base: MX1, records: secure(failed(`_25._tcp.${MX1}`, "TLSA", "no-such-name")) }] });
  outcome([half("servfail")], [serving(ours)], DEFERS, "D3: the question for AAAA fails", signed);
  outcome([half("servfail", at1("3 1 1"), true)], [serving(ours)], DEFERS, "D3: the answer for AAAA is bogus", signed);
  outcome([half("servfail", none)], [serving(ours)], DEFERS, "D3: AAAA fails, without TLSA records", signed);
  outcome([half("servfail", none)], [serving(ours)], [all, OPEN], "D3: and over an insecure MX", NO_STS);
  outcome([half("servfail", mailHost(MX1))], [serving(ours)], [all, OPEN], "D4: AAAA fails, A is insecure", signed);
  outcome([half("timeout")], [serving(ours)], DOUBT, "D3: no answer for AAAA", signed);
  outcome([half("timeout", none)], [serving(ours)], DOUBT, "D3: no answer for AAAA, without TLSA records", signed);
  outcome([half("timeout")], [serving(theirs)], DEFERS, "D3: no answer for AAAA, but no match either", signed);
  const noA = { ...half("servfail"), addresses: noAddressesAt(MX1, "servfail") };
  outcome([noA], [], [["- - -"], NOT_KNOWN], "D3: whether the zone is signed is not known", signed);
  const bogusA = [noA.addresses.a, noA.addresses.aaaa].map((fact) => ({ ...fact, answeredUnchecked: true }));
  const [ofA = noA.addresses.a, ofAaaa = noA.addresses.aaaa] = bogusA;
  outcome([{ ...noA, addresses: { a: ofA, aaaa: ofAaaa } }], [], [["- defer -"], STOPS], "D3: both are bogus", signed);
  const late = tlsa(3, { tlsa: [{ base: MX1, records: failed(`_25._tcp.${MX1}`, "TLSA", "timeout") }] });
  outcome([late], [spoken(MX1)], [["deliver - deliver"], NOT_KNOWN], "no answer at the TLSA name", signed);
  const unchecked = tlsa(3).tlsa.map(({ base, records }) => ({ base, records: { ...records, authenticated: false } }));
  outcome(
    [tlsa(3, { ...plain, tlsa: unchecked })],
    [spoken(MX1)],
    [["deliver - deliver"], NOT_KNOWN],
    "D1: nobody validates",
    {
      ...NO_STS,
      signedNames: signedNames(false),
    },
  );
}

// No mail host at all
when("outcome", { mx: mxOf(""), mailHosts: [], smtp: [] }, ["info outcome-no-mail"], "RFC 7505: null MX");
when(
  "outcome",
  { mx: failed(DOMAIN, "MX", "no-such-name"), mailHosts: [], smtp: [] },
  ["skipped skipped-after-fail"],
  "no domain",
);
when(
  "outcome",
  { mx: failed(DOMAIN, "MX", "timeout"), mailHosts: [], smtp: [] },
  ["skipped skipped-after-error"],
  "no answer",
);

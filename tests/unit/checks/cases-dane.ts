import type { Facts } from "#lib/checks/gather.ts";
import type { MailHostFact } from "#lib/checks/mail-host-facts.ts";
import type { DnsFact } from "#lib/probes/dns-fact.ts";
import type { TlsaRecord } from "#lib/probes/dns-rdata.ts";
import type { SmtpFact } from "#lib/probes/smtp-fact.ts";
import { tlsaFor } from "#lib/standards/tlsa.ts";
import { type Outcome, table } from "./case.ts";
import { type Made, maker } from "./certificates.ts";
import {
  addressesAt,
  DOMAIN,
  failed,
  found,
  mailHost,
  mxOf,
  noAddressesAt,
  secure,
  signedFor,
  signedNames,
  silent,
  spoken,
} from "./facts.ts";

const { cases, when } = table();

export { cases };

const MX1 = "mx1.example.org";
const MX2 = "mx2.example.org";
const AT1 = `@${MX1} [192.0.2.25]`;

const { authority, server } = maker();
const root = await authority("Test root");
const middle = await authority("Test intermediate", root);
const oldMiddle = await authority("Old intermediate", root, { period: "expired" });
const unmarked = await authority("Unmarked", root, { unmarked: true });
const stranger = await authority("Stranger");
const oldRoot = await authority("Old root", null, { period: "expired" });
const leaf = await server(MX1, middle);
const next = await server(MX1, middle);

/** The record of a certificate, by its parameters as in a zone file: "3 1 1". */
function of(made: Made, combination: string): TlsaRecord {
  const [usage = 0, selector = 0, matchingType = 0] = combination.split(" ").map(Number);
  const reading = tlsaFor(made.pem, usage, selector, matchingType);
  if (reading === null) throw new Error(`no ${combination} of this`);
  return reading.record;
}

const raw = (usage: number, selector: number, matchingType: number, octets: number): TlsaRecord => ({
  ...{ usage, selector, matchingType, data: "ab".repeat(octets) },
});

type Tlsa = DnsFact<TlsaRecord>;
const tlsaAt = (base: string, records: TlsaRecord[], ttl = 3600): Tlsa =>
  found(`_25._tcp.${base}`, "TLSA", records, ttl);
const secureAddresses = (host: MailHostFact) => {
  const { a, aaaa } = host.addresses;
  return { ...host, addresses: { a: secure(a), aaaa: secure(aaaa) } };
};

/** A host in a signed zone, with these answers about TLSA. */
function signed(name: string, ...answers: Tlsa[]): MailHostFact {
  const tlsa = answers.map((records) => ({ base: records.name.slice("_25._tcp.".length), records }));
  return secureAddresses(mailHost(name, name === MX1 ? 10 : 20, { tlsa }));
}

const holding = (...records: TlsaRecord[]) => signed(MX1, secure(tlsaAt(MX1, records)));
/** The same host as an alias of a name in a zone that is not signed. */
const leadingOut = (host: MailHostFact): MailHostFact => ({
  ...host,
  addresses: addressesAt(MX1, ["192.0.2.25"], [], ["mail.provider.example"]),
});
const MX = secure(mxOf(MX1));
const NONE1 = secure(failed(`_25._tcp.${MX1}`, "TLSA", "no-such-name"));
const bogus = <T>(fact: DnsFact<T>): DnsFact<T> => ({ ...fact, answeredUnchecked: true });
const SERVFAIL = failed(`_25._tcp.${MX1}`, "TLSA", "servfail");

// dnssec (D1, D2, D3, D8)
{
  const dnssec = (changes: Partial<Facts>, outcomes: Outcome[], why: string) => when("dnssec", changes, outcomes, why);
  dnssec({ mx: MX, mailHosts: [signed(MX1, NONE1)] }, ["pass dnssec-mx-secure"], "D2: all is signed");
  dnssec({}, ["info dnssec-mx-insecure"], "nothing is signed");
  dnssec(
    { mx: MX, mailHosts: [signed(MX1, NONE1), mailHost(MX2)] },
    ["pass dnssec-mx-secure", "info dnssec-hosts-unsigned"],
    "D4: one host is not signed",
  );
  const ALIASED: Outcome[] = ["pass dnssec-mx-secure", "info dnssec-aliases-unsigned"];
  dnssec(
    { mx: MX, mailHosts: [leadingOut(holding(of(leaf, "3 1 1")))] },
    ALIASED,
    "D9: an alias into an unsigned zone",
  );
  dnssec({ mx: MX, mailHosts: [leadingOut(signed(MX1, NONE1))] }, ALIASED, "D9: the same without records");
  dnssec(
    { mx: MX, mailHosts: [leadingOut(mailHost(MX1))] },
    ["pass dnssec-mx-secure", "info dnssec-hosts-unsigned"],
    "D4: an unsigned alias",
  );
  dnssec({ mx: MX, mailHosts: [leadingOut(signed(MX1, SERVFAIL))] }, ["pass dnssec-mx-secure"], "D9: not known which");
  dnssec(
    { mailHosts: [holding(of(leaf, "3 1 1"))] },
    ["info dnssec-partially-protected"],
    "D8: the host is signed, the domain is not",
  );
  const badMx = bogus(failed(DOMAIN, "MX", "servfail"));
  dnssec({ mx: badMx, mailHosts: [] }, ["fail dnssec-mx-bogus"], "D3: the MX is bogus");
  dnssec({ mx: failed(DOMAIN, "MX", "servfail"), mailHosts: [] }, ["error dns-servfail"], "SERVFAIL without more");
  dnssec({ mx: failed(DOMAIN, "MX", "timeout"), mailHosts: [] }, ["error dns-timeout"], "no answer");
  dnssec({ mx: failed(DOMAIN, "MX", "chain-loop", ["a.example"]), mailHosts: [] }, ["fail dns-chain-loop"], "a loop");
  const broken = noAddressesAt(MX1, "servfail");
  const badHost = mailHost(MX1, 10, { addresses: { a: bogus(broken.a), aaaa: bogus(broken.aaaa) } });
  dnssec(
    { mx: MX, mailHosts: [badHost, signed(MX2)] },
    ["pass dnssec-mx-secure", `fail dnssec-host-bogus @${MX1}`],
    "D3: a host is bogus",
  );
  dnssec({ mailHosts: [badHost] }, ["info dnssec-mx-insecure", `fail dnssec-host-bogus @${MX1}`], "D3: without MX");
  const half = (changes: Partial<MailHostFact["addresses"]>, host = holding(of(leaf, "3 1 1"))): MailHostFact => ({
    ...host,
    addresses: { ...host.addresses, ...changes },
  });
  const BOGUS: Outcome[] = ["pass dnssec-mx-secure", `fail dnssec-host-bogus @${MX1}`];
  const FAILS: Outcome[] = ["pass dnssec-mx-secure", `fail dnssec-host-servfail @${MX1}`];
  dnssec({ mx: MX, mailHosts: [half({ aaaa: bogus(broken.aaaa) })] }, BOGUS, "D3: one family is bogus");
  dnssec({ mx: MX, mailHosts: [half({ a: bogus(broken.a) })] }, BOGUS, "D3: the other family is bogus");
  dnssec({ mx: MX, mailHosts: [half({ aaaa: broken.aaaa })] }, FAILS, "D3: one family fails in a signed zone");
  dnssec({ mx: MX, mailHosts: [half({ aaaa: broken.aaaa }, signed(MX1, NONE1))] }, FAILS, "D3: and without records");
  dnssec(
    { mx: MX, mailHosts: [half({ aaaa: broken.aaaa }, mailHost(MX1))] },
    ["pass dnssec-mx-secure", "info dnssec-hosts-unsigned"],
    "D4: one family fails in a zone that is not signed",
  );
  dnssec(
    { mx: MX, mailHosts: [half({ aaaa: failed(MX1, "AAAA", "timeout") })] },
    ["pass dnssec-mx-secure"],
    "of one family it is not known",
  );
  dnssec(
    { mailHosts: [half({ aaaa: broken.aaaa }, signed(MX1, NONE1))] },
    ["info dnssec-mx-insecure"],
    "D8: over an insecure MX, and without records",
  );
  dnssec({ signedNames: signedNames(false) }, ["skipped dnssec-resolver-not-validating"], "D1: nobody validates");
  dnssec(
    { signedNames: signedNames(false), mx: badMx, mailHosts: [] },
    ["error dns-servfail"],
    "D1: a resolver that does not validate calls nothing bogus",
  );
  const unknown = [failed("", "SOA", "timeout"), failed("com", "SOA", "servfail"), failed("org", "SOA", "refused")];
  dnssec({ signedNames: unknown }, ["skipped dnssec-resolver-unknown"], "D1: not known");
  dnssec({ signedNames: unknown, mx: MX }, ["pass dnssec-mx-secure", "info dnssec-hosts-unsigned"], "D1: AD elsewhere");
  dnssec({ mx: secure(mxOf("")), mailHosts: [] }, ["pass dnssec-mx-secure"], "a signed null MX");

  // Whose word it is (D1)
  const by = (resolver: string) => ({ ...MX, resolver });
  const DISTANT: Outcome[] = ["pass dnssec-mx-secure", "info dnssec-resolver-distant"];
  for (const resolver of ["192.0.2.53:53", "[2001:db8::53]:53", "unbound:53", "127.0.0.1.example:53", "10.0.0.1:53"]) {
    dnssec({ mx: by(resolver), mailHosts: [signed(MX1, NONE1)] }, DISTANT, `D1: distant: ${resolver}`);
  }
  for (const resolver of ["127.0.0.1:53", "127.0.0.53:53", "[::1]:5353", "localhost:53", "https://192.0.2.53:8443/q"]) {
    dnssec({ mx: by(resolver), mailHosts: [signed(MX1, NONE1)] }, ["pass dnssec-mx-secure"], `D1: near: ${resolver}`);
  }
  const distantHost = signed(MX1, { ...NONE1, resolver: "192.0.2.53:53" });
  dnssec({ mx: MX, mailHosts: [distantHost] }, DISTANT, "D1: distant for one answer");
  dnssec(
    { mailHosts: [distantHost] },
    ["info dnssec-mx-insecure", "info dnssec-resolver-distant"],
    "D1: distant, and the MX is insecure",
  );
  dnssec({ mx: { ...mxOf(MX1), resolver: "192.0.2.53:53" } }, ["info dnssec-mx-insecure"], "D1: nothing is secure");

  // How long the signatures hold (D21), in hours before and after the lookup.
  const MX_WELL: Outcome = "pass dnssec-mx-secure";
  const MX_ENDS: Outcome = "warn dnssec-mx-signature-expires-soon";
  const mxFor = (since: number, left: number, outcome: Outcome, why: string) =>
    dnssec({ mx: signedFor(mxOf(MX1), since, left), mailHosts: [signed(MX1, NONE1)] }, [outcome], why);
  mxFor(240, 72, MX_WELL, "D21: three days");
  mxFor(240, 71.99, MX_ENDS, "D21: less than three days");
  mxFor(240, 0.5, MX_ENDS, "D21: less than an hour");
  mxFor(240, -1, MX_ENDS, "D21: run out, and let pass by the resolver");
  mxFor(24, 24, MX_WELL, "D21: signed on demand");
  mxFor(72, 24, MX_WELL, "D21: four days, and a quarter of them left");
  mxFor(72.01, 23.99, MX_ENDS, "D21: four days, and less than a quarter left");
  mxFor(72.01, 24, MX_ENDS, "D21: more than four days");
  mxFor(1, -0.1, MX_ENDS, "D21: signed on demand, and run out");
  const mxSoon = signedFor(mxOf(MX1), 700, 20);
  dnssec(
    { mx: mxSoon, mailHosts: [signed(MX1, NONE1), mailHost(MX2)] },
    [MX_ENDS, "info dnssec-hosts-unsigned"],
    "D21, D4: beside a host without",
  );
  const HOST_ENDS: Outcome = `warn dnssec-host-signature-expires-soon @${MX1}`;
  /** A host whose addresses are signed for so many hours more. */
  const addressed = (name: string, a: number, aaaa: number | null = null) => {
    const found = addressesAt(name, ["192.0.2.25"], ["2001:db8::25"]);
    const six = aaaa === null ? secure(found.aaaa) : signedFor(found.aaaa, 240, aaaa);
    return mailHost(name, 10, { addresses: { a: signedFor(found.a, 240, a), aaaa: six } });
  };
  dnssec({ mx: MX, mailHosts: [addressed(MX1, 72, 72)] }, [MX_WELL], "D21: of both families three days");
  dnssec({ mx: MX, mailHosts: [addressed(MX1, 71)] }, [MX_WELL, HOST_ENDS], "D21: of the one address");
  dnssec({ mx: MX, mailHosts: [addressed(MX1, 90, 50)] }, [MX_WELL, HOST_ENDS], "D21: of the other");
  dnssec({ mx: mxSoon, mailHosts: [addressed(MX1, 70, 50)] }, [MX_ENDS, HOST_ENDS], "D21: of all");
  dnssec({ mailHosts: [addressed(MX1, 50)] }, ["info dnssec-mx-insecure", HOST_ENDS], "D21: without MX");
  dnssec(
    { mx: secure(mxOf(DOMAIN)), mailHosts: [addressed(DOMAIN, 50)] },
    ["warn dnssec-host-signature-expires-soon"],
    "D21: the domain is its own mail host",
  );
}

// dane-records
{
  const records = (changes: Partial<Facts>, outcomes: Outcome[], why: string) =>
    when("dane-records", { mx: MX, ...changes }, outcomes, why);
  /** What is said of a host with these records. */
  const held = (published: TlsaRecord[], outcomes: Outcome[], why: string, ttl = 3600) =>
    records(
      { mailHosts: [signed(MX1, secure(tlsaAt(MX1, published, ttl)))] },
      outcomes.map((outcome): Outcome => `${outcome} @${MX1}`),
      why,
    );
  const GOOD = of(leaf, "3 1 1");
  const USABLE: Outcome = "pass dane-records-usable";
  held([GOOD], [USABLE], "D14: 3 1 1");
  held([of(middle, "2 0 1")], [USABLE], "D14: 2 0 1");
  held([GOOD, of(next, "3 1 1")], [USABLE], "D18: two keys");
  held([GOOD, of(leaf, "3 1 2")], [USABLE], "both digests");
  held([of(leaf, "3 0 1")], [USABLE, "info dane-records-unusual"], "D14: another selector");
  held([of(middle, "2 1 1")], [USABLE, "info dane-records-unusual"], "D14: the authority's key");
  held([of(leaf, "3 1 2")], ["warn dane-records-only-sha512"], "D15: SHA-512 only");
  held([of(leaf, "3 1 0")], ["warn dane-records-full"], "D15: a whole key");
  held([of(leaf, "3 0 0"), GOOD], ["warn dane-records-full"], "D15: a whole certificate beside");
  held([raw(0, 1, 1, 32)], ["fail dane-records-pkix-only"], "D10: PKIX-TA(0)");
  held([raw(1, 1, 1, 32), raw(0, 0, 1, 32)], ["fail dane-records-pkix-only"], "D10: both");
  held([raw(1, 1, 1, 32), GOOD], ["warn dane-records-pkix-beside"], "D10: beside a usable one");
  held([raw(3, 1, 1, 31)], ["warn dane-records-all-unusable"], "D6: a short digest");
  held([raw(3, 1, 1, 33)], ["warn dane-records-all-unusable"], "D6: a long digest");
  held([raw(3, 1, 2, 32)], ["warn dane-records-all-unusable"], "D6: SHA-256 called SHA-512");
  held([raw(4, 1, 1, 32)], ["warn dane-records-all-unusable"], "D6: usage 4");
  held([raw(255, 1, 1, 32)], ["warn dane-records-all-unusable"], "D6: PrivCert(255)");
  held([raw(3, 2, 1, 32)], ["warn dane-records-all-unusable"], "D6: selector 2");
  held([raw(3, 1, 3, 32)], ["warn dane-records-all-unusable"], "D6: matching type 3");
  held([raw(3, 0, 0, 300)], ["warn dane-records-all-unusable"], "D6: no certificate");
  held([raw(2, 1, 0, 91)], ["warn dane-records-all-unusable"], "D6: no key");
  held([raw(3, 1, 1, 31), GOOD], ["warn dane-records-unusable"], "a short digest beside");
  held(
    [raw(3, 1, 1, 31), raw(1, 1, 1, 32)],
    ["fail dane-records-pkix-only", "warn dane-records-unusable"],
    "D6, D10: both, and none usable",
  );
  held([GOOD], [USABLE], "D21: a day", 86_400);
  held([GOOD], ["warn dane-records-ttl-long"], "D21: more than a day", 86_401);
  // 47 octets for each record of SHA-256.
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ ...GOOD, data: GOOD.data.slice(2) + hex(i) }));
  held(many(25), [USABLE], "D21: 1,175 octets");
  held(many(26), ["warn dane-records-large"], "D21: 1,222 octets");

  /** What is said of records whose signature has held for some hours, and will for others. */
  const signedRecords = (since: number, left: number, outcome: Outcome, why: string) =>
    records({ mailHosts: [signed(MX1, signedFor(tlsaAt(MX1, [GOOD]), since, left))] }, [`${outcome} @${MX1}`], why);
  const ENDS: Outcome = "warn dane-records-signature-expires-soon";
  signedRecords(240, 72, USABLE, "D21: three days");
  signedRecords(240, 71.99, ENDS, "D21: less than three days");
  signedRecords(24, 24, USABLE, "D21: signed on demand");
  signedRecords(72.01, 23.99, ENDS, "D21: on demand, and not renewed");

  const at1 = (outcome: Outcome): Outcome[] => [`${outcome} @${MX1}`];
  records({ mailHosts: [signed(MX1, NONE1)] }, ["info dane-records-none"], "D7: none");
  records({ mailHosts: [signed(MX1, NONE1), mailHost(MX2)] }, ["info dane-records-none"], "D7: none anywhere");
  records({ signedNames: signedNames(false) }, ["info dane-records-none"], "none, whoever says so");
  records(
    { mailHosts: [mailHost(MX1, 10, { tlsa: [{ base: MX1, records: tlsaAt(MX1, [GOOD]) }] })] },
    at1("warn dane-records-unsigned"),
    "D4: without DNSSEC",
  );
  records(
    { mailHosts: [{ ...holding(GOOD), addresses: addressesAt(MX1, ["192.0.2.25"]) }] },
    at1("warn dane-records-addresses-unsigned"),
    "D4: the addresses are without DNSSEC",
  );
  records({ mailHosts: [signed(MX1, bogus(SERVFAIL))] }, at1("fail dane-records-bogus"), "D3: bogus");
  records({ mailHosts: [signed(MX1, SERVFAIL)] }, at1("fail dane-records-servfail"), "D3: SERVFAIL");
  const loop = failed(`_25._tcp.${MX1}`, "TLSA", "chain-loop", ["a.example"]);
  records({ mailHosts: [signed(MX1, loop)] }, at1("fail dns-chain-loop"), "D3: aliases in a circle");
  const failing = { tlsa: [{ base: MX1, records: SERVFAIL }] };
  records({ mailHosts: [mailHost(MX1, 10, failing)] }, at1("warn dane-records-failing-unasked"), "D4: nobody asks");
  const bogusAddresses = { a: bogus(failed(MX1, "A", "servfail")), aaaa: bogus(failed(MX1, "AAAA", "servfail")) };
  records(
    { mailHosts: [mailHost(MX1, 10, { ...failing, addresses: bogusAddresses })] },
    at1("skipped skipped-after-fail"),
    "D3: the addresses are bogus themselves",
  );
  const { addresses: twoFamilies } = holding(GOOD);
  records(
    { mailHosts: [{ ...holding(GOOD), addresses: { ...twoFamilies, aaaa: bogusAddresses.aaaa } }] },
    at1("skipped skipped-after-fail"),
    "D3: one family of addresses is bogus",
  );
  records(
    { mailHosts: [{ ...signed(MX1, bogus(SERVFAIL)), addresses: { ...twoFamilies, aaaa: bogusAddresses.aaaa } }] },
    at1("fail dane-records-bogus"),
    "D3: both a family of addresses and the records are bogus",
  );
  const silentAddresses = { ...failing, addresses: noAddressesAt(MX1, "timeout") };
  records(
    { mailHosts: [mailHost(MX1, 10, silentAddresses)] },
    at1("error dns-servfail"),
    "the addresses are not known",
  );
  const { addresses: oneFamily } = signed(MX1);
  const halfKnown = { ...oneFamily, aaaa: failed(MX1, "AAAA", "timeout") };
  records(
    { mailHosts: [mailHost(MX1, 10, { ...failing, addresses: halfKnown })] },
    at1("fail dane-records-servfail"),
    "D3: one family of addresses is known to be signed",
  );
  const late = failed(`_25._tcp.${MX1}`, "TLSA", "timeout");
  records({ mailHosts: [signed(MX1, late)] }, at1("error dns-timeout"), "no answer says nothing");
  records({ mailHosts: [signed(MX1, failed(late.name, "TLSA", "refused"))] }, at1("error dns-refused"), "refused");
  const unchecked = { mx: mxOf(MX1), signedNames: signedNames(false) };
  const unsignedHost = mailHost(MX1, 10, { tlsa: [{ base: MX1, records: tlsaAt(MX1, [GOOD]) }] });
  records({ ...unchecked, mailHosts: [unsignedHost] }, at1("error dane-records-unvalidated"), "D1: nobody validates");
  records(
    { ...unchecked, mailHosts: [mailHost(MX1, 10, { tlsa: [{ base: MX1, records: bogus(SERVFAIL) }] })] },
    at1("error dns-servfail"),
    "D1: SERVFAIL, and nobody validates",
  );
  records(
    { mailHosts: [holding(GOOD), mailHost(MX2, 20)] },
    [`pass dane-records-usable @${MX1}`, "warn dane-records-partial"],
    "D23: one host has none",
  );
  records(
    { mailHosts: [holding(GOOD), signed(MX2, late)] },
    [`pass dane-records-usable @${MX1}`, `error dns-timeout @${MX2}`],
    "D23: of the other it is not known",
  );
  // Aliases (D9)
  const END = "mail.provider.example";
  const aliased = (...answers: Tlsa[]) => {
    const addresses = addressesAt(MX1, ["192.0.2.25"], [], [END]);
    return secureAddresses({ ...signed(MX1, ...answers), addresses });
  };
  const ofEnd = secure(tlsaAt(END, [GOOD]));
  const noneAtEnd = secure(failed(`_25._tcp.${END}`, "TLSA", "no-such-name"));
  const both: Outcome[] = [`pass dane-records-usable @${MX1}`, `info dane-records-alias @${MX1}`];
  records({ mailHosts: [aliased(ofEnd, NONE1)] }, both, "D9: where the alias ends");
  records({ mailHosts: [aliased(noneAtEnd, secure(tlsaAt(MX1, [GOOD])))] }, both, "D9: at the first name");
  records({ mailHosts: [aliased(noneAtEnd, NONE1)] }, ["info dane-records-none"], "D9: at neither");
  records({ mailHosts: [aliased(SERVFAIL, NONE1)] }, at1("fail dane-records-servfail"), "D9, D3: no second question");
  const out: Outcome[] = [`pass dane-records-usable @${MX1}`, `info dane-records-alias @${MX1}`];
  records({ mailHosts: [leadingOut(holding(GOOD))] }, out, "D9: a signed alias into an unsigned zone");
  records({ mailHosts: [leadingOut(unsignedHost)] }, at1("warn dane-records-unsigned"), "D4: an unsigned alias");
  records({ mailHosts: [leadingOut(signed(MX1, SERVFAIL))] }, at1("error dns-servfail"), "D9: who asks is not known");
  records({ mailHosts: [leadingOut(signed(MX1, bogus(SERVFAIL)))] }, at1("fail dane-records-bogus"), "D9, D3: bogus");
  const notSigned = tlsaAt(END, [GOOD]);
  records(
    { mailHosts: [aliased(notSigned, secure(tlsaAt(MX1, [GOOD])))] },
    both,
    "D9: unsigned at the end of the alias",
  );
  // Names that are no mail hosts, and none at all
  records({ mx: secure(mxOf("")), mailHosts: [] }, ["info no-mail-hosts"], "RFC 7505: null MX");
  records(
    { mx: secure(mxOf("localhost", MX1)), mailHosts: [mailHost("localhost"), signed(MX1, NONE1)] },
    ["info dane-records-none", "skipped skipped-after-fail @localhost"],
    "a name that is none",
  );
}

// dane-match
{
  /** A dialogue in which these certificates were served. */
  const serving = (chain: Made[], address = "192.0.2.25", host = MX1): SmtpFact => {
    const fact = spoken(host, address);
    return { ...fact, tls: fact.tls && { ...fact.tls, chain: chain.map(({ served }) => served) } };
  };
  const match = (changes: Partial<Facts>, outcomes: Outcome[], why: string) =>
    when("dane-match", { mx: MX, ...changes }, outcomes, why);
  /** What is said of a chain by records. */
  const judged = (published: TlsaRecord[], chain: Made[], outcomes: Outcome[], why: string) =>
    match(
      { mailHosts: [holding(...published)], smtp: [serving(chain)] },
      outcomes.map((outcome): Outcome => `${outcome} ${AT1}`),
      why,
    );
  const FITS: Outcome = "pass dane-match-fits";
  const ROLLOVER: Outcome = "info dane-match-rollover";
  const RECOMMENDED: Outcome = "info dane-match-recommended";
  const GOOD = of(leaf, "3 1 1");

  judged([GOOD], [leaf, middle], [FITS], "3 1 1");
  judged([of(leaf, "3 0 1")], [leaf], [FITS, RECOMMENDED], "D14: 3 0 1");
  judged([of(middle, "2 0 1")], [leaf, middle], [FITS], "2 0 1");
  judged([of(root, "2 0 1")], [leaf, middle, root], [FITS], "2 0 1 of the root");
  judged([of(root, "2 1 1"), GOOD], [leaf, middle, root], [FITS], "two kinds, both fit");
  judged([GOOD, of(next, "3 1 1")], [leaf, middle], [FITS, ROLLOVER], "D18: the next key is published");
  judged([GOOD, of(leaf, "3 1 2")], [leaf], [FITS], "D20: both digests");
  judged([of(next, "3 1 1")], [leaf, middle], ["fail dane-match-none"], "D5: renewed, the record was not");
  judged([of(next, "3 1 1"), of(stranger, "3 1 1")], [leaf], ["fail dane-match-none"], "D5: neither of two");
  judged([of(middle, "3 1 1")], [leaf, middle], ["fail dane-match-none"], "D5: usage 3 of the issuer");
  judged([GOOD, of(next, "3 0 1")], [leaf], ["fail dane-match-combination"], "D19: 3 0 1 fits nothing");
  judged([GOOD, of(root, "2 0 1")], [leaf, middle], ["fail dane-match-combination"], "D13, D19: 2 0 1 not sent");
  judged(
    [of(leaf, "3 1 2"), of(next, "3 1 1")],
    [leaf],
    ["fail dane-match-combination"],
    "D19: the weaker fits nothing",
  );
  judged([GOOD, of(next, "3 1 2")], [leaf], ["fail dane-match-stronger-digest"], "D20: only the weaker fits");
  judged([of(root, "2 0 1")], [leaf, middle], ["fail dane-match-anchor-not-sent"], "D13: the root is not sent");
  judged([of(middle, "2 1 1")], [leaf], ["fail dane-match-anchor-not-sent"], "D13: the issuer is not sent");
  judged([of(root, "2 0 0"), of(root, "2 0 1")], [leaf, middle], ["fail dane-match-combination"], "D13: 2 0 0 beside");
  judged([of(root, "2 0 0")], [leaf, middle], [FITS, RECOMMENDED], "D13: 2 0 0 needs none");
  judged([of(root, "2 1 0")], [leaf, middle], ["fail dane-match-bare-key"], "D13: 2 1 0 needs one");
  judged([of(stranger, "2 1 0")], [leaf, middle], ["fail dane-match-none"], "2 1 0 of another authority");
  judged([GOOD, of(root, "2 1 0")], [leaf, middle], ["fail dane-match-combination"], "D13, D19: 2 1 0 beside");
  judged([of(root, "2 1 0")], [leaf, middle, root], [FITS, RECOMMENDED], "2 1 0, and sent");
  judged([of(stranger, "2 0 1")], [leaf, middle, root], ["fail dane-match-none"], "another authority");
  judged([of(stranger, "2 0 1")], [leaf, middle, stranger], ["fail dane-match-not-issued"], "sent, but not the issuer");
  judged([of(leaf, "2 1 1")], [leaf, middle], ["fail dane-match-leaf-as-anchor"], "usage 2 for the server's key");

  const other = await server("other.example.net", middle);
  judged([of(other, "3 1 1")], [other], [FITS], "D11: usage 3, another name");
  judged([of(middle, "2 0 1")], [other, middle], ["fail dane-match-name"], "D12: usage 2, another name");
  const byName = await server("x", middle, { names: [] });
  judged([of(middle, "2 0 1")], [byName, middle], ["fail dane-match-name"], "D12: another common name");
  const nextHop = await server(DOMAIN, middle);
  judged([of(middle, "2 0 1")], [nextHop, middle], [FITS], "D12: the domain of the mail addresses");
  const ofAlias = await server("mail.provider.example", middle);
  match(
    {
      mx: { ...MX, chain: ["mail.provider.example"] },
      mailHosts: [holding(of(middle, "2 0 1"))],
      smtp: [serving([ofAlias, middle])],
    },
    [`${FITS} ${AT1}`],
    "D12: what the domain of the mail addresses is an alias of",
  );
  const wildcard = await server("any", middle, { names: ["*.example.org"] });
  judged([of(middle, "2 0 1")], [wildcard, middle], [FITS], "D12: a wildcard");
  const commonName = await server(MX1, middle, { names: [] });
  judged([of(middle, "2 0 1")], [commonName, middle], [FITS], "D12: only a common name");
  const expired = await server(MX1, middle, { period: "expired" });
  judged([of(expired, "3 1 1")], [expired], [FITS], "D11: usage 3, expired");
  judged([of(middle, "2 0 1")], [expired, middle], ["fail dane-match-expired"], "usage 2, expired");
  const early = await server(MX1, middle, { period: "early" });
  judged([of(middle, "2 0 1")], [early, middle], ["fail dane-match-not-yet-valid"], "usage 2, not yet valid");
  const ofOld = await server(MX1, oldMiddle);
  judged([of(root, "2 0 1")], [ofOld, oldMiddle, root], ["fail dane-match-expired"], "an intermediate has expired");
  const ofOldRoot = await server(MX1, oldRoot);
  judged([of(oldRoot, "2 0 0")], [ofOldRoot], ["fail dane-match-expired"], "the root in the record has expired");
  const ofUnmarked = await server(MX1, unmarked);
  judged([of(root, "2 0 1")], [ofUnmarked, unmarked, root], ["fail dane-match-chain-unusable"], "no authority");
  const forClients = await server(MX1, middle, { purposes: ["1.3.6.1.5.5.7.3.2"] });
  judged([of(middle, "2 0 1")], [forClients, middle], ["fail dane-match-chain-unusable"], "not for servers");
  judged([of(forClients, "3 1 1")], [forClients], [FITS], "D11: usage 3, not for servers");
  // D25: nothing of these facts holds a certificate transparency timestamp.

  const hosts = { mailHosts: [holding(GOOD)] };
  const refused = (state: "not-offered" | "temporary" | "refused" | "handshake-failed", hasReply = true): SmtpFact => ({
    ...spoken(MX1),
    ...{ tls: null, keywordsInside: null, withoutSni: null, versions: [], injection: null },
    starttls: { state, reply: hasReply ? { code: 454, lines: ["no"] } : null, detail: "test: no TLS" },
  });
  const say = (outcome: Outcome): Outcome[] => [`${outcome} ${AT1}`];
  match({ ...hosts, smtp: [refused("not-offered")] }, say("fail dane-match-no-starttls"), "D16: no STARTTLS");
  match({ ...hosts, smtp: [refused("temporary")] }, say("fail dane-match-tls-fails"), "D16: 454");
  match({ ...hosts, smtp: [refused("refused")] }, say("fail dane-match-tls-fails"), "D16: refused");
  match({ ...hosts, smtp: [refused("handshake-failed")] }, say("fail dane-match-tls-fails"), "D16: no handshake");
  match({ ...hosts, smtp: [refused("refused", false)] }, say("error dane-match-not-reached"), "no reply to STARTTLS");
  match({ ...hosts, smtp: [silent(MX1, "connection-timeout")] }, say("error dane-match-not-reached"), "not reached");
  match({ ...hosts, smtp: [silent(MX1, "greeting-refused")] }, say("error dane-match-not-reached"), "turned away");
  match({ ...hosts, smtp: [serving([])] }, say("fail dane-match-no-certificate"), "TLS without a certificate");
  match({ ...hosts, smtp: [spoken(MX1)] }, say("error dane-match-unreadable"), "a certificate that nobody can read");
  const unusable = { mailHosts: [holding(raw(1, 1, 1, 32))] };
  match({ ...unusable, smtp: [serving([leaf])] }, say("info dane-match-pkix-only"), "D6, D10: TLS is enough");
  match({ ...unusable, smtp: [spoken(MX1)] }, say("info dane-match-pkix-only"), "D6, D10: whatever the certificate");
  const unknownType = { mailHosts: [holding(raw(3, 1, 9, 32))], smtp: [serving([leaf])] };
  match(unknownType, say("info dane-match-tls-only"), "D6: a matching type that does not exist");
  match({ ...unusable, smtp: [refused("not-offered")] }, say("fail dane-match-no-starttls"), "D6, D16: TLS is missing");

  const twoAddresses = secureAddresses({
    ...holding(GOOD),
    addresses: addressesAt(MX1, ["192.0.2.25"], ["2001:db8::25"]),
  });
  match(
    { mailHosts: [twoAddresses], smtp: [serving([leaf]), serving([next], "2001:db8::25")] },
    [`pass dane-match-fits ${AT1}`, `fail dane-match-none @${MX1} [2001:db8::25]`],
    "one address has the new certificate, the other the old",
  );
  match(
    { mailHosts: [twoAddresses, signed(MX2, late2())], smtp: [serving([leaf])] },
    [`pass dane-match-fits ${AT1}`, `skipped skipped-after-error @${MX2}`],
    "of another host the records are not known",
  );
  match(
    { mailHosts: [holding(GOOD), mailHost(MX2, 20)], smtp: [serving([leaf])] },
    [`pass dane-match-fits ${AT1}`],
    "D23: a host without records has nothing to compare",
  );
  match({ mailHosts: [signed(MX1, NONE1)] }, ["info dane-match-not-applicable"], "D7: none");
  const plain = mailHost(MX1, 10, { tlsa: [{ base: MX1, records: tlsaAt(MX1, [GOOD]) }] });
  match({ mailHosts: [plain] }, ["info dane-match-not-applicable"], "D4: without DNSSEC");
  match(
    { mailHosts: [{ ...holding(GOOD), addresses: addressesAt(MX1, ["192.0.2.25"]) }], smtp: [serving([next])] },
    ["info dane-match-not-applicable"],
    "D4: the addresses are without DNSSEC",
  );
  match(
    { mailHosts: [signed(MX1, SERVFAIL)] },
    [`skipped skipped-after-fail @${MX1}`],
    "D3: no answer to compare with",
  );
  match(
    { mailHosts: [plain], mx: mxOf(MX1), signedNames: signedNames(false) },
    [`error dane-match-unvalidated @${MX1}`],
    "D1: nobody validates",
  );
  const homeless = secureAddresses({ ...holding(GOOD), addresses: noAddressesAt(MX1, "no-such-name") });
  match({ mailHosts: [homeless], smtp: [] }, [`skipped skipped-after-fail @${MX1}`], "no address to compare at");
  match(
    { mx: mxOf(MX1), ...hosts, smtp: [serving([next])] },
    say("fail dane-match-none"),
    "D8: some look all the same",
  );
  match({ mx: secure(mxOf("")), mailHosts: [], smtp: [] }, ["info no-mail-hosts"], "RFC 7505: null MX");

  // The name that senders with DANE say in SNI (D9, D17)
  match(
    { mailHosts: [leadingOut(holding(GOOD))], smtp: [serving([next])] },
    say("fail dane-match-none"),
    "D9: a signed alias into an unsigned zone",
  );
  const END = "mail.provider.example";
  const aliased = (...records: TlsaRecord[]): Partial<Facts> => {
    const host = signed(MX1, secure(tlsaAt(END, records)), NONE1);
    const addresses = addressesAt(MX1, ["192.0.2.25"], [], [END]);
    return { mailHosts: [secureAddresses({ ...host, addresses })] };
  };
  const saying = (fact: SmtpFact, chain: Made[], established: boolean | null = true, base = END): Partial<Facts> => {
    const detail = established ? null : "test: not with that name";
    return { smtp: [{ ...fact, baseSni: { base, established, chain: chain.map(({ served }) => served), detail } }] };
  };
  const bySni = (changes: Partial<Facts>, outcome: Outcome, why: string, ...records: TlsaRecord[]) =>
    match({ ...aliased(...records), ...changes }, say(outcome), `D17: ${why}`);
  bySni(saying(serving([next]), [leaf]), FITS, "the record fits what comes for its own name", GOOD);
  bySni(saying(serving([leaf]), [next]), "fail dane-match-base-other", "it fits only what comes for the MX", GOOD);
  bySni(saying(serving([next]), [next]), "fail dane-match-none", "it fits neither", GOOD);
  bySni(saying(serving([leaf]), [], false), "fail dane-match-base-refused", "no TLS with its own name", GOOD);
  bySni(saying(serving([leaf]), [], null), "error dane-match-base-unseen", "its own name was not tried", GOOD);
  bySni({ smtp: [serving([leaf])] }, FITS, "facts from before there was a second name", GOOD);
  bySni(saying(serving([leaf]), [next], true, MX2), FITS, "what came for another name does not count", GOOD);
  bySni(saying(refused("handshake-failed"), [leaf]), FITS, "no TLS with the name of the MX", GOOD);
  bySni(saying(refused("handshake-failed"), [], false), "fail dane-match-tls-fails", "no TLS with either", GOOD);
  bySni(saying(serving([leaf]), []), "fail dane-match-no-certificate", "TLS without a certificate", GOOD);
  const unfit = raw(1, 1, 1, 32);
  bySni(saying(serving([leaf]), [next]), "info dane-match-pkix-only", "D6: no record is usable", unfit);
  bySni(saying(serving([leaf]), [], false), "fail dane-match-base-refused", "D6: and no TLS with that name", unfit);
}

function late2(): Tlsa {
  return failed(`_25._tcp.${MX2}`, "TLSA", "timeout");
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, "0");
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkDaneRecords } from "#lib/checks/dane-records.ts";
import { checkDnssec } from "#lib/checks/dnssec.ts";
import { askMailHosts } from "#lib/checks/mail-host-facts.ts";
import { resolverValidates, type Security, securityOf } from "#lib/checks/security.ts";
import { createResolver } from "#lib/probes/dns.ts";
import type { DnsFact, DnsType } from "#lib/probes/dns-fact.ts";
import { createProbes } from "#lib/probes/probes.ts";
import { makeZones, provideUnbound, type RunningUnbound, startUnbound, whyNoUnbound, type Zones } from "./unbound.ts";

// A resolver that really validates, over zones that are really signed, from a root of their own.

const DIGEST = "ab".repeat(32);
const mailHost = (zone: string) => [
  `${zone}. 3600 IN MX 10 mx1.${zone}.`,
  `mx1.${zone}. 3600 IN A 192.0.2.1`,
  `_25._tcp.mx1.${zone}. 3600 IN TLSA 3 1 1 ${DIGEST}`,
];

const ZONES = [
  { name: "" },
  { name: "com" },
  { name: "org" },
  { name: "test", records: ["ns.servers.test. 3600 IN A 127.0.0.1"] },
  {
    name: "signed.test",
    records: [
      ...mailHost("signed.test"),
      "alias.signed.test. 3600 IN CNAME mx1.nsec3.test.",
      "out.signed.test. 3600 IN CNAME mx1.plain.test.",
      "into.signed.test. 3600 IN CNAME mx1.expired.test.",
      "ending.signed.test. 3600 IN CNAME mx1.ending.test.",
      "*.wild.signed.test. 3600 IN A 192.0.2.2",
    ],
  },
  { name: "nsec3.test", records: mailHost("nsec3.test"), denial: "nsec3" },
  { name: "plain.test", records: mailHost("plain.test"), signing: "unsigned" },
  { name: "half.test", records: ["half.test. 3600 IN MX 10 mx1.signed.test."], signing: "unsigned" },
  { name: "ending.test", records: mailHost("ending.test"), signing: "ending" },
  { name: "on-demand.test", records: mailHost("on-demand.test"), signing: "on-demand" },
  { name: "just-expired.test", records: mailHost("just-expired.test"), signing: "just-expired" },
  { name: "expired.test", records: mailHost("expired.test"), signing: "expired" },
  { name: "dropped.test", records: mailHost("dropped.test"), signing: "dropped" },
  { name: "other-key.test", records: mailHost("other-key.test"), signing: "other-key" },
  // As of name servers that cannot prove that a name is not there (D3).
  { name: "no-denial.test", records: mailHost("no-denial.test").slice(0, 2), denial: "none" },
] as const;

const why = whyNoUnbound();

describe.skipIf(why !== null)(`what unbound says of signed zones${why === null ? "" : ` (not tried: ${why})`}`, () => {
  let zones: Zones;
  let validating: RunningUnbound;
  let plain: RunningUnbound;

  beforeAll(async () => {
    await provideUnbound();
    zones = await makeZones(ZONES.map((zone) => ({ ...zone, records: "records" in zone ? [...zone.records] : [] })));
    validating = await startUnbound(zones, { validating: true });
    plain = await startUnbound(zones, { validating: false });
  }, 300_000);

  afterAll(async () => {
    await validating?.stop();
    await plain?.stop();
    await zones?.remove();
  });

  const settings = (resolver: RunningUnbound) => ({
    ...{ resolvers: [resolver.address], httpsPort: 443, smtpPort: 25, ehloName: null, extraRoots: null, allow: [] },
  });
  const ask = (resolver: RunningUnbound, name: string, type: DnsType): Promise<DnsFact<unknown>> =>
    createResolver(settings(resolver)).resolve(name, type);

  const ROWS: [name: string, type: DnsType, security: Security, result: string, why: string][] = [
    ["", "SOA", "secure", "records", "the root"],
    ["com", "SOA", "secure", "records", "below the root"],
    ["signed.test", "MX", "secure", "records", "a signed zone"],
    ["mx1.signed.test", "A", "secure", "records", "an address"],
    ["mx1.signed.test", "AAAA", "secure", "no-data", "the absence of a type is signed, too"],
    ["nothing.signed.test", "A", "secure", "no-such-name", "and the absence of a name"],
    ["_25._tcp.mx1.signed.test", "TLSA", "secure", "records", "TLSA"],
    ["a.wild.signed.test", "A", "secure", "records", "a wildcard"],
    ["mx1.nsec3.test", "A", "secure", "records", "a zone with NSEC3"],
    ["nothing.nsec3.test", "TLSA", "secure", "no-such-name", "absence by NSEC3"],
    ["alias.signed.test", "A", "secure", "records", "an alias into a signed zone"],
    ["out.signed.test", "A", "insecure", "records", "an alias out of the signed zone"],
    ["into.signed.test", "A", "bogus", "servfail", "an alias into a zone with wrong signatures"],
    ["plain.test", "MX", "insecure", "records", "an unsigned zone"],
    ["nothing.plain.test", "A", "insecure", "no-such-name", "absence in an unsigned zone"],
    ["expired.test", "MX", "bogus", "servfail", "signatures that have expired"],
    ["_25._tcp.mx1.expired.test", "TLSA", "bogus", "servfail", "TLSA with expired signatures"],
    ["dropped.test", "MX", "bogus", "servfail", "a DS record, and no signatures"],
    ["other-key.test", "MX", "bogus", "servfail", "a DS record for another key"],
    ["no-denial.test", "MX", "secure", "records", "what is there is signed"],
    ["mx1.no-denial.test", "A", "secure", "records", "what is there is signed"],
    ["_25._tcp.mx1.no-denial.test", "TLSA", "bogus", "servfail", "D3: absence is not proved"],
  ];

  const resultOf = ({ result }: DnsFact<unknown>) => (result.ok ? "records" : result.failure);

  test.each(ROWS)("%s %s is %s (%s): %s", async (name, type, security, result) => {
    const fact = await ask(validating, name, type);
    expect([securityOf(fact, true), resultOf(fact)]).toEqual([security, result]);
    expect(fact.authenticated).toBe(security === "secure");
    expect(fact.answeredUnchecked).toBe(security === "bogus" ? true : undefined);
  });

  test.each(ROWS)(
    "without validation nobody knows, and nothing is refused: %s %s",
    async (name, type, security, result) => {
      const fact = await ask(plain, name, type);
      expect(securityOf(fact, false)).toBe("indeterminate");
      expect(fact.authenticated).toBe(false);
      if (security !== "bogus") expect(resultOf(fact)).toBe(result);
      else expect(resultOf(fact)).not.toBe("servfail");
    },
  );

  test.each<[name: string, type: DnsType, left: number | null, why: string]>([
    ["signed.test", "MX", 30, "signed for thirty days more"],
    ["ending.test", "MX", 2, "two days are left"],
    ["_25._tcp.mx1.ending.test", "TLSA", 2, "of TLSA records, too"],
    ["ending.signed.test", "A", 2, "an alias with thirty days to an address with two"],
    ["a.wild.signed.test", "A", 30, "of the wildcard"],
    ["out.signed.test", "A", null, "not where the alias leads out of the signed zones"],
    ["plain.test", "MX", null, "not where nothing is signed"],
    ["mx1.signed.test", "AAAA", null, "not where there are no records"],
  ])("the signature over %s %s has %j days left: %s", async (name, type, left) => {
    const { signature } = await ask(validating, name, type);
    const until = signature === undefined ? null : (Date.parse(signature.expiration) - Date.now()) / 86_400_000;
    expect(until === null ? null : Math.round(until)).toBe(left);
  });

  /** The facts of the checks about DNSSEC, and what these say. */
  async function judge(resolver: RunningUnbound, domain: string) {
    const probes = createProbes(settings(resolver));
    const mx = await probes.resolveMx(domain);
    const signedNames = await Promise.all(["", "com", "org"].map((name) => probes.resolveSoa(name)));
    const mailHosts = await askMailHosts(probes, domain, mx, null);
    const facts = { domain, checkedAt: new Date().toISOString(), mx, domainAddresses: null, signedNames, mailHosts };
    const verdicts = [...checkDnssec(facts), ...checkDaneRecords(facts)];
    const validates = resolverValidates(facts);
    return { validates, codes: verdicts.map(({ status, code, subject }) => `${status} ${code} @${subject}`) };
  }

  test.each([
    ["signed.test", ["pass dnssec-mx-secure @signed.test", "pass dane-records-usable @mx1.signed.test"]],
    ["nsec3.test", ["pass dnssec-mx-secure @nsec3.test", "pass dane-records-usable @mx1.nsec3.test"]],
    ["plain.test", ["info dnssec-mx-insecure @plain.test", "warn dane-records-unsigned @mx1.plain.test"]],
    ["half.test", ["info dnssec-partially-protected @half.test", "pass dane-records-usable @mx1.signed.test"]],
    [
      "ending.test",
      [
        "warn dnssec-mx-signature-expires-soon @ending.test",
        "warn dnssec-host-signature-expires-soon @mx1.ending.test",
        "warn dane-records-signature-expires-soon @mx1.ending.test",
      ],
    ],
    ["on-demand.test", ["pass dnssec-mx-secure @on-demand.test", "pass dane-records-usable @mx1.on-demand.test"]],
    [
      "just-expired.test",
      [
        "warn dnssec-mx-signature-expires-soon @just-expired.test",
        "warn dnssec-host-signature-expires-soon @mx1.just-expired.test",
        "warn dane-records-signature-expires-soon @mx1.just-expired.test",
      ],
    ],
    ["expired.test", ["fail dnssec-mx-bogus @expired.test", "skipped skipped-after-error @expired.test"]],
    [
      "no-denial.test",
      [
        // That there is no IPv6 address is not proved either.
        "fail dnssec-host-bogus @mx1.no-denial.test",
        "pass dnssec-mx-secure @no-denial.test",
        "fail dane-records-bogus @mx1.no-denial.test",
      ],
    ],
  ])("and so the checks judge %s: %j", async (domain, codes) => {
    expect(await judge(validating, domain)).toEqual({ validates: true, codes });
  });

  test("a resolver that does not validate is told from one that does", async () => {
    const codes = [
      "skipped dnssec-resolver-not-validating @signed.test",
      "error dane-records-unvalidated @mx1.signed.test",
    ];
    expect(await judge(plain, "signed.test")).toEqual({ validates: false, codes });
  });
});

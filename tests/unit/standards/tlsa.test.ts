import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { readTlsa, recommendedTlsa, type TlsaFault, tlsaFor, tlsaOctets, usageName } from "#lib/standards/tlsa.ts";
import { isVersion1, isWholeSequence, publicKeyInfo } from "#lib/standards/tlsa-der.ts";
import { type ChainCertificate, matchTlsa, type TlsaMismatch } from "#lib/standards/tlsa-match.ts";
import { type Made, maker } from "#tests/unit/checks/certificates.ts";
import { NOW } from "#tests/unit/checks/facts.ts";
import { OF_VERSION_1_ROOT, VERSION_1_ROOT } from "./tlsa-version1.ts";

const HOST = "mx1.example.org";
const AT = new Date(NOW);
const { authority, server } = maker();
const root = await authority("Root");
const middle = await authority("Middle", root);
const stranger = await authority("Stranger");
const leaf = await server(HOST, middle);
const renewed = await server(HOST, middle, { keys: leaf.keys });
const rsa = await crypto.subtle.generateKey(
  { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
  true,
  ["sign", "verify"],
);
const withRsaKey = await server(HOST, middle, { keys: rsa });

const COMBINATIONS = [0, 1].flatMap((selector) => [0, 1, 2].map((type) => [selector, type] as const));

function of(pem: string, usage: number, selector: number, matchingType: number) {
  const reading = tlsaFor(pem, usage, selector, matchingType);
  if (reading === null) throw new Error("unreadable");
  return reading.record;
}

/** "3 1 1" of a certificate. */
function record(made: Made, combination: string) {
  const [usage = 0, selector = 0, matchingType = 0] = combination.split(" ").map(Number);
  return of(made.pem, usage, selector, matchingType);
}

const served = (...chain: Made[]): ChainCertificate[] => chain.map((made) => made.served);

describe("which records can be used on port 25", () => {
  const data = (octets: number) => "a5".repeat(octets);
  const certificate = record(leaf, "3 0 0").data;
  const key = record(leaf, "3 1 0").data;
  test.each<[fields: [number, number, number], data: string, fault: TlsaFault | null, why: string]>([
    [[3, 1, 1], data(32), null, "RFC 7672 §3.1.1"],
    [[3, 0, 1], data(32), null, "RFC 7672 §3.1.1"],
    [[2, 0, 1], data(32), null, "RFC 7672 §3.1.2"],
    [[2, 1, 2], data(64), null, "RFC 6698 §2.1.3"],
    [[3, 0, 0], certificate, null, "a whole certificate"],
    [[2, 0, 0], certificate.toUpperCase(), null, "a whole certificate, digits in upper case"],
    [[3, 1, 0], key, null, "a whole key"],
    [[0, 1, 1], data(32), "usage-pkix", "D10"],
    [[1, 1, 1], data(32), "usage-pkix", "D10"],
    [[1, 9, 9], "", "usage-pkix", "D10, whatever else is wrong"],
    [[4, 1, 1], data(32), "usage-unknown", "not assigned"],
    [[255, 1, 1], data(32), "usage-unknown", "RFC 6698 §7.2: private use"],
    [[3, 2, 1], data(32), "selector-unknown", "not assigned"],
    [[3, 1, 3], data(32), "matching-type-unknown", "not assigned"],
    [[3, 1, 255], data(32), "matching-type-unknown", "RFC 6698 §7.4: private use"],
    [[3, 1, 1], data(31), "digest-length", "an octet too few"],
    [[3, 1, 1], data(33), "digest-length", "an octet too many"],
    [[3, 1, 1], data(64), "digest-length", "a SHA-512 called SHA-256"],
    [[3, 1, 2], data(32), "digest-length", "a SHA-256 called SHA-512"],
    [[3, 1, 1], "", "digest-length", "nothing"],
    [[3, 0, 0], key, "data-unreadable", "a key where a certificate belongs"],
    [[3, 1, 0], certificate, "data-unreadable", "a certificate where a key belongs"],
    [[3, 0, 0], `${certificate}00`, "data-unreadable", "an octet behind the certificate"],
    [[3, 1, 0], `${key}00`, "data-unreadable", "an octet behind the key"],
    [[3, 0, 0], certificate.slice(0, -2), "data-unreadable", "a certificate cut short"],
    [[3, 0, 0], Buffer.from(leaf.pem).toString("hex"), "data-unreadable", "PEM instead of DER"],
    [[3, 1, 0], "", "data-unreadable", "nothing"],
    [[3, 1, 0], data(32), "data-unreadable", "a digest called a key"],
  ])("%j %#: %s", (fields, octets, fault) => {
    const [usage, selector, matchingType] = fields;
    const [reading] = readTlsa([{ usage, selector, matchingType, data: octets }]);
    expect(reading?.fault).toBe(fault);
    expect(reading?.text).toBe(`${fields.join(" ")} ${octets.toLowerCase()}`);
    expect(reading?.combination).toBe(fields.join(" "));
  });

  test("the same record twice is one (RFC 2181 §5)", () => {
    const one = { usage: 3, selector: 1, matchingType: 1, data: data(32) };
    expect(readTlsa([one, { ...one, data: one.data.toUpperCase() }, { ...one, usage: 2 }])).toHaveLength(2);
  });

  test("usages have names (RFC 7218)", () => {
    expect([0, 1, 2, 3, 4].map(usageName)).toEqual(["PKIX-TA(0)", "PKIX-EE(1)", "DANE-TA(2)", "DANE-EE(3)", "4"]);
  });

  test("the size of an RRset is told", () => {
    expect(tlsaOctets([])).toBe(0);
    const sha256 = { usage: 3, selector: 1, matchingType: 1, data: data(32) };
    expect(tlsaOctets([sha256, { ...sha256, data: data(64) }])).toBe(47 + 79);
  });
});

describe("the data of a record", () => {
  test.each([
    ["P-256", leaf.pem],
    ["RSA", withRsaKey.pem],
    ["version 1", VERSION_1_ROOT],
    ["issued by version 1", OF_VERSION_1_ROOT],
  ])("takes the key as it stands in the certificate: %s", (_, pem) => {
    const certificate = new X509Certificate(pem);
    const key = publicKeyInfo(certificate.raw);
    expect(Buffer.from(key ?? [])).toEqual(certificate.publicKey.export({ type: "spki", format: "der" }));
    expect(isWholeSequence(key ?? Buffer.of())).toBe(true);
    expect(of(pem, 3, 0, 1).data).toBe(certificate.fingerprint256.replaceAll(":", "").toLowerCase());
    expect(of(pem, 3, 0, 2).data).toBe(certificate.fingerprint512.replaceAll(":", "").toLowerCase());
  });

  test("tells the versions apart", () => {
    const versions = [VERSION_1_ROOT, OF_VERSION_1_ROOT, leaf.pem].map((pem) => new X509Certificate(pem).raw);
    expect(versions.map(isVersion1)).toEqual([true, false, false]);
    expect(isVersion1(Buffer.of())).toBe(false);
  });

  test("what to publish is 3 1 1 with the digest of the key (D14)", () => {
    // openssl x509 -in root.pem -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256
    expect(recommendedTlsa(VERSION_1_ROOT)).toBe(
      "3 1 1 c06fd6296382f665d05b8606d22efa43c096ad0b7618a7069670f9f8df3f6aba",
    );
    expect(recommendedTlsa(renewed.pem)).toBe(recommendedTlsa(leaf.pem));
    expect(recommendedTlsa("")).toBeNull();
    expect(recommendedTlsa("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")).toBeNull();
  });

  test("is not there for parameters that do not exist", () => {
    expect(tlsaFor(leaf.pem, 3, 2, 1)).toBeNull();
    expect(tlsaFor(leaf.pem, 3, 1, 3)).toBeNull();
  });

  test.each([
    ["nothing", Buffer.of()],
    ["a tag", Buffer.of(0x30)],
    ["a length that is not there", Buffer.of(0x30, 0x82, 0x01)],
    ["an indefinite length", Buffer.of(0x30, 0x80, 0, 0)],
    ["four octets of length", Buffer.of(0x30, 0x84, 0, 0, 0, 2, 0x05, 0)],
    ["no SEQUENCE within", Buffer.of(0x30, 2, 0x05, 0)],
    ["an empty certificate", Buffer.of(0x30, 2, 0x30, 0)],
  ])("is not there for what has not the form of a certificate: %s", (_, octets) => {
    expect(publicKeyInfo(octets)).toBeNull();
  });
});

describe("each record is compared with the chain", async () => {
  /** What becomes of each record: "" met, else why not; with " (weaker)" where senders do not look. */
  function compared(
    records: ReturnType<typeof record>[],
    chain: Made[],
    expected: string[],
    unmet: string[],
    why: string,
  ) {
    test(why, () => {
      const matches = matchTlsa(records, served(...chain), [HOST], AT);
      const seen = matches.records.map(({ why: reason, index, counts }) =>
        [reason ?? "met", index ?? "-", ...(counts ? [] : ["weaker"])].join(" "),
      );
      expect(seen).toEqual(expected);
      expect(matches.unmetCombinations).toEqual(unmet);
      const met = matches.records.filter((match) => match.counts && match.why === null);
      expect(matches.authenticated).toBe(met.length > 0);
    });
  }
  const ok = record(leaf, "3 1 1");
  compared([ok], [leaf, middle], ["met 0"], [], "DANE-EE(3)");
  compared([ok, record(stranger, "3 1 1")], [leaf], ["met 0", "no-match -"], [], "D18: two keys of one combination");
  compared([ok, record(stranger, "3 0 1")], [leaf], ["met 0", "no-match -"], ["3 0 1"], "D19: another combination");
  compared([ok, record(leaf, "3 1 2")], [leaf], ["met 0 weaker", "met 0"], [], "D20: both digests");
  compared(
    [ok, record(stranger, "3 1 2")],
    [leaf],
    ["met 0 weaker", "no-match -"],
    ["3 1 2"],
    "D20: the stronger is wrong",
  );
  compared([ok, record(stranger, "3 0 2")], [leaf], ["met 0", "no-match -"], ["3 0 2"], "D20: of another selector");
  compared([ok, record(stranger, "2 1 2")], [leaf], ["met 0", "anchor-not-sent -"], ["2 1 2"], "D20: of another usage");
  compared(
    [record(leaf, "3 1 0"), record(stranger, "3 1 2")],
    [leaf],
    ["met 0", "no-match -"],
    ["3 1 2"],
    "D20: full counts",
  );
  const unusable = { ...record(stranger, "3 1 2"), data: "00" };
  compared([ok, unusable], [leaf], ["met 0"], [], "RFC 7671 §9: what cannot be used goes first");
  compared([record(middle, "2 0 1")], [leaf, middle], ["met 1"], [], "DANE-TA(2)");
  compared([record(root, "2 1 1")], [leaf, stranger, middle, root], ["met 3"], [], "DANE-TA(2), a stranger between");
  compared([record(root, "2 0 0")], [leaf, middle], ["met -"], [], "D13: 2 0 0 stands in for it");
  compared(
    [record(root, "2 0 0"), record(root, "2 0 1")],
    [leaf, middle],
    ["met -", "anchor-not-sent -"],
    ["2 0 1"],
    "D13: which helps 2 0 0 alone",
  );
  compared([record(root, "2 1 0")], [leaf, middle], ["bare-key -"], ["2 1 0"], "D13: a bare key stands in for none");
  compared([record(root, "2 1 0")], [leaf, middle, root], ["met 2"], [], "D13: nor has it to when that is sent");
  compared([record(stranger, "2 1 0")], [leaf, middle], ["no-match -"], ["2 1 0"], "D13: the key of a stranger");
  compared([record(root, "2 0 1")], [leaf, middle], ["anchor-not-sent -"], ["2 0 1"], "D13: not sent");
  compared(
    [record(stranger, "2 0 1")],
    [leaf, middle, root],
    ["no-match -"],
    ["2 0 1"],
    "the root is sent, and is another",
  );
  compared(
    [record(stranger, "2 0 1")],
    [leaf, middle, stranger],
    ["not-issued-by-it 2"],
    ["2 0 1"],
    "sent, not the issuer",
  );
  const impostor = await authority("Middle", null, { withoutKeyIds: true });
  const withoutKeyIds = await server(HOST, middle, { withoutKeyIds: true });
  const byName = ["not-issued-by-it 1"];
  compared(
    [record(impostor, "2 0 1")],
    [withoutKeyIds, impostor],
    byName,
    ["2 0 1"],
    "the issuer's name is not enough",
  );
  compared([record(impostor, "2 0 0")], [withoutKeyIds], ["no-match -"], ["2 0 0"], "nor is it in the record");
  compared([record(leaf, "2 0 1")], [leaf, middle], ["leaf-as-anchor 0"], ["2 0 1"], "usage 2 for the server");
  compared([], [leaf], [], [], "no record");
  compared([ok], [], ["unreadable -"], ["3 1 1"], "no certificate");

  test("and says which certificate stands in the way of usage 2", async () => {
    const old = await authority("Old", root, { period: "expired" });
    const ofOld = await server(HOST, old);
    const unmarked = await authority("Unmarked", root, { unmarked: true });
    const ofUnmarked = await server(HOST, unmarked);
    const why = (chain: Made[]): [TlsaMismatch | null, number | null] => {
      const [match] = matchTlsa([record(root, "2 0 1")], served(...chain), [HOST], AT).records;
      return [match?.why ?? null, match?.index ?? null];
    };
    expect(why([ofOld, old, root])).toEqual(["expired", 1]);
    expect(why([await server(HOST, root, { period: "expired" }), root])).toEqual(["expired", 0]);
    expect(why([await server(HOST, root, { period: "early" }), root])).toEqual(["not-yet-valid", 0]);
    expect(why([ofUnmarked, unmarked, root])).toEqual(["no-authority", 1]);
    expect(why([await server(HOST, root, { purposes: ["1.3.6.1.5.5.7.3.2"] }), root])).toEqual(["wrong-purpose", 0]);
    expect(why([await server("other.test", root), root])).toEqual(["name-mismatch", 1]);
  });

  test.each<[names: string[], wanted: string[], matched: boolean, why: string]>([
    [[HOST], [HOST], true, "D12: the base"],
    [["example.org"], [HOST, "example.org"], true, "D12: the next hop"],
    [["*.example.org"], [HOST], true, "D12: a wildcard for the left-most label"],
    [["*.org"], [HOST], false, "a wildcard is one label"],
    [["mx*.example.org"], [HOST], false, "a wildcard is a whole label"],
    [["other.test"], [HOST, "example.org"], false, "another name"],
    [[], [HOST], true, "D12: the common name, where there is no DNS-ID"],
    [[], ["mx2.example.org"], false, "another common name"],
    [["other.test"], ["common.test"], false, "the common name does not count beside a DNS-ID"],
  ])("names count with usage 2, and not with 3: %j for %j", async (names, wanted, matched) => {
    const made = await server(wanted[0] === "common.test" ? "common.test" : HOST, middle, { names });
    const chain = served(made, middle);
    expect(matchTlsa([record(middle, "2 0 1")], chain, wanted, AT).authenticated).toBe(matched);
    expect(matchTlsa([record(made, "3 1 1")], chain, wanted, AT).authenticated).toBe(true);
  });
});

describe("whatever the certificate", () => {
  const made = fc.constantFrom(leaf, middle, root, withRsaKey);
  const combination = fc.constantFrom(...COMBINATIONS);

  test("a record made from it fits it, and fits no other", () => {
    fc.assert(
      fc.property(made, made, combination, (one, other, [selector, type]) => {
        const { authenticated } = matchTlsa([of(one.pem, 3, selector, type)], served(other), [], AT);
        expect(authenticated).toBe(one === other);
      }),
      { numRuns: 300 },
    );
  });

  test("with any bit of the data turned, it does not", () => {
    fc.assert(
      fc.property(made, combination, fc.nat(), (one, [selector, type], place) => {
        const good = of(one.pem, 3, selector, type);
        const octets = Buffer.from(good.data, "hex");
        const bit = place % (8 * octets.length);
        octets[bit >> 3] = (octets[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const { authenticated } = matchTlsa([{ ...good, data: octets.toString("hex") }], served(one), [], AT);
        expect(authenticated).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("what strangers send is compared without a throw", () => {
  const good = [leaf, middle, root, withRsaKey].map(({ pem }) => new X509Certificate(pem).raw);
  const mutated = fc
    .record({
      octets: fc.constantFrom(...good),
      turned: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      cut: fc.option(fc.nat(), { freq: 4 }),
      behind: fc.uint8Array({ maxLength: 8 }),
    })
    .map(({ octets, turned, cut, behind }) => {
      const copy = Buffer.from(octets);
      for (const [place, value] of turned) copy[place % copy.length] = value;
      return Buffer.concat([cut === null ? copy : copy.subarray(0, cut % copy.length), behind]);
    });
  const octets = fc.oneof(
    mutated,
    fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  );
  const field = fc.oneof(fc.nat(4), fc.nat(255));
  const tlsa = fc.record({
    usage: field,
    selector: field,
    matchingType: field,
    data: octets.map((one) => one.toString("hex")),
  });
  const certificate = octets.map((der) => ({
    pem: `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`,
    dnsNames: [HOST],
    commonName: null,
  }));

  test("3,000 chains and RRsets", () => {
    fc.assert(
      fc.property(fc.array(tlsa, { maxLength: 4 }), fc.array(certificate, { maxLength: 4 }), (records, chain) => {
        const matches = matchTlsa(records, [...chain, ...served(middle)], [HOST], AT);
        expect(matches.records.length).toBeLessThanOrEqual(records.length);
        for (const { why, counts } of matches.records)
          if (why === null && counts) expect(matches.authenticated).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("3,000 texts in the place of a certificate", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          certificate.map(({ pem }) => pem),
          fc.string(),
        ),
        (pem) => {
          expect(recommendedTlsa(pem) ?? "3 1 1 ").toMatch(/^3 1 1 /);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("3,000 times octets in the place of DER", () => {
    fc.assert(
      fc.property(octets, (der) => {
        const key = publicKeyInfo(der);
        if (key !== null) expect(isWholeSequence(key)).toBe(true);
        isVersion1(der);
      }),
      { numRuns: 3000 },
    );
  });

  test("however many keys have to be tried, no more than a few are", async () => {
    const keys = { keys: middle.keys };
    const issuers = await Promise.all(Array.from({ length: 20 }, () => authority("Same", stranger, keys)));
    const others = await Promise.all(Array.from({ length: 20 }, (_, i) => authority(`Other ${i}`)));
    const [first = middle] = issuers;
    const chain = served(await server(HOST, first), ...issuers);
    const verify = vi.spyOn(X509Certificate.prototype, "verify");
    const records = others.map((one) => record(one, "2 1 0"));
    const { authenticated } = matchTlsa([...records, record(first, "2 0 1")], chain, [HOST], AT);
    expect(authenticated).toBe(true);
    expect(verify.mock.calls.length).toBe(64);
    verify.mockRestore();
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchCertificate } from "#lib/standards/certificate-names.ts";

function good(dnsName: string, host: string, why: string): void {
  test(`a certificate for ${dnsName} is valid for ${host}: ${why}`, () => {
    const names = { dnsNames: ["other.example", dnsName], commonName: null };
    expect(matchCertificate(host, names)).toEqual({ matched: true, name: dnsName });
  });
}

function bad(dnsName: string, host: string, reason: string, why: string): void {
  test(`a certificate for ${dnsName} is not valid for ${host}: ${why}`, () => {
    const names = { dnsNames: [dnsName], commonName: null };
    expect(matchCertificate(host, names)).toMatchObject({ matched: false, why: reason });
  });
}

const HOST = "mta-sts.example.org";

describe("matching a host with the DNS-IDs of a certificate (RFC 9525 §6.3; M24, M25)", () => {
  good(HOST, HOST, "equal");
  good("MTA-STS.Example.Org", HOST, "case of the certificate");
  good(HOST, "MTA-STS.EXAMPLE.ORG.", "case and root dot of the host");
  good("*.example.org", HOST, "a wildcard for the whole left-most label");
  good("*.example.org", "xn--bcher-kva.example.org", "a wildcard for a whole A-label");
  bad("example.org", HOST, "other-names", "the parent");
  bad("www.example.org", HOST, "other-names", "another host");
  bad("*.example.org", "example.org", "wildcard-apex", "not the name itself");
  bad("*.example.org", "a.mta-sts.example.org", "wildcard-too-deep", "exactly one label");
  bad("*.*.org", HOST, "wildcard-misplaced", "two wildcards");
  bad("*.*.example.org", "a.b.example.org", "wildcard-misplaced", "two wildcards");
  bad("mta-*.example.org", HOST, "wildcard-misplaced", "part of a label");
  bad("*-sts.example.org", HOST, "wildcard-misplaced", "part of a label");
  bad("xn--*.example.org", "xn--bcher-kva.example.org", "wildcard-misplaced", "a fragment of an A-label");
  bad("mta-sts.*.org", HOST, "wildcard-misplaced", "not left-most");
  bad("*", "localhost", "wildcard-misplaced", "an asterisk alone");
  bad("*.", "localhost.", "other-names", "nothing behind the dot");
  bad("mta-sts.example.org.", HOST, "other-names", "a DNS-ID has no trailing dot");
  bad("192.0.2.1", "192.0.2.1", "host-is-address", "an address is no DNS-ID");
  bad("*.0.2.1", "192.0.2.1", "host-is-address", "an address has no labels");
  bad("*.example.org", ".example.org", "wildcard-too-deep", "an empty label");
  bad("", "", "host-is-address", "nothing");
});

describe("the common name is never used (RFC 9525 §2)", () => {
  test.each<[string[], string | null, string, string]>([
    [[], HOST, "common-name-only", "it would have matched once"],
    [[], "*.example.org", "common-name-only", "a wildcard would have matched once"],
    [[], "other.example", "no-names", "it would not have matched either"],
    [[], null, "no-names", "a certificate without any name"],
    [["other.example"], HOST, "other-names", "there are DNS-IDs"],
  ])("DNS-IDs %j, common name %s: %s (%s)", (dnsNames, commonName, why) => {
    expect(matchCertificate(HOST, { dnsNames, commonName })).toMatchObject({ matched: false, why });
  });
});

test("a wildcard matches exactly one label, whatever stands there", () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
  fc.assert(
    fc.property(fc.domain(), fc.array(label, { maxLength: 3 }), (zone, labels) => {
      const match = matchCertificate([...labels, zone].join("."), { dnsNames: [`*.${zone}`], commonName: null });
      expect(match.matched).toBe(labels.length === 1);
    }),
  );
});

test("never throws", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(text, fc.array(text), fc.option(text), (host, dnsNames, commonName) => {
      expect(() => matchCertificate(host, { dnsNames, commonName })).not.toThrow();
    }),
  );
});

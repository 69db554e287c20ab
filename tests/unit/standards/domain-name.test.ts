import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayName, type NameRefusal, normaliseHost, parseDomainName } from "#lib/standards/domain-name.ts";

function good(input: string, name: string, display: string, why: string): void {
  test(`takes ${JSON.stringify(input)}: ${why}`, () => {
    expect(parseDomainName(input)).toEqual({ ok: true, name, display });
  });
}

function bad(input: string, code: NameRefusal, suggestion: string | null, why: string): void {
  test(`refuses ${JSON.stringify(input.slice(0, 60))}: ${why}`, () => {
    const parsed = parseDomainName(input);
    expect(parsed).toMatchObject({ ok: false, code, suggestion });
    expect(!parsed.ok && /^[^ ].*\.$/.test(parsed.sentence), "a whole sentence").toBe(true);
  });
}

describe("parseDomainName takes domains as people type them", () => {
  good("example.org", "example.org", "example.org", "plain");
  good("Example.ORG.", "example.org", "example.org", "capitals, trailing dot");
  good("  example.org\n", "example.org", "example.org", "blanks around it");
  good("\u200bexample.org\ufeff", "example.org", "example.org", "invisible edges from a copy");
  good("mail.example.org", "mail.example.org", "mail.example.org", "a subdomain that receives mail");
  good("healthy.test", "healthy.test", "healthy.test", "special-use name: a lab");
  good("mail.corp.internal", "mail.corp.internal", "mail.corp.internal", "special-use name");
  good("münchen.de", "xn--mnchen-3ya.de", "münchen.de", "internationalised");
  good("MÜNCHEN.DE", "xn--mnchen-3ya.de", "münchen.de", "internationalised capitals");
  good("xn--mnchen-3ya.de", "xn--mnchen-3ya.de", "münchen.de", "A-label typed");
  good("faß.de", "xn--fa-hia.de", "faß.de", "sharp s is a letter of its own since IDNA 2008");
  good("example。org", "example.org", "example.org", "ideographic full stop");
  good("r3---sn.example.org", "r3---sn.example.org", "r3---sn.example.org", "hyphens inside, also in third place");
  good("1und1.de", "1und1.de", "1und1.de", "a digit first");
  good("123.example.org", "123.example.org", "123.example.org", "a label of digits");
  good(`${"a".repeat(63)}.org`, `${"a".repeat(63)}.org`, `${"a".repeat(63)}.org`, "longest label");
  good("www.ck", "www.ck", "www.ck", "an exception in the public suffix list");
  good("x.github.io", "x.github.io", "x.github.io", "below a private suffix");
});

describe("parseDomainName says what else the input is", () => {
  bad("", "empty", null, "nothing");
  bad(" \t", "empty", null, "blanks");
  bad(".", "empty", null, "the root");
  bad("postmaster@example.org", "email-address", "example.org", "address");
  bad("mailto:a@example.org", "email-address", "example.org", "mailto URI");
  bad("Post <a@example.org>", "email-address", "example.org", "address with a name");
  bad("a@b@example.org", "email-address", "example.org", "the last @ counts");
  bad("a@", "email-address", null, "nothing behind the @");
  bad("https://example.org/path?q", "url", "example.org", "URL");
  bad("https://user:pass@example.org:8443/", "url", "example.org", "URL with user and port");
  bad("//example.org", "url", "example.org", "URL without scheme");
  bad("example.org/", "url", "example.org", "a slash, which domainToASCII() would cut off in silence");
  bad("https://", "url", null, "scheme only");
  bad("example.org:25", "port", "example.org", "port");
  bad("192.0.2.1", "ip-address", null, "IPv4");
  bad("192.0.2.1.", "ip-address", null, "IPv4 with a dot behind it");
  bad("[192.0.2.1]", "ip-address", null, "address literal");
  bad("2001:db8::1", "ip-address", null, "IPv6");
  bad("[2001:db8::1]", "ip-address", null, "IPv6 in brackets");
  bad("fe80::1%eth0", "ip-address", null, "IPv6 with a zone");
  bad("0x7f.1", "ip-address", null, "hexadecimal, which URL parsers turn into 127.0.0.1");
  bad("0177.0.0.1", "ip-address", null, "octal");
  bad("2130706433", "ip-address", null, "one number");
  bad("１２７．０．０．１", "ip-address", null, "full-width digits become ASCII digits");
  bad("example.123", "numeric-ending", null, "no top-level domain is a number");
  bad("1.2.3.4.5", "numeric-ending", null, "five numbers are no address either");
  bad("example.0x1", "numeric-ending", null, "hexadecimal ending");
  bad("example..org", "empty-label", null, "two dots");
  bad(".example.org", "empty-label", null, "dot first");
  bad("example.org..", "empty-label", null, "two dots at the end");
  bad("*.example.org", "wildcard", "example.org", "wildcard");
  bad("_mta-sts.example.org", "underscore", null, "the name of a record");
  bad("exa mple.org", "characters", null, "blank inside");
  bad("ex%61mple.org", "characters", null, "percent sign, which domainToASCII() would decode");
  bad("example,org", "characters", null, "comma");
  bad("exam\0ple.org", "characters", null, "NUL");
  bad("a*b.org", "characters", null, "asterisk, which domainToASCII() lets pass");
  bad("xn--a.org", "not-idn", null, "an A-label that decodes to nothing");
  bad("xn--.org", "not-idn", null, "an empty A-label");
  bad("\u202eabc.org", "not-idn", null, "a character that turns the direction of reading");
  bad("a\u200db.org", "not-idn", null, "a joiner where none may stand");
  bad("-example.org", "hyphen", null, "hyphen first");
  bad("example-.org", "hyphen", null, "hyphen last");
  bad(`${"a".repeat(64)}.org`, "label-too-long", null, "64 octets in a label");
  bad(`${"ü".repeat(60)}.org`, "label-too-long", null, "too long as an A-label");
  bad(`${"a.".repeat(127)}de`, "name-too-long", null, "256 octets");
  bad("a".repeat(3000), "name-too-long", null, "absurdly long");
  bad("localhost", "single-label", null, "one label");
  bad("test", "single-label", null, "one label, special-use");
  bad("com", "single-label", null, "a top-level domain");
  bad("co.uk", "public-suffix", null, "ICANN section");
  bad("公司.cn", "public-suffix", null, "ICANN section, internationalised");
  bad("foo.ck", "public-suffix", null, "ICANN section by a wildcard rule");
  bad("github.io", "private-suffix", null, "private section");
});

test("a name of 253 octets is the longest", () => {
  const longest = `${`${"a".repeat(49)}.`.repeat(5)}abc`;
  expect(longest).toHaveLength(253);
  expect(parseDomainName(longest).ok).toBe(true);
  expect(parseDomainName(`${longest}d`)).toMatchObject({ ok: false, code: "name-too-long" });
});

test("parseDomainName never throws, and what it takes it takes again unchanged", () => {
  const typed = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.domain(),
    fc.emailAddress(),
    fc.webUrl(),
    fc.stringMatching(/^[a-zü.*@:/_%0-9 -]{0,40}$/),
  );
  fc.assert(
    fc.property(typed, (input) => {
      const parsed = parseDomainName(input);
      if (!parsed.ok) return;
      expect(parsed.name).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
      expect(parseDomainName(parsed.name)).toEqual(parsed);
      expect(parseDomainName(parsed.display)).toEqual(parsed);
    }),
    { numRuns: 2000 },
  );
});

test("each suggestion is a domain that would be taken", () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.webUrl()), (input) => {
      const parsed = parseDomainName(input);
      expect(parsed.ok).toBe(false);
      if (parsed.ok || parsed.suggestion === null) return;
      expect(parseDomainName(parsed.suggestion)).toMatchObject({ ok: true, name: parsed.suggestion });
    }),
  );
});

describe("normaliseHost", () => {
  test.each([
    ["MX1.Example.ORG.", "mx1.example.org", "capitals and root dot"],
    ["  mx1.example.org ", "mx1.example.org", "blanks"],
    ["_25._tcp.mx1.example.org", "_25._tcp.mx1.example.org", "underscores"],
    ["bücher.example", "xn--bcher-kva.example", "U-label"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example", "A-label"],
    [".", "", "the root, as the null MX has it"],
    ["", "", "nothing"],
    ["*.Example.org", "*.Example.org", "a pattern is no name: as sent"],
    ["[192.0.2.1]", "[192.0.2.1]", "an address literal is no name: as sent"],
    ["a b", "a b", "no name: as sent"],
    ["A..B", "A..B", "no name: as sent"],
    ["１２７．１", "１２７．１", "never turned into an address"],
    ["N/A", "N/A", "no name: as sent"],
  ])("%j becomes %j: %s", (sent, expected) => {
    expect(normaliseHost(sent)).toBe(expected);
  });

  test("never throws, and changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = normaliseHost(text);
        expect(normaliseHost(once)).toBe(once);
      }),
    );
  });

  test("what is far longer than any name is not even converted", () => {
    // Soft hyphens go away in the conversion (UTS 46 §4): what is left would be a name.
    const host = (length: number) => `a${"\u00ad".repeat(length - 9)}.example`;
    expect(normaliseHost(host(2_000))).toBe("a.example");
    for (const length of [2_001, 1_000_000]) expect(normaliseHost(host(length))).toBe(host(length));
  });
});

test.each([
  ["xn--bcher-kva.example", "bücher.example"],
  ["mx1.example.org", "mx1.example.org"],
  ["_mta-sts.example.org", "_mta-sts.example.org"],
  ["xn--a.org", "xn--a.org"],
])("displayName shows %s as %s", (name, shown) => {
  expect(displayName(name)).toBe(shown);
});

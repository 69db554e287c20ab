import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";

const codesOf = (reading: ReturnType<typeof readTlsRptRecord>) =>
  reading.problems.map((problem) => `${problem.level} ${problem.code.replace("tls-rpt-", "")}`);

/** Reads one TXT answer, and expects these destinations and these problems. */
function good(record: string, targets: string[], problems: string[], why: string): void {
  test(`reads ${JSON.stringify(record)}: ${why}`, () => {
    const reading = readTlsRptRecord([{ strings: [record] }]);
    expect(codesOf(reading)).toEqual(problems);
    expect(reading.value?.rua.map((destination) => destination.target)).toEqual(targets);
  });
}

function bad(record: string, problems: string[], why: string): void {
  test(`refuses ${JSON.stringify(record)}: ${why}`, () => {
    const reading = readTlsRptRecord([{ strings: [record] }]);
    expect(codesOf(reading)).toEqual(problems);
    expect(reading.value).toBeNull();
  });
}

const A = "mailto:a@example.org";

describe("the grammar of the record (RFC 8460 §3)", () => {
  good(`v=TLSRPTv1;rua=${A}`, ["a@example.org"], [], "the example of the RFC");
  good(`v=TLSRPTv1; rua=${A};`, ["a@example.org"], [], "trailing delimiter");
  good(`v=TLSRPTv1; rua=${A} , https://example.net/r`, ["a@example.org", "https://example.net/r"], [], "T5: a list");
  good(`v=TLSRPTv1; rua=${A}; x=1`, ["a@example.org"], ["note record-extension"], "T8: unknown field");
  good(`v=TLSRPTv1; x=1; rua=${A}`, ["a@example.org"], ["note record-extension"], "T8: unknown field first");
  good(`v=TLSRPTv1 ;rua=${A}`, ["a@example.org"], ["warning record-blank-before-semicolon"], "T2, M15");
  good(`v=TLSRPTv1;;rua=${A}`, ["a@example.org"], ["warning record-empty-field"], "T2, M3");
  good(`v=TLSRPTv1;rua=${A} `, ["a@example.org"], ["warning record-outer-blank"], "T2, M3");
  good(`v=TLSRPTv1;rua=${A};rua=mailto:b@c.example`, ["a@example.org"], ["warning record-repeated-field"], "M8");

  good(`v=TLSRPTv1;rua=${A};RUA=x`, ["a@example.org"], ["note record-extension"], "T8: RUA is another name");
  bad("v=TLSRPTv1;", ["error record-rua-missing"], "T1: rua is required");
  bad("v=TLSRPTv1; x=", ["error record-rua-missing", "error record-extension-invalid"], "T1 and T2: two things");
  bad("v=TLSRPTv1; rua=", ["error record-rua-empty"], "T5: at least one URI");
  bad("v=TLSRPTv1; rua=, ,", ["error record-rua-empty"], "T5: commas are no URI");
  bad(`v=TLSRPTv1; RUA=${A}`, ["error record-rua-case"], "T1: the name is case-sensitive");
  bad(`v=TLSRPTv1; rua= ${A}`, ["error record-blank-around-equals"], "T2, M6");
  bad(`v=TLSRPTv1; rua=${A}; foo`, ["error record-field-malformed"], "T2, M6");
  bad(`v=TLSRPTv1; rua=${A}; x=`, ["error record-extension-invalid"], "T2, M6");
  bad("v=TLSRPTv1; rua=mailto:\xe9@example.org", ["error record-character", "error destination-invalid"], "T2, M1");
});

describe("a version that makes senders discard the record is explained (T1, T3)", () => {
  bad(`v=TSLRPTv1; rua=${A}`, ["error record-version-misspelt"], "a public wiki recommends it");
  bad(`v=TLSRPT1; rua=${A}`, ["error record-version-misspelt"], "as in DMARC1");
  bad(`v=TLSRPTv2; rua=${A}`, ["error record-version-misspelt"], "does not exist");
  bad(`v=TLSRPTV1; rua=${A}`, ["error record-version-case"], "capital V");
  bad(`v=tlsrptv1; rua=${A}`, ["error record-version-case"], "small letters");
  bad("v=TLSRPTv1", ["error record-version-unterminated", "error record-rua-missing"], "without anything");
  bad(`v=TLSRPTv1 rua=${A}`, ["error record-version-unterminated"], "no semicolon");
  bad(`rua=${A}; v=TLSRPTv1`, ["error record-version-not-first"], "rua first");
  bad(`"v=TLSRPTv1; rua=${A}"`, ["error record-version-preceded"], "quotation marks");
  bad("v=STSv1; id=1", ["error record-other-record"], "the record of another name");
  bad("v=spf1 -all", ["error record-missing", "note record-stray-text"], "nothing to do with it");
});

describe("destinations (T5, T6, quirk 44)", () => {
  const rua = (list: string) => `v=TLSRPTv1;rua=${list}`;
  good(rua("MAILTO:A@Example.ORG"), ["A@example.org"], [], "the scheme in any case, the domain in small letters");
  good(rua("mailto:a%2Cb@example.org"), [], ["error destination-address"], "a comma needs quotation marks too");
  good(rua("mailto:%22a%2Cb%22@example.org"), ['"a,b"@example.org'], [], "a quoted comma, percent-encoded");
  good(rua("mailto:a%21b@example.org"), ["a!b@example.org"], [], "an encoded exclamation mark");
  good(rua("mailto:a+b@example.org?subject=x"), ["a+b@example.org"], [], "header fields of RFC 6068");
  good(rua("https://example.org"), ["https://example.org"], [], "no path");
  good(rua("https://u@example.org:8443/a?b=c#d"), ["https://u@example.org:8443/a?b=c#d"], [], "all parts of a URI");
  good(rua("https://example.org:65535/"), ["https://example.org:65535/"], [], "the last port");
  good(rua("https://[2001:db8::1]/r"), ["https://[2001:db8::1]/r"], [], "an address in brackets");
  good(rua(`${A},`), ["a@example.org"], ["warning destination-empty"], "trailing comma");
  good(rua(`${A},,${A}`), ["a@example.org", "a@example.org"], ["warning destination-empty"], "two commas");
  good(rua("a@example.org"), [], ["error destination-no-scheme"], "a bare address");
  good(rua(`${A},b@example.net`), ["a@example.org"], ["error destination-no-scheme"], "the second without its scheme");
  good(rua("example.org/r"), [], ["error destination-no-scheme"], "a bare host");
  good(rua("http://example.org/r"), [], ["error destination-http"], "http");
  good(rua("ftp://example.org/r"), [], ["error destination-scheme"], "another scheme");
  good(rua(`${A}!10m`), [], ["error destination-size-suffix"], "the size limit of DMARC");
  good(rua("mailto:a!b@example.org"), [], ["error destination-unencoded"], "a bare exclamation mark");
  good(rua(`${A};mailto:b@example.net`), ["a@example.org"], ["error destination-semicolon"], "semicolon between");
  good(rua(`${A};b@example.net`), ["a@example.org"], ["error destination-semicolon"], "semicolon before an address");
  good(rua("mailto://a@example.org"), [], ["error destination-mailto-slashes"], "slashes");
  good(rua("mailto:example.org"), [], ["error destination-address"], "no local part");
  good(rua("mailto:a@b@example.org"), [], ["error destination-address"], "two @");
  good(rua("mailto:a@localhost"), [], ["error destination-address"], "no domain");
  good(rua("mailto:a..b@example.org"), [], ["error destination-address"], "two dots");
  good(rua("mailto:a@example.org."), [], ["error destination-address"], "trailing dot");
  good(rua("mailto:a@exa_mple.org"), [], ["error destination-address"], "underscore");
  good(rua("mailto:%ff@example.org"), [], ["error destination-address"], "octets that are no text");
  good(rua("mailto:a b@example.org"), [], ["error destination-invalid"], "a blank");
  good(rua("mailto:<a@example.org>"), [], ["error destination-invalid"], "angle brackets");
  good(rua("mailto:a%2@example.org"), [], ["error destination-invalid"], "a stray percent sign");
  good(rua("https://"), [], ["error destination-host"], "no host");
  good(rua("https:/example.org"), [], ["error destination-host"], "one slash, which new URL() lets pass");
  good(rua("https://example.org:99999/"), [], ["error destination-host"], "no such port");
  good(rua("https://-x.example/"), [], ["error destination-host"], "no host name");

  test("knows the domain of each destination, in small letters", () => {
    const { value } = readTlsRptRecord([{ strings: [rua("mailto:A@Example.ORG,https://Reports.Example.NET./r")] }]);
    expect(value?.rua).toMatchObject([
      { scheme: "mailto", domain: "example.org" },
      { scheme: "https", domain: "reports.example.net" },
    ]);
  });

  test.each([
    [rua("a@example.org"), "mailto:a@example.org"],
    [rua("example.org/r"), "https://example.org/r"],
    [rua("http://example.org/r"), "https://example.org/r"],
    [rua(`${A}!10m`), A],
    [rua("mailto:a!b@example.org"), "mailto:a%21b@example.org"],
    [rua("mailto://a@example.org"), A],
  ])("proposes what was meant by %s", (record, suggestion) => {
    expect(readTlsRptRecord([{ strings: [record] }]).problems).toMatchObject([{ suggestion }]);
  });

  test.each([
    [rua(`${A},b@example.net`), [A, "mailto:b@example.net"]],
    [rua(`${A};mailto:b@example.net`), [A, "mailto:b@example.net"]],
    [`v=TSLRPTv1; rua=${A}`, [A]],
    [`v=TLSRPTv1 rua=${A}`, [A]],
    [`rua=${A}; v=TLSRPTv1`, [A]],
    ["v=TLSRPTv1;", []],
  ])("proposes the list for %s", (record, list) => {
    expect(readTlsRptRecord([{ strings: [record] }]).suggestedRua).toEqual(list);
  });

  test.each([
    [rua(A), true],
    [`v=TLSRPTv1 ; rua=${A}`, true],
    [`v=TLSRPTv1; x=1; rua=${A}`, false],
    [`v=TLSRPTv1;; rua=${A}`, false],
  ])("knows whether rua is the second field in %s", (record, isSecond) => {
    expect(readTlsRptRecord([{ strings: [record] }]).value?.ruaIsSecondField).toBe(isSecond);
  });
});

describe("one record among all TXT answers (T3, T4)", () => {
  test("two records are none", () => {
    const reading = readTlsRptRecord([{ strings: [`v=TLSRPTv1;rua=${A}`] }, { strings: ["v=TLSRPTv1;"] }]);
    expect(reading.value).toBeNull();
    expect(codesOf(reading)).toEqual(["error record-several"]);
  });

  test("a comma lost between two strings", () => {
    const reading = readTlsRptRecord([{ strings: [`v=TLSRPTv1; rua=${A}`, "mailto:b@example.net"] }]);
    expect(codesOf(reading)).toEqual(["error record-joined-without-separator"]);
    expect(reading.problems[0]?.suggestion).toBe(`v=TLSRPTv1; rua=${A},mailto:b@example.net`);
  });
});

test("each list that the grammar makes is read back", () => {
  const mail = fc.emailAddress({ size: "small" }).map((address) => {
    const at = address.lastIndexOf("@");
    return `mailto:${encodeURIComponent(address.slice(0, at)).replaceAll("!", "%21")}@${address.slice(at + 1)}`;
  });
  const web = fc
    .tuple(fc.domain(), fc.stringMatching(/^[\w/.~-]{0,10}$/))
    .map(([host, path]) => `https://${host}/${path}`);
  fc.assert(
    fc.property(fc.array(fc.oneof(mail, web), { minLength: 1, maxLength: 5 }), (list) => {
      const { value, problems } = readTlsRptRecord([{ strings: [`v=TLSRPTv1; rua=${list.join(", ")}`] }]);
      expect(problems).toEqual([]);
      expect(value?.rua.map((destination) => destination.uri)).toEqual(list);
    }),
  );
});

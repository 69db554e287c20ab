import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { domainIn, domainOfReportId, partiesOfFileName, partiesOfSubject } from "#lib/standards/report-hints.ts";
import { comesToAnEnd } from "#tests/unit/comes-to-an-end.ts";

describe("subjects (RFC 8460 §5.3; quirks 21, 28 to 30)", () => {
  function good(subject: string, domain: string | null, submitter: string | null, why: string): void {
    test(`${JSON.stringify(subject)}: ${why}`, () => {
      expect(partiesOfSubject(subject)).toEqual({ domain, submitter });
    });
  }
  good(
    "Report Domain: example.com Submitter: google.com Report-ID: <1@google.com>",
    "example.com",
    "google.com",
    "Google",
  );
  good(
    "Report Domain: example.com Submitter: microsoft.com Report-ID: 1+example.com",
    "example.com",
    "microsoft.com",
    "Microsoft: no angle brackets",
  );
  good(
    "Report\n Domain: example.org\n Submitter: mail.ru\n Report-ID: <1@mail.ru>",
    "example.org",
    "mail.ru",
    "mail.ru: folded between the words",
  );
  good(
    "Fwd: [ext] Report Domain: example.com Submitter: google.com",
    "example.com",
    "google.com",
    "forwarded, and cut",
  );
  good("report domain:Example.COM. submitter:Google.com", "example.com", "google.com", "case, dot and no blanks");
  good("Report Domain: bücher.example Submitter: google.com", "xn--bcher-kva.example", "google.com", "not in A-labels");
  good(
    "Report Domain: example.com Submitter: Example Hosting Ltd Report-ID: <1>",
    "example.com",
    null,
    "an organisation for a domain (TR#56)",
  );
  good("Report Domain: <script> Submitter: x", null, null, "no domains");
  good("Lunch on Friday", null, null, "another mail");
  good("", null, null, "nothing");

  test("of a long subject the first 4,000 characters are read", () => {
    const parties = "Report Domain: example.com Submitter: google.com";
    const behind = (length: number) => partiesOfSubject(parties.padStart(length));
    expect(behind(4_000)).toEqual({ domain: "example.com", submitter: "google.com" });
    for (const length of [4_000 + parties.length, 1_000_000]) {
      expect(behind(length)).toEqual({ domain: null, submitter: null });
    }
  });

  test.each([
    `Report${" ".repeat(2_000_000)}Domain:${" ".repeat(2_000_000)}`,
    "Report Domain: a Submitter:".repeat(200_000),
    "Report Domain: ".repeat(200_000),
  ])("megabytes for a subject are no work", (subject) => {
    expect(comesToAnEnd(() => partiesOfSubject(subject)).domain).toBeNull();
  });
});

describe("file names (RFC 8460 §5.1; quirk 36)", () => {
  function good(name: string, domain: string | null, submitter: string | null, why: string): void {
    test(`${name}: ${why}`, () => {
      expect(partiesOfFileName(name)).toEqual({ domain, submitter });
    });
  }
  good("google.com!example.com!1777852800!1777939199!001.json.gz", "example.com", "google.com", "Google");
  good(
    "mx.example.net!example.com!1777852800!1777939199.json.gz",
    "example.com",
    "mx.example.net",
    "no id (Stalwart, Halon)",
  );
  good(
    "Example Hosting Ltd!example.com!1777852800!1777939199!1.json.gz",
    "example.com",
    null,
    "an organisation (TR#56)",
  );
  good("a/b\\c/google.com!example.com!1777852800!1777939199.json", "example.com", "google.com", "folders before it");
  good("google.com!EXAMPLE.com!1777852800!1777939199.json", "example.com", "google.com", "case");
  good("google.com!../../etc/passwd!1777852800!1777939199.json", null, null, "a path");
  good("a!b!c!d.json", null, null, "no times");
  good("example.com.json", null, null, "any other name");
  good("", null, null, "nothing");
});

describe("report ids (quirk 21)", () => {
  function good(id: string, domain: string | null, why: string): void {
    test(`${id}: ${why}`, () => expect(domainOfReportId(id)).toBe(domain));
  }
  good("2024-09-03T00:00:00Z_example.com", "example.com", "Google, in the JSON");
  good("2024.09.03T00.00.00Z+example.com@google.com", "example.com", "Google, in the subject");
  good("<2024.09.03T00.00.00Z+example.com@google.com>", "example.com", "the same in angle brackets");
  good("2025-09-20T00:00:00Z_idx1_example.com", "example.com", "tlsrpt-reporter");
  good("2025-09-20T00:00:00Z_idx12_Example.com", "example.com", "tlsrpt-reporter, a later one");
  good("133944884956529435+example.com", "example.com", "Microsoft");
  good("133944884956529435+", null, "Microsoft without the domain");
  good("6f1c7e0a-9f0b-4a51-9c1c-52a1c1a7b9d4@mail.ru", null, "mail.ru: the domain is the sender's");
  good("1778040751_11409870184432918471", null, "Stalwart: a hash");
  good("5065427c-23d3-47ca-b6e0-946ea0e8c4be", null, "a UUID");
  good("example.com", null, "a domain alone may be anybody's");
});

test("a domain is a name with a dot, in its stored form", () => {
  expect(domainIn(" Example.COM. ")).toBe("example.com");
  for (const other of [
    undefined,
    "",
    "localhost",
    "192.0.2.1",
    "[192.0.2.1]",
    "a b.example",
    "a..example",
    "-a.example",
    "x".repeat(600),
  ]) {
    expect(domainIn(other)).toBeNull();
  }
});

test("no text makes them throw", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      for (const read of [domainIn, domainOfReportId]) expect(read(text) ?? "a.b").toMatch(/^[a-z0-9.-]+$/);
      partiesOfSubject(`Report Domain: ${text} Submitter: ${text}`);
      partiesOfFileName(`${text}!${text}!1!2`);
    }),
  );
});

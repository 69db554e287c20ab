import { describe, expect, test } from "vitest";
import { type ReadReport, readReport, type TlsReport } from "#lib/standards/report.ts";
import type { DomainHint } from "#lib/standards/report-hints.ts";
import { QUIRKS, type QuirkCode } from "#lib/standards/report-quirks.ts";
import {
  makeFailure,
  makePolicy,
  makeReport,
  makeReportOf,
  makeReportWith,
} from "#tests/unit/reports/sample-report.ts";

const limits = { policies: 10, failures: 20, entries: 5, text: 100 };

function read(value: unknown, hints: DomainHint[] = []): ReadReport {
  // As it is for a real one: a value that came out of JSON.
  const parsed: unknown = JSON.parse(JSON.stringify(value));
  return readReport(parsed, { limits, unicodeEscapes: true, quirks: [], hints });
}

function reportOf(value: unknown): TlsReport {
  const result = read(value);
  if (!result.ok) throw new Error(`rejected: ${result.reason}`);
  return result.report;
}

/** Read as if nothing were wrong: no quirk. */
function good(value: unknown, why: string): void {
  test(`clean: ${why}`, () => {
    expect(reportOf(value).quirks).toEqual([]);
  });
}

const tried = new Set<string>();

/** Read, and exactly these quirks are named. */
function quirky(value: unknown, quirks: QuirkCode[], why: string): void {
  for (const quirk of quirks) tried.add(quirk);
  test(`${quirks.join(", ")}: ${why}`, () => {
    expect(reportOf(value).quirks).toEqual(quirks.toSorted());
  });
}

function bad(value: unknown, fault: string, reason: string): void {
  test(`rejected (${fault}): ${reason}`, () => {
    expect(read(value)).toEqual({ ok: false, fault, reason });
  });
}

function withSummary(summary: unknown): unknown {
  return makeReport({ policies: [makePolicy({ summary })] });
}

function withDates(begin: unknown, end: unknown): unknown {
  return makeReport({ "date-range": { "start-datetime": begin, "end-datetime": end } });
}

describe("a report in the form of the RFC", () => {
  test("becomes what was sent, under our names", () => {
    expect(reportOf(makeReport())).toEqual({
      organization: "Example Mail",
      reportId: "5c0ffee1-2026",
      contact: "tlsrpt@reporter.example",
      begin: "2026-05-04T00:00:00Z",
      end: "2026-05-04T23:59:59Z",
      day: "2026-05-04",
      policies: [
        {
          type: "sts",
          domain: "example.com",
          strings: ["version: STSv1", "mode: testing", "mx: mx1.example.com", "mx: *.relay.example", "max_age: 604800"],
          mx: ["mx1.example.com", "*.relay.example"],
          successes: 5326,
          failures: 303,
          details: [
            {
              resultType: "certificate-expired",
              sendingIp: "2001:db8:abcd:12::1",
              mx: "mx1.example.com",
              helo: "mx1.example.com",
              receivingIp: "203.0.113.56",
              sessions: 303,
              reason: "X509_V_ERR_CERT_HAS_EXPIRED",
              additional: "https://reporter.example/report?id=5065427c",
            },
          ],
        },
      ],
      quirks: [],
    });
  });

  good(makeReport({ policies: [makePolicy({ "failure-details": [] })] }), "no failures as []");
  good(makeReport({ policies: [makePolicy({ "failure-details": undefined })] }), "no failures as no key");
  good(makeReportOf({}), "no policy-string and no mx-host");
  good(makeReportOf({ "policy-string": [], "mx-host": [] }), "empty arrays");
  good(makeReportWith({ "sending-mta-ip": undefined, "receiving-ip": undefined }), "no addresses (quirk 14)");
  good(
    makeReport({
      policies: [makePolicy({ summary: { "total-successful-session-count": 0, "total-failure-session-count": 0 } })],
    }),
    "totals that are less than the details (P1)",
  );
  good(makeReport({ "x-extension": { any: ["thing"] } }), "a key that the RFC does not have");
  good(withDates("2026-05-04T02:00:00+02:00", "2026-05-05T01:59:59+02:00"), "offsets");
  good(makeReportWith({ "receiving-mx-helo": "[203.0.113.56]" }), "an address literal in HELO");
  good(makeReportWith({ "failed-session-count": 0 }), "a count of zero");
  good(makeReport({ policies: [makePolicy(), makePolicy()] }), "two policies");
});

describe("what is demanded", () => {
  bad(makeReport({ "date-range": undefined }), "field-missing", "date-range is missing");
  bad(makeReport({ "date-range": "2026-05-04" }), "field-invalid", 'date-range is "2026-05-04", not an object');
  bad(withDates(undefined, "2026-05-04T23:59:59Z"), "field-missing", "date-range.start-datetime is missing");
  bad(withDates("2026-05-04T00:00:00Z", null), "field-missing", "date-range.end-datetime is missing");
  bad(makeReport({ policies: undefined }), "field-missing", "policies is missing");
  bad(makeReport({ policies: null }), "field-missing", "policies is missing");
  bad(makeReport({ policies: [] }), "field-missing", "policies is empty: the report says nothing");
  bad(makeReport({ policies: "sts" }), "field-invalid", 'policies is "sts", not an array');
  bad(makeReport({ policies: [makePolicy(), null] }), "field-missing", "policies[1] is missing");
  bad(makeReport({ policies: [makePolicy(), 7] }), "field-invalid", "policies[1] is 7, not an object");
  bad(makeReport({ policies: [makePolicy({ policy: undefined })] }), "field-missing", "policies[0].policy is missing");
  bad(
    makeReport({ policies: [makePolicy({ policy: [] })] }),
    "field-invalid",
    "policies[0].policy is an array, not an object",
  );
  bad(makeReportOf({ "policy-type": undefined }), "field-missing", "policies[0].policy.policy-type is missing");
  bad(makeReportOf({ "policy-type": "" }), "field-missing", "policies[0].policy.policy-type is missing");
  bad(makeReportOf({ "policy-type": null }), "field-missing", "policies[0].policy.policy-type is missing");
  bad(makeReportOf({ "policy-type": 3 }), "field-invalid", "policies[0].policy.policy-type is 3, not a string");
  bad(
    makeReport({ policies: [makePolicy(), makePolicy(), makePolicy({ policy: {} })] }),
    "field-missing",
    "policies[2].policy.policy-type is missing",
  );
  bad(withSummary("none"), "field-invalid", 'policies[0].summary is "none", not an object');
  bad(
    makeReport({ policies: [makePolicy({ "failure-details": "none" })] }),
    "field-invalid",
    'policies[0].failure-details is "none", not an array',
  );
  bad(
    makeReport({ policies: [makePolicy({ "failure-details": [makeFailure(), 1] })] }),
    "field-invalid",
    "policies[0].failure-details[1] is 1, not an object",
  );

  test("a JSON object without any key of a report is none", () => {
    for (const other of [
      {},
      { name: "sealpost", version: "1" },
      { policies: {} },
      { policies: [{ name: "x" }] },
      [],
      null,
      7,
      "text",
    ]) {
      expect(read(other)).toMatchObject({ ok: false, fault: "not-a-tls-report" });
    }
  });

  test("one sign of a report is enough to be told what is missing", () => {
    expect(read({ "date-range": { "start-datetime": "2026-05-04T00:00:00Z" } })).toMatchObject({
      fault: "field-missing",
    });
    expect(read({ policies: [makePolicy()] })).toMatchObject({ reason: "date-range is missing" });
    expect(read({ "organization-name": "A", "report-id": "1" })).toMatchObject({ reason: "date-range is missing" });
  });
});

describe("the text fields of the report", () => {
  quirky(makeReport({ "organization-name": undefined }), ["organization-missing"], "no organisation");
  quirky(makeReport({ "organization-name": "" }), ["organization-missing"], "an empty organisation");
  quirky(makeReport({ "organization-name": " " }), ["empty-optional", "organization-missing"], "a blank organisation");
  quirky(makeReport({ "report-id": null }), ["report-id-missing"], "null as id");
  quirky(makeReport({ "contact-info": undefined }), ["contact-missing"], "no contact (quirk 5)");
  quirky(makeReport({ "contact-info": null }), ["contact-null"], "null as contact (quirk 5)");
  quirky(makeReport({ "report-id": 12345 }), ["wrong-type"], "a number as id");
  quirky(makeReport({ "organization-name": "A\u0000B" }), ["nul-removed"], "a NUL, which PostgreSQL cannot keep");
  quirky(makeReport({ "organization-name": "A\ud800B" }), ["lone-surrogate"], "half a surrogate pair");
  quirky(makeReport({ "report-id": "x".repeat(101) }), ["text-cut"], "a text over the limit");
  good(makeReport({ "report-id": "x".repeat(100) }), "a text at the limit");

  test("they are null or cleaned then", () => {
    expect(reportOf(makeReport({ "organization-name": "" })).organization).toBeNull();
    expect(reportOf(makeReport({ "report-id": 12345 })).reportId).toBe("12345");
    expect(reportOf(makeReport({ "report-id": { a: 1 } })).reportId).toBeNull();
    expect(reportOf(makeReport({ "organization-name": "A\u0000B" })).organization).toBe("AB");
    expect(reportOf(makeReport({ "organization-name": "\u0000" })).organization).toBeNull();
    expect(reportOf(makeReport({ "organization-name": "A\ud800B" })).organization).toBe("A\ufffdB");
    expect(reportOf(makeReport({ "report-id": "x".repeat(101) })).reportId).toBe("x".repeat(100));
    expect(reportOf(makeReport({ "report-id": `${"x".repeat(99)}😀` })).reportId).toBe("x".repeat(99));
  });
});

describe("the date range", () => {
  quirky(withDates("2026-05-04T00:00:00Z", "2026-05-05T00:00:00Z"), ["end-exclusive"], "the next midnight (quirk 12)");
  quirky(withDates("2026-05-04T00:00:00", "2026-05-04T23:59:59"), ["date-without-zone"], "no zone (quirk 11)");
  quirky(withDates("2026-05-04 00:00:00Z", "2026-05-04 23:59:59Z"), ["date-format"], "a blank for the T");
  quirky(withDates("2026-05-04T00:00:00Z", "2026-05-10T23:59:59Z"), ["range-not-a-day"], "a week (quirk 12)");
  quirky(
    withDates("2026-05-04T03:12:31Z", "2026-05-05T00:00:00Z"),
    ["end-exclusive", "range-not-a-day"],
    "from any second on (quirk 12)",
  );
  quirky(withDates("2026-05-04T00:00:00Z", "2026-05-04T00:00:00Z"), ["range-not-a-day"], "no time at all");
  bad(
    withDates("2026-05-04T00:00:00Z", "2026-05-03T23:59:59Z"),
    "date-invalid",
    "date-range ends at 2026-05-03T23:59:59Z, before it begins at 2026-05-04T00:00:00Z",
  );
  bad(
    withDates("yesterday", "2026-05-04T23:59:59Z"),
    "date-invalid",
    'date-range.start-datetime is "yesterday", not a date and time of RFC 3339',
  );
  bad(
    withDates(1_778_025_600, "2026-05-04T23:59:59Z"),
    "date-invalid",
    "date-range.start-datetime is 1778025600, not a date and time of RFC 3339",
  );
  bad(
    withDates("2015-12-31T00:00:00Z", "2026-05-04T23:59:59Z"),
    "date-invalid",
    'date-range.start-datetime is "2015-12-31T00:00:00Z", outside 2016 to 2100',
  );
  bad(
    withDates("2026-05-04T00:00:00Z", "2101-01-01T00:00:00Z"),
    "date-invalid",
    'date-range.end-datetime is "2101-01-01T00:00:00Z", outside 2016 to 2100',
  );
  quirky(withDates("2016-01-01T00:00:00Z", "2100-12-31T23:59:59Z"), ["range-not-a-day"], "the first and the last year");

  test("the day is that of the begin in UTC, whatever the offset", () => {
    const report = reportOf(withDates("2026-05-04T01:30:00+02:00", "2026-05-05T01:29:59+02:00"));
    expect(report).toMatchObject({ begin: "2026-05-03T23:30:00Z", end: "2026-05-04T23:29:59Z", day: "2026-05-03" });
  });
});

describe("policies", () => {
  quirky(
    makeReport({ policies: undefined, "tls-report": [makePolicy()] }),
    ["policies-alias"],
    "under tls-report (quirk 26)",
  );
  quirky(makeReport({ policies: makePolicy() }), ["policies-object"], "one without its array");
  quirky(makeReportOf({ "policy-type": "STS" }), ["policy-type-case"], "in capitals (quirk 18)");
  quirky(makeReportOf({ "policy-type": "dane-only" }), ["policy-type-unknown"], "none of the RFC (quirk 18)");
  quirky(makeReportOf({ "policy-string": "version: STSv1" }), ["policy-string-string"], "a string alone (quirk 7)");
  quirky(makeReportOf({ "policy-string": "" }), ["empty-optional"], "an empty string (quirk 7)");
  quirky(makeReportOf({ "policy-string": null }), ["null-optional"], "null");
  quirky(
    makeReportOf({ "policy-string": ['["3 1 1 ab","3 1 1 cd"]'] }),
    ["policy-string-json"],
    "JSON in a string (quirk 10)",
  );
  quirky(
    makeReportOf({ "policy-string": '["3 1 1 ab"]' }),
    ["policy-string-json"],
    "JSON in a string alone (quirk 10)",
  );
  quirky(makeReportOf({ "policy-string": [1, null] }), ["null-optional", "wrong-type"], "entries that are no strings");
  quirky(makeReportOf({ "mx-host": "mx.example.com" }), ["mx-host-string"], "a string alone (quirk 1)");
  quirky(makeReportOf({ "mx-host": '["mx.example.com"]' }), ["mx-host-json"], "JSON in a string");
  quirky(makeReportOf({ "mx-host-pattern": ["mx.example.com"] }), ["mx-host-alias"], "as mx-host-pattern (quirk 2)");
  quirky(makeReportOf({ "mx-host": ["MX.Example.com"] }), ["name-case"], "capitals (quirk 27)");
  quirky(makeReportOf({ "mx-host": ["*.example.com."] }), ["trailing-dot"], "a root dot (quirk 27)");
  quirky(makeReportOf({ "mx-host": ["*.bücher.example"] }), ["name-unicode"], "no A-labels (quirk 27)");
  quirky(makeReportOf({ "mx-host": ["mail of mine"] }), ["name-invalid"], "no name");
  quirky(makeReportOf({ "policy-domain": "Example.COM." }), ["name-case", "trailing-dot"], "case and dot (quirk 27)");

  test("lists are null when absent, [] when empty, and one element when a string", () => {
    const lists = (policy: Record<string, unknown>) => {
      const [first] = reportOf(makeReportOf(policy)).policies;
      return [first?.strings, first?.mx];
    };
    expect(lists({})).toEqual([null, null]);
    expect(lists({ "policy-string": null, "mx-host": "" })).toEqual([null, null]);
    expect(lists({ "policy-string": [], "mx-host": [] })).toEqual([[], []]);
    expect(lists({ "policy-string": "a", "mx-host": "*.MX.Example." })).toEqual([["a"], ["*.mx.example"]]);
    expect(lists({ "policy-string": ["a ", "", "b"], "mx-host": ["", "MX.example"] })).toEqual([
      ["a ", "", "b"],
      ["mx.example"],
    ]);
    expect(lists({ "policy-string": ['["3 1 1 ab", "3 1 1 cd"]'] })).toEqual([["3 1 1 ab", "3 1 1 cd"], null]);
    expect(lists({ "policy-string": ["[1]", "[2]"] })).toEqual([["[1]", "[2]"], null]);
    expect(lists({ "policy-string": "[no json" })).toEqual([["[no json"], null]);
    expect(lists({ "policy-string": "[1,2]" })).toEqual([["[1,2]"], null]);
    expect(lists({ "mx-host": ["mx.example"], "mx-host-pattern": ["other.example"] })).toEqual([null, ["mx.example"]]);
    expect(lists({ "mx-host": "", "mx-host-pattern": ["other.example"] })).toEqual([null, ["other.example"]]);
  });

  test("known types are in lower case, others as sent", () => {
    const type = (sent: string) => reportOf(makeReportOf({ "policy-type": sent })).policies[0]?.type;
    expect(["STS", "Tlsa", " no-policy-found "].map(type)).toEqual(["sts", "tlsa", "no-policy-found"]);
    expect(["Dane", "invalid-policy-type"].map(type)).toEqual(["Dane", "invalid-policy-type"]);
  });
});

describe("a missing policy-domain (quirk 8)", () => {
  const missing = makeReportOf({ "policy-domain": undefined });
  const domains = (value: unknown, hints: DomainHint[]) => {
    const result = read(value, hints);
    return result.ok ? [result.report.policies.map((policy) => policy.domain), result.report.quirks] : null;
  };

  test("is taken from the best hint, and the hint is named", () => {
    const hints: DomainHint[] = [
      { domain: "a.example", from: "header" },
      { domain: "b.example", from: "subject" },
    ];
    expect(domains(missing, hints)).toEqual([["a.example"], ["policy-domain-from-header"]]);
    expect(domains(missing, hints.slice(1))).toEqual([["b.example"], ["policy-domain-from-subject"]]);
    expect(domains(missing, [{ domain: "c.example", from: "filename" }])).toEqual([
      ["c.example"],
      ["policy-domain-from-filename"],
    ]);
  });

  test("is taken from a report-id of a known shape when there is no other", () => {
    const id = "2026-05-04T00:00:00Z_example.org";
    expect(domains({ ...missing, "report-id": id }, [])).toEqual([["example.org"], ["policy-domain-from-report-id"]]);
    expect(domains({ ...missing, "report-id": id }, [{ domain: "a.example", from: "header" }])).toEqual([
      ["a.example"],
      ["policy-domain-from-header"],
    ]);
  });

  test("stays null when nothing names it, and empty text is no name", () => {
    expect(domains(missing, [])).toEqual([[null], ["policy-domain-missing"]]);
    expect(domains(makeReportOf({ "policy-domain": "" }), [])).toEqual([[null], ["policy-domain-missing"]]);
  });

  test("is never taken where the report has one (P16)", () => {
    expect(domains(makeReportOf({}), [{ domain: "a.example", from: "header" }])).toEqual([["example.com"], []]);
  });
});

describe("counts", () => {
  const ok = (sent: unknown, count: number, quirks: QuirkCode[]) => {
    test(`${JSON.stringify(sent)} is ${count}`, () => {
      const { policies, quirks: named } = reportOf(makeReportWith({ "failed-session-count": sent }));
      expect([policies[0]?.details[0]?.sessions, named]).toEqual([count, quirks]);
    });
  };
  ok(0, 0, []);
  ok(Number.MAX_SAFE_INTEGER, 9_007_199_254_740_991, []);
  ok("42", 42, ["count-as-string"]);
  ok(" 42 ", 42, ["count-as-string"]);
  ok("007", 7, ["count-as-string"]);
  ok("3.0", 3, ["count-as-string"]);
  ok("9007199254740991", 9_007_199_254_740_991, ["count-as-string"]);
  ok(undefined, 1, ["count-missing"]);
  ok(null, 1, ["count-missing"]);
  ok("", 1, ["count-missing"]);

  const path = "policies[0].failure-details[0].failed-session-count";
  const range = "not a whole number from 0 to 9007199254740991";
  for (const [sent, shown] of [
    [-1, "-1"],
    [1.5, "1.5"],
    [9_007_199_254_740_992, "9007199254740992"],
    ["9007199254740993", '"9007199254740993"'],
    ["-1", '"-1"'],
    ["1.5", '"1.5"'],
    ["1e3", '"1e3"'],
    ["0x10", '"0x10"'],
    ["many", '"many"'],
    [true, "true"],
    [[], "an array"],
    [{}, "an object"],
  ] as const) {
    bad(makeReportWith({ "failed-session-count": sent }), "count-invalid", `${path} is ${shown}, ${range}`);
  }
  bad(
    withSummary({ "total-successful-session-count": -5 }),
    "count-invalid",
    `policies[0].summary.total-successful-session-count is -5, ${range}`,
  );
  bad(
    withSummary({ "total-failure-session-count": 0.1 }),
    "count-invalid",
    `policies[0].summary.total-failure-session-count is 0.1, ${range}`,
  );

  test("numbers that JSON can write and JavaScript cannot keep are rejected", () => {
    for (const number of ["9007199254740993", "1e400", "1e16", "-1e400"]) {
      const text = JSON.stringify(makeReport()).replaceAll("303", number);
      expect(read0(text)).toMatchObject({ ok: false, fault: "count-invalid" });
    }
  });

  function read0(text: string): ReadReport {
    return readReport(JSON.parse(text), { limits, unicodeEscapes: false, quirks: [], hints: [] });
  }

  quirky(withSummary(undefined), ["summary-missing", "total-missing"], "no summary (quirk 17)");
  quirky(withSummary({ "total-successful-session-count": 3 }), ["total-missing"], "no total of failures (quirk 17)");
  quirky(
    withSummary({ "total-successful-session-count": "42", "total-failure-session-count": "0" }),
    ["count-as-string"],
    "totals as strings (quirk 17)",
  );

  test("missing totals are 0", () => {
    expect(reportOf(withSummary(null)).policies[0]).toMatchObject({ successes: 0, failures: 0 });
    expect(reportOf(withSummary({ "total-failure-session-count": 2 })).policies[0]).toMatchObject({
      successes: 0,
      failures: 2,
    });
  });
});

describe("failures", () => {
  quirky(
    makeReport({ policies: [makePolicy({ "failure-details": null })] }),
    ["null-optional"],
    "null for none (quirk 6)",
  );
  quirky(
    makeReport({ policies: [makePolicy({ "failure-details": makeFailure() })] }),
    ["failure-details-object"],
    "one without its array",
  );
  quirky(makeReportWith({ "result-type": "Certificate-Expired" }), ["result-type-case"], "capitals (quirk 19)");
  quirky(
    makeReportWith({ "result-type": "quantum-handshake-flux" }),
    ["result-type-unknown"],
    "none of the registry (quirk 19)",
  );
  quirky(makeReportWith({ "result-type": undefined }), ["result-type-missing"], "none (quirk 19)");
  quirky(makeReportWith({ "sending-mta-ip": "" }), ["empty-optional"], "an empty address (quirk 15)");
  quirky(makeReportWith({ "sending-mta-ip": "x.x.x.x" }), ["ip-invalid"], "no address (quirk 15)");
  quirky(
    makeReportWith({ "receiving-ip": null, "receiving-mx-helo": null }),
    ["null-optional"],
    "null for none (quirk 16)",
  );
  quirky(
    makeReportWith({ "receiving-mx-hostname": undefined, "receiving-mx-host-name": "mx1.example.com" }),
    ["receiving-mx-alias"],
    "SocketLabs' key",
  );
  quirky(
    makeReportWith({ "additional-information": undefined, "additional-info-uri": "https://a.example/" }),
    ["additional-alias"],
    "the key of the RFC's prose (quirk 3)",
  );
  quirky(
    makeReportWith({ "failure-reason-code": undefined, "failure-error-code": "E1" }),
    ["reason-alias"],
    "an older key (quirk 3)",
  );
  quirky(makeReportWith({ "additional-information": "see the log" }), ["additional-not-uri"], "a sentence (quirk 4)");
  quirky(
    makeReportWith({ "receiving-mx-hostname": "MX1.Example.com." }),
    ["name-case", "trailing-dot"],
    "case and dot (quirk 27)",
  );
  quirky(makeReportWith({ "receiving-mx-hostname": "[203.0.113.56]" }), ["name-invalid"], "an address literal as MX");
  quirky(makeReportWith({ "receiving-mx-hostname": "mx1..example.com" }), ["name-invalid"], "an empty label");
  quirky(makeReportWith({ "receiving-mx-hostname": `${"a".repeat(64)}.example` }), ["name-invalid"], "a long label");

  test("an unknown result type is kept as sent, a missing one is null", () => {
    const type = (sent: unknown) =>
      reportOf(makeReportWith({ "result-type": sent })).policies[0]?.details[0]?.resultType;
    expect(type("Quantum-Flux")).toBe("Quantum-Flux");
    expect(type("STARTTLS-not-supported")).toBe("starttls-not-supported");
    expect(type(null)).toBeNull();
  });

  test("a HELO that is a name is stored as one, and one that is none as it was sent", () => {
    const helo = (sent: string) =>
      reportOf(makeReportWith({ "receiving-mx-helo": sent })).policies[0]?.details[0]?.helo;
    expect(["MX1.Example.COM.", "[203.0.113.56]", "mx1.example.com ESMTP"].map(helo)).toEqual([
      "mx1.example.com",
      "[203.0.113.56]",
      "mx1.example.com ESMTP",
    ]);
  });
});

describe("limits", () => {
  const policies = (count: number) => makeReport({ policies: Array.from({ length: count }, () => makePolicy()) });
  const failures = (...counts: number[]) =>
    makeReport({
      policies: counts.map((count) =>
        makePolicy({ "failure-details": Array.from({ length: count }, () => makeFailure()) }),
      ),
    });
  good(policies(10), "policies at the limit");
  bad(policies(11), "too-many-policies", "policies has 11 entries, more than 10");
  good(failures(12, 8), "failures at the limit");
  bad(failures(12, 9), "too-many-failures", "the report has more than 20 failure-details");
  good(makeReportOf({ "policy-string": Array(5).fill("a") }), "lines of a policy at the limit");
  bad(
    makeReportOf({ "policy-string": Array(6).fill("a") }),
    "too-many-entries",
    "policies[0].policy.policy-string has 6 entries, more than 5",
  );
  bad(
    makeReportOf({ "policy-string": JSON.stringify(Array(6).fill("a")) }),
    "too-many-entries",
    "policies[0].policy.policy-string has 6 entries, more than 5",
  );
  bad(
    makeReportOf({ "mx-host": Array(6).fill("a.example") }),
    "too-many-entries",
    "policies[0].policy.mx-host has 6 entries, more than 5",
  );
});

test("each quirk says what it is", () => {
  for (const [code, quirk] of Object.entries(QUIRKS)) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(quirk.meaning).toMatch(/^\S.*\S\.$/);
  }
});

test("each quirk that a parsed value can have is tried above", () => {
  // These are of the bytes (tests/unit/reports/quirks.test.ts), or of what names the domain.
  const elsewhere =
    /^(?:bom|utf-16|invalid-utf8|trailing-data|gzip-.*|zip-.*|policy-domain-.*|other-domains|count-.*)$/;
  expect(Object.keys(QUIRKS).filter((code) => !tried.has(code) && !elsewhere.test(code))).toEqual([]);
});

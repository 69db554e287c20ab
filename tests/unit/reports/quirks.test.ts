import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decode } from "#lib/reports/decode.ts";
import type { ReadTlsReport } from "#lib/reports/json.ts";
import type { DecodedReport } from "#lib/reports/place.ts";
import { makeMail } from "./make-mail.ts";
import { makeZip } from "./make-zip.ts";
import { bytesOf, makeFailure, makePolicy, makeReport, makeReportOf, makeReportWith } from "./sample-report.ts";

/** Each quirk of real reports (standards.md) by its number, from bytes to report. */
function quirk(number: number, title: string, run: () => Promise<void>): void {
  test(`quirk ${number}: ${title}`, run);
}

async function all(bytes: Buffer, name: string | null = null): Promise<DecodedReport[]> {
  return (await decode(bytes, name)).map((result) => {
    if (result.outcome !== "report") throw new Error(`${result.outcome}: ${result.reason}`);
    return result;
  });
}

async function one(bytes: Buffer, name: string | null = null): Promise<ReadTlsReport> {
  const [first, ...others] = await all(bytes, name);
  if (first === undefined || others.length > 0) throw new Error("not one report");
  return first.report;
}

async function read(report: unknown): Promise<ReadTlsReport> {
  return one(bytesOf(report));
}

const HEADERS = [
  "From: noreply@reporter.example",
  "To: tlsrpt@example.com",
  "Date: Tue, 05 May 2026 10:21:44 +0000",
  "Subject: TLS report",
];
const GZ = gzipSync(bytesOf(makeReport()));
const TEXT = { type: "text/plain", body: "This is an aggregate TLS report." };
const CLEAN = await read(makeReport());

describe("the report's body", () => {
  quirk(1, "mx-host is a string", async () => {
    const report = await read(makeReportOf({ "mx-host": "mx.example.com" }));
    expect([report.policies[0]?.mx, report.quirks]).toEqual([["mx.example.com"], ["mx-host-string"]]);
  });

  quirk(2, "mx-host is called mx-host-pattern", async () => {
    const report = await read(makeReportOf({ "mx-host-pattern": ["*.example.com"] }));
    expect([report.policies[0]?.mx, report.quirks]).toEqual([["*.example.com"], ["mx-host-alias"]]);
  });

  quirk(3, "additional-information and failure-reason-code have other names", async () => {
    const { "additional-information": uri, "failure-reason-code": reason, ...failure } = makeFailure();
    const renamed = { ...failure, "additional-info-uri": uri, "failure-error-code": reason };
    const report = await read(makeReport({ policies: [makePolicy({ "failure-details": [renamed] })] }));
    expect(report).toEqual({ ...CLEAN, quirks: ["additional-alias", "reason-alias"] });
  });

  quirk(4, "additional-information is no URI", async () => {
    const sent = "https://reporter.example/report_info ? id = 5065427 c - 23 d3# StarttlsNotSupported ";
    const report = await read(makeReportWith({ "additional-information": sent }));
    expect([report.policies[0]?.details[0]?.additional, report.quirks]).toEqual([sent, ["additional-not-uri"]]);
  });

  quirk(5, "contact-info is null or missing", async () => {
    expect(await read(makeReport({ "contact-info": null }))).toMatchObject({ contact: null, quirks: ["contact-null"] });
    expect(await read(makeReport({ "contact-info": undefined }))).toMatchObject({
      contact: null,
      quirks: ["contact-missing"],
    });
  });

  quirk(6, "failure-details is null, [] or absent", async () => {
    const quirks = (details: unknown) => read(makeReport({ policies: [makePolicy({ "failure-details": details })] }));
    expect([(await quirks(null)).quirks, (await quirks([])).quirks, (await quirks(undefined)).quirks]).toEqual([
      ["null-optional"],
      [],
      [],
    ]);
    expect((await quirks(null)).policies[0]?.details).toEqual([]);
  });

  quirk(7, "policy-string is [], absent, empty or bare", async () => {
    const strings = async (sent: unknown) => (await read(makeReportOf({ "policy-string": sent }))).policies[0]?.strings;
    expect([await strings([]), await strings(undefined), await strings(""), await strings("a")]).toEqual([
      [],
      null,
      null,
      ["a"],
    ]);
  });

  quirk(8, "policy-domain is absent: header, then subject, then file name, then report-id", async () => {
    const report = makeReport({
      policies: [makePolicy({ policy: { "policy-type": "no-policy-found" } })],
      "report-id": "2026-05-04T00:00:00Z_idx1_by-id.example",
    });
    const name = "reporter.example!by-name.example!1777852800!1777939199.json";
    const part = { type: `application/tlsrpt+json; name="${name}"`, body: bytesOf(report) };
    const subject =
      "Subject: Report Domain: by-subject.example Submitter: reporter.example Report-ID: <1@reporter.example>";
    const header = "TLS-Report-Domain: by-header.example";
    const plain = { ...part, type: "application/tlsrpt+json" };
    const found = async (bytes: Buffer, fileName: string | null = null) => {
      const { policies, quirks } = await one(bytes, fileName);
      return [policies[0]?.domain, quirks];
    };
    expect(await found(makeMail([header, subject], [TEXT, part]))).toEqual([
      "by-header.example",
      ["policy-domain-from-header"],
    ]);
    expect(await found(makeMail([subject], [TEXT, part]))).toEqual([
      "by-subject.example",
      ["policy-domain-from-subject"],
    ]);
    expect(await found(makeMail(HEADERS, [TEXT, part]))).toEqual(["by-name.example", ["policy-domain-from-filename"]]);
    expect(await found(makeMail(HEADERS, [TEXT, plain]))).toEqual(["by-id.example", ["policy-domain-from-report-id"]]);
    expect(await found(bytesOf(report), `/tmp/${name}`)).toEqual(["by-name.example", ["policy-domain-from-filename"]]);
    expect(await found(makeZip([{ name, data: bytesOf(report) }]), "x.zip")).toEqual([
      "by-name.example",
      ["policy-domain-from-filename"],
    ]);
    expect(await found(bytesOf({ ...report, "report-id": "1" }))).toEqual([null, ["policy-domain-missing"]]);
  });

  quirk(9, "the domain of a tlsa policy may be the MX host: kept as sent, with the header beside it", async () => {
    const report = makeReportOf({ "policy-type": "tlsa", "policy-domain": "mx1.example.com" });
    const mail = makeMail(
      ["TLS-Report-Domain: example.com", ...HEADERS],
      [TEXT, { type: "application/tlsrpt+json", body: bytesOf(report) }],
    );
    const [found] = await all(mail);
    expect(found?.report.policies[0]?.domain).toBe("mx1.example.com");
    expect(found?.hints.domains).toEqual([{ domain: "example.com", from: "header" }]);
  });

  quirk(10, "all TLSA records in one string", async () => {
    const report = await read(makeReportOf({ "policy-type": "tlsa", "policy-string": ['["3 1 1 aa","3 1 1 bb"]'] }));
    expect([report.policies[0]?.strings, report.quirks]).toEqual([["3 1 1 aa", "3 1 1 bb"], ["policy-string-json"]]);
  });

  quirk(11, "times have no zone, or an offset", async () => {
    const dates = (begin: string, end: string) =>
      read(makeReport({ "date-range": { "start-datetime": begin, "end-datetime": end } }));
    expect(await dates("2026-05-04T00:00:00", "2026-05-04T23:59:59")).toEqual({
      ...CLEAN,
      quirks: ["date-without-zone"],
    });
    expect(await dates("2026-05-04T02:00:00+02:00", "2026-05-05T01:59:59+02:00")).toEqual(CLEAN);
  });

  quirk(12, "the end is the next midnight; the day is that of the begin", async () => {
    const range = { "start-datetime": "2026-05-04T00:00:00Z", "end-datetime": "2026-05-05T00:00:00Z" };
    expect(await read(makeReport({ "date-range": range }))).toMatchObject({
      day: "2026-05-04",
      end: "2026-05-05T00:00:00Z",
      quirks: ["end-exclusive"],
    });
  });

  quirk(13, "a late report is a report", async () => {
    const range = { "start-datetime": "2018-10-01T00:00:00Z", "end-datetime": "2018-10-01T23:59:59Z" };
    expect(await read(makeReport({ "date-range": range }))).toMatchObject({ day: "2018-10-01", quirks: [] });
  });

  quirk(14, "no addresses and no MX host", async () => {
    const failure = { "result-type": "sts-policy-fetch-error", "failed-session-count": 3 };
    const report = await read(makeReport({ policies: [makePolicy({ "failure-details": [failure] })] }));
    expect(report.policies[0]?.details).toEqual([
      {
        resultType: "sts-policy-fetch-error",
        cause: "sts-policy-fetch-error",
        sendingIp: null,
        mx: null,
        helo: null,
        receivingIp: null,
        sessions: 3,
        reason: null,
        additional: null,
      },
    ]);
    expect(report.quirks).toEqual([]);
  });

  quirk(15, "empty addresses are null, and what is no address stays as it is", async () => {
    const report = await read(makeReportWith({ "sending-mta-ip": "", "receiving-ip": "x.x.x.x" }));
    expect(report.policies[0]?.details[0]).toMatchObject({ sendingIp: null, receivingIp: "x.x.x.x" });
    expect(report.quirks).toEqual(["empty-optional", "ip-invalid"]);
  });

  quirk(16, "null for what is not there", async () => {
    const report = await read(
      makeReportWith({
        "receiving-ip": null,
        "receiving-mx-helo": null,
        "additional-information": null,
        "failure-reason-code": null,
      }),
    );
    expect(report.policies[0]?.details[0]).toMatchObject({
      receivingIp: null,
      helo: null,
      additional: null,
      reason: null,
    });
    expect(report.quirks).toEqual(["null-optional"]);
  });

  quirk(17, "counts as strings, missing counts, and a summary that does not add up", async () => {
    const policies = [
      makePolicy({
        summary: { "total-successful-session-count": "42" },
        "failure-details": [makeFailure({ "failed-session-count": undefined }), makeFailure()],
      }),
      makePolicy({ summary: undefined }),
    ];
    const report = await read(makeReport({ policies }));
    expect(report.policies.map(({ successes, failures }) => [successes, failures])).toEqual([
      [42, 0],
      [0, 0],
    ]);
    expect(report.policies[0]?.details.map(({ sessions }) => sessions)).toEqual([1, 303]);
    expect(report.quirks).toEqual(["count-as-string", "count-missing", "summary-missing", "total-missing"]);
  });

  quirk(18, "policy-type in another case, or unknown", async () => {
    expect(await read(makeReportOf({ "policy-type": "STS" }))).toMatchObject({
      policies: [{ type: "sts" }],
      quirks: ["policy-type-case"],
    });
    expect(await read(makeReportOf({ "policy-type": "Dane-Only" }))).toMatchObject({
      policies: [{ type: "Dane-Only" }],
      quirks: ["policy-type-unknown"],
    });
  });

  quirk(19, "an unknown result-type is kept as sent, and none is null", async () => {
    expect((await read(makeReportWith({ "result-type": "Testing" }))).policies[0]?.details[0]).toMatchObject({
      resultType: "Testing",
      cause: "Testing",
    });
    expect((await read(makeReportWith({ "result-type": undefined }))).policies[0]?.details[0]).toMatchObject({
      resultType: null,
      cause: null,
    });
  });

  quirk(20, "the reason is a long sentence", async () => {
    const sent =
      'unable to do http request: Get "https://mta-sts.example.com/.well-known/mta-sts.txt": context deadline exceeded';
    const report = await read(makeReportWith({ "failure-reason-code": sent }));
    expect([report.policies[0]?.details[0]?.reason, report.quirks]).toEqual([sent, []]);
  });

  quirk(21, "a report-id has any shape, and is not the mail's", async () => {
    for (const id of [
      "2026-05-04T00:00:00Z_example.com",
      "133944884956529435+",
      "1778040751_11409870184432918471",
      "6f1c@mail.ru",
    ]) {
      expect(await read(makeReport({ "report-id": id }))).toEqual({ ...CLEAN, reportId: id });
    }
  });

  quirk(22, "two reports of one organisation and day are two", async () => {
    const ids = ["2026-05-04T00:00:00Z_idx1_example.com", "2026-05-04T00:00:00Z_idx2_example.com"];
    const parts = ids.map((id) => ({
      type: "application/tlsrpt+json",
      body: bytesOf(makeReport({ "report-id": id })),
    }));
    expect((await all(makeMail(HEADERS, parts))).map(({ report }) => report.reportId)).toEqual(ids);
  });

  quirk(23, "a byte order mark, blanks, and bytes that are no UTF-8", async () => {
    expect(await one(Buffer.concat([Buffer.from("\uFEFF\r\n\t "), bytesOf(makeReport())]))).toEqual({
      ...CLEAN,
      quirks: ["bom"],
    });
    expect(await one(Buffer.concat([Buffer.from("\n \t\r\n"), bytesOf(makeReport())]))).toEqual(CLEAN);
    const latin1 = Buffer.from(JSON.stringify(makeReport({ "organization-name": "Bücher" })), "latin1");
    expect(await one(latin1)).toEqual({ ...CLEAN, organization: "B\ufffdcher", quirks: ["invalid-utf8"] });
    for (const [bom, encode] of [
      ["\xff\xfe", (b: Buffer) => b],
      ["\xfe\xff", (b: Buffer) => b.swap16()],
    ] as const) {
      const wide = encode(Buffer.from(JSON.stringify(makeReport()), "utf16le"));
      expect(await one(Buffer.concat([Buffer.from(bom, "latin1"), wide]))).toEqual({ ...CLEAN, quirks: ["utf-16"] });
    }
  });

  quirk(24, "data behind the JSON", async () => {
    for (const rest of ["}", "\nleftover", "\0\0\0", " {", '{"a":1}', "[]", '{"a":1,"a":2}']) {
      expect(await one(Buffer.concat([bytesOf(makeReport()), Buffer.from(rest)]))).toEqual({
        ...CLEAN,
        quirks: ["trailing-data"],
      });
    }
    expect(await one(Buffer.concat([bytesOf(makeReport()), Buffer.from(" \r\n\t")]))).toEqual(CLEAN);
  });

  quirk(25, "pretty-printed, and keys in any order", async () => {
    const backwards = Object.fromEntries(Object.entries(makeReport()).toReversed());
    for (const indent of [2, 4, "\t"])
      expect(await one(Buffer.from(JSON.stringify(backwards, null, indent)))).toEqual(CLEAN);
  });

  quirk(26, "no policies at all, or under the name tls-report", async () => {
    expect(await decode(bytesOf(makeReport({ policies: [] })), null)).toMatchObject([
      { outcome: "rejected", code: "field-missing" },
    ]);
    const renamed = makeReport({ policies: undefined, "tls-report": [makePolicy()] });
    expect(await read(renamed)).toEqual({ ...CLEAN, quirks: ["policies-alias"] });
  });

  quirk(27, "names in capitals, with a root dot, in Unicode", async () => {
    const report = await read(makeReportOf({ "policy-domain": "Göpher.Example.", "mx-host": ["*.Acme.Example."] }));
    expect(report.policies[0]).toMatchObject({ domain: "xn--gpher-jua.example", mx: ["*.acme.example"] });
    expect(report.quirks).toEqual(["name-case", "name-unicode", "trailing-dot"]);
  });
});

describe("the mail around it", () => {
  const gzip = { type: "application/tlsrpt+gzip", body: GZ, encoding: "base64" } as const;

  quirk(28, "Google: flowed text, names twice, report-type without quotes", async () => {
    const flowed = { ...TEXT, type: 'text/plain; charset="UTF-8"; format=flowed; delsp=yes' };
    const named = {
      ...gzip,
      type: 'application/tlsrpt+gzip; name="a.json.gz"',
      headers: ['Content-Disposition: attachment; filename="a.json.gz"'],
    };
    expect(await one(makeMail(HEADERS, [flowed, named]))).toEqual(CLEAN);
  });

  quirk(
    29,
    "Microsoft: a name in Content-Description only, quoted-printable text, three parts, base64 without padding",
    async () => {
      const text = { ...TEXT, encoding: "quoted-printable" } as const;
      const html = { type: "text/html", body: "<p>Privacy</p>" };
      const name = "microsoft.com!by-name.example!1777852800!1777939199!1.json.gz";
      const base64 = gzipSync(bytesOf(makeReportOf({ "policy-domain": undefined })))
        .toString("base64")
        .replace(/=+$/, "");
      const odd = `${base64.slice(0, 10)}\r\n\r\n  ${base64.slice(10, 61)}\r\n${base64.slice(61)}`;
      const part = {
        type: "application/tlsrpt+gzip",
        body: odd,
        headers: [`Content-Description: ${name}`, "Content-Transfer-Encoding: BASE64"],
      };
      const report = await one(makeMail(HEADERS, [text, html, part]));
      expect(report).toMatchObject({
        policies: [{ domain: "by-name.example" }],
        quirks: ["policy-domain-from-filename"],
      });
    },
  );

  quirk(30, "mail.ru: a subject folded between its words, and other domains in From and Submitter", async () => {
    const subject = ["Subject: Report", " Domain: example.org", " Submitter: mail.ru", " Report-ID: <1@mail.ru>"];
    const [found] = await all(makeMail(["From: tls_support@corp.mail.ru", ...subject], [TEXT, gzip]));
    expect(found?.hints).toEqual({
      ...{ domains: [{ domain: "example.org", from: "subject" }], submitter: "mail.ru", author: "corp.mail.ru" },
    });
  });

  quirk(31, "application/tlsrpt without a suffix, 8bit, no transfer encoding", async () => {
    const body = Buffer.from(JSON.stringify(makeReport({ "organization-name": "Bücher" }), null, 1));
    expect(await one(makeMail(HEADERS, [TEXT, { type: "application/tlsrpt", body }]))).toEqual({
      ...CLEAN,
      organization: "Bücher",
    });
  });

  quirk(32, "the type says JSON, the name says gzip, the content decides", async () => {
    const types = [
      'application/tlsrpt+json; name="a.json.gz"',
      'application/tlsrpt+gzip; name="a.json"',
      'image/png; name="a.png"',
      'text/html; name="a.html"',
    ];
    for (const type of types) {
      expect(await one(makeMail(HEADERS, [TEXT, { ...gzip, type }]))).toEqual(CLEAN);
      expect(await one(makeMail(HEADERS, [TEXT, { type, body: bytesOf(makeReport()), encoding: "base64" }]))).toEqual(
        CLEAN,
      );
    }
    for (const name of ["report.zip", "report.eml", "report.txt", "report.json.gz", "report"]) {
      expect(await one(bytesOf(makeReport()), name)).toEqual(CLEAN);
      expect(await one(GZ, name)).toEqual(CLEAN);
    }
  });

  quirk(33, "other types of archives, and names in pieces (RFC 2231)", async () => {
    const zip = makeZip([{ name: "a.json", data: bytesOf(makeReport()) }]);
    expect(
      await one(makeMail(HEADERS, [TEXT, { type: "application/tlsrpt+zip", body: zip, encoding: "base64" }])),
    ).toEqual(CLEAN);
    for (const type of [
      "application/tlsrpt+x-gzip",
      "application/gzip",
      "application/x-gzip",
      "application/octet-stream",
    ]) {
      expect(await one(makeMail(HEADERS, [TEXT, { ...gzip, type }]))).toEqual(CLEAN);
    }
    expect(await one(makeMail(HEADERS, [TEXT, { type: "application/json", body: bytesOf(makeReport()) }]))).toEqual(
      CLEAN,
    );
    const body = gzipSync(bytesOf(makeReportOf({ "policy-domain": undefined })));
    const type =
      'application/octet-stream; name*0="reporter.example!in-pieces.";\r\n name*1="example!1777852800!1777939199.json.gz"';
    expect(await one(makeMail(HEADERS, [TEXT, { ...gzip, type, body }]))).toMatchObject({
      policies: [{ domain: "in-pieces.example" }],
    });
  });

  quirk(34, "no multipart at all, parts in parts, a mail in a mail, other kinds of multipart", async () => {
    expect(await one(makeMail(HEADERS, [{ type: "application/tlsrpt+json", body: bytesOf(makeReport()) }]))).toEqual(
      CLEAN,
    );
    expect(await one(makeMail(HEADERS, [gzip]))).toEqual(CLEAN);
    for (const type of ["multipart/mixed", "multipart/related", "multipart/alternative"]) {
      expect(await one(makeMail(HEADERS, [TEXT, gzip], type))).toEqual(CLEAN);
    }
    const mail = makeMail(HEADERS, [TEXT, gzip]);
    const inline = { type: "message/rfc822", body: mail };
    const attached = { ...inline, headers: ['Content-Disposition: attachment; filename="report.eml"'] };
    expect(await one(makeMail(["Subject: Fwd"], [TEXT, inline], "multipart/mixed"))).toEqual(CLEAN);
    expect(await one(makeMail(["Subject: Fwd"], [TEXT, attached], "multipart/mixed"))).toEqual(CLEAN);
    const [type = "", ...rest] =
      mail.toString("latin1").split("Content-Type: multipart/report")[1]?.split("\r\n") ?? [];
    const nested = { type: `multipart/report${type}`, body: Buffer.from(rest.join("\r\n").trimStart(), "latin1") };
    expect(await one(makeMail(["Subject: [list] report"], [nested, TEXT], "multipart/mixed"))).toEqual(CLEAN);
  });

  quirk(35, "no Date and no Message-ID", async () => {
    expect(await one(makeMail(["From: a@reporter.example", "Subject: TLS report"], [TEXT, gzip]))).toEqual(CLEAN);
  });

  quirk(36, "names without an id, and an organisation for the submitter", async () => {
    const body = bytesOf(makeReportOf({ "policy-domain": undefined }));
    for (const name of [
      "mx.example.net!a.example!1777852800!1777939199.json",
      "Example Hosting Ltd!a.example!1777852800!1777939199!1.json",
    ]) {
      expect(await one(body, name)).toMatchObject({ policies: [{ domain: "a.example" }] });
    }
  });
});

describe("the archive around it", () => {
  quirk(37, "gzip followed by CR LF, or by anything", async () => {
    for (const rest of ["\r\n", "\0".repeat(500), "garbage", "\x1f\x8b"]) {
      expect(await one(Buffer.concat([GZ, Buffer.from(rest, "latin1")]))).toEqual({
        ...CLEAN,
        quirks: ["gzip-trailing-data"],
      });
    }
    const zip = makeZip([{ name: "a.json", data: bytesOf(makeReport()) }]);
    expect(await one(Buffer.concat([zip, Buffer.from("\r\n")]))).toEqual({ ...CLEAN, quirks: ["zip-trailing-data"] });
  });

  quirk(38, "gzip cut off at any byte is rejected, never half a report", async () => {
    for (let length = 2; length < GZ.length; length++) {
      expect(await decode(GZ.subarray(0, length), null)).toMatchObject([
        { outcome: "rejected", code: "truncated-gzip" },
      ]);
    }
  });

  quirk(39, "a DMARC report is not ours: plain, in gzip, in a zip, in a mail", async () => {
    const xml = Buffer.from(
      '<?xml version="1.0"?>\n<feedback>\n <report_metadata><org_name>a</org_name></report_metadata>\n</feedback>',
    );
    const zip = makeZip([{ name: "a.xml", data: xml }]);
    const inMail = (body: Buffer) =>
      makeMail(
        ["TLS-Report-Domain: example.com", ...HEADERS],
        [TEXT, { type: "application/gzip", body, encoding: "base64" }],
      );
    for (const bytes of [xml, gzipSync(xml), zip, gzipSync(zip), inMail(gzipSync(xml)), inMail(zip)]) {
      expect(await decode(bytes, null)).toMatchObject([{ outcome: "not-a-report", code: "dmarc-report" }]);
    }
  });
});

import { gzipSync } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { decode } from "#lib/reports/decode.ts";
import { readMail, splitMbox } from "#lib/reports/mail.ts";
import { makeMail } from "./make-mail.ts";
import { bytesOf, makeReport, makeReportOf } from "./sample-report.ts";

const REPORT = bytesOf(makeReport());
const HEADERS = ["From: noreply@reporter.example", "Subject: TLS report"];
const TEXT = { type: "text/plain", body: "A report." };
const GZIP = { type: "application/tlsrpt+gzip", body: gzipSync(REPORT), encoding: "base64" } as const;

async function outcomes(mail: Buffer): Promise<string[]> {
  const results = await decode(mail, "mail.eml");
  return results.map((result) =>
    result.outcome === "report" ? "report" : `${result.outcome} ${result.code}: ${result.reason}`,
  );
}

describe("a mail that is not to be seen into", () => {
  const sealed = async (mail: Buffer) => (await outcomes(mail))[0]?.split(": ").slice(1).join(": ");
  const none = "the mail has no TLS report in it";

  test("says that it is encrypted or signed in one piece", async () => {
    const smime = { type: "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", body: "MIIB" };
    expect(await sealed(makeMail(HEADERS, [smime]))).toBe(
      `${none} that can be read: it is encrypted, or signed in one piece with its content (S/MIME), and is not opened`,
    );
    const pgp = `${none} that can be read: it is encrypted (OpenPGP) and is not opened`;
    const armour = "-----BEGIN PGP MESSAGE-----\r\n\r\nwcBM\r\n-----END PGP MESSAGE-----";
    const control = { type: "application/pgp-encrypted", body: "Version: 1" };
    const data = { type: "application/octet-stream", body: armour };
    expect(await sealed(makeMail(HEADERS, [control, data], "multipart/encrypted"))).toBe(pgp);
    expect(await sealed(makeMail(HEADERS, [{ type: "text/plain", body: armour }]))).toBe(pgp);
  });

  test("is no other one: a report beside it is read, and a signature apart hides nothing", async () => {
    const smime = { type: "application/pkcs7-mime; name=smime.p7m", body: "MIIB" };
    expect(await outcomes(makeMail(HEADERS, [smime, GZIP], "multipart/mixed"))).toEqual(["report"]);
    const apart = { type: "application/pkcs7-signature; name=smime.p7s", body: "MIIB" };
    expect(await sealed(makeMail(HEADERS, [TEXT, apart], "multipart/signed"))).toBe(none);
    expect(await outcomes(makeMail(HEADERS, [GZIP, apart], "multipart/signed"))).toEqual(["report"]);
  });
});

describe("the parts of a mail", () => {
  test("each is one, with its name and type, texts too", async () => {
    const named = { ...GZIP, headers: ['Content-Disposition: attachment; filename="a.json.gz"'] };
    const html = { type: "text/html; charset=utf-8", body: "<p>b</p>" };
    const { parts } = await readMail(makeMail(HEADERS, [TEXT, html, named]));
    expect(parts.map(({ name, type }) => [name, type])).toEqual([
      [null, "text/plain"],
      [null, "text/html"],
      ["a.json.gz", "application/tlsrpt+gzip"],
    ]);
    expect(parts[2]?.bytes).toEqual(GZIP.body);
  });

  test("are found by a boundary in pieces, or with quoted pairs (RFC 2231 §3)", async () => {
    const mail = makeMail(HEADERS, [TEXT, GZIP], "multipart/mixed").toString("latin1");
    const [, boundary = ""] = /boundary="(.+)"/.exec(mail) ?? [];
    const [half, rest] = [boundary.slice(0, 2), boundary.slice(2)];
    for (const named of [`boundary*0=${half};\r\n boundary*1=${rest}`, `boundary="\\${half}${rest}"`]) {
      expect(await outcomes(Buffer.from(mail.replace(/boundary=".+"/, named), "latin1"))).toEqual(["report"]);
    }
  });

  test("a report among several texts is found, as text", async () => {
    const mail = makeMail(HEADERS, [TEXT, { type: "text/plain", body: REPORT }, TEXT], "multipart/mixed");
    expect(await outcomes(mail)).toEqual(["report"]);
  });

  test("a text that begins with a brace is no broken report; an attachment that does is one", async () => {
    const brace = "{see below}";
    expect(await outcomes(makeMail(HEADERS, [{ ...TEXT, body: brace }, GZIP]))).toEqual(["report"]);
    const attached = { type: "application/json; name=a.json", body: brace };
    expect(await outcomes(makeMail(HEADERS, [TEXT, attached, GZIP]))).toEqual([
      'rejected json-syntax: in the attachment "a.json": the JSON is broken at line 1, column 2: "s" stands where a key in quotes should come',
      "report",
    ]);
  });

  test("a long name of an attachment is cut between two letters", async () => {
    const name = encodeURIComponent(`${"a".repeat(99)}😀.json`);
    const attached = { type: `application/json; name*=utf-8''${name}`, body: "{" };
    const [told] = await outcomes(makeMail(HEADERS, [TEXT, attached]));
    expect(told).toContain(`in the attachment "${"a".repeat(99)}…": `);
  });

  test("a report that names no charset but has more than ASCII is read as UTF-8", async () => {
    const body = Buffer.from(JSON.stringify(makeReport({ "organization-name": "Bücher 漢字" })));
    for (const encoding of ["base64", "quoted-printable", undefined] as const) {
      const part = { type: "application/tlsrpt+json", body, ...(encoding && { encoding }) };
      expect(await decode(makeMail(HEADERS, [TEXT, part]), null)).toMatchObject([
        { report: { organization: "Bücher 漢字" } },
      ]);
    }
  });

  test("blank lines and a byte order mark before the header do not matter", async () => {
    const mail = makeMail(HEADERS, [TEXT, GZIP]);
    expect(await outcomes(Buffer.concat([Buffer.from("\r\n\r\n"), mail]))).toEqual(["report"]);
    expect(await outcomes(Buffer.concat([Buffer.from("\uFEFF"), mail]))).toEqual(["report"]);
    expect(await outcomes(Buffer.from(mail.toString("latin1").replaceAll("\r\n", "\n"), "latin1"))).toEqual(["report"]);
  });
});

describe("a mail without a report", () => {
  test("is not a report", async () => {
    expect(await outcomes(makeMail(HEADERS, [TEXT]))).toEqual([
      "not-a-report no-report-in-mail: the mail has no TLS report in it",
    ]);
  });

  test("that says that it has one is rejected", async () => {
    const reason = "the mail says that it is a TLS report, but the mail has no TLS report in it";
    expect(await outcomes(makeMail(HEADERS, [TEXT, TEXT]))).toEqual([`rejected no-report-in-mail: ${reason}`]);
    expect(await outcomes(makeMail([...HEADERS, "TLS-Report-Domain: example.com"], [TEXT]))).toEqual([
      `rejected no-report-in-mail: ${reason}`,
    ]);
  });

  test("whose part says that it is one is rejected, with the reason of the part", async () => {
    const part = { type: "application/tlsrpt+gzip; name=a.gz", body: "garbage", encoding: "base64" } as const;
    expect(await outcomes(makeMail(HEADERS, [TEXT, part], "multipart/mixed"))).toEqual([
      'rejected text: in the attachment "a.gz": it is declared as application/tlsrpt+gzip, but this is text, not a TLS report',
    ]);
  });

  test("with a damaged report is rejected with what is wrong", async () => {
    const cut = { ...GZIP, body: GZIP.body.subarray(0, 99) };
    expect(await outcomes(makeMail(HEADERS, [TEXT, cut]))).toEqual([
      "rejected truncated-gzip: the gzip data is cut off: it ends before its data does",
    ]);
  });
});

describe("hints", () => {
  const policyOnly = bytesOf(makeReportOf({ "policy-domain": undefined }));
  const hintsOf = async (mail: Buffer) => {
    const [first] = await decode(mail, null);
    return first?.outcome === "report" ? first.hints : null;
  };

  test("come from header, subject and file name, in that order", async () => {
    const name = "c.example!c.example.com!1777852800!1777939199.json";
    const part = { type: `application/tlsrpt+json; name="${name}"`, body: policyOnly };
    const subject = "Subject: Report Domain: b.example.com Submitter: b.example Report-ID: <1@b.example>";
    const header = ["TLS-Report-Domain: A.example.com.", "TLS-Report-Submitter: A.example"];
    expect(await hintsOf(makeMail([...header, subject], [TEXT, part]))).toEqual({
      domains: [
        { domain: "a.example.com", from: "header" },
        { domain: "b.example.com", from: "subject" },
        { domain: "c.example.com", from: "filename" },
      ],
      submitter: "a.example",
      author: null,
    });
    expect(await hintsOf(makeMail([subject], [TEXT, part]))).toMatchObject({ submitter: "b.example" });
    expect(await hintsOf(makeMail(HEADERS, [TEXT, part]))).toMatchObject({ submitter: "c.example" });
  });

  test("of a forwarded mail come before those of the mail around it", async () => {
    const inner = makeMail(
      ["From: a@b.example", "TLS-Report-Domain: inner.example"],
      [TEXT, { type: "application/json", body: policyOnly }],
    );
    const outer = ["From: c@d.example", "TLS-Report-Domain: outer.example", "TLS-Report-Submitter: d.example"];
    expect(await hintsOf(makeMail(outer, [TEXT, { type: "message/rfc822", body: inner }]))).toEqual({
      domains: [
        { domain: "inner.example", from: "header" },
        { domain: "outer.example", from: "header" },
      ],
      submitter: "d.example",
      author: "b.example",
    });
  });

  test.each([
    [["From: A <a@One.example>, b@one.example."], "one.example", "of one domain"],
    [["From: Group: a@one.example;"], "one.example", "in a group"],
    [["From: a@one.example, b@two.example"], null, "of two"],
    [["From: a@one.example", "From: b@two.example"], null, "in two fields"],
    [["From: nobody"], null, "without an address"],
    [[], null, "none"],
  ])("%# the author is that of one domain", async (from, author, _reason) => {
    expect(await hintsOf(makeMail([...from, "Subject: x"], [TEXT, GZIP]))).toMatchObject({ author });
  });

  test("that are no domains are none", async () => {
    const odd = ["TLS-Report-Domain: <script>", "TLS-Report-Submitter: Example Hosting Ltd"];
    expect(await hintsOf(makeMail([...odd, ...HEADERS], [TEXT, GZIP]))).toMatchObject({ domains: [], submitter: null });
  });
});

describe("an mbox (RFC 4155)", () => {
  const mail = makeMail(HEADERS, [TEXT, GZIP]).toString("latin1");
  const mbox = (...mails: string[]) =>
    Buffer.from(mails.map((text) => `From a@b.example Tue May  5 10:21:44 2026\r\n${text}\r\n`).join(""), "latin1");

  test("has as many mails as lines that begin one", async () => {
    expect((await splitMbox(mbox(mail, mail, mail))).map((bytes) => bytes.toString("latin1").trim())).toEqual(
      Array(3).fill(mail.trim()),
    );
    const large = `${mail}${"From here on the same mail.\r\n".repeat(10_000)}`;
    expect((await splitMbox(mbox(large, mail, large))).map(String)).toEqual(
      [large, mail, large].map((text) => `${text}\r\n`),
    );
    expect(await splitMbox(Buffer.from(mail))).toHaveLength(1);
    expect(
      await splitMbox(mbox(`${HEADERS.join("\r\n")}\r\n\r\nOne line.\r\nFrom here on the same mail.\r\n`)),
    ).toHaveLength(1);
  });

  test("gives the reports of all its mails", async () => {
    expect(await outcomes(mbox(mail, mail))).toEqual(["report", "report"]);
    const other = `${HEADERS.join("\r\n")}\r\n\r\nHello.\r\n`;
    expect(await outcomes(mbox(mail, other, mail))).toEqual(["report", "report"]);
    expect(await outcomes(mbox(other, other))).toEqual([
      "not-a-report no-report-in-mail: no mail of the mbox has a TLS report in it",
    ]);
  });

  const DATE = "Tue May  5 10:21:44 2026";
  it.each<[line: string, isEmptyBefore: boolean, below: string, why: string]>([
    [`From a@b.example ${DATE}`, false, "Subject: x", "not all programs put an empty line there"],
    [`From a@b.example ${DATE}`, true, "", "a mail may have no header"],
    [`From - ${DATE}`, false, "X-Status: 0", "Thunderbird"],
    [`From MAILER-DAEMON ${DATE}`, false, "Subject: x", "bounces"],
    [`From "a b"@b.example ${DATE}`, false, "Subject: x", "a quoted local part (RFC 5322 §3.4.1)"],
    ["From 18@xxx Tue May 05 10:21:44 +0000 2026", false, "X-GM-THRID: 1", "Gmail's export"],
    ["From root Tue May  5 10:21 CEST 2026", false, "Subject: x", "no seconds, and a zone"],
    ["From a@b.example", true, "Subject: x", "an empty line before, a field below"],
  ])("begins a mail at %.80s (empty line before: %s, below: %s): %s", async (line, isEmptyBefore, below) => {
    expect(await splitMbox(twoMails(line, isEmptyBefore, below))).toHaveLength(2);
  });

  it.each<[line: string, isEmptyBefore: boolean, below: string, why: string]>([
    ["From here on", true, "it is text.", "mboxcl2, or a mail saved by itself"],
    ["From the report:", true, "https://example.com/", "a link is no field"],
    ["From a@b.example", false, "Subject: x", "neither an empty line nor a date"],
    [`From our log of ${DATE}`, false, "Subject: x", "no address"],
    [`>From a@b.example ${DATE}`, true, "Subject: x", "quoted"],
    [`From ${"a".repeat(1_100)} ${DATE}`, true, "Subject: x", "longer than any address"],
  ])("begins none at %.80s (empty line before: %s, below: %s): %s", async (line, isEmptyBefore, below) => {
    expect(await splitMbox(twoMails(line, isEmptyBefore, below))).toHaveLength(1);
  });

  function twoMails(line: string, isEmptyBefore: boolean, below: string): Buffer {
    return Buffer.from(`From a ${DATE}\nSubject: x\n\nHello.\n${isEmptyBefore ? "\n" : ""}${line}\n${below}\n\nBye.\n`);
  }

  test("whose mails no empty line parts, or with text that begins alike, loses no report", async () => {
    const text = { type: "text/plain", body: "Hello.\r\n\r\nFrom here on it is text.\r\n" };
    const split = makeMail(HEADERS, [text, GZIP]).toString("latin1").trimEnd();
    const line = `From a@b.example ${DATE}\r\n`;
    expect(await outcomes(Buffer.from(`${line}${split}\r\n${line}${split}\r\n`))).toEqual(["report", "report"]);
  });
});

import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import { newId } from "#lib/db/new-id.ts";
import { quarantineCounts, quarantinedFile, quarantineOf } from "#lib/db/quarantine.ts";
import { rawFileOfReport, reportWithAll } from "#lib/db/read-reports.ts";
import { removeDomain } from "#lib/domains/remove-domain.ts";
import { MAX_HELD_CHARACTERS } from "#lib/reports/held-size.ts";
import { receive } from "#lib/reports/receive.ts";
import { makePolicy, makeReportFile } from "#prisma/seed.ts";
import { makeMail } from "#tests/unit/reports/make-mail.ts";
import { makeZip } from "#tests/unit/reports/make-zip.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, kinds, makeDomain, reportAbout, rowsOf, totalsOf, upload } from "./reports.ts";

await ownDatabase();

const owner = await makeOwner();
const ids = (outcomes: Awaited<ReturnType<typeof upload>>) =>
  outcomes.map((outcome) => ("id" in outcome ? outcome.id : null));
const counted = async (domainId: string) =>
  (await sql<{ id: string }>("SELECT id FROM reports WHERE domain_id = $1 AND counted", [domainId])).map(
    ({ id }) => id,
  );
const DMARC = {
  bytes: Buffer.from("<?xml version='1.0'?><feedback><report_metadata/></feedback>"),
  fileName: "dmarc.xml",
};

describe("a report that was received", () => {
  it("is stored with all that is in it, its causes and its bytes as they arrived", async () => {
    const domain = await makeDomain(owner);
    const { name } = domain;
    const details = [
      { "result-type": "validation-failure", "failed-session-count": 7, "receiving-mx-hostname": `MX9.${name}.` },
      { "result-type": "certificate-expired", "failed-session-count": 2, "sending-mta-ip": "2001:db8::1" },
    ];
    const policies = [makePolicy({ domain: name.toUpperCase(), successes: 5, details }), makePolicy({ type: "tlsa" })];
    const arrival = makeReportFile(reportAbout(name, { policies }));
    const [outcome] = await upload(domain, [arrival]);
    expect(outcome).toEqual({
      ...{ outcome: "stored", id: expect.any(String), domain: name, organization: "Google Inc.", day: "2026-11-01" },
      quirks: ["name-case", "trailing-dot"],
      held: false,
    });
    const id = outcome && "id" in outcome ? outcome.id : "";
    expect(await reportWithAll(domain.id, id)).toMatchObject({
      ...{ organization: "Google Inc.", contact: "smtp-tls-reporting@google.com", day: "2026-11-01", door: "upload" },
      ...{ counted: true, fileName: arrival.fileName, size: arrival.bytes.length, replacedBy: null },
      beginAt: new Date("2026-11-01T00:00:00Z"),
      endAt: new Date("2026-11-01T23:59:59Z"),
      policies: [
        {
          ...{ type: "sts", domain: name, successes: 5, failures: 9, mx: [`mx.${name}`] },
          details: [
            { resultType: "validation-failure", cause: "mx-not-in-policy", mx: `mx9.${name}`, sessions: 7 },
            { resultType: "certificate-expired", cause: "certificate-expired", sendingIp: "2001:db8::1", mx: null },
          ],
        },
        { type: "tlsa", domain: "example.org", successes: 100, failures: 0, details: [] },
      ],
    });
    expect(await rawFileOfReport(domain.id, id)).toEqual(arrival);
    const other = await makeDomain(owner);
    expect(await reportWithAll(other.id, id)).toBeNull();
    expect(await rawFileOfReport(other.id, id)).toBeNull();
    for (const wrong of ["", "x", `${id}'`]) {
      expect(await reportWithAll(domain.id, wrong)).toBeNull();
      expect(await rawFileOfReport(domain.id, wrong)).toBeNull();
    }
  });

  it("changes nothing when it comes again: the same bytes, or the same report in another container", async () => {
    const domain = await makeDomain(owner);
    const report = reportAbout(domain.name);
    const json = JSON.stringify(report);
    const [first] = ids(await upload(domain, [file(report)]));
    const [before, totals] = [await rowsOf(domain.id), await totalsOf(domain.id)];
    const again = await upload(domain, [
      file(report, "other name.json"),
      makeReportFile(report),
      { bytes: makeZip([{ name: "a.json", data: json }]), fileName: "a.zip" },
      { bytes: makeMail(["From: a@example.net"], [{ type: "application/tlsrpt+json", body: json }]), fileName: null },
    ]);
    expect(kinds(again)).toEqual(["duplicate", "duplicate", "duplicate", "duplicate"]);
    expect(new Set(ids(again))).toEqual(new Set([first]));
    expect(await rowsOf(domain.id)).toEqual(before);
    expect(await totalsOf(domain.id)).toEqual(totals);
  });

  it("is stored once when it stands several times in one upload", async () => {
    const domain = await makeDomain(owner);
    const report = reportAbout(domain.name);
    const outcomes = await upload(domain, [file(report), makeReportFile(report), file(report)]);
    expect(kinds(outcomes)).toEqual(["stored", "duplicate", "duplicate"]);
    expect(new Set(ids(outcomes)).size).toBe(1);
    expect(await rowsOf(domain.id)).toMatchObject({ reports: 1, policy_results: 1, raw_files: 1 });
  });

  it("comes from a file with several, each with its outcome", async () => {
    const domain = await makeDomain(owner);
    const [one, two] = ["2026-11-01", "2026-11-02"].map((day) => JSON.stringify(reportAbout(domain.name, { day })));
    const zip = makeZip([
      { name: "1.json", data: one ?? "" },
      { name: "2.json", data: two ?? "" },
      { name: "3.json", data: '{"date-range": {"start-datetime": 1}, "policies": 1}' },
    ]);
    const outcomes = await receive(
      [
        { bytes: zip, fileName: "3.zip" },
        { bytes: Buffer.from(`${one}\n${two}`), fileName: null },
      ],
      { domain, teamId: owner.team.id, door: "upload" },
      new Date(),
    );
    expect(outcomes.map(kinds)).toEqual([
      ["stored", "stored", "quarantined"],
      ["duplicate", "duplicate"],
    ]);
    expect(await rowsOf(domain.id)).toMatchObject({ reports: 2, raw_files: 1, quarantined: 1, day_totals: 2 });
  });
});

describe("a revision", () => {
  it("takes the place of the earlier report in all totals; both are kept", async () => {
    const domain = await makeDomain(owner);
    const details = [{ "result-type": "starttls-not-supported", "failed-session-count": 4 }];
    const version = (successes: number, withDetails = false) =>
      file(
        reportAbout(domain.name, {
          policies: [makePolicy({ domain: domain.name, successes, ...(withDetails ? { details } : {}) })],
        }),
      );
    const [first] = ids(await upload(domain, [version(10, true)]));
    const revised = await upload(domain, [version(20)]);
    expect(kinds(revised)).toEqual(["revision"]);
    const second = ids(revised)[0] ?? "";
    expect(await counted(domain.id)).toEqual([second]);
    expect(await reportWithAll(domain.id, first ?? "")).toMatchObject({ counted: false, replacedBy: second });
    const { standing, summed } = await totalsOf(domain.id);
    expect(standing).toEqual([[expect.objectContaining({ reports: "1", successes: "20", failures: "0" })], []]);
    expect(standing).toEqual(summed);
    // The earlier one once more is known, and stays replaced.
    expect(kinds(await upload(domain, [version(10, true)]))).toEqual(["duplicate"]);
    expect(await counted(domain.id)).toEqual([second]);
  });

  it("of one batch counts when it is the last; the first of them is no revision", async () => {
    const domain = await makeDomain(owner);
    const versions = Array.from({ length: 20 }, (_, successes) =>
      file(reportAbout(domain.name, { policies: [makePolicy({ domain: domain.name, successes })] })),
    );
    const outcomes = await upload(domain, versions);
    expect(kinds(outcomes)).toEqual(["stored", ...Array.from({ length: 19 }, () => "revision")]);
    expect(await counted(domain.id)).toEqual(ids(outcomes).slice(-1));
  });

  it("that arrived earlier and was stored later is kept, and does not count", async () => {
    const domain = await makeDomain(owner);
    const version = (successes: number) =>
      file(reportAbout(domain.name, { policies: [makePolicy({ domain: domain.name, successes })] }));
    const late = await upload(domain, [version(1)], new Date("2026-11-02T12:00:00Z"));
    const early = await upload(domain, [version(2)], new Date("2026-11-02T11:00:00Z"));
    expect(kinds(early)).toEqual(["revision"]);
    expect(await counted(domain.id)).toEqual(ids(late));
    const { standing, summed } = await totalsOf(domain.id);
    expect(standing).toEqual(summed);
    expect(standing[0]).toMatchObject([{ successes: "1" }]);
  });

  it("takes the place of the earlier one also where the reporter is now known by another name", async () => {
    const domain = await makeDomain(owner);
    const { "organization-name": _, ...nameless } = reportAbout(domain.name, { contact: "tlsrpt@contact.example" });
    const mail = makeMail(
      ["TLS-Report-Submitter: submitter.example", `TLS-Report-Domain: ${domain.name}`],
      [{ type: "application/tlsrpt+json", body: JSON.stringify(nameless) }],
    );
    await upload(domain, [{ bytes: mail, fileName: null }]);
    const outcomes = await upload(domain, [file({ ...nameless, "contact-info": "tlsrpt@contact.example " })]);
    expect(outcomes).toMatchObject([{ outcome: "revision", organization: expect.stringContaining("contact.example") }]);
    const { standing, summed } = await totalsOf(domain.id);
    expect(standing).toEqual(summed);
    expect(standing[0]).toHaveLength(1);
  });

  it("is none when the sender or the range differ, or there is no id", async () => {
    const domain = await makeDomain(owner);
    const about = (change: Parameters<typeof reportAbout>[1]) =>
      file(reportAbout(domain.name, { id: "the same", ...change }));
    const { "report-id": _, ...anonymous } = reportAbout(domain.name);
    const outcomes = await upload(domain, [
      about({}),
      about({ organization: "Other" }),
      about({ day: "2026-11-02" }),
      file(anonymous),
      file({ ...anonymous, policies: [makePolicy({ domain: domain.name, successes: 1 })] }),
    ]);
    expect(new Set(kinds(outcomes))).toEqual(new Set(["stored"]));
    expect(await counted(domain.id)).toHaveLength(5);
  });
});

/** The sums of successes of a domain's reports, or of one of them. */
async function successesOf(domainId: string, reportId: string | null = null): Promise<string[]> {
  const rows = await sql<{ sum: string }>(
    `SELECT sum(p.successes)::text AS sum FROM policy_results p JOIN reports r ON r.domain_id = p.domain_id AND r.id = p.report_id
     WHERE p.domain_id = $1 AND ($2::text IS NULL OR r.report_id = $2)`,
    [domainId, reportId],
  );
  return rows.map(({ sum }) => sum);
}

describe("the domain of a report", async () => {
  const [inbox, other] = [await makeDomain(owner), await makeDomain(owner)];
  const [parent, child] = [await makeDomain(owner, "host.example"), await makeDomain(owner, "mail.host.example")];
  const stranger = await makeOwner("Stranger");
  const theirs = await makeDomain(stranger, "theirs.example");
  const about = (...policies: ReturnType<typeof makePolicy>[]) => file(reportAbout("", { policies }));
  const sts = (domain: string) => makePolicy({ domain });
  const tlsa = (domain: string) => makePolicy({ type: "tlsa", domain });

  it.each([
    ["its own", about(sts(inbox.name)), inbox.name],
    ["its own, in another notation", about(sts(` ${inbox.name.toUpperCase()}. `)), inbox.name],
    ["another one of the team", about(sts(other.name)), other.name],
    ["that of the policy beside a TLSA host", about(tlsa(`mx.${other.name}`), sts(inbox.name)), inbox.name],
    ["that of a TLSA host", about(tlsa(`mx1.${other.name}`)), other.name],
    ["the nearest of a TLSA host", about(tlsa("mx.mail.host.example")), child.name],
    ["the parent of a TLSA host", about(tlsa("mx.host.example")), parent.name],
  ])("is %s", async (_, arrival, expected) => {
    expect(await upload(inbox, [arrival])).toMatchObject([{ domain: expected }]);
  });

  it.each([
    ["nobody's", about(sts("nobody.example")), "about nobody.example, which is none of the registered domains"],
    ["another team's", about(sts(theirs.name)), "about theirs.example, which is none of the registered"],
    ["a parent of the own", about(sts("example")), "none of the registered"],
    ["a host under MTA-STS", about(sts(`mx.${inbox.name}`)), "none of the registered"],
    ["a look-alike", about(tlsa(`not${inbox.name}`)), "none of the registered"],
    // P16: where name and body disagree, the body wins.
    [
      "that of the file's name when the body names another one",
      {
        ...about(sts("nobody.example")),
        fileName: `google.com!${inbox.name}!1793491200!1793577599!001.json`,
      },
      "about nobody.example",
    ],
  ])("is not %s: such a report goes to the quarantine of its inbox", async (_, arrival, reason) => {
    const [outcome] = await upload(inbox, [arrival]);
    const expected = { outcome: "quarantined", code: "other-domain", reason: expect.stringContaining(reason) };
    expect(outcome).toMatchObject(expected);
    expect(await rowsOf(theirs.id)).toEqual({});
  });

  it("is for each policy the one that it names: what names another counts there, or is nobody's", async () => {
    const keeper = await makeDomain(owner);
    const policies = [
      makePolicy({ domain: keeper.name, successes: 1 }),
      makePolicy({ domain: other.name, successes: 20 }),
      makePolicy({ type: "tlsa", domain: "mx.provider.example", successes: 300 }),
      makePolicy({ type: "tlsa", domain: other.name, successes: 7 }),
      makePolicy({ domain: "nobody.example", successes: 4_000 }),
      makePolicy({ domain: theirs.name, successes: 50_000 }),
    ];
    const arrival = file(reportAbout("", { id: "of many", policies }));
    expect(await upload(keeper, [arrival])).toMatchObject([
      { outcome: "stored", domain: keeper.name, quirks: ["other-domains"] },
      { outcome: "stored", domain: other.name },
      {
        outcome: "quarantined",
        reason: expect.stringContaining("about nobody.example, theirs.example, which is none"),
      },
    ]);
    expect(await successesOf(keeper.id)).toEqual(["301"]);
    expect(await successesOf(other.id, "of many")).toEqual(["27"]);
    expect(await rowsOf(theirs.id)).toEqual({});
    expect(kinds(await upload(keeper, [arrival]))).toEqual(["duplicate", "duplicate", "quarantined"]);
    expect(await successesOf(keeper.id)).toEqual(["301"]);
  });

  it("is that of the MX hosts which the last look saw, the inbox's own first (T12, quirk 9)", async () => {
    const [hosted, neighbour] = [await makeDomain(owner), await makeDomain(owner)];
    for (const [domain, exchange] of [
      [hosted, "mx1.provider.example"],
      [neighbour, "mx1.provider.example"],
      [neighbour, "mx2.provider.example"],
    ] as const) {
      const seen = [
        { kind: "mx", subject: domain.name, host: null, address: null, value: [{ exchange, preference: 10 }] },
      ];
      await sql(
        `INSERT INTO lookups (domain_id, id, checked_at, worst, facts, verdicts, seen)
         VALUES ($1, $2, now(), 'pass', '{}', '[]', $3)`,
        [domain.id, newId(), JSON.stringify(seen)],
      );
    }
    const about1 = about(tlsa("mx1.provider.example"));
    const about2 = about(tlsa("mx2.provider.example"));
    expect(await upload(hosted, [about1])).toMatchObject([{ domain: hosted.name }]);
    expect(await upload(inbox, [about2])).toMatchObject([{ domain: neighbour.name }]);
    expect(await upload(inbox, [about(tlsa("mx3.provider.example"))])).toMatchObject([{ outcome: "quarantined" }]);
  });

  it("is what the mail or the file says where no policy names one, or else the inbox's own", async () => {
    const { policy, summary } = sts("x.example");
    const { "policy-domain": _, ...nameless } = policy;
    const report = { ...reportAbout(""), "report-id": "1", policies: [{ policy: nameless, summary }] };
    const named = { ...file(report), fileName: `google.com!${other.name}!1793491200!1793577599!001.json` };
    expect(await upload(inbox, [named])).toMatchObject([{ domain: other.name }]);
    expect(await upload(inbox, [file({ ...report, "report-id": "2" })])).toMatchObject([{ domain: inbox.name }]);
  });

  it("without an inbox is any registered one, and none that several teams have", async () => {
    await makeDomain(owner, "both.example");
    await makeDomain(stranger, "both.example");
    const files = [about(sts(theirs.name)), about(sts("both.example")), about(sts("nobody.example")), DMARC];
    const door = { domain: null, teamId: null, door: "command-line" } as const;
    expect((await receive(files, door, new Date())).flat()).toMatchObject([
      { outcome: "stored", domain: theirs.name },
      { outcome: "refused", code: "several-teams" },
      { outcome: "refused", code: "other-domain" },
      { outcome: "refused", code: "dmarc-report" },
    ]);
    const ofTeam = { ...door, teamId: stranger.team.id };
    expect((await receive(files, ofTeam, new Date())).flat()).toMatchObject([
      { outcome: "duplicate" },
      { outcome: "stored", domain: "both.example" },
      { outcome: "refused" },
      { outcome: "refused" },
    ]);
  });
});

describe("the quarantine", () => {
  it("keeps what cannot be taken, byte for byte, with name and reason, once for each reason", async () => {
    const domain = await makeDomain(owner);
    const every = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
    const cut = gzipSync(JSON.stringify(reportAbout(domain.name))).subarray(0, 100);
    const files = [
      { bytes: every, fileName: "bytes.bin" },
      { bytes: Buffer.alloc(0), fileName: null },
      { bytes: cut, fileName: "a/../b\0c\r\n\u202e.json.gz" },
      { ...DMARC },
    ];
    const first = await upload(domain, files, new Date("2026-11-22T12:00:00Z"));
    expect(first.map((outcome) => "code" in outcome && outcome.code)).toEqual([
      ...["binary", "empty", "truncated-gzip", "dmarc-report"],
    ]);
    const again = await upload(domain, [...files].reverse(), new Date("2026-11-22T13:00:00Z"));
    expect(ids(again).reverse()).toEqual(ids(first));
    expect(await quarantineCounts(domain.id)).toEqual({ quarantine: 4, unclaimed: 0 });
    for (const [index, { bytes, fileName }] of files.entries()) {
      const kept = await quarantinedFile(domain.id, ids(first)[index] ?? "");
      expect(kept).toMatchObject({ bytes, fileName: fileName?.replace("\0", "\ufffd") ?? null });
    }
    const { rows, total } = await quarantineOf(domain.id, "quarantine", { skip: 1, take: 2 });
    expect([total, rows.length]).toEqual([4, 2]);
    expect(rows[0]?.receivedAt).toEqual(new Date("2026-11-22T13:00:00Z"));
    expect(await quarantineOf(domain.id, "quarantine", { skip: 50, take: 50 })).toEqual({ rows: [], total: 4 });
  });

  it("keeps one file once, however many faults of one kind are in it", async () => {
    const domain = await makeDomain(owner);
    const entries = Array.from({ length: 30 }, (_, index) => ({
      name: `${index}.json`,
      data: `{"policies":[],"report-id":${index}`,
    }));
    const outcomes = await upload(domain, [{ bytes: makeZip(entries), fileName: "many.zip" }]);
    expect(outcomes).toHaveLength(30);
    expect(new Set(ids(outcomes)).size).toBe(1);
    expect(await quarantineCounts(domain.id)).toEqual({ quarantine: 1, unclaimed: 0 });
  });

  it("shows nothing to another domain", async () => {
    const [domain, other] = [await makeDomain(owner), await makeDomain(owner)];
    const [id] = ids(await upload(domain, [DMARC]));
    expect(await quarantinedFile(other.id, id ?? "")).toBeNull();
    expect(await quarantinedFile(domain.id, "x")).toBeNull();
    expect(await quarantineOf(other.id, "quarantine", { skip: 0, take: 10 })).toEqual({ rows: [], total: 0 });
  });
});

describe("an upload", () => {
  it("answers for each file in turn, whatever became of it", async () => {
    const domain = await makeDomain(owner);
    const [a, b] = ["2026-11-01", "2026-11-02"].map((day) => file(reportAbout(domain.name, { day })));
    if (a === undefined || b === undefined) throw new Error("two reports");
    const inbox = { domain, teamId: owner.team.id, door: "upload" } as const;
    const outcomes = await receive([DMARC, a, { ...DMARC }, b, a], inbox, new Date());
    expect(outcomes.map(kinds)).toEqual([["quarantined"], ["stored"], ["quarantined"], ["stored"], ["duplicate"]]);
    expect(await receive([], inbox, new Date())).toEqual([]);
  });

  it("for a domain that was removed meanwhile finds nothing, and leaves nothing", async () => {
    const domain = await makeDomain(owner);
    await removeDomain(domain, domain.name, owner.user);
    for (const arrival of [file(reportAbout(domain.name)), DMARC]) {
      await expect(upload(domain, [arrival])).rejects.toThrow("This domain was not found.");
    }
    expect(await rowsOf(domain.id)).toEqual({});
  });

  it("holds only so much at once: what goes beyond is sent again by itself", async () => {
    const domain = await makeDomain(owner);
    const count = Math.ceil(MAX_HELD_CHARACTERS / 2 / 4_200);
    const big = (id: string) => {
      // Random, or it would look like a bomb.
      const reason = randomBytes(3_000).toString("base64");
      const one = { "result-type": "validation-failure", "failed-session-count": 1, "failure-reason-code": reason };
      const details = Array.from({ length: count }, () => one);
      const report = reportAbout(domain.name, { id, policies: [makePolicy({ domain: domain.name, details })] });
      return { bytes: gzipSync(JSON.stringify(report)), fileName: `${id}.json.gz` };
    };
    const [a, b, c] = [big("a"), big("b"), big("c")];
    const outcomes = await upload(domain, [a, b, c, file(reportAbout(domain.name))]);
    expect(kinds(outcomes)).toEqual(["stored", "refused", "refused", "stored"]);
    expect(outcomes[1]).toMatchObject({ code: "too-much-at-once" });
    expect(kinds(await upload(domain, [b]))).toEqual(["stored"]);
    const { standing, summed } = await totalsOf(domain.id);
    expect(standing).toEqual(summed);
  });
});

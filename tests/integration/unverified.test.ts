import { afterAll, describe, expect, it, vi } from "vitest";
import { sql } from "#lib/db/client.ts";
import type { DomainRow } from "#lib/db/domains.ts";
import {
  countHeldReport,
  distrustReporter,
  heldReporters,
  trustedReporters,
  trustReporter,
} from "#lib/db/held-reports.ts";
import { changeReportPolicy } from "#lib/db/report-policy.ts";
import { undecidedReports } from "#lib/db/temporary-senders.ts";
import { MAX_FILE_KEYS } from "#lib/reports/limits.ts";
import { type Inbox, receive } from "#lib/reports/receive.ts";
import { verifyAgain } from "#lib/reports/verify-again.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { servePackets, stopServers } from "#tests/unit/probes/own-dns.ts";
import { KEY_RECORD, reportMail, signMail } from "#tests/unit/reports/sign-mail.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, makeDomain, totalsOf, upload } from "./reports.ts";

await ownDatabase();
let isBack = false;
const askedNames = new Set<string>();
const dns = await servePackets(({ questions }) => {
  const name = questions?.[0]?.name ?? "";
  askedNames.add(name);
  if (name.includes("back.example") && !isBack) return { flags: 2 };
  return name.endsWith("_domainkey.google.com") || name.startsWith("s1._domainkey.back.example")
    ? { answers: [{ type: "TXT", name, ttl: 300, data: KEY_RECORD.match(/.{1,250}/g) ?? [] }] }
    : { flags: name.includes("slow.example") ? 2 : 3 };
});
process.env.SEALPOST_DNS = dns.address;
afterAll(stopServers);

const owner = await makeOwner();
const NOW = new Date();

function reportOf(domain: DomainRow, change: Parameters<typeof makeReport>[0] = {}) {
  return makeReport({ policies: [makePolicy({ domain: domain.name, successes: 10 })], ...change });
}

async function mailIn(domain: DomainRow, mail: Buffer, more: Partial<Inbox> = {}) {
  const inbox: Inbox = { domain, teamId: domain.teamId, door: "smtp", ...more };
  const [outcomes = []] = await receive([{ bytes: mail, fileName: null }], inbox, NOW);
  return outcomes;
}

const rows = (domain: DomainRow) =>
  sql<{ counted: boolean; held: boolean; dkim: string; dkim_signer: string; dkim_reason: string }>(
    "SELECT counted, held, dkim, dkim_signer, dkim_reason FROM reports WHERE domain_id = $1 ORDER BY received_at, id",
    [domain.id],
  );

async function totalsAreRight(domain: DomainRow, reports: number): Promise<void> {
  const { standing, summed } = await totalsOf(domain.id);
  expect(standing).toEqual(summed);
  expect(standing[0]?.reduce((sum, row) => sum + Number((row as { reports: string }).reports), 0)).toBe(reports);
}

describe("a report by mail", () => {
  it("counts when its reporter has signed it, and says who that is", async () => {
    const domain = await makeDomain(owner);
    const outcomes = await mailIn(domain, await signMail(reportMail(reportOf(domain)), "google.com"));
    expect(outcomes).toMatchObject([{ outcome: "stored", held: false }]);
    expect(await rows(domain)).toMatchObject([{ counted: true, held: false, dkim: "pass", dkim_signer: "google.com" }]);
    await totalsAreRight(domain, 1);
  });

  it("is held when nobody or somebody else has signed it, and counts once a person says so", async () => {
    const domain = await makeDomain(owner);
    const [unsigned] = await mailIn(domain, reportMail(reportOf(domain)));
    expect(unsigned).toMatchObject({ outcome: "stored", held: true });
    await mailIn(domain, await signMail(reportMail(reportOf(domain, { id: "2" })), "evil.example"));
    expect(await rows(domain)).toMatchObject([
      { counted: false, held: true, dkim: "none" },
      { counted: false, held: true, dkim: "fail", dkim_signer: "evil.example" },
    ]);
    await totalsAreRight(domain, 0);
    expect(await heldReporters(domain.id)).toEqual([{ organization: "Google Inc.", reports: 2 }]);
    const id = unsigned && "id" in unsigned ? unsigned.id : "";
    const stranger = await makeDomain(await makeOwner());
    expect(await countHeldReport(stranger, id, owner.user)).toBe(0);
    expect(await countHeldReport(domain, id, owner.user)).toBe(1);
    expect(await countHeldReport(domain, id, owner.user)).toBe(0);
    await totalsAreRight(domain, 1);
  });

  it("is held as long as its key cannot be looked up", async () => {
    const domain = await makeDomain(owner);
    const report = reportOf(domain, { contact: "tls@slow.example" });
    await mailIn(domain, await signMail(reportMail(report, { from: "tls@slow.example" }), "slow.example"));
    expect(await rows(domain)).toMatchObject([{ counted: false, held: true, dkim: "temporary" }]);
  });

  it("counts once its key can be looked up after all, and is told when the key is not there", async () => {
    const domain = await makeDomain(owner);
    const from = "tls@back.example";
    for (const id of ["1", "2"]) {
      const report = reportOf(domain, { id, contact: from });
      const mail = reportMail(report, { from });
      await mailIn(
        domain,
        id === "1" ? await signMail(mail, "back.example") : await signMail(mail, "back.example", { selector: "s2" }),
      );
    }
    await verifyAgain();
    expect(await rows(domain)).toMatchObject([{ dkim: "temporary" }, { dkim: "temporary" }]);
    isBack = true;
    // What nobody answered is not asked again for a moment.
    const later = performance.now() + 60_000;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => later);
    await verifyAgain().finally(() => clock.mockRestore());
    expect((await rows(domain)).map(({ dkim, held, counted }) => [dkim, held, counted]).toSorted()).toEqual([
      ["fail", true, false],
      ["pass", false, true],
    ]);
    await totalsAreRight(domain, 1);
  });

  it("costs so many lookups of keys and no more, however many its file names; the others are tried again", async () => {
    const domain = await makeDomain(owner);
    const count = MAX_FILE_KEYS + 10;
    const mails = await Promise.all(
      Array.from({ length: count }, (_, i) =>
        signMail(reportMail(reportOf(domain, { id: `${i}` })), "google.com", { selector: `many${i}` }),
      ),
    );
    const mbox = Buffer.concat(mails.flatMap((mail) => [Buffer.from("From a\r\n"), mail, Buffer.from("\r\n")]));
    const asked = () => [...askedNames].filter((name) => name.startsWith("many")).length;
    await mailIn(domain, mbox);
    expect(asked()).toBe(MAX_FILE_KEYS);
    const verdicts = async () => (await rows(domain)).map(({ dkim }) => dkim).toSorted();
    expect(await verdicts()).toEqual([...Array(MAX_FILE_KEYS).fill("pass"), ...Array(10).fill("temporary")]);
    await verifyAgain();
    expect(await verdicts()).toEqual(Array(count).fill("pass"));
    expect(asked()).toBe(count);
    await totalsAreRight(domain, count);
  });

  describe("whose key nobody answers for", async () => {
    const domain = await makeDomain(owner);
    const from = "tls@slow.example";
    const arrive = async (id: string, at: Date) => {
      const mail = await signMail(reportMail(reportOf(domain, { id, contact: from }), { from }), "slow.example");
      await receive([{ bytes: mail, fileName: null }], { domain, teamId: domain.teamId, door: "smtp" }, at);
    };
    const DAY_MS = 86_400_000;
    const tried = async (limit: number, run: Date) => {
      const found = await undecidedReports(4, limit, run);
      return found
        .filter(({ domainId }) => domainId === domain.id)
        .map(({ receivedAt }) => Math.round((NOW.getTime() - receivedAt.getTime()) / DAY_MS))
        .toSorted();
    };

    it("is tried in turn with the others, and once in a run", async () => {
      await sql("DELETE FROM reports WHERE dkim = 'temporary'", []);
      for (const days of [3, 2, 1]) await arrive(`${days}`, new Date(NOW.getTime() - days * DAY_MS));
      const [first, second] = [new Date(), new Date(Date.now() + 1)];
      expect(await tried(2, first)).toEqual([2, 3]);
      expect(await tried(1, second)).toEqual([1]);
      expect(await tried(9, second)).toEqual([2, 3]);
      expect(await tried(9, second)).toEqual([]);
    });

    it("is left to the next run when this one has taken long", async () => {
      for (let i = 0; i < 12; i++) await arrive(`more ${i}`, NOW);
      let now = performance.now();
      const clock = vi.spyOn(performance, "now").mockImplementation(() => {
        now += 4 * 60_000;
        return now;
      });
      const start = new Date();
      await verifyAgain().finally(() => clock.mockRestore());
      const [row] = await sql<{ count: string }>("SELECT count(*) FROM reports WHERE dkim_tried_at >= $1", [start]);
      expect(row?.count).toBe("10");
    });
  });

  it("never replaces one that counts while it is held, and a signed one replaces one that is held", async () => {
    const domain = await makeDomain(owner);
    await mailIn(domain, await signMail(reportMail(reportOf(domain)), "google.com"));
    const forged = { policies: [makePolicy({ domain: domain.name, successes: 0, failures: 999 })] };
    await mailIn(domain, reportMail(reportOf(domain, forged)));
    expect((await rows(domain)).map(({ counted }) => counted).toSorted()).toEqual([false, true]);
    await totalsAreRight(domain, 1);
    expect(await sql("SELECT 1 FROM day_totals WHERE domain_id = $1 AND failures > 0", [domain.id])).toEqual([]);
  });

  it("is another one than a stranger's with the same name and id, whoever signed that: both count", async () => {
    const domain = await makeDomain(owner);
    await mailIn(domain, await signMail(reportMail(reportOf(domain)), "google.com"));
    const from = "tls@back.example";
    isBack = true;
    const forged = reportOf(domain, {
      contact: from,
      policies: [makePolicy({ domain: domain.name, successes: 0, failures: 777 })],
    });
    const outcomes = await mailIn(domain, await signMail(reportMail(forged, { from }), "back.example"));
    isBack = false;
    expect(outcomes).toMatchObject([{ outcome: "stored", held: false }]);
    expect(await rows(domain)).toMatchObject([
      { counted: true, dkim_signer: "google.com" },
      { counted: true, dkim_signer: "back.example" },
    ]);
    await totalsAreRight(domain, 2);
  });

  it.each(["before", "after"])("is not replaced by one without a proof that comes %s it by HTTPS", async (when) => {
    const domain = await makeDomain(owner);
    const forged = { policies: [makePolicy({ domain: domain.name, successes: 0, failures: 999 })] };
    const inbox: Inbox = { domain, teamId: domain.teamId, door: "https" };
    const post = () => receive([file(reportOf(domain, forged))], inbox, NOW);
    if (when === "before") await post();
    await mailIn(domain, await signMail(reportMail(reportOf(domain)), "google.com"));
    if (when === "after") expect(await post()).toMatchObject([[{ outcome: "revision" }]]);
    expect((await rows(domain)).map(({ counted, dkim }) => [dkim, counted]).toSorted()).toEqual([
      [null, false],
      ["pass", true],
    ]);
    await totalsAreRight(domain, 1);
  });

  it("proves what came by HTTPS before with the same content, which nothing unproven replaces then", async () => {
    const domain = await makeDomain(owner);
    const inbox: Inbox = { domain, teamId: domain.teamId, door: "https" };
    const post = (report: unknown) => receive([file(report)], inbox, NOW);
    await post(reportOf(domain));
    const signed = await signMail(reportMail(reportOf(domain)), "google.com");
    expect(await mailIn(domain, signed)).toMatchObject([{ outcome: "duplicate" }]);
    expect(await rows(domain)).toMatchObject([{ counted: true, dkim: "pass", dkim_signer: "google.com" }]);
    await post(reportOf(domain, { policies: [makePolicy({ domain: domain.name, successes: 0, failures: 999 })] }));
    expect(await rows(domain)).toMatchObject([{ counted: true, dkim: "pass" }, { counted: false }]);
    await totalsAreRight(domain, 1);
  });

  it("counts when the same report comes again, signed", async () => {
    const domain = await makeDomain(owner);
    await mailIn(domain, reportMail(reportOf(domain)));
    const signed = await signMail(reportMail(reportOf(domain)), "google.com");
    expect(await mailIn(domain, signed)).toMatchObject([{ outcome: "stored", held: false }]);
    expect(await mailIn(domain, signed)).toMatchObject([{ outcome: "duplicate" }]);
    expect(await rows(domain)).toMatchObject([{ counted: true, held: false, dkim: "pass" }]);
    await totalsAreRight(domain, 1);
  });

  it("counts by upload, where a person vouches; its signature is told all the same", async () => {
    const domain = await makeDomain(owner);
    expect(await upload(domain, [{ bytes: reportMail(reportOf(domain)), fileName: "a.eml" }])).toMatchObject([
      { held: false },
    ]);
    expect(await rows(domain)).toMatchObject([{ counted: true, held: false, dkim: "none" }]);
  });
});

describe("a team", () => {
  it("can trust a reporter: what is held counts, and what comes later; and can stop that", async () => {
    const team = await makeOwner();
    const domains = [await makeDomain(team), await makeDomain(team)];
    for (const domain of domains) await mailIn(domain, reportMail(reportOf(domain, { organization: "Small Co" })));
    const [domain] = domains as [DomainRow, DomainRow];
    await mailIn(domain, reportMail(reportOf(domain, { organization: "Other" })));
    expect(await trustReporter(team.team.id, "Small Co", team.user)).toBe(2);
    expect(await trustReporter(team.team.id, "Small Co", team.user)).toBe(0);
    expect(await trustedReporters(team.team.id)).toMatchObject([{ organization: "Small Co" }]);
    for (const one of domains) await totalsAreRight(one, 1);
    const next = { organization: "Small Co", id: "next", day: "2026-11-02" };
    expect(await mailIn(domain, reportMail(reportOf(domain, next)))).toMatchObject([{ held: false }]);
    await distrustReporter(team.team.id, "Small Co", team.user);
    const last = { organization: "Small Co", id: "last", day: "2026-11-03" };
    expect(await mailIn(domain, reportMail(reportOf(domain, last)))).toMatchObject([{ held: true }]);
    const trail = await sql(
      "SELECT action FROM audit_events WHERE team_id = $1 AND action LIKE 'reporter.%' ORDER BY id",
      [team.team.id],
    );
    expect(trail).toEqual([{ action: "reporter.trusted" }, { action: "reporter.distrusted" }]);
  });

  it("can count all mail, or believe its own relay", async () => {
    const team = await makeOwner();
    const domain = await makeDomain(team);
    const header = "Authentication-Results: mx.team.example; dkim=pass header.d=google.com";
    const stated = (id: string) => reportMail(reportOf(domain, { id }), { headers: [header] });
    await changeReportPolicy(team.team.id, { holdUnverified: true, authservIds: ["mx.team.example"] }, team.user);
    expect(await mailIn(domain, stated("1"))).toMatchObject([{ held: true }]); // straight from a stranger
    expect(await mailIn(domain, stated("2"), { behindRelay: true })).toMatchObject([{ held: false }]);
    await changeReportPolicy(team.team.id, { holdUnverified: false, authservIds: [] }, team.user);
    expect(await mailIn(domain, stated("3"))).toMatchObject([{ held: false }]);
    await totalsAreRight(domain, 2);
  });
});

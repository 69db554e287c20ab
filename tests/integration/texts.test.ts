import { expect, it } from "vitest";
import { failuresOf, reportsOf, reportWithAll } from "#lib/db/read-reports.ts";
import { failuresByCause, failuresByMx, sessionsByDay, sessionsByReporter } from "#lib/db/read-totals.ts";
import { overviewOf } from "#lib/domains/overview.ts";
import { addDays, dayOf } from "#lib/failures/period.ts";
import { makePolicy } from "#prisma/seed.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, kinds, makeDomain, reportAbout, totalsOf, upload } from "./reports.ts";

await ownDatabase();

const owner = await makeOwner();
const DAY = addDays(dayOf(new Date()), -1);
const all = { organization: null, resultType: null, cause: null, mx: null, door: null, outcome: null };
const ofDay = { ...all, from: DAY, to: DAY, policyType: "sts" };
const page = { skip: 0, take: 50 };

/** A report with the same text in every place that takes text. */
function reportOf(domain: string, text: string) {
  const detail = {
    ...{ "result-type": `r${text}`, "sending-mta-ip": text, "receiving-mx-hostname": text, "receiving-ip": text },
    ...{ "receiving-mx-helo": text, "additional-information": text, "failure-reason-code": text },
    "failed-session-count": 2,
  };
  const { policy, ...rest } = makePolicy({ domain });
  const odd = { policy: { ...policy, "policy-type": `t${text}`, "policy-string": [text, text], "mx-host": [text] } };
  const known = { policy: { ...policy, "policy-string": [text], "mx-host": [text] } };
  return {
    ...reportAbout(domain, { day: DAY }),
    ...{ "organization-name": text, "contact-info": text, "report-id": text },
    policies: [known, odd].map((one) => ({
      ...rest,
      ...one,
      "failure-details": [detail, { ...detail, "receiving-ip": "" }],
    })),
  };
}

it.each([
  ["4-byte characters", "🔐".repeat(4_096)],
  ["3-byte characters", "\uffee".repeat(4_096)],
  ["half pairs where texts are cut", `x${"🔐".repeat(4_096)}`],
  ["NUL", "a\0b"],
  ["nothing but NUL", "\0"],
  ["lone surrogates", "a\ud83db\udd10c\ud83d"],
  ["controls and quotes", "\u0001\b\u001f\u007f\u0085\"'\\\\u0000 {}[]%_$1;--\r\n"],
  ["bidirectional marks", "\u202emoc.elgoog\u2066"],
])("%s in every text are stored, read and counted", async (_, text) => {
  const domain = await makeDomain(owner);
  const report = reportOf(domain.name, text);
  const outcomes = await upload(domain, [file(report, text.slice(0, 200))]);
  expect(kinds(outcomes)).toEqual(["stored"]);
  expect(kinds(await upload(domain, [file(report)]))).toEqual(["duplicate"]);
  // Without an id there are no revisions.
  const again = kinds(await upload(domain, [file({ ...report, more: 1 })]));
  expect(again).toEqual([text === "\0" ? "stored" : "revision"]);
  const { standing, summed } = await totalsOf(domain.id);
  expect(standing).toEqual(summed);
  const count = again[0] === "stored" ? 2 : 1;
  expect(await sessionsByDay(domain.id, ofDay)).toEqual([
    { day: DAY, reports: count, successes: 100 * count, failures: 0 },
  ]);
  const [reporter] = await sessionsByReporter(domain.id, ofDay);
  const [cause] = await failuresByCause(domain.id, ofDay);
  const [mx] = await failuresByMx(domain.id, ofDay);
  expect([cause?.sessions, mx?.sessions]).toEqual([4 * count, 4 * count]);
  // What the pages link to finds the rows that it counts.
  const byReporter = { ...ofDay, organization: reporter?.organization ?? "none" };
  expect((await reportsOf(domain.id, byReporter, page)).total).toBe(2);
  const byAll = {
    ...byReporter,
    resultType: cause?.resultType ?? "none",
    cause: cause?.cause ?? "none",
    mx: mx?.mx ?? "none",
  };
  expect(await failuresOf(domain.id, byAll, page)).toMatchObject({ total: 2 * count, sessions: 4 * count });
  const [first] = (await reportsOf(domain.id, ofDay, page)).reports;
  JSON.stringify(await reportWithAll(domain.id, first?.id ?? ""), (_, value) => {
    if (typeof value === "string") expect([value.isWellFormed(), value.includes("\0")]).toEqual([true, false]);
    return value;
  });
});

it("the largest counts, many times, overflow nothing", async () => {
  const domain = await makeDomain(owner);
  const most = Number.MAX_SAFE_INTEGER;
  const details = Array.from({ length: 20 }, () => ({
    "result-type": "certificate-expired",
    "failed-session-count": most,
  }));
  const policies = Array.from({ length: 20 }, () =>
    makePolicy({ domain: domain.name, successes: most, failures: most, details }),
  );
  const files = Array.from({ length: 60 }, (_, index) =>
    file(reportAbout(domain.name, { day: DAY, id: String(index), policies })),
  );
  expect(new Set(kinds(await upload(domain, files)))).toEqual(new Set(["stored"]));
  const { standing, summed } = await totalsOf(domain.id);
  expect(standing).toEqual(summed);
  expect(standing[0]).toEqual([
    expect.objectContaining({ reports: "60", successes: (BigInt(most) * 1_200n).toString() }),
  ]);
  const sessions = most * 1_200;
  expect(await sessionsByDay(domain.id, ofDay)).toEqual([
    { day: DAY, reports: 60, successes: sessions, failures: sessions },
  ]);
  expect(await failuresByCause(domain.id, ofDay)).toMatchObject([{ sessions: most * 24_000 }]);
  expect((await failuresOf(domain.id, ofDay, page)).sessions).toBe(most * 24_000);
  expect((await reportsOf(domain.id, ofDay, page)).reports[0]).toMatchObject({ successes: most * 20 });
  const view = { text: domain.name, state: null, sort: "failures", descending: true, skip: 0, take: 1 } as const;
  expect((await overviewOf(owner.team.id, view)).rows).toMatchObject([{ successes: sessions, failures: sessions }]);
});

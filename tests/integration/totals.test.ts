import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sql } from "#lib/db/client.ts";
import type { DomainRow } from "#lib/db/domains.ts";
import { failuresByCause, sessionsByDay, sessionsByPolicyType } from "#lib/db/read-totals.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { makeZip } from "#tests/unit/reports/make-zip.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, kinds, makeDomain, rowsOf, totalsOf, upload } from "./reports.ts";

await ownDatabase();

const owner = await makeOwner();

const result = fc.record({
  type: fc.constantFrom("sts", "tlsa", "no-policy-found"),
  successes: fc.nat(1_000),
  details: fc.array(
    fc.record({
      "result-type": fc.constantFrom("certificate-expired", "validation-failure", ""),
      "failed-session-count": fc.nat(50),
      "receiving-mx-hostname": fc.constantFrom("mx1.example.org", "mx2.example.org"),
    }),
    { maxLength: 3 },
  ),
});

/** A report out of a small world, so that the same one, and other versions of it, come often. */
const arrival = fc.record({
  organization: fc.constantFrom("Google Inc.", "Microsoft Corporation"),
  id: fc.constantFrom("a", "b"),
  day: fc.constantFrom("2026-10-31", "2026-11-01"),
  results: fc.array(result, { minLength: 1, maxLength: 2 }),
  container: fc.constantFrom("json", "gzip", "zip"),
});
type Made = typeof arrival extends fc.Arbitrary<infer T> ? T : never;

/** Batches of arrivals; a number in the place of one is that earlier arrival of the sequence once more. */
const sequence = fc.array(fc.array(fc.oneof(arrival, fc.nat(20)), { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 5,
});

function inContainer({ container }: Made, report: unknown) {
  const json = JSON.stringify(report);
  if (container === "gzip") return { bytes: gzipSync(json), fileName: null };
  if (container === "zip") return { bytes: makeZip([{ name: "r.json", data: json }]), fileName: null };
  return { bytes: Buffer.from(json), fileName: null };
}

const reportOf = (domain: DomainRow, { organization, id, day, results }: Made) =>
  makeReport({
    ...{ organization, id, day },
    policies: results.map((options) => makePolicy({ domain: domain.name, ...options })),
  });

it("totals are the sums of the reports that count, after any sequence of new, known and revised reports", async () => {
  await fc.assert(
    fc.asyncProperty(sequence, async (batches) => {
      const domain = await makeDomain(owner);
      const made: Made[] = [];
      const latest = new Map<string, Made>();
      const seen = new Set<string>();
      for (const batch of batches) {
        const arrivals: Made[] = [];
        for (const one of batch) {
          const before = typeof one === "number" ? made[one % Math.max(1, made.length)] : one;
          if (before !== undefined) arrivals.push(before);
        }
        made.push(...arrivals);
        const expected = arrivals.map((one) => {
          const [identity, content] = [
            `${one.organization} ${one.id} ${one.day}`,
            JSON.stringify(reportOf(domain, one)),
          ];
          if (seen.has(content)) return "duplicate";
          seen.add(content);
          const kind = latest.has(identity) ? "revision" : "stored";
          latest.set(identity, one);
          return kind;
        });
        const files = arrivals.map((one) => inContainer(one, reportOf(domain, one)));
        expect(kinds(await upload(domain, files))).toEqual(expected);
      }
      const { standing, summed } = await totalsOf(domain.id);
      expect(standing).toEqual(summed);

      // The same once more, without the database.
      const results = [...latest.values()].flatMap(({ day, results }) => results.map((one) => ({ day, ...one })));
      const failed = (one: (typeof results)[number]) =>
        one.details.reduce((sum, detail) => sum + detail["failed-session-count"], 0);
      for (const type of new Set(results.map((one) => one.type))) {
        const ofType = results.filter((one) => one.type === type);
        const all = { from: "2026-10-01", to: "2026-11-30", policyType: type };
        const filter = { ...all, organization: null, resultType: null, cause: null, mx: null };
        const days = await sessionsByDay(domain.id, filter);
        for (const day of new Set(ofType.map((one) => one.day))) {
          const ofDay = ofType.filter((one) => one.day === day);
          expect(days.find((one) => one.day === day)).toMatchObject({
            successes: ofDay.reduce((sum, one) => sum + one.successes, 0),
            failures: ofDay.reduce((sum, one) => sum + failed(one), 0),
          });
        }
        const causes = await failuresByCause(domain.id, filter);
        const total = ofType.reduce((sum, one) => sum + failed(one), 0);
        expect(causes.reduce((sum, cause) => sum + cause.sessions, 0)).toBe(total);
      }
      const types = await sessionsByPolicyType(domain.id, "2026-10-01", "2026-11-30");
      expect(new Set(types.map(({ policyType }) => policyType))).toEqual(new Set(results.map((one) => one.type)));
      const [row] = await sql(
        "SELECT count(*)::int AS reports, (count(*) FILTER (WHERE counted))::int AS counted FROM reports WHERE domain_id = $1",
        [domain.id],
      );
      expect(row).toEqual({ reports: seen.size, counted: latest.size });
    }),
    { numRuns: 40 },
  );
}, 60_000);

it("twenty senders at the same moment lose nothing and double nothing", async () => {
  const domain = await makeDomain(owner);
  const day = (number: number) => `2026-10-${String(number).padStart(2, "0")}`;
  const report = (number: number, successes: number) =>
    file(makeReport({ day: day(number), policies: [makePolicy({ domain: domain.name, successes })] }));
  // Each sends one of its own, one that all send, and a version of one that each sends in another form.
  const sent = await Promise.all(
    Array.from({ length: 20 }, (_, sender) =>
      upload(domain, [
        report(sender + 1, 1),
        report(30, 7),
        report(31, sender),
        { bytes: Buffer.from("?"), fileName: null },
      ]),
    ),
  );
  const all = sent.map(kinds);
  expect(all.map(([own]) => own)).toEqual(Array.from({ length: 20 }, () => "stored"));
  expect(all.filter(([, shared]) => shared === "stored")).toHaveLength(1);
  expect(all.filter(([, shared]) => shared === "duplicate")).toHaveLength(19);
  expect(all.filter(([, , version]) => version === "stored")).toHaveLength(1);
  expect(all.filter(([, , version]) => version === "revision")).toHaveLength(19);
  expect(await rowsOf(domain.id)).toEqual({
    ...{ reports: 41, policy_results: 41, raw_files: 41, day_totals: 22, quarantined: 1 },
  });
  const { standing, summed } = await totalsOf(domain.id);
  expect(standing).toEqual(summed);
});

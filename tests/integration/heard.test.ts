import { expect, it } from "vitest";
import { heardByDoor } from "#lib/db/heard.ts";
import { receive } from "#lib/reports/receive.ts";
import { reportMail } from "#tests/unit/reports/sign-mail.ts";
import { ownDatabase } from "./database.ts";
import { makeOwner } from "./people.ts";
import { file, makeDomain, reportAbout } from "./reports.ts";

await ownDatabase();
const owner = await makeOwner();
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

it("tells for each door the last report and how many came lately", async () => {
  const [domain, other] = [await makeDomain(owner), await makeDomain(owner)];
  const arrive = (door: "https" | "upload", day: string, organization: string, at: Date, to = domain) => {
    const report = file(reportAbout(to.name, { day, organization }));
    return receive([report], { domain: to, teamId: to.teamId, door }, at);
  };
  await arrive("https", "2026-10-01", "Old", daysAgo(31));
  await arrive("https", "2026-11-02", "Google Inc.", daysAgo(1));
  await arrive("https", "2026-11-01", "Microsoft", daysAgo(2));
  await arrive("upload", "2026-09-01", "By hand", daysAgo(40));
  await arrive("https", "2026-11-03", "Elsewhere", daysAgo(0), other);
  expect(await heardByDoor(domain.id, ["smtp", "https", "upload"])).toEqual([
    { door: "https", organization: "Google Inc.", day: "2026-11-02", receivedAt: expect.any(Date), recent: 2 },
    { door: "upload", organization: "By hand", day: "2026-09-01", receivedAt: expect.any(Date), recent: 0 },
  ]);
  expect(await heardByDoor(domain.id, ["smtp"])).toEqual([]);
});

it("does not tell of a report that is held, which anybody may have written", async () => {
  const domain = await makeDomain(owner);
  const arrive = (door: "https" | "smtp", id: string, at: Date, bytes = file(reportAbout(domain.name, { id })).bytes) =>
    receive([{ bytes, fileName: null }], { domain, teamId: domain.teamId, door }, at);
  const forged = (id: string) => reportMail(reportAbout(domain.name, { id }));
  expect(await arrive("smtp", "1", daysAgo(1), forged("1"))).toMatchObject([[{ held: true }]]);
  expect(await heardByDoor(domain.id, ["smtp", "https"])).toEqual([]);
  await arrive("https", "2", daysAgo(2));
  expect(await heardByDoor(domain.id, ["smtp", "https"])).toMatchObject([{ door: "https", recent: 1 }]);
});

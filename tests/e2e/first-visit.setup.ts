import { gzipSync } from "node:zlib";
import { addDays, dayOf } from "#lib/failures/period.ts";
import { makePolicy, makeReport, makeReportFile } from "#prisma/seed.ts";
import { dropFiles, expect, expectAccessible, OWNER, OWNER_STATE, TEAM, test } from "./fixtures.ts";

const DOMAIN = "mx-not-covered-testing.test";
const HOST = `mx1.${DOMAIN}`;
const dayBefore = (days: number) => addDays(dayOf(new Date()), -days);

/** Reports as Google and Microsoft would have written them about the lab's domain, with the failure that it has. */
function reports() {
  const details = [
    {
      "result-type": "validation-failure",
      "failed-session-count": 12,
      "sending-mta-ip": "192.0.2.1",
      "receiving-mx-hostname": HOST,
    },
  ];
  return [2, 3].flatMap((days) => [
    makeReportFile(
      makeReport({ day: dayBefore(days), policies: [makePolicy({ domain: DOMAIN, successes: 488, details })] }),
    ),
    makeReportFile(
      makeReport({
        ...{ organization: "Microsoft Corporation", contact: "tlsrpt-noreply@microsoft.com", day: dayBefore(days) },
        policies: [
          makePolicy({ domain: DOMAIN, successes: 250 }),
          makePolicy({ type: "tlsa", domain: DOMAIN, successes: 250 }),
        ],
      }),
    ),
  ]);
}

test("the first visit: from the start page to charts and the checklist", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Is mail to your domain protected");
  await expectAccessible(page);

  await page.getByRole("link", { name: "Sign up" }).click();
  await page.getByLabel("Your name").fill(OWNER.name);
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password").fill("short");
  await page.getByLabel("Team name").fill(OWNER.team);
  // The browser itself knows the least length; the server's word is asked for without it.
  await page.getByLabel("Password").evaluate((input: HTMLInputElement) => input.removeAttribute("minlength"));
  await page.getByRole("button", { name: "Create the account" }).click();
  await expect(page.getByText("needs at least 12 characters; this one has 5")).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toHaveValue(OWNER.email);
  await expectAccessible(page);
  await page.getByLabel("Password").fill(OWNER.password);
  await page.getByRole("button", { name: "Create the account" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Acme Mail has no domains yet");
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Domain" }).fill("https://nonsense/");
  await page.getByRole("button", { name: "Add the domain" }).click();
  await expect(page.locator("#domain-error")).toBeVisible();
  await page.getByRole("textbox", { name: "Domain" }).fill(DOMAIN);
  await page.getByRole("button", { name: "Add the domain" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${DOMAIN} is not ready to enforce: 3 steps left`);
  const rollout = page.getByRole("region", { name: "Rollout" });
  const step = (name: string) => rollout.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });
  await expect(step("Publish the policy in testing")).toContainText("Done");
  await expect(step("Cover every mail host")).toContainText(`${HOST} is not in the policy`);
  await expect(rollout.getByText(`mx: ${HOST}`)).toBeVisible();
  await expect(page.getByRole("region", { name: "No reports yet" })).toBeVisible();
  await expectAccessible(page);

  await dropFiles(page.getByText("Drop report files or mails here"), [
    ...reports().map(({ fileName, bytes }) => ({ name: fileName, bytes })),
    { name: "dmarc.xml.gz", bytes: gzipSync("<?xml version='1.0'?><feedback><report_metadata/></feedback>") },
    { name: "cut-off.json.gz", bytes: gzipSync(JSON.stringify(makeReport())).subarray(0, 150) },
  ]);
  await expect(page.getByText("6 of 6 files sent: 4 stored, 2 not taken.")).toBeVisible();
  const outcomes = page.getByRole("list", { name: "Outcome of each file" });
  await expect(outcomes.getByRole("listitem").filter({ hasText: "dmarc.xml.gz" })).toContainText("Quarantined");

  const sessions = page.getByRole("region", { name: "Sessions under MTA-STS" });
  await expect(sessions.getByRole("figure")).toContainText("24 of 1,500 sessions failed on the 2 days with a report");
  await expect(sessions.locator("svg.recharts-surface")).toHaveCount(2);
  await sessions.getByText("Show as table").click();
  await expect(sessions.getByRole("row").filter({ hasText: "488" })).toHaveCount(0);
  await expect(sessions.getByRole("row").filter({ hasText: "738" })).toHaveCount(2);
  await expect(
    page.getByRole("navigation", { name: "Policy type" }).getByRole("link", { name: /DANE 500 sessions/ }),
  ).toBeVisible();
  await expectAccessible(page);

  const byResult = page.getByRole("region", { name: "Failures by result type", exact: true });
  await expect(byResult.getByRole("row").filter({ hasText: "validation-failure → mx-not-in-policy" })).toContainText(
    "24",
  );
  await byResult.getByRole("link", { name: "Mail host is not in the policy" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("24 failed sessions");
  await expectAccessible(page);
  await page.getByRole("table").getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Report of Google Inc.");
  await expect(page.getByRole("table")).toContainText(HOST);
  await expectAccessible(page);

  await page.getByRole("link", { name: "Quarantine" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("2 files in quarantine");
  await expect(page.getByRole("row").filter({ hasText: "cut-off.json.gz" })).toContainText("truncated-gzip");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: /Download dmarc/ }).click();
  expect((await download).suggestedFilename()).toBe("dmarc.xml.gz");

  await page.goto(TEAM);
  await expect(page.getByRole("row").filter({ hasText: DOMAIN })).toContainText("24 of 1,500 (1.6 %)");
  await expectAccessible(page);
  await page.context().storageState({ path: OWNER_STATE });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { addDays, dayOf } from "#lib/failures/period.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { reportMail } from "#tests/unit/reports/sign-mail.ts";
import { expect, lookAt, mailIn, OWNER_STATE, test } from "./fixtures.ts";

// What waits for a person, from its arrival to the decision; in a team of its own.
test.describe.configure({ mode: "serial" });
test.use({ storageState: OWNER_STATE });

const TEAM = "/teams/tray-keepers";
const DOMAIN = "healthy.test";
const OTHER = "cert-expired.test";
const BASE = `${TEAM}/domains/${DOMAIN}`;
/** A name that would turn the letters after it round, and is markup. */
const HOSTILE = "<b>Small\u202e Co";
const SHOWN = "<b>Small\\u{202e} Co";

const dayBefore = (days: number) => addDays(dayOf(new Date()), -days);
const reportOf = (organization: string, days: number, domain = DOMAIN, successes = 10) =>
  makeReport({ organization, day: dayBefore(days), policies: [makePolicy({ domain, successes })] });

async function tokenIn(page: Page): Promise<string> {
  await page.goto(`${BASE}/settings`);
  return /\/api\/tls-reports\/([a-z2-9]{26})/.exec(await page.content())?.[1] ?? "";
}

async function upload(page: Page, name: string, bytes: Buffer): Promise<void> {
  const file = { name, mimeType: "application/octet-stream", buffer: bytes };
  const answer = await page.request.post(`/api${BASE}/reports`, { multipart: { file } });
  expect(answer.status()).toBe(200);
}

test("a domain without reports says what to publish, and what to look at while none come", async ({ page }) => {
  await page.goto("/teams/new");
  await page.getByLabel("Team name").fill("Tray Keepers");
  await page.getByRole("button", { name: "Create the team" }).click();
  await expect(page).toHaveURL(TEAM);
  for (const name of [OTHER, DOMAIN]) {
    await page.goto(TEAM);
    await page.getByRole("textbox", { name: "Domain" }).fill(name);
    await page.getByRole("button", { name: "Add the domain" }).click();
    await expect(page).toHaveURL(`${TEAM}/domains/${name}`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  }
  const token = await tokenIn(page);
  await page.goto(BASE);
  const empty = page.getByRole("region", { name: "No reports yet" });
  await expect(empty).toContainText(`v=TLSRPTv1; rua=mailto:${token}@reports.sealpost.test`);
  await empty.getByRole("link", { name: "Have we heard from anyone?" }).click();
  const heard = page.getByRole("region", { name: "Have we heard from anyone?", exact: true });
  await expect(heard).toContainText("Nothing yet.");
  await expect(heard).toContainText("A record is published, without this inbox.");
  await expect(page.getByRole("region", { name: "Inbox for reports" })).toContainText(
    "SEALPOST_URL is no such address",
  );
  await lookAt(page, `${BASE}/settings`, "settings_nothing_heard");
  await lookAt(page, `${BASE}/reports`, "reports_none");
  await lookAt(page, `${BASE}/unclaimed`, "unclaimed_empty");
});

test("a report that nobody has signed is held, and counts once a person says so", async ({ page }) => {
  const token = await tokenIn(page);
  await mailIn(token, reportMail(reportOf("Small Co", 1), { domain: DOMAIN }));
  await page.goto(BASE);
  const notice = page.getByText("1 report is held, and not counted");
  await expect(notice).toBeVisible();
  await page.getByRole("link", { name: "1 report by Small Co" }).click();
  const row = page.getByRole("row").filter({ hasText: "Small Co" });
  await expect(row).toContainText("Held");
  await expect(row).toContainText("Not signed");
  await expect(row).toContainText("SMTP");
  await lookAt(page, new URL(page.url()).pathname + new URL(page.url()).search, "reports_held");
  await row.getByRole("link").first().click();
  await expect(page.getByText("This report is held, and not counted")).toBeVisible();
  await page.getByRole("link", { name: "Show JSON and mail header" }).click();
  const sent = page.getByRole("region", { name: "As it was sent" });
  await expect(sent).toContainText("noreply-smtp-tls-reporting@google.com");
  await sent.getByText("Policy 1 of 1 (JSON)").click();
  await expect(sent).toContainText('"total-successful-session-count": 10');
  await lookAt(page, new URL(page.url()).pathname + new URL(page.url()).search, "report_held");
  await page.getByText("Count this one …").click();
  await page.getByRole("button", { name: "Count this one" }).click();
  await expect(page.getByRole("status").getByText("The report is counted from now on.")).toBeVisible();
  await page.goto(BASE);
  await expect(notice).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Sessions under MTA-STS" })).toContainText(
    "No session failed on the one day with a report",
  );
});

test("a reporter can be trusted, whatever its name, and no longer", async ({ page }) => {
  const token = await tokenIn(page);
  for (const days of [2, 3]) await mailIn(token, reportMail(reportOf(HOSTILE, days), { domain: DOMAIN }));
  await page.goto(`${BASE}/reports`);
  await page.getByText(`Trust ${SHOWN} from now on …`).click();
  await expect(page.getByText("Anybody can send mail under that name").first()).toBeVisible();
  await lookAt(page, `${BASE}/reports`, "reports_hostile_name");
  await page.getByText(`Trust ${SHOWN} from now on …`).click();
  await page.getByRole("button", { name: "Trust this reporter" }).click();
  await expect(page.getByText("2 reports that were held are counted.")).toBeVisible();
  await page.goto(`${TEAM}/settings`);
  await expect(page.getByRole("list", { name: "Trusted reporters" })).toContainText(SHOWN);
  await page.getByLabel("Mail systems whose verdict").fill("mx.example.org; dkim=pass");
  await page.getByRole("button", { name: "Save how reports by mail are judged" }).click();
  await expect(page.getByText("is no name of a mail system")).toBeVisible();
  await page.getByLabel("Mail systems whose verdict").fill("mx.example.org");
  await page.getByRole("button", { name: "Save how reports by mail are judged" }).click();
  await expect(page.getByText("Saved: reports without a valid signature are held")).toBeVisible();
  await lookAt(page, `${TEAM}/settings`, "team_settings_trusted");
  await page.getByRole("button", { name: "Stop trusting" }).click();
  await expect(page.getByText("None. A reporter whose mails cannot be verified")).toBeVisible();
});

test("a report about another domain is unclaimed until a person assigns it", async ({ page }) => {
  await upload(page, "lost.json", Buffer.from(JSON.stringify(reportOf("Google Inc.", 1, "nobody.example"))));
  await page.goto(`${BASE}/unclaimed`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("1 report is unclaimed");
  await lookAt(page, `${BASE}/unclaimed`, "unclaimed");
  const row = page.getByRole("row").filter({ hasText: "lost.json" });
  await row.getByLabel("Assign to").fill("elsewhere.example");
  await row.getByRole("button", { name: "Assign" }).click();
  await expect(row.getByText("elsewhere.example is none of the team's domains.")).toBeVisible();
  await row.getByLabel("Assign to").fill(OTHER);
  await row.getByRole("button", { name: "Assign" }).click();
  await expect(page.getByText("The file was read again: 1 report stored and counted.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No report is unclaimed");
  await page.goto(`${TEAM}/domains/${OTHER}/reports`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1 report from");
});

test("what cannot be read is tried again, and discarded", async ({ page }) => {
  await upload(page, "\u202egpj.exe", Buffer.from("nothing to see"));
  await page.goto(`${BASE}/quarantine`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("1 file in quarantine");
  await expect(page.getByRole("table")).toContainText("\\u{202e}gpj.exe");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Still not taken. This is text, not a TLS report.")).toBeVisible();
  await page.getByText("Discard …").click();
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByText("The file is removed for good.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The quarantine is empty");
});

test("a tray of several pages stays at the page that one works on, and then at the last", async ({ page }) => {
  for (const part of [0, 1]) {
    const form = new FormData();
    for (let number = 0; number < 26; number++)
      form.append("file", new File([`{"${part}": ${number}`], `broken-${part}-${number}.json`));
    expect((await page.request.post(`/api${BASE}/reports`, { multipart: form })).status()).toBe(200);
  }
  await page.goto(`${BASE}/quarantine?page=2`);
  await expect(page.getByRole("row")).toHaveCount(3);
  for (const left of [1, 50]) {
    await page.getByText("Discard …").last().click();
    await page.getByRole("button", { name: "Discard" }).last().click();
    await expect(page).toHaveURL(left === 1 ? /done=discarded&page=2$/ : /done=discarded&page=1$/);
    await expect(page.getByRole("status").getByText("The file is removed for good.")).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(left + 1);
  }
  const all = page.getByRole("region", { name: "All on this page" });
  await all.getByRole("button", { name: "Try these 50 again" }).click();
  await expect(all.getByText("None of them can be taken yet.")).toBeVisible();
  await lookAt(page, `${BASE}/quarantine`, "quarantine_full");
  await all.getByText("Discard these 50 …").click();
  await all.getByRole("button", { name: "Discard 50 files" }).click();
  await expect(page.getByRole("status").getByText("50 files are removed for good.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The quarantine is empty");
});

test("the inbox gets a new address, and the one before works for a while", async ({ page }) => {
  const before = await tokenIn(page);
  await page.getByText("Change the address …").click();
  await page.getByLabel("The old address works for").selectOption("7");
  await page.getByRole("button", { name: "Change the address" }).click();
  const inbox = page.getByRole("region", { name: "Inbox for reports" });
  await expect(page.getByRole("status").getByText("The inbox has a new address.")).toBeVisible();
  await expect(inbox.getByText("The old address still works")).toBeVisible();
  await expect(inbox.getByLabel("The old address works for")).toBeHidden();
  await expect(inbox).not.toContainText(before);
  await lookAt(page, `${BASE}/settings`, "settings_rotated");
  const report = JSON.stringify(reportOf("Google Inc.", 5));
  const headers = { "content-type": "application/tlsrpt+json" };
  const sent = await page.request.post(`/api/tls-reports/${before}`, { data: Buffer.from(report), headers });
  expect(sent.status()).toBe(201);
  await page.goto(`${BASE}/settings`);
  const heard = page.getByRole("region", { name: "Have we heard from anyone?", exact: true });
  await expect(heard).toContainText("by HTTPS, from Google Inc.");
  await page.goto(`${TEAM}/audit`);
  await expect(page.getByRole("row").filter({ hasText: "inbox.rotated" })).toHaveCount(1);
});

test("how long reports are kept is shown before it is saved", async ({ page }) => {
  await upload(page, "old.json", Buffer.from(JSON.stringify(reportOf("Google Inc.", 100))));
  await page.goto(`${TEAM}/settings`);
  await page.getByLabel("Days to keep details").fill("60");
  await page.getByRole("button", { name: "Show what this would remove" }).click();
  const preview = page.getByRole("status").filter({ hasText: "What this would remove" });
  await expect(preview).toContainText("the details of 1 report about days before");
  await lookAt(page, `${TEAM}/settings?detailDays=60&rawDays=90`, "team_settings_preview");
  await page.getByRole("button", { name: "Save, and remove it tonight" }).click();
  await expect(page.getByText("Saved. What is past its time is removed")).toBeVisible();
  await expect(page.getByText("Details are kept for 60 days")).toBeVisible();
});

test("a folder goes up in several requests, without what the desktop keeps in it", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "sealpost-folder-"));
  try {
    mkdirSync(join(folder, "deeper"));
    writeFileSync(join(folder, ".DS_Store"), "hidden");
    writeFileSync(join(folder, "deeper", "note.txt"), "no report");
    for (let number = 0; number < 205; number++) {
      const place = number % 2 === 0 ? folder : join(folder, "deeper");
      writeFileSync(join(place, `${number}.json`), JSON.stringify(reportOf(`Reporter ${number}`, 6)));
    }
    await page.goto(BASE);
    await page.getByLabel("Folder of reports").setInputFiles(folder);
    await expect(page.getByText("206 of 206 files sent: 205 stored, 1 not taken.")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole("list", { name: "Outcome of each file" })).toContainText("/deeper/note.txtQuarantined");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("reports and failures can be had as CSV, with strangers' texts as text", async ({ page }) => {
  await upload(page, "formula.json", Buffer.from(JSON.stringify(reportOf("=1+1\r\n<b>", 7))));
  await page.goto(`${BASE}/reports?from=${dayBefore(7)}&to=${dayBefore(7)}`);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`reports-of-${DOMAIN}.csv`);
  const lines = readFileSync(await file.path(), "utf8").split("\r\n");
  expect(lines[1]).toContain(`${dayBefore(7)},'=1+1\\u{d}\\u{a}<b>,`);
  expect(lines).toHaveLength(3);
});

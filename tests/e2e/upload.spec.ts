import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { addDays, dayOf } from "#lib/failures/period.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { expect, expectAccessible, OWNER_STATE, test } from "./fixtures.ts";

// Files as a person brings them: dragged, chosen by keyboard, too large, and with a server that goes away.
test.use({ storageState: OWNER_STATE });
test.describe.configure({ mode: "serial" });

const TEAM = "/teams/bringers";
const DOMAIN = "healthy.test";
const BASE = `${TEAM}/domains/${DOMAIN}`;

const report = (organization: string, domain = DOMAIN) =>
  JSON.stringify(
    makeReport({
      organization,
      day: addDays(dayOf(new Date()), -2),
      policies: [makePolicy({ domain, successes: 10 })],
    }),
  );
const file = (name: string, text: string | Buffer) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
const card = (page: Page) => page.getByRole("region", { name: "Add reports" });
const outcomes = (page: Page) => page.getByRole("list", { name: "Outcome of each file" }).getByRole("listitem");

/** Drags files and folders of the disk onto the page, as the desktop hands them over: a script's own drop has no folders. */
async function drag(page: Page, paths: string[]): Promise<void> {
  const target = page.getByText("Drop report files or mails here");
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  const at = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 10 };
  const devtools = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await devtools.send("Input.dispatchDragEvent", {
      ...{ type, ...at, data: { items: [], files: paths, dragOperationsMask: 1 } },
    });
  }
  await devtools.detach();
}

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage({ storageState: OWNER_STATE });
  await page.goto("/teams/new");
  await page.getByLabel("Team name").fill("Bringers");
  await page.getByRole("button", { name: "Create the team" }).click();
  await expect(page).toHaveURL(TEAM);
  await page.getByRole("textbox", { name: "Domain" }).fill(DOMAIN);
  await page.getByRole("button", { name: "Add the domain" }).click();
  await expect(page).toHaveURL(BASE);
  await page.close();
});

test("a folder is dropped with all that is in it, beside a file", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "sealpost-drop-"));
  try {
    mkdirSync(join(folder, "mails", "cur"), { recursive: true });
    mkdirSync(join(folder, "mails", ".git"));
    mkdirSync(join(folder, "empty"));
    // A reader of a folder gives a hundred entries at a time.
    for (let number = 0; number < 120; number++)
      writeFileSync(join(folder, "mails", "cur", `${number}.json`), report(`Dropped ${number}`));
    writeFileSync(join(folder, "mails", ".git", "config"), "hidden");
    writeFileSync(join(folder, "loose.json"), report("Loose"));
    await page.goto(BASE);
    await drag(page, [join(folder, "empty")]);
    await expect(card(page).getByRole("alert")).toHaveText("There is no file in it.");
    await drag(page, [join(folder, "mails"), join(folder, "loose.json")]);
    await expect(page.getByText("121 of 121 files sent: 121 stored.")).toBeVisible();
    await expect(outcomes(page).filter({ hasText: "mails/cur/119.json" })).toHaveCount(1);
    await expect(card(page).getByRole("alert")).toHaveCount(0);
    // Of more than a hundred reporters the page shows the first.
    await expect(page.getByRole("region", { name: "Failures by reporter", exact: true })).toContainText("106 more");
    await expectAccessible(page);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("each file has its outcome, and what was set aside leads to where it lies", async ({ page }) => {
  await page.goto(BASE);
  await page
    .getByLabel("Report files")
    .setInputFiles([
      file("new.json", report("New")),
      file("again.json", report("Loose")),
      file("lost.json", report("Lost", "nobody.example")),
      file("broken.json", "{"),
      file("large.json", Buffer.alloc(17 * 1024 * 1024, " ")),
    ]);
  await expect(page.getByText("5 of 5 files sent: 1 stored, 1 known already, 1 unclaimed, 2 not taken.")).toBeVisible();
  await expect(outcomes(page).first()).toContainText("larger than 16 MB");
  await expect(outcomes(page).filter({ hasText: "broken.json" }).getByRole("link")).toHaveAttribute(
    "href",
    `${BASE}/quarantine`,
  );
  await outcomes(page).filter({ hasText: "lost.json" }).getByRole("link", { name: "To the unclaimed reports" }).click();
  await expect(page.getByRole("row").filter({ hasText: "lost.json" })).toBeVisible();
});

test.describe("a server that goes away in the middle", () => {
  test.use({ expectedNoise: [/ERR_CONNECTION_REFUSED|503/] });

  test("leaves the files that were not sent to be tried again", async ({ page }) => {
    await page.goto(BASE);
    const answers = [null, "refused", 503, null];
    const door = `**/api${BASE}/reports`;
    await page.route(door, (route) => {
      const answer = answers.shift();
      if (answer === "refused") return route.abort("connectionrefused");
      if (answer === 503) return route.fulfill({ status: 503, json: { error: "The database cannot be reached." } });
      return route.continue();
    });
    const files = Array.from({ length: 350 }, (_, number) => file(`${number}.json`, report(`Late ${number}`)));
    await page.getByLabel("Report files").setInputFiles(files);
    await expect(page.getByText(/^\d+ of 350 files sent: .* not sent\.$/)).toHaveText(
      /^(150|200) of 350 files sent: \1 stored, (200|150) not sent\.$/,
    );
    await expect(outcomes(page).first()).toContainText("Not sent");
    await expectAccessible(page);
    await page.unroute(door);
    await page.getByRole("button", { name: /^Try (200|150) again$/ }).click();
    await expect(page.getByText(/^(200|150) of \1 files sent: \1 stored\.$/)).toBeVisible();
  });
});

test("the keyboard chooses files, and keeps its place while they go", async ({ page }) => {
  await page.goto(BASE);
  const button = page.getByRole("button", { name: "Choose files" });
  // Before the page has come to life a button does nothing.
  await expect(async () => {
    const chooser = page.waitForEvent("filechooser", { timeout: 2_000 });
    await button.press("Enter");
    await (await chooser).setFiles([file("keys.json", report("Keys"))]);
  }).toPass();
  await expect(page.getByText("1 of 1 file sent: 1 stored.")).toBeVisible();
  await expect(button).toBeFocused();
});

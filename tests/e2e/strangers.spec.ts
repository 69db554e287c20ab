import type { APIResponse, Browser, BrowserContext, Locator, Page } from "@playwright/test";
import { dayOf } from "#lib/failures/period.ts";
import { makePolicy, makeReport } from "#prisma/seed.ts";
import { reportMail } from "#tests/unit/reports/sign-mail.ts";
import { appRoutes, serverActions } from "./app-routes.ts";
import { expect, freshPage, mailIn, OWNER, OWNER_STATE, TEAM, test } from "./fixtures.ts";
import { IMAP_HOST, IMAP_PASSWORD } from "./imap-server.ts";
import { inviteLink, joinTeam, ownerPage, sessionCookie } from "./people.ts";
import { PORT } from "./playwright.config.ts";
import { SECRET } from "./secret.ts";

// Every page, route and action, as somebody who must not: a visitor without an account, a member of another team, a viewer.
test.describe.configure({ mode: "serial" });

const ORIGIN = `http://localhost:${PORT}`;
const DOMAIN = "mx-not-covered-testing.test";
const BASE = `${TEAM}/domains/${DOMAIN}`;
const HELD = `${BASE}/reports?period=365&outcome=held`;
const TODAY = dayOf(new Date());
const PENDING = "pending@example.org";
const MAILBOX_USER = "their-reports@acme.test";
/** What is typed to add a mailbox. */
const mailbox = (user: string) => ({ host: IMAP_HOST, port: String(PORT + 3), user, password: IMAP_PASSWORD });

/** Whom a page or route is for. */
type For = "everybody" | "accounts" | "members" | "operators" | "admins";
const ROUTES: Record<string, For> = {
  "/": "everybody",
  "/account": "accounts",
  "/checks": "everybody",
  "/checks/[check]": "everybody",
  "/forgot-password": "everybody",
  "/invitations/[token]": "everybody",
  "/lookup": "everybody",
  "/lookup/[domain]": "everybody",
  "/lookup/[domain]/json": "everybody",
  "/reset-password/[token]": "everybody",
  "/sign-in": "everybody",
  "/sign-up": "everybody",
  "/teams/new": "accounts",
  "/teams/[team]": "members",
  "/teams/[team]/audit": "admins",
  "/teams/[team]/mailboxes": "operators",
  "/teams/[team]/mailboxes/[mailbox]": "admins",
  "/teams/[team]/mailboxes/add": "admins",
  "/teams/[team]/members": "members",
  "/teams/[team]/settings": "admins",
  "/teams/[team]/domains/add": "operators",
  "/teams/[team]/domains/[domain]": "members",
  "/teams/[team]/domains/[domain]/failures": "members",
  "/teams/[team]/domains/[domain]/history": "members",
  "/teams/[team]/domains/[domain]/history/[lookup]": "members",
  "/teams/[team]/domains/[domain]/lookup": "members",
  "/teams/[team]/domains/[domain]/lookup/json": "members",
  "/teams/[team]/domains/[domain]/quarantine": "operators",
  "/teams/[team]/domains/[domain]/reports": "members",
  "/teams/[team]/domains/[domain]/reports/[report]": "members",
  "/teams/[team]/domains/[domain]/settings": "members",
  "/teams/[team]/domains/[domain]/unclaimed": "operators",
  "/api/auth/[...nextauth]": "everybody",
  "/api/health": "everybody",
  "/api/teams/[team]/domains.csv": "members",
  "/api/teams/[team]/domains/[domain]/failures.csv": "members",
  "/api/teams/[team]/domains/[domain]/quarantine/[file]": "operators",
  "/api/teams/[team]/domains/[domain]/reports": "operators",
  "/api/teams/[team]/domains/[domain]/reports.csv": "members",
  "/api/teams/[team]/domains/[domain]/reports/[report]/raw": "operators",
  "/api/tls-reports/[inbox]": "everybody",
  "/badge/[file]": "everybody",
};
const BY_POST = "/api/teams/[team]/domains/[domain]/reports";

let params: Record<string, string> = {};
let stranger: BrowserContext;
let viewer: BrowserContext;
/** The first account's, without JavaScript: forms stand there as the server sent them. */
let owner: BrowserContext;

/** A connection that was idle may just be closed by the server: such a request is sent again. */
const AGAIN = { maxRetries: 2 };

const pathOf = (pattern: string, own: Record<string, string> = {}) =>
  pattern.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => own[name] ?? params[name] ?? `no-${name}`);

/** What belongs to the first account's team and stands in no address that is asked for. */
const theirs = () => [
  OWNER.team,
  OWNER.email,
  OWNER.name,
  PENDING,
  "Google Inc.",
  "cut-off.json.gz",
  MAILBOX_USER,
  params.inbox ?? "",
];
/** What stands on no page at all, whoever asks. */
const secrets = async (context: BrowserContext) => [
  SECRET,
  IMAP_PASSWORD,
  "argon2",
  "postgresql://",
  "sealpost.session",
  (await sessionCookie(context)) ?? SECRET,
];

function expectWithout(text: string, words: readonly string[], where: string): void {
  for (const word of words) expect(text.includes(word), `${where} tells "${word}"`).toBe(false);
}

/** Asks as a browser does, for a page and for what its links fetch; every answer's text. */
async function allTexts(context: BrowserContext, path: string, isPage: boolean): Promise<string[]> {
  const ask = (headers: Record<string, string>) => context.request.get(path, { headers, ...AGAIN });
  const rsc = isPage ? [await ask({ rsc: "1" }), await ask({ rsc: "1", "next-router-prefetch": "1" })] : [];
  return Promise.all([await ask({}), ...rsc].map((response) => response.text()));
}

function ask(context: BrowserContext, pattern: string, path: string): Promise<APIResponse> {
  if (pattern !== BY_POST) return context.request.get(path, { maxRedirects: 0, ...AGAIN });
  const file = { name: "r.json", mimeType: "application/json", buffer: Buffer.from("{}") };
  return context.request.post(path, { multipart: { file }, maxRedirects: 0, ...AGAIN });
}

const nobody = (browser: Browser) => browser.newContext({ storageState: { cookies: [], origins: [] } });

test("the table names each page and route that there is, and no other", () => {
  expect(Object.keys(ROUTES).sort()).toEqual(
    appRoutes()
      .map(({ pattern }) => pattern)
      .sort(),
  );
});

test("a member, a stranger with a team of the same domain, and what the team has", async ({ browser }) => {
  owner = await browser.newContext({ storageState: OWNER_STATE, javaScriptEnabled: false });
  const page = await ownerPage(browser);
  const idIn = async (path: string, pattern: RegExp) => {
    await page.goto(path);
    return pattern.exec(await page.content())?.[1] ?? "";
  };
  params = {
    ...{ team: TEAM.split("/").at(-1) ?? "", domain: DOMAIN, nextauth: "session" },
    report: await idIn(`${BASE}/reports?period=365`, /\/reports\/([0-9a-f-]{36})/),
    file: await idIn(`${BASE}/quarantine`, /\/quarantine\/([0-9a-f-]{36})/),
    lookup: await idIn(`${BASE}/history`, /\/history\/([0-9a-f-]{36})/),
    inbox: await idIn(`${BASE}/settings`, /\/api\/tls-reports\/([a-z2-9]{26})/),
  };
  await page.goto(`${TEAM}/mailboxes/add`);
  for (const [name, value] of Object.entries(mailbox(MAILBOX_USER))) await page.locator(`[name=${name}]`).fill(value);
  await page.getByRole("button", { name: "Add the mailbox" }).click();
  await expect(page).toHaveURL(`${TEAM}/mailboxes`);
  params.mailbox = await idIn(`${TEAM}/mailboxes`, /\/mailboxes\/([0-9a-f-]{36})/);
  for (const [name, value] of Object.entries(params)) expect(value, name).not.toBe("");
  await inviteLink(page, PENDING, "viewer");

  viewer = (await joinTeam(browser, "victor@example.org", "Victor Viewer", "viewer")).context();
  // The stranger was a member once: what they knew then must be of no use now.
  const sam = await joinTeam(browser, "sam@example.org", "Sam Stranger", "admin");
  await sam.goto(`${TEAM}/members`);
  await sam.getByRole("row").filter({ hasText: "(you)" }).getByRole("button", { name: "Leave" }).click();
  await expect(sam).toHaveURL("/teams/new");
  await sam.getByLabel("Team name").fill("Strangers");
  await sam.getByRole("button", { name: "Create the team" }).click();
  await sam.getByRole("textbox", { name: "Domain" }).fill(DOMAIN);
  await sam.getByRole("button", { name: "Add the domain" }).click();
  await expect(sam).toHaveURL(`/teams/strangers/domains/${DOMAIN}`);
  stranger = sam.context();
});

test("a visitor is led to the sign-in page, or finds nothing", async ({ browser }) => {
  const context = await nobody(browser);
  const page = await context.newPage();
  for (const { pattern, isPage } of appRoutes()) {
    const path = pathOf(pattern, pattern.startsWith("/api/tls-reports/") ? { inbox: "a".repeat(26) } : {});
    const answer = await ask(context, pattern, path);
    if (ROUTES[pattern] === "everybody") expect([200, 404], path).toContain(answer.status());
    else if (!isPage) expect(answer.status(), path).toBe(404);
    else {
      expect([answer.status(), answer.headers().location], path).toEqual([
        307,
        expect.stringMatching(/^\/sign-in\?next=/),
      ]);
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
    }
    for (const text of await allTexts(context, path, isPage)) {
      expectWithout(text, [...theirs(), ...(await secrets(context))], path);
    }
  }
});

test("a member of another team finds nothing", async () => {
  const page = await stranger.newPage();
  for (const { pattern, isPage } of appRoutes()) {
    const path = pathOf(pattern, pattern.startsWith("/api/tls-reports/") ? { inbox: "a".repeat(26) } : {});
    const answer = await ask(stranger, pattern, path);
    if (["everybody", "accounts"].includes(ROUTES[pattern] ?? ""))
      expect([200, 307, 404], path).toContain(answer.status());
    else {
      expect(answer.status(), path).toBe(404);
      if (isPage) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("Not found");
        await expect(page).toHaveTitle(/Not found|Sealpost|Report|Members|Audit trail|Team settings|ailbox/);
      } else if (pattern !== BY_POST) expect(await answer.json(), path).toEqual({ error: "Not found." });
    }
    for (const text of await allTexts(stranger, path, isPage)) {
      expectWithout(text, [...theirs(), ...(await secrets(stranger))], path);
    }
  }
});

test("a member of another team finds nothing through the own team either, by whatever mixture", async () => {
  const own = { team: "strangers" };
  for (const pattern of Object.keys(ROUTES).filter((one) => /\[(?:report|file|lookup|mailbox)\]/.test(one))) {
    const path = pathOf(pattern, own);
    expect((await ask(stranger, pattern, path)).status(), path).toBe(404);
    for (const text of await allTexts(stranger, path, true)) expectWithout(text, theirs(), path);
  }
  for (const pattern of Object.keys(ROUTES).filter((one) => one.includes("[domain]") && one.includes("[team]"))) {
    for (const domain of ["healthy.test", `${DOMAIN}%2F..%2F..%2F..%2F${params.team}`, "%00", "_", "%25"]) {
      const path = pathOf(pattern, { ...own, domain });
      expect([404, 307, 308], path).toContain((await ask(stranger, pattern, path)).status());
      for (const text of await allTexts(stranger, path, true)) expectWithout(text, theirs(), path);
    }
  }
});

test("a viewer reads, and nothing more", async () => {
  const page = await viewer.newPage();
  const hidden = [
    PENDING,
    MAILBOX_USER,
    "cut-off.json.gz",
    params.inbox ?? "",
    "Download as it arrived",
    ...(await secrets(viewer)),
  ];
  for (const { pattern, isPage } of appRoutes()) {
    const path = pathOf(pattern, pattern.startsWith("/api/tls-reports/") ? { inbox: "a".repeat(26) } : {});
    const answer = await ask(viewer, pattern, path);
    if (["operators", "admins"].includes(ROUTES[pattern] ?? "")) expect(answer.status(), path).toBe(404);
    else if (ROUTES[pattern] === "members" && !isPage) expect(answer.status(), path).toBe(200);
    else if (ROUTES[pattern] === "members") {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("Not found");
      // Nothing can be changed but the look of things, and one's own membership.
      await expect(page.getByRole("main").getByRole("button", { name: /^(?!Show|Leave|Copy)/ })).toHaveCount(0);
      await expect(page.getByLabel("Files")).toHaveCount(0);
    }
    for (const text of await allTexts(viewer, path, isPage)) expectWithout(text, hidden, path);
  }
});

test("every answer says that it is private and what a browser may do with it", async () => {
  const nonces = new Set<string>();
  for (const { pattern, isPage } of appRoutes()) {
    const path = pathOf(pattern);
    const headers = (await ask(owner, pattern, path)).headers();
    const policy = headers["content-security-policy"] ?? "";
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["referrer-policy"], path).toBe("same-origin");
    expect(policy, path).toContain("frame-ancestors 'none'");
    if (isPage) {
      expect(headers["cache-control"], path).toContain("no-store");
      expect(policy, path).not.toContain("script-src 'self' 'unsafe");
      nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1] ?? "");
    } else expect(policy, path).toContain("default-src 'none'");
    if (/\[report\]\/raw|quarantine\/\[file\]/.test(pattern)) {
      expect(headers["content-type"], path).toBe("application/octet-stream");
      expect(headers["content-disposition"], path).toMatch(/^attachment; filename="[\w.!@+-]+"$/);
      expect(headers["cache-control"], path).toBe("private, no-store");
      expect(policy, path).toContain("sandbox");
    }
  }
  expect(nonces.size).toBe(appRoutes().filter(({ isPage }) => isPage).length);
});

test("uploads are not taken from other sites, nor from other hosts of the same one", async ({ browser }) => {
  const path = pathOf(BY_POST);
  const multipart = { file: { name: "x.bin", mimeType: "text/plain", buffer: Buffer.from("from elsewhere") } };
  for (const site of ["cross-site", "same-site"]) {
    const answer = await owner.request.post(path, { multipart, headers: { "sec-fetch-site": site }, ...AGAIN });
    expect([answer.status(), await answer.json()]).toEqual([400, { error: "Uploads from other sites are not taken." }]);
  }
  // A form on another site, sent by the owner's own browser.
  const page = await ownerPage(browser);
  await page.route("http://evil.example/", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method=post enctype=multipart/form-data action="${ORIGIN}${path}"><textarea name=file>x</textarea><button>Go</button></form>`,
    }),
  );
  await page.goto("http://evil.example/");
  const answered = page.waitForResponse((response) => response.url().endsWith(path));
  await page.getByRole("button", { name: "Go" }).click();
  expect((await answered).status()).toBe(404);
  const quarantine = await (await owner.request.get(pathOf("/teams/[team]/domains/[domain]/quarantine"))).text();
  expect(quarantine).not.toContain("x.bin");
});

test("a report of 12 MB arrives whole, by each door, and one of 17 MB is refused", async () => {
  const bytes = Buffer.alloc(12_000_000, "Sealpost ");
  const door = `/api/tls-reports/${params.inbox}`;
  const sent = await owner.request.post(door, { data: bytes, headers: { "content-type": "application/tlsrpt+gzip" } });
  expect([sent.status(), (await sent.json()).outcome]).toEqual([201, "quarantined"]);
  const { id } = await sent.json();
  const kept = await owner.request.get(pathOf("/api/teams/[team]/domains/[domain]/quarantine/[file]", { file: id }));
  expect((await kept.body()).equals(bytes)).toBe(true);
  const upload = { file: { name: "large.bin", mimeType: "text/plain", buffer: bytes } };
  const uploaded = await (await owner.request.post(pathOf(BY_POST), { multipart: upload })).json();
  expect(uploaded.files[0].outcomes[0]).toMatchObject({ outcome: "quarantined", id });
  const more = Buffer.concat([bytes, bytes.subarray(0, 5_000_000)]);
  expect((await owner.request.post(door, { data: more })).status()).toBe(413);
});

// ---- actions --------------------------------------------------------------------------------------------------------

/** How the first account would do it: the page, the form's button, and what is typed. */
interface Act {
  path: string;
  form: (page: Page) => Locator;
  fill?: Record<string, string>;
}
const withButton = (name: string) => (page: Page) =>
  page.locator("form").filter({ has: page.getByRole("button", { name, exact: true, includeHidden: true }) });
const inRow = (text: string, name: string) => (page: Page) =>
  page
    .locator("tr, li")
    .filter({ hasText: text })
    .locator("form")
    .filter({ has: page.getByRole("button", { name, exact: true, includeHidden: true }) });

/** The team's actions, in an order in which each finds what the one before has left. */
const TEAM_ACTIONS: Record<string, Act> = {
  renameTeamAction: { path: `${TEAM}/settings`, form: withButton("Change the name"), fill: { team: OWNER.team } },
  addManyAction: {
    path: `${TEAM}/domains/add`,
    form: withButton("Add the domains"),
    fill: { list: "one-of-many.test" },
  },
  retryFilesAction: { path: `${BASE}/unclaimed`, form: inRow("late.json", "Try again") },
  assignFileAction: { path: `${BASE}/unclaimed`, form: inRow("lost.json", "Assign"), fill: { domain: DOMAIN } },
  discardFilesAction: { path: `${BASE}/quarantine`, form: inRow("dmarc.xml.gz", "Discard") },
  countReportAction: { path: HELD, form: (page) => inRow("Small Co", "Count this one")(page).first() },
  trustReporterAction: { path: HELD, form: withButton("Trust this reporter") },
  distrustReporterAction: { path: `${TEAM}/settings`, form: withButton("Stop trusting") },
  changeReportPolicyAction: {
    path: `${TEAM}/settings`,
    form: withButton("Save how reports by mail are judged"),
    fill: { unverified: "hold" },
  },
  changeRetentionAction: { path: `${TEAM}/settings?detailDays=401&rawDays=91`, form: withButton("Save") },
  rotateInboxAction: { path: `${BASE}/settings`, form: withButton("Change the address") },
  addDomainAction: { path: TEAM, form: withButton("Add the domain"), fill: { domain: "disposable.test" } },
  setBadgeAction: { path: `${TEAM}/domains/disposable.test/settings`, form: withButton("Publish the badge") },
  removeDomainAction: {
    path: `${TEAM}/domains/disposable.test/settings`,
    form: withButton("Remove the domain"),
    fill: { confirm: "disposable.test" },
  },
  addSampleAction: { path: TEAM, form: withButton("Add sample data") },
  removeSampleAction: { path: `${TEAM}/domains/sample-mail.example`, form: withButton("Remove the sample data") },
  inviteAction: {
    path: `${TEAM}/members`,
    form: withButton("Invite"),
    fill: { email: "evil@example.org", role: "owner" },
  },
  saveMailboxAction: {
    path: `${TEAM}/mailboxes/add`,
    form: withButton("Add the mailbox"),
    fill: { ...mailbox("evil@acme.test"), step: "save" },
  },
  enableMailboxAction: { path: `${TEAM}/mailboxes`, form: inRow("evil@acme.test", "Pause") },
  removeMailboxAction: { path: `${TEAM}/mailboxes`, form: inRow("evil@acme.test", "Remove the mailbox") },
  withdrawInvitationAction: { path: `${TEAM}/members`, form: inRow(PENDING, "Take back") },
  changeRoleAction: { path: `${TEAM}/members`, form: inRow("target@example.org", "Change"), fill: { role: "admin" } },
  removeMemberAction: { path: `${TEAM}/members`, form: inRow("target@example.org", "Remove") },
};

/** Those that change an account, always that of whoever asks; and those that a visitor is meant to call. */
const OWN_ACTIONS = ["renameAction", "passwordAction", "revokeSessionAction", "revokeOthersAction", "newTeamAction"];
const OPEN_ACTIONS = [
  ...["signUpAction", "forgotPasswordAction", "resetPasswordAction", "joinAction", "joinWithNewAccountAction"],
];

const fieldsOf = (form: Locator): Promise<Record<string, string>> =>
  form.evaluate((element: HTMLFormElement) =>
    Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, String(value)])),
  );

function send(context: BrowserContext, path: string, fields: Record<string, string>, origin = ORIGIN) {
  return context.request.post(path, { multipart: fields, headers: { origin }, maxRedirects: 0, ...AGAIN });
}

/** How many changes the team's trail holds. */
async function changes(owner: BrowserContext): Promise<number> {
  const text = await (await owner.request.get(`${TEAM}/audit`, AGAIN)).text();
  return Number(/of (?:<!-- -->)?([\d,]+)(?:<!-- -->)? (?:<!-- -->)?changes/.exec(text)?.[1]?.replaceAll(",", ""));
}

test("the tables name each action that there is, and no other", () => {
  const known = [...Object.keys(TEAM_ACTIONS), ...OWN_ACTIONS, ...OPEN_ACTIONS, "leaveTeamAction"];
  expect(serverActions().sort()).toEqual(known.sort());
});

test("the team's actions do nothing for anybody else, and the same request works for its owner", async ({
  browser,
}) => {
  await (await joinTeam(browser, "target@example.org", "Tara Target", "viewer")).context().close();
  const visitor = await nobody(browser);
  const page = await owner.newPage();
  for (const [name, about] of [
    ["late.json", "one-of-many.test"],
    ["lost.json", "nobody.example"],
  ] as const) {
    const report = makeReport({ day: TODAY, policies: [makePolicy({ domain: about })] });
    const file = { name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(report)) };
    await owner.request.post(pathOf(BY_POST), { multipart: { file }, ...AGAIN });
  }
  for (const id of ["1", "2"]) {
    const report = makeReport({ organization: "Small Co", id, day: TODAY, policies: [makePolicy({ domain: DOMAIN })] });
    await mailIn(params.inbox ?? "", reportMail(report, { domain: DOMAIN }));
  }
  for (const [name, { path, form, fill }] of Object.entries(TEAM_ACTIONS)) {
    await page.goto(path);
    const fields = { ...(await fieldsOf(form(page))), ...fill };
    const before = await changes(owner);
    const asVisitor = await send(visitor, path, fields);
    expect([asVisitor.status(), asVisitor.headers().location], name).toEqual([
      303,
      expect.stringMatching(/^\/sign-in/),
    ]);
    expect((await send(stranger, path, fields)).status(), name).toBe(404);
    // From a page of the own team, which may not have this action at all (409).
    expect([404, 409], name).toContain((await send(stranger, "/teams/strangers", fields)).status());
    expect((await send(viewer, path, fields)).status(), name).toBe(404);
    // The owner's own browser, led there by another site.
    expect((await send(owner, path, fields, "http://evil.example")).status(), name).toBe(500);
    // Arguments of another type than the page's own.
    const odd = Object.entries(fields).map(([key, value]) => [
      key,
      value.replace(`"${params.team}"`, '{"contains":""}').replace(/"[0-9a-f-]{36}"/, '{"not":""}'),
    ]);
    expect([404, 409, 500], name).toContain((await send(stranger, path, Object.fromEntries(odd))).status());
    expect(await changes(owner), `${name} did something`).toBe(before);
    expect([200, 303], name).toContain((await send(owner, path, fields)).status());
    expect(await changes(owner), `${name} did nothing for the owner`).toBe(before + 1);
  }
});

test("leaving a team ends one's own membership, whoever's form it was", async () => {
  const page = await owner.newPage();
  await page.goto(`${TEAM}/members`);
  const fields = await fieldsOf(inRow("(you)", "Leave")(page));
  const before = await changes(owner);
  expect((await send(stranger, `${TEAM}/members`, fields)).status()).toBe(404);
  expect(await changes(owner)).toBe(before);
  expect((await send(viewer, `${TEAM}/members`, fields)).headers().location).toBe("/");
  expect(await changes(owner)).toBe(before + 1);
  expect((await viewer.request.get(TEAM, AGAIN)).status()).toBe(404);
  expect((await owner.request.get(TEAM, AGAIN)).status()).toBe(200);
});

test("the account's actions touch the account of whoever asks, whoever's form it was", async ({ browser }) => {
  // A second session of the owner's, for the form that ends one.
  const second = await (await freshPage(browser)).context();
  const { csrfToken } = await (await second.request.get("/api/auth/csrf", AGAIN)).json();
  const { email, password } = OWNER;
  await second.request.post("/api/auth/callback/credentials", { form: { csrfToken, email, password, json: "true" } });
  expect((await second.request.get("/account", AGAIN)).url()).toBe(`${ORIGIN}/account`);
  const page = await owner.newPage();
  const visitor = await nobody(browser);
  const acts: [string, (page: Page) => Locator, Record<string, string>][] = [
    ["renameAction", withButton("Change the name"), { name: "Renamed by Sam" }],
    ["passwordAction", withButton("Change the password"), { current: password, password: "chosen by a stranger" }],
    ["revokeSessionAction", (on) => withButton("End")(on).first(), {}],
    ["revokeOthersAction", withButton("End all other sessions"), {}],
  ];
  for (const [name, form, fill] of acts) {
    await page.goto("/account");
    const fields = { ...(await fieldsOf(form(page))), ...fill };
    expect((await send(visitor, "/account", fields)).headers().location, name).toMatch(/^\/sign-in/);
    expect((await send(stranger, "/account", fields)).status(), name).toBe(200);
    expect((await send(owner, "/account", fields, "http://evil.example")).status(), name).toBe(500);
  }
  const text = await (await owner.request.get("/account", AGAIN)).text();
  expect(text).toContain(OWNER.name);
  expect(text).not.toContain("Renamed by Sam");
  expect((await second.request.get("/account", { maxRedirects: 0, ...AGAIN })).status()).toBe(200);
  const token = (await (await second.request.get("/api/auth/csrf", AGAIN)).json()).csrfToken;
  const form = { csrfToken: token, email, password, json: "true" };
  expect((await second.request.post("/api/auth/callback/credentials", { form })).status()).toBe(200);
});

// ---- sessions and addresses -----------------------------------------------------------------------------------------

test("signing in makes a new session, whatever cookie was there before", async ({ browser }) => {
  const context = await nobody(browser);
  const planted = (await sessionCookie(stranger)) ?? "";
  await context.addCookies([
    { name: "sealpost.session", value: planted, url: ORIGIN, httpOnly: true, sameSite: "Lax" },
  ]);
  const { csrfToken } = await (await context.request.get("/api/auth/csrf", AGAIN)).json();
  const form = { csrfToken, email: OWNER.email, password: OWNER.password, json: "true" };
  await context.request.post("/api/auth/callback/credentials", { form });
  const [cookie] = (await context.cookies()).filter(({ name }) => name === "sealpost.session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(cookie?.value).not.toBe(planted);
  expect((await context.request.get(TEAM, AGAIN)).status()).toBe(200);
  expect((await stranger.request.get(TEAM, AGAIN)).status()).toBe(404);
  // Without the token of its own cookie, nobody can be signed in or out from elsewhere.
  const forged = { ...form, csrfToken: "forged" };
  await context.request.post("/api/auth/signout", { form: forged });
  expect((await context.request.get(TEAM, AGAIN)).status()).toBe(200);
});

test("nobody is led to another site after signing in or out", async ({ browser }) => {
  const visitor = await nobody(browser);
  const page = await visitor.newPage();
  await page.goto(`/sign-in?next=${encodeURIComponent("/.//evil.example")}`);
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password").fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(TEAM);
  const elsewhere = [
    "//evil.example",
    "/.//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "/\t/evil.example",
  ];
  for (const next of [...elsewhere, "/..//evil.example/x", "javascript:alert(1)", "http://localhost@evil.example"]) {
    for (const path of ["/sign-in?next=", "/api/auth/signin?callbackUrl=", "/api/auth/signout?callbackUrl="]) {
      const asked = `${path}${encodeURIComponent(next)}`;
      const { location } = (await visitor.request.get(asked, { maxRedirects: 0, ...AGAIN })).headers();
      expect(new URL(location ?? "/", ORIGIN).origin, `${asked} leads to ${location}`).toBe(ORIGIN);
    }
  }
});

test("links in mails lead to SEALPOST_URL, whatever host the request was for", async ({ browser }) => {
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await page.goto("/forgot-password");
  const fields = { ...(await fieldsOf(page.locator("form"))), email: "sam@example.org" };
  for (const headers of [
    { host: "evil.example" },
    { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
  ]) {
    const sent = { ...headers, origin: "http://evil.example" };
    await page.context().request.post("/forgot-password", { multipart: fields, headers: sent, ...AGAIN });
  }
  await expect(async () => {
    const mails: string[] = await (await fetch(`http://127.0.0.1:${PORT + 1}`)).json();
    const resets = mails.filter((mail) => mail.includes("To: sam@example.org") && mail.includes("reset-password"));
    expect(resets).toHaveLength(2);
    for (const mail of resets) expect(mail).not.toContain("evil");
    for (const mail of resets) expect(mail).toContain(`${ORIGIN}/reset-password/`);
  }).toPass({ timeout: 10_000 });
});

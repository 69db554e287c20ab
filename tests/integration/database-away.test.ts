import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { canConnect } from "#lib/db/can-connect.ts";
import { newDomain } from "#lib/db/domains.ts";
import { newId } from "#lib/db/new-id.ts";
import { DatabaseAway } from "#lib/errors.ts";
import { makeSampleFacts } from "#prisma/sample-facts.ts";

// Nobody listens here.
process.env.DATABASE_URL = "postgresql://sealpost:secret@localhost/sealpost?host=%2Ftmp%2Fno-postgresql-here";

const by = { userId: newId(), label: "ada@example.org" };
const user = { email: "ada@example.org", name: "Ada", passwordHash: null };
const page = { skip: 0, take: 10 };
const filter = {
  ...{ from: "2026-11-01", to: "2026-11-30", policyType: "sts" },
  ...{ organization: null, resultType: null, cause: null, mx: null, door: null, outcome: null },
};
const lookup = {
  ...{ checkedAt: new Date(), worst: "pass", mode: null, verdicts: [] },
  facts: makeSampleFacts(new Date()),
};
const domain = newDomain(newId(), "example.org", false);
const aside = {
  ...{ domainId: newId(), hash: "0", fileName: null, code: "empty", reason: "Empty.", bytes: Buffer.alloc(0) },
  ...{ door: "upload", receivedAt: new Date() },
};
const horizon = { domainId: newId(), firstDay: "2026-11-01", rawBefore: new Date() };
const lease = { mailboxId: newId(), holder: newId() };
const mailbox = {
  ...{ host: "imap.example.org", port: 993, security: "tls", userName: "reports", auth: "password" },
  ...{ folder: "INBOX", afterwards: "leave", moveTo: null, trayDomainId: newId() },
};
const overview = {
  ...{ text: null, names: [], state: null },
  ...{ sort: "state", descending: true, ...page },
};
const identity = {
  issuer: "https://login.example.org",
  subject: "1",
  email: user.email,
  emailVerified: true,
  name: "Ada",
};

/** How each function of lib/db that asks the database is called; a new one without a line here fails the first test. */
const CALLS: Record<string, unknown[]> = {
  acceptInvitation: ["0", { userId: newId() }],
  allowBadge: [newId(), "example.org", true, by],
  auditTrail: [newId(), page],
  changesOf: [newId(), page],
  candidatesOf: [newId()],
  changeMailbox: [newId(), newId(), mailbox, Buffer.from("x"), by],
  changeMember: [newId(), newId(), { from: "owner", to: null, mayInvite: [] }, by],
  changeReportPolicy: [newId(), { holdUnverified: true, authservIds: [] }, by],
  changeRetention: [newId(), { detailDays: 400, rawDays: 90 }, by],
  claimDue: [24, 10, 60],
  claimMailbox: [],
  countAfterFailedFetch: ["example.org"],
  countAttempt: [["key"], 60],
  countHeldReport: [domain, newId(), by],
  createDomain: [domain, by],
  createDomains: [newId(), [domain], by],
  createInvitation: [{ teamId: newId(), email: user.email, role: "viewer", tokenHash: "0" }, by],
  createMailbox: [newId(), newId(), mailbox, Buffer.from("x"), by],
  createPasswordReset: [newId(), "0"],
  createSample: [domain, { reports: [], lookups: [] }, by],
  createTeam: [by, "Acme", newId()],
  createUserWithTeam: [user, "Acme", "open"],
  decideSender: [
    { domainId: newId(), id: newId() },
    { verdict: "pass", signer: null, reason: "" },
  ],
  deleteDomain: [newId(), "example.org", by],
  deleteExpired: [],
  distrustReporter: [newId(), "Google Inc.", by],
  deleteMailbox: [newId(), newId(), by],
  domainNamed: [newId(), "example.org"],
  domainNames: [newId()],
  domainOfInbox: ["abc"],
  domainOverview: [newId(), overview],
  domainsOfInboxes: [["abc"]],
  emailOfPasswordReset: ["0"],
  enableMailbox: [newId(), newId(), false, by],
  endSession: [newId()],
  exportFailures: [newId(), filter, null, 10],
  exportReports: [newId(), filter, null, 10],
  failureDetailsByDay: [newId(), filter],
  failuresByCause: [newId(), filter],
  failuresByMx: [newId(), filter],
  failuresByReporter: [newId(), filter],
  failuresOf: [newId(), filter, page],
  findDomains: [null, null],
  findInvitation: ["0"],
  findUser: [newId()],
  findUserByEmail: [user.email],
  forgetAttempts: ["key"],
  hasReports: [newId()],
  heardByDoor: [newId(), ["smtp"]],
  heldReporters: [newId()],
  horizons: [],
  inTransaction: [async () => null],
  isDomainOfUser: [newId(), "example.org"],
  keepLookup: [newId(), lookup],
  keptAside: [newId()],
  keptFiles: [newId(), "", 10],
  knownContents: [newId(), ["0"]],
  latestLookup: [newId()],
  leasedMailbox: [lease],
  lookupForBadge: ["example.org"],
  lookupsOf: [newId(), page],
  lookupsToCompare: [newId(), newId()],
  mailboxOf: [newId(), newId()],
  mailboxesOf: [newId()],
  membersOf: [newId()],
  membershipIn: [newId(), "acme"],
  noAccountYet: [],
  noteFailedFetch: ["example.org", "1", 60],
  noteFailure: [lease, "It is away.", new Date()],
  noteReached: [lease, { taken: 1 }, new Date()],
  openInvitations: [newId()],
  openSession: [newId(), "", ""],
  policyLedger: [newId(), 10],
  policyVersions: [newId(), filter.from, filter.to],
  previewRetention: [newId(), { detailDays: 400, rawDays: 90 }],
  quarantineCounts: [newId()],
  quarantineOf: [newId(), "unclaimed", page],
  quarantinedFile: [newId(), newId()],
  rawFileOfReport: [newId(), newId()],
  redeemPasswordReset: ["0", "hash"],
  releaseLease: [lease],
  renewLease: [lease],
  removeOldBytes: [horizon],
  removeQuarantined: [domain, newId(), { action: "quarantine.discarded" }, by],
  renameTeam: [newId(), "Acme", by],
  renameUser: [newId(), "Ada", by],
  reportPolicyOf: [newId()],
  reportSpan: [newId()],
  reportWithAll: [newId(), newId()],
  reportsOf: [newId(), filter, page],
  retentionOf: [newId()],
  revokeOtherSessions: [newId(), by],
  revokeSession: [newId(), by],
  rewriteReports: [newId(), []],
  rowsOfFiles: [newId(), ["0"]],
  rotateInbox: [newId(), "example.org", 30, by],
  sessionUser: [newId()],
  sessionsByDay: [newId(), filter],
  sessionsByPolicyType: [newId(), filter.from, filter.to],
  sessionsByReporter: [newId(), filter],
  sessionsOf: [newId()],
  setPassword: [newId(), "hash", by, null],
  sql: ["SELECT 1", []],
  storedLookup: [newId(), newId()],
  storeArrivals: [[], [aside]],
  teamsOf: [newId()],
  thinLookups: [],
  thinOldReports: [horizon],
  transact: [async () => null],
  trustReporter: [newId(), "Google Inc.", by],
  trustedReporters: [newId()],
  undecidedReports: [4, 10],
  userOfIdentity: [identity, "open"],
  withdrawInvitation: [newId(), newId(), by],
};

/** Those that are handed a connection or a transaction, need none, or are told of their server by an address of its own. */
const WITHOUT = [
  ...["addLookup", "addTeam", "addUser", "audit", "changePassword", "enterPolicies", "insertChanges", "lockSignUp"],
  ...[
    "countLatestOnly",
    "countingFailures",
    "countingResults",
    "contentStatements",
    "prepareReports",
    "storingStatements",
    "failureRows",
    "fileRow",
    "insertion",
    "insertContents",
    "policyRows",
    "quarantine",
    "recomputeTotals",
    "reportRow",
    "rowsOfItem",
    "storeReports",
  ],
  ...["auditRow", "databaseError", "domainTaken", "isId", "isOrphan", "isTaken", "newDomain", "newId"],
  ...[
    "closeDatabase",
    "WatchedPool",
    "oncePerMinute",
    "queueFault",
    "pageWithTotals",
    "prisma",
    "storableJson",
    "storableText",
    "storingInTurn",
    "turnstile",
  ],
  ...["canConnect", "applyMigrations", "ensureDatabase", "migrationsApplied", "startJobs"],
  ...["askForJob", "failedFetchKey"],
];

const folder = new URL("../../lib/db/", import.meta.url);
const functions: Record<string, (...args: unknown[]) => unknown> = {};
for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".ts"))) {
  const module: Record<string, unknown> = await import(new URL(name, folder).href);
  for (const [key, value] of Object.entries(module)) {
    if (typeof value === "function") functions[key] = (...args) => value(...args);
  }
}

it("each function of lib/db is known here", () => {
  expect(Object.keys(functions).sort()).toEqual([...Object.keys(CALLS), ...WITHOUT].sort());
});

it.each(Object.entries(CALLS))("%s says that the database is away", async (name, args) => {
  const call = async () => functions[name]?.(...args);
  const error = await call().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DatabaseAway);
  expect(error).toMatchObject({ digest: "database-away" });
  // The sentence for strangers names no address and no password.
  expect(String(error)).not.toMatch(/tmp|secret|ENOENT/);
});

it("a server that takes connections and says nothing is away too, after a while", async () => {
  const silent = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
  await new Promise((done) => silent.once("listening", done));
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  expect(await canConnect(`postgresql://x:y@127.0.0.1:${port}/z`)).toBe(false);
  silent.close();
});

import { rawFileOfReport } from "#lib/db/read-reports.ts";
import { decideSender, type Undecided, undecidedReports } from "#lib/db/temporary-senders.ts";
import { decode } from "./decode.ts";
import { type KeyLookup, lookUpKey } from "./dkim-keys.ts";
import { reporterOf } from "./identity.ts";
import { keyQuota } from "./key-quota.ts";
import { type Verifying, verifySender } from "./verify-sender.ts";

/** As long as senders try to deliver a mail; a key that is not to be had by then is no key. */
const DAYS = 4;
/** Side by side: each waits for its keys as long as a mail may. */
const REPORTS_AT_ONCE = 10;
/** After that a run begins nothing more: the next one comes ten minutes after this one began. */
const RUN_MS = 5 * 60_000;

/** Looks again at the signatures of held reports whose key could not be looked up when they came. */
export async function verifyAgain(): Promise<void> {
  const run = new Date();
  const end = performance.now() + RUN_MS;
  while (performance.now() < end) {
    const reports = await undecidedReports(DAYS, REPORTS_AT_ONCE, run);
    if (reports.length === 0) return;
    const keysOfFile = keyQuota(lookUpKey);
    const claims: Claim[] = [];
    for (const ofFile of Map.groupBy(reports, ({ domainId, rawHash }) => `${domainId} ${rawHash}`).values()) {
      claims.push(...(await claimsOf(ofFile, keysOfFile())));
    }
    await Promise.all(claims.map(decide));
  }
}

/** A report with the mail around it, and whom it says that it is from. */
interface Claim {
  report: Undecided;
  messages: readonly Buffer[];
  reporter: string | null;
  verifying: Verifying;
}

/** A file is read once, and one at a time: it may inflate to 100 MB. What is read differently by now is left out. */
async function claimsOf(reports: readonly Undecided[], lookUpKey: KeyLookup): Promise<Claim[]> {
  const [first] = reports;
  const file = first ? await rawFileOfReport(first.domainId, first.id) : null;
  if (file === null) return [];
  const left = new Map(reports.map((report) => [report.contentHash, report]));
  const checks: Verifying["checks"] = new Map();
  return (await decode(file.bytes, file.fileName)).flatMap((decoded) => {
    const report = decoded.outcome === "report" ? left.get(decoded.contentHash) : undefined;
    if (decoded.outcome !== "report" || report === undefined) return [];
    left.delete(report.contentHash);
    // A signature that was good when the mail came does not run out while nobody answers.
    const verifying = { lookUpKey, authservIds: [], now: report.receivedAt, checks };
    return [{ report, messages: decoded.messages, reporter: reporterOf(decoded.report, decoded.hints), verifying }];
  });
}

async function decide({ report, messages, reporter, verifying }: Claim): Promise<void> {
  const sender = await verifySender(messages, reporter, verifying);
  if (sender.verdict !== "temporary") await decideSender(report, sender);
}

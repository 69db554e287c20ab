import { decideSender, type Undecided, undecidedReports } from "#lib/db/temporary-senders.ts";
import { decode } from "./decode.ts";
import { lookUpKey } from "./dkim-keys.ts";
import { reporterOf } from "./identity.ts";
import { verifySender } from "./verify-sender.ts";

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
    const read: { report: Undecided; claim: Claim | null }[] = [];
    // One after the other: a file may inflate to 100 MB.
    for (const report of reports) read.push({ report, claim: await claimOf(report) });
    await Promise.all(read.map(({ report, claim }) => decide(report, claim)));
  }
}

interface Claim {
  messages: readonly Buffer[];
  reporter: string | null;
}

/** The mail around a report, and whom it says that it is from; null when the file is read differently by now. */
async function claimOf({ bytes, fileName, contentHash }: Undecided): Promise<Claim | null> {
  for (const decoded of await decode(bytes, fileName)) {
    if (decoded.outcome !== "report" || decoded.contentHash !== contentHash) continue;
    return { messages: decoded.messages, reporter: reporterOf(decoded.report, decoded.hints) };
  }
  return null;
}

async function decide(report: Undecided, claim: Claim | null): Promise<void> {
  if (claim === null) return;
  // A signature that was good when the mail came does not run out while nobody answers.
  const verifying = { lookUpKey, authservIds: [], now: report.receivedAt };
  const sender = await verifySender(claim.messages, claim.reporter, verifying);
  if (sender.verdict !== "temporary") await decideSender(report, sender);
}

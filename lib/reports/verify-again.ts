import { rawFileOfReport } from "#lib/db/read-reports.ts";
import { decideSender, type Undecided, undecidedReports } from "#lib/db/temporary-senders.ts";
import { decode } from "./decode.ts";
import { type KeyLookup, lookUpKey } from "./dkim-keys.ts";
import { keyQuota } from "./key-quota.ts";
import { type Verifying, verifySender } from "./verify-sender.ts";

/** As long as senders try to deliver a mail; a key that is not to be had by then is no key. */
const DAYS = 4;
/** Of one run, which comes every few minutes. */
const REPORTS_AT_ONCE = 200;

/** Looks again at the signatures of held reports whose key could not be looked up when they came. */
export async function verifyAgain(): Promise<void> {
  const keysOfFile = keyQuota(lookUpKey);
  const reports = await undecidedReports(DAYS, REPORTS_AT_ONCE);
  const byFile = Map.groupBy(reports, ({ domainId, rawHash }) => `${domainId} ${rawHash}`);
  for (const ofFile of byFile.values()) await verifyFile(ofFile, keysOfFile());
}

/** A file is read once, and one at a time: it may have 16 MB and hundreds of reports. */
async function verifyFile(reports: readonly Undecided[], lookUpKey: KeyLookup): Promise<void> {
  const [first] = reports;
  const file = first ? await rawFileOfReport(first.domainId, first.id) : null;
  if (file === null) return;
  const left = new Map(reports.map((report) => [report.contentHash, report]));
  const checked: Verifying["checked"] = new Map();
  for (const decoded of await decode(file.bytes, file.fileName)) {
    const undecided = decoded.outcome === "report" ? left.get(decoded.contentHash) : undefined;
    if (decoded.outcome !== "report" || undecided === undefined) continue;
    left.delete(undecided.contentHash);
    const claims = { contact: decoded.report.contact, submitter: decoded.hints.submitter };
    // A signature that was good when the mail came does not run out while nobody answers.
    const verifying = { lookUpKey, authservIds: [], now: undecided.receivedAt, checked };
    const sender = await verifySender(decoded.messages, claims, verifying);
    if (sender.verdict !== "temporary") await decideSender(undecided, sender);
  }
}

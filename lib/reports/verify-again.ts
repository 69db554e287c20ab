import { decideSender, type Undecided, undecidedReports } from "#lib/db/temporary-senders.ts";
import { decode } from "./decode.ts";
import { lookUpKey } from "./dkim-keys.ts";
import { reporterOf } from "./identity.ts";
import { verifySender } from "./verify-sender.ts";

/** As long as senders try to deliver a mail; a key that is not to be had by then is no key. */
const DAYS = 4;
/** Of one run, which comes every few minutes. */
const REPORTS_AT_ONCE = 200;

/** Looks again at the signatures of held reports whose key could not be looked up when they came. */
export async function verifyAgain(): Promise<void> {
  for (const undecided of await undecidedReports(DAYS, REPORTS_AT_ONCE)) await verifyOne(undecided);
}

async function verifyOne({ bytes, fileName, contentHash, receivedAt, ...where }: Undecided): Promise<void> {
  for (const decoded of await decode(bytes, fileName)) {
    if (decoded.outcome !== "report" || decoded.contentHash !== contentHash) continue;
    const reporter = reporterOf(decoded.report, decoded.hints);
    // A signature that was good when the mail came does not run out while nobody answers.
    const sender = await verifySender(decoded.messages, reporter, { lookUpKey, authservIds: [], now: receivedAt });
    if (sender.verdict !== "temporary") await decideSender(where, sender);
    return;
  }
}

import { MAX_MAIL_DEPTH, MAX_MBOX_MAILS } from "./limits.ts";
import { type Mail, type MailPart, readMail, splitMbox } from "./mail.ts";
import { choose, type Decoded, type Hints, type Place, type ReadInside, within } from "./place.ts";
import { Refusal, rejected } from "./refusal.ts";
import { sealOf } from "./sealed.ts";

/** Reads the reports in a mail, or in each mail of an mbox. Throws a Refusal. */
export async function readMessages(bytes: Buffer, place: Place, readInside: ReadInside): Promise<Decoded[]> {
  if (place.mailRoom.isUsedUp) return [];
  const mails = await splitMbox(bytes, place.mailRoom);
  const [only] = mails;
  if (mails.length === 1 && only !== undefined) return readMessage(only, place, readInside);
  const results: Decoded[] = [];
  for (const mail of mails.slice(0, MAX_MBOX_MAILS)) {
    if (!place.mailRoom.isUsedUp) results.push(...(await readSafely(mail, place, readInside)));
  }
  // What was read before stays read.
  if (mails.length > MAX_MBOX_MAILS) {
    results.push(rejected("too-many-mails", `the mbox has more than ${MAX_MBOX_MAILS} mails and is not read further`));
  }
  return choose(results, "no-report-in-mail", "no mail of the mbox has a TLS report in it");
}

async function readSafely(mail: Buffer, place: Place, readInside: ReadInside): Promise<Decoded[]> {
  try {
    return await readMessage(mail, place, readInside);
  } catch (error) {
    if (error instanceof Refusal) return [error.refused];
    throw error;
  }
}

async function readMessage(bytes: Buffer, place: Place, readInside: ReadInside): Promise<Decoded[]> {
  if (place.mails === MAX_MAIL_DEPTH) {
    return [rejected("mail-depth", `the mail has mails inside mails more than ${MAX_MAIL_DEPTH} levels deep`)];
  }
  const mail = await readMail(bytes, place.mailRoom);
  const hints = join(mail, place.mail);
  const results: Decoded[] = [];
  for (const part of mail.parts) {
    await place.mailRoom.turn();
    const messages = [bytes, ...place.messages];
    const inside = { ...place, name: part.name, mail: hints, messages, gzips: 0, mails: place.mails + 1 };
    results.push(...judge(part, await readInside(part.bytes, inside)));
  }
  const seal = mail.parts.map(sealOf).find((found) => found !== null);
  const none = "the mail has no TLS report in it";
  const chosen = choose(results, "no-report-in-mail", seal ? `${none} that can be read: ${seal}` : none);
  return mail.declared ? chosen.map((result) => insist("the mail says that it is a TLS report, but", result)) : chosen;
}

/** A forwarded mail knows better than the one around it. */
function join(mail: Mail, outer: Hints | null): Hints {
  return {
    domains: [...mail.domains, ...(outer?.domains ?? [])],
    submitter: mail.submitter ?? outer?.submitter ?? null,
    author: mail.author,
  };
}

function judge(part: MailPart, results: Decoded[]): Decoded[] {
  const { name, type } = part;
  // A text that happens to begin with a brace is no broken report.
  if (name === null && type.startsWith("text/") && results.every(isBrokenJson)) return [];
  return results.map((result) => {
    const judged = type.includes("tlsrpt") ? insist(`it is declared as ${type}, but`, result) : result;
    return name === null ? judged : within("attachment", name, judged);
  });
}

function isBrokenJson(result: Decoded): boolean {
  return result.outcome === "rejected" && result.code === "json-syntax";
}

/** What claims to be a TLS report and is none cannot be taken; a DMARC report is merely in the wrong place (quirk 39). */
function insist(claim: string, result: Decoded): Decoded {
  if (result.outcome !== "not-a-report" || result.code === "dmarc-report") return result;
  return rejected(result.code, `${claim} ${result.reason}`);
}

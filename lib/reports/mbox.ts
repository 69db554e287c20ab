const FROM_LINE = Buffer.from("From ");
const NEXT = Buffer.from("\nFrom ");
/** How far behind its beginning a line is looked at: a longest address, a date, and the name of the field below it. */
const LOOK = 1_000;
const LOOK_FIELD = 100;

const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
// Real mailboxes add a zone, on either side of the year, and leave out the seconds; "-" and MAILER-DAEMON stand for addresses.
const ZONE = "(?: (?:[A-Z]{1,5}|[+-]\\d{4}))?";
const DATE = `${DAY} ${MONTH} [ \\d]?\\d \\d\\d:\\d\\d(?::\\d\\d)?${ZONE} \\d{4}${ZONE}`;
const DATED_LINE = new RegExp(`^From +(?:"[^"]*"@)?\\S+ +${DATE}\\s*$`);
const SHORTEST_DATED = "From - Tue May 5 10:21 2026".length;
/** A header field (RFC 5322 §2.2), and no link. */
const FIELD = /^[A-Za-z][\w-]{0,75}[ \t]*:(?!\/\/)/;

/** Whether bytes are an mbox (RFC 4155), if only of one mail that was saved with its `From ` line. */
export function isMbox(bytes: Buffer): boolean {
  return bytes.subarray(0, FROM_LINE.length).equals(FROM_LINE);
}

/**
 * Where the next mail of an mbox begins, at or behind `from`, which is no beginning itself; or else from where to look again
 * when more has come.
 * @param isAll whether nothing more comes
 */
export function nextMail(bytes: Buffer, from: number, isAll: boolean): { found: boolean; at: number } {
  let at = bytes.indexOf(NEXT, from);
  for (; at >= 0; at = bytes.indexOf(NEXT, at + 1)) {
    if (!isAll && bytes.length < at + LOOK) return { found: false, at };
    if (beginsMail(bytes, at + 1)) return { found: true, at: at + 1 };
  }
  return { found: false, at: Math.max(from, bytes.length - NEXT.length + 1) };
}

/** The bytes of a mail behind the line that begins it. */
export function withoutFromLine(mail: Buffer): Buffer {
  const line = mail.indexOf(0x0a);
  return mail.subarray(line < 0 ? mail.length : line + 1);
}

/**
 * A line that begins with "From " begins a mail when it has an address and a date (RFC 4155 appendix A): not all programs put
 * the empty line before it. One without them does when an empty line is before it and a header field below it. Any other is
 * text: "mboxcl2" and mails that were saved by themselves do not quote it.
 */
function beginsMail(bytes: Buffer, at: number): boolean {
  const end = bytes.indexOf(0x0a, at);
  if (end < 0 || end > at + LOOK - LOOK_FIELD) return false;
  if (end - at >= SHORTEST_DATED && DATED_LINE.test(bytes.toString("latin1", at, end))) return true;
  return isEmptyLineBefore(bytes, at - 1) && FIELD.test(bytes.toString("latin1", end + 1, end + LOOK_FIELD));
}

function isEmptyLineBefore(bytes: Buffer, lineFeed: number): boolean {
  const before = bytes[lineFeed - 1];
  return before === 0x0a || (before === 0x0d && bytes[lineFeed - 2] === 0x0a);
}

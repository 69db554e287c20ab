import PostalMime from "postal-mime";
import { type DomainHint, domainIn, partiesOfSubject } from "#lib/standards/report-hints.ts";
import { MAX_MAIL_BOUNDARIES, MAX_MAIL_DEPTH, MAX_MAIL_HEADER_BYTES } from "./limits.ts";
import { Refusal, rejected } from "./refusal.ts";
import { firstLetter } from "./sniff.ts";

/** One part of a mail that has no parts itself. */
export interface MailPart {
  /** Its file name, or the description that Microsoft puts in its place (quirk 29). */
  name: string | null;
  /** The declared media type, in lower case. Only a mail in a mail is taken at its word (quirks 28 to 34). */
  type: string;
  bytes: Buffer;
}

export interface Mail {
  parts: MailPart[];
  /** The policy domain as the mail's header and subject name it, best first. */
  domains: DomainHint[];
  /** The domain of the sender as the mail names it; nothing here says that it is true. */
  submitter: string | null;
  /** The mail says that it is a TLS report. */
  declared: boolean;
}

/** Leaves no part out: by itself PostalMime joins the texts of a mail into one, and a report may be one of them. */
class EveryPart extends PostalMime {
  isInlineTextNode(): boolean {
    return false;
  }
}

/** Takes a mail (RFC 5322, RFC 2045) apart, down to the parts without parts; a mail in it is one part. Throws a Refusal. */
export async function readMail(bytes: Buffer): Promise<Mail> {
  if (mayHaveTooManyParts(bytes)) {
    throw new Refusal(
      rejected("mail-parts", `the mail has more than ${MAX_MAIL_BOUNDARIES} lines that may divide parts`),
    );
  }
  const parser = new EveryPart({
    forceRfc822Attachments: true,
    maxNestingDepth: MAX_MAIL_DEPTH,
    maxHeadersSize: MAX_MAIL_HEADER_BYTES,
  });
  const mail = await parser.parse(bytes).catch((error: unknown) => {
    throw explain(error);
  });
  const header = (key: string) => mail.headers.find((field) => field.key === key)?.value;
  const subject = partiesOfSubject(mail.subject ?? "");
  const named = domainIn(header("tls-report-domain"));
  const domains: DomainHint[] = [];
  if (named !== null) domains.push({ domain: named, from: "header" });
  if (subject.domain !== null) domains.push({ domain: subject.domain, from: "subject" });
  return {
    parts: mail.attachments.flatMap(({ filename, description, mimeType, content }) =>
      typeof content === "string"
        ? []
        : [{ name: filename ?? description ?? null, type: mimeType, bytes: asBuffer(content) }],
    ),
    domains,
    submitter: domainIn(header("tls-report-submitter")) ?? subject.submitter,
    // RFC 8460 §5.3: multipart/report with report-type="tlsrpt", and the two header fields.
    declared:
      named !== null || /report-type\s*=\s*"?tlsrpt\b|application\/tlsrpt\b/i.test(header("content-type") ?? ""),
  };
}

/** The mails of an mbox (RFC 4155), each behind a `From ` line that follows an empty one; any other mail is one. */
export function splitMbox(bytes: Buffer): Buffer[] {
  const text = bytes.subarray(firstLetter(bytes));
  if (!text.subarray(0, FROM_LINE.length).equals(FROM_LINE)) return [text];
  const starts: number[] = [0];
  const next = Buffer.concat([Buffer.from("\n"), FROM_LINE]);
  for (let at = text.indexOf(next); at >= 0; at = text.indexOf(next, at + 1)) {
    if (/\n\r?$/.test(text.toString("latin1", Math.max(at - 2, 0), at))) starts.push(at + 1);
  }
  return starts.map((start, i) => text.subarray(text.indexOf(0x0a, start) + 1, starts[i + 1]));
}

function asBuffer(content: ArrayBuffer | Uint8Array): Buffer {
  return content instanceof Uint8Array
    ? Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    : Buffer.from(content);
}

const FROM_LINE = Buffer.from("From ");
const BOUNDARY_START = Buffer.from("\n--");

function mayHaveTooManyParts(bytes: Buffer): boolean {
  let count = 0;
  for (let at = bytes.indexOf(BOUNDARY_START); at >= 0; at = bytes.indexOf(BOUNDARY_START, at + 3)) {
    if (++count > MAX_MAIL_BOUNDARIES) return true;
  }
  return false;
}

function explain(error: unknown): unknown {
  const text = error instanceof Error ? error.message : "";
  if (text.startsWith("Maximum MIME nesting depth")) {
    return new Refusal(
      rejected("mail-depth", `the mail has parts inside parts more than ${MAX_MAIL_DEPTH} levels deep`),
    );
  }
  if (text.startsWith("Maximum header size")) {
    const most = MAX_MAIL_HEADER_BYTES / 1024;
    return new Refusal(rejected("too-large", `the headers of the mail have more than ${most} kB`));
  }
  return new Refusal(rejected("damaged-mail", "the mail cannot be taken apart"));
}

import PostalMime, { addressParser } from "postal-mime";
import { type DomainHint, domainIn, partiesOfSubject } from "#lib/standards/report-hints.ts";
import { boundaryOf } from "./boundary.ts";
import { MAX_MAIL_DEPTH, MAX_MAIL_HEADER_BYTES, MAX_MAIL_PARTS, MAX_MBOX_MAILS } from "./limits.ts";
import { MailRoom } from "./mail-room.ts";
import { isMbox, nextMail, withoutFromLine } from "./mbox.ts";
import { decodeBody, splitHeader, splitParts } from "./mime.ts";
import { Refusal, rejected } from "./refusal.ts";
import { firstLetter } from "./sniff.ts";

/** One part of a mail that has no parts itself; a mail in a mail is one part. */
export interface MailPart {
  /** Its file name, or the description that Microsoft puts in its place (quirk 29). */
  name: string | null;
  /** The declared media type, in lower case. It is not trusted (quirks 28 to 34). */
  type: string;
  bytes: Buffer;
}

export interface Mail {
  parts: MailPart[];
  /** The policy domain as the mail's header and subject name it, best first. */
  domains: DomainHint[];
  /** The domain of the sender as the mail names it; nothing here says that it is true. */
  submitter: string | null;
  /** The domain of its one author, as the mail names it. */
  author: string | null;
  /** The mail says that it is a TLS report. */
  declared: boolean;
}

/** Takes a mail (RFC 5322, RFC 2045) apart, as far as its file has room. Throws a Refusal. */
export async function readMail(bytes: Buffer, ofFile = new MailRoom()): Promise<Mail> {
  const room = { parts: MAX_MAIL_PARTS, headerBytes: MAX_MAIL_HEADER_BYTES, ofFile };
  const entity = await readEntity(bytes, room);
  const parts = await readParts(entity, room, 0);
  const subject = partiesOfSubject(entity.subject);
  const named = domainIn(entity.header("tls-report-domain"));
  const domains: DomainHint[] = [];
  if (named !== null) domains.push({ domain: named, from: "header" });
  if (subject.domain !== null) domains.push({ domain: subject.domain, from: "subject" });
  return {
    parts,
    domains,
    submitter: domainIn(entity.header("tls-report-submitter")) ?? subject.submitter,
    author: authorIn(entity.authors),
    // RFC 8460 §5.3: multipart/report with report-type="tlsrpt", and the two header fields.
    declared: named !== null || /report-type\s*=\s*"?tlsrpt\b|application\/tlsrpt\b/i.test(entity.contentType),
  };
}

/** The domain of the one author of a mail; null where several are named. */
function authorIn(fields: readonly string[]): string | null {
  const authors = fields.flatMap((field) => addressParser(field)).flatMap((one) => one.group ?? [one]);
  const [only = null, ...others] = new Set(authors.map(({ address }) => domainIn(address?.split("@").at(-1))));
  return others.length === 0 ? only : null;
}

/** Tells the name of a text too: by itself PostalMime joins the texts of a mail into one. */
class HeaderReader extends PostalMime {
  isInlineTextNode(): boolean {
    return false;
  }
}

/** A mail or a part of one: its header, read, and its body, not read yet. */
interface Entity {
  header: (name: string) => string | undefined;
  contentType: string;
  subject: string;
  /** The values of its From fields. */
  authors: string[];
  /** Name and type of the body, if it is one part. */
  named: { name: string | null; type: string } | null;
  body: Buffer;
}

/** What a mail may still have. */
interface Room {
  parts: number;
  headerBytes: number;
  ofFile: MailRoom;
}

async function readEntity(bytes: Buffer, room: Room): Promise<Entity> {
  await room.ofFile.turn();
  const { header, body } = splitHeader(bytes, MAX_MAIL_HEADER_BYTES);
  room.headerBytes -= header.length;
  if (room.headerBytes < 0) {
    const most = MAX_MAIL_HEADER_BYTES / 1024;
    throw new Refusal(rejected("too-large", `the headers of the mail have more than ${most} kB`));
  }
  room.ofFile.take(header.length);
  const mail = await new HeaderReader({ forceRfc822Attachments: true }).parse(header);
  const field = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
  const [part] = mail.attachments;
  const named = part && { name: part.filename ?? part.description ?? null, type: part.mimeType };
  const contentType = field("content-type") ?? "text/plain";
  const authors = mail.headers.flatMap(({ key, value }) => (key === "from" ? [value] : []));
  return { header: field, contentType, subject: mail.subject ?? "", authors, named: named ?? null, body };
}
async function readParts(entity: Entity, room: Room, depth: number): Promise<MailPart[]> {
  const boundary = boundaryOf(entity.contentType);
  const pieces = boundary === null ? [] : splitParts(entity.body, boundary, room.parts);
  if (pieces.length === 0) {
    const { name, type } = entity.named ?? { name: null, type: "text/plain" };
    return [{ name, type, bytes: decodeBody(entity.body, entity.header("content-transfer-encoding") ?? "") }];
  }
  if (depth === MAX_MAIL_DEPTH) {
    const reason = `the mail has parts inside parts more than ${MAX_MAIL_DEPTH} levels deep`;
    throw new Refusal(rejected("mail-depth", reason));
  }
  room.parts -= pieces.length;
  if (room.parts < 0) throw new Refusal(rejected("mail-parts", `the mail has more than ${MAX_MAIL_PARTS} parts`));
  const parts: MailPart[] = [];
  for (const piece of pieces) parts.push(...(await readParts(await readEntity(piece, room), room, depth + 1)));
  return parts;
}

const PIECE = 64 * 1024;

/**
 * The mails of an mbox (RFC 4155), each without the line that begins it; any other mail is one. Where there are more than
 * `most`, one more is told, which holds all others.
 */
export async function splitMbox(bytes: Buffer, ofFile = new MailRoom(), most = MAX_MBOX_MAILS): Promise<Buffer[]> {
  const text = bytes.subarray(firstLetter(bytes));
  if (!isMbox(text)) return [text];
  const mails: Buffer[] = [];
  let [start, from] = [0, 0];
  // In pieces, with turns between them: lines that only look as if they began a mail are looked at one by one.
  for (let end = 0; end < text.length && mails.length < most; ) {
    await ofFile.turn();
    end = Math.min(from + PIECE, text.length);
    const next = nextMail(text.subarray(0, end), from, end === text.length);
    from = next.at;
    if (!next.found) continue;
    mails.push(withoutFromLine(text.subarray(start, from)));
    [start, end] = [from, 0];
  }
  return [...mails, withoutFromLine(text.subarray(start))];
}

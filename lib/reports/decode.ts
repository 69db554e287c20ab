import { partiesOfFileName } from "#lib/standards/report-hints.ts";
import { readJson } from "./json.ts";
import { MAX_FILE_BYTES, MAX_INFLATED_BYTES } from "./limits.ts";
import { MailRoom } from "./mail-room.ts";
import { type Decoded, DecodedReport, type Hints, type Place } from "./place.ts";
import { readArchive, readGzip } from "./read-archive.ts";
import { readMessages } from "./read-message.ts";
import { moreThan, notAReport, Refusal, type Refused, rejected } from "./refusal.ts";
import { describeBytes, isDmarcReport, sniff } from "./sniff.ts";

/**
 * Reads the TLS reports in some bytes: plain, gzipped, in a zip or in a mail, told apart by content. Gives at least one
 * result and never throws. The name is a hint for a missing policy domain and nothing else.
 */
export async function decode(bytes: Buffer, name: string | null): Promise<Decoded[]> {
  if (bytes.length > MAX_FILE_BYTES) return [tooLarge(bytes.length)];
  const budget = { left: MAX_INFLATED_BYTES };
  const mailRoom = new MailRoom();
  return read(bytes, { name, mail: null, messages: [], quirks: [], gzips: 0, zips: 0, mails: 0, budget, mailRoom });
}

/** The refusal of a file larger than we take: `decode` gives it too, but whoever knows the size need not read the file. */
export function tooLarge(size: number): Refused {
  return rejected("too-large", `the file has ${moreThan(size, MAX_FILE_BYTES)}`);
}

function read(bytes: Buffer, place: Place): Decoded[] | Promise<Decoded[]> {
  try {
    const results = readKind(bytes, place);
    return results instanceof Promise ? results.catch(refuse) : results;
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): Decoded[] {
  if (error instanceof Refusal) return [error.refused];
  return [{ ...rejected("internal", "it met a fault in Sealpost itself while it was read"), cause: error }];
}

function readKind(bytes: Buffer, place: Place): Decoded[] | Promise<Decoded[]> {
  switch (sniff(bytes)) {
    case "json":
      return readReports(bytes, place);
    case "gzip":
      return readGzip(bytes, place, read);
    case "zip":
      return readArchive(bytes, place, read);
    case "mail":
      return readMessages(bytes, place, read);
    case "utf-16":
      return read(fromUtf16(bytes), { ...place, quirks: [...place.quirks, "utf-16"] });
    case "markup":
      return [
        isDmarcReport(bytes)
          ? notAReport("dmarc-report", "this is a DMARC report (XML), not a TLS report")
          : notAReport("markup", "this is an XML or HTML document, not a TLS report"),
      ];
    case "empty":
      return [notAReport("empty", "there is nothing in it")];
    case "other-json":
      return [notAReport("other-json", "this JSON is no object, as a TLS report is")];
    case "text":
      return [notAReport("text", "this is text, not a TLS report")];
    case "binary":
      return [notAReport("binary", `this is ${describeBytes(bytes)}, not a TLS report`)];
  }
}

function readReports(bytes: Buffer, place: Place): Decoded[] {
  const hints = hintsOf(place);
  return readJson(bytes, place.quirks, hints.domains).map((result) =>
    result.ok ? new DecodedReport(result.report, hints, place.messages, result.text) : result.refused,
  );
}

// Quirk 8: the header first, then the subject, then the name.
function hintsOf({ mail, name }: Place): Hints {
  const file = name?.includes("!") ? partiesOfFileName(name) : null;
  const domains = mail === null ? [] : [...mail.domains];
  if (file?.domain) domains.push({ domain: file.domain, from: "filename" });
  return { domains, submitter: mail?.submitter ?? file?.submitter ?? null, author: mail?.author ?? null };
}

function fromUtf16(bytes: Buffer): Buffer {
  const encoding = bytes[0] === 0xff ? "utf-16le" : "utf-16be";
  return Buffer.from(new TextDecoder(encoding).decode(bytes));
}

/** What bytes are, by their first letters. Names and declared types are never asked (quirk 32). */
export type Kind = "empty" | "gzip" | "zip" | "json" | "utf-16" | "other-json" | "markup" | "mail" | "text" | "binary";

const UTF8_BOM = [0xef, 0xbb, 0xbf];
/** A mail starts with a header field (RFC 5322 §2.2), or with the line that an mbox puts before it. */
const HEADER_FIELD = /^(?:From [^\r\n]*\r?\n)?[A-Za-z][A-Za-z0-9-]{0,75}:/;
/** Some field that no other text has is among the first. */
const KNOWN_FIELD =
  /^(?:from|to|cc|subject|date|sender|reply-to|message-id|mime-version|content-[a-z-]+|received|return-path|delivered-to|dkim-signature|arc-[a-z-]+|authentication-results|tls-report-[a-z-]+|x-[a-z0-9-]+):/im;
const LOOK = 2_000;
const LOOK_MAIL = 64_000;

/** Tells what some bytes are. */
export function sniff(bytes: Buffer): Kind {
  if (bytes.length === 0) return "empty";
  if (starts(bytes, 0x1f, 0x8b)) return "gzip";
  // PK\3\4 is an entry, PK\5\6 the end of an empty archive.
  if (starts(bytes, 0x50, 0x4b, 0x03, 0x04) || starts(bytes, 0x50, 0x4b, 0x05, 0x06)) return "zip";
  if (starts(bytes, 0xff, 0xfe) || starts(bytes, 0xfe, 0xff)) return "utf-16";
  const from = firstLetter(bytes);
  if (from === bytes.length) return "empty";
  const letter = bytes[from];
  if (letter === 0x7b) return "json";
  if (letter === 0x3c) return "markup";
  const head = latin1(bytes, from, LOOK);
  if (HEADER_FIELD.test(head) && KNOWN_FIELD.test(latin1(bytes, from, LOOK_MAIL))) return "mail";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary data from text.
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(head)) return "binary";
  return letter === 0x5b || letter === 0x22 ? "other-json" : "text";
}

function latin1(bytes: Buffer, from: number, length: number): string {
  return bytes.toString("latin1", from, Math.min(from + length, bytes.length));
}

/** The offset behind a byte order mark and blanks (quirk 23). */
export function firstLetter(bytes: Uint8Array): number {
  let at = hasBom(bytes) ? UTF8_BOM.length : 0;
  while (at < bytes.length && isBlank(bytes[at] as number)) at++;
  return at;
}

/** The offset of the blanks at the end, or else of the end. */
export function endOfLetters(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && isBlank(bytes[end - 1] as number)) end--;
  return end;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** True when the bytes start with the byte order mark of UTF-8. */
export function hasBom(bytes: Uint8Array): boolean {
  return starts(bytes, ...UTF8_BOM);
}

function starts(bytes: Uint8Array, ...magic: number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, at) => bytes[at] === byte);
}

/** True for XML that is a DMARC report (RFC 7489 appendix C), which often comes to the same mailbox (quirk 39). */
export function isDmarcReport(bytes: Buffer): boolean {
  return /<(?:\w+:)?(?:feedback|report_metadata|policy_published)[\s>]/.test(latin1(bytes, 0, LOOK_MAIL));
}

const SIGNATURES: [string, number[]][] = [
  ["a PNG image", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG image", [0xff, 0xd8, 0xff]],
  ["a GIF image", [0x47, 0x49, 0x46, 0x38]],
  ["a PDF document", [0x25, 0x50, 0x44, 0x46]],
  ["a bzip2 archive", [0x42, 0x5a, 0x68]],
  ["an xz archive", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["a Zstandard archive", [0x28, 0xb5, 0x2f, 0xfd]],
  ["a 7-Zip archive", [0x37, 0x7a, 0xbc, 0xaf]],
  ["a mail in Outlook's own form (save it as .eml)", [0xd0, 0xcf, 0x11, 0xe0]],
];

/** A name for bytes that are none of the kinds that we read, for the reason. */
export function describeBytes(bytes: Uint8Array): string {
  return SIGNATURES.find(([, magic]) => starts(bytes, ...magic))?.[0] ?? "binary data of an unknown kind";
}

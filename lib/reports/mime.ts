// The bodies of a mail. PostalMime reads headers for us, but not bodies: it keeps an object per line and per padding, so
// that 15 MB of short lines take gigabytes. Here a body is only ever sliced, and decoded in one piece.

const LF = 0x0a;
const CR = 0x0d;
const EQUALS = 0x3d;

/**
 * Header and body of a mail or a part: an empty line stands between them (RFC 5322 §2.1). Behind `most` bytes none is looked
 * for, and all is header.
 */
export function splitHeader(bytes: Buffer, most = bytes.length): { header: Buffer; body: Buffer } {
  if (bytes[0] === LF || (bytes[0] === CR && bytes[1] === LF)) {
    return { header: bytes.subarray(0, 0), body: bytes.subarray(bytes[0] === LF ? 1 : 2) };
  }
  for (let at = bytes.indexOf(LF); at >= 0 && at <= most; at = bytes.indexOf(LF, at + 1)) {
    const next = bytes[at + 1] === CR ? at + 2 : at + 1;
    if (bytes[next] === LF) return { header: bytes.subarray(0, at + 1), body: bytes.subarray(next + 1) };
  }
  return { header: bytes, body: bytes.subarray(bytes.length) };
}

/**
 * The parts of a multipart body (RFC 2046 §5.1.1), up to one more than `most`. What stands before the first and behind the
 * last is nobody's; a missing end is forgiven.
 */
export function splitParts(body: Buffer, boundary: string, most: number): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let start = -1;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== LF) continue;
    const line = delimiterLine(body, at + delimiter.length);
    if (line === null) continue;
    if (start >= 0) parts.push(body.subarray(start, Math.max(start, withoutLineEnd(body, at))));
    start = line.next;
    if (line.last || parts.length > most) return parts;
  }
  if (start >= 0) parts.push(body.subarray(start));
  return parts;
}

/** The rest of a delimiter's line: nothing, or `--` for the last one, and blanks. Null when it is another text. */
function delimiterLine(body: Buffer, from: number): { next: number; last: boolean } | null {
  const last = body[from] === 0x2d && body[from + 1] === 0x2d;
  let at = last ? from + 2 : from;
  while (body[at] === 0x20 || body[at] === 0x09 || body[at] === CR) at++;
  return at === body.length || body[at] === LF ? { next: Math.min(at + 1, body.length), last } : null;
}

/** The line end before a delimiter belongs to the delimiter. */
function withoutLineEnd(body: Buffer, at: number): number {
  return at >= 2 && body[at - 2] === CR ? at - 2 : at - 1;
}

/** A body as it was before its transfer encoding (RFC 2045 §6). */
export function decodeBody(body: Buffer, encoding: string): Buffer {
  if (/\bbase64\b/i.test(encoding)) return decodeBase64(body);
  return /\bquoted-printable\b/i.test(encoding) ? decodeQuotedPrintable(body) : body;
}

// Node stops at the first padding; some mailers pad each line (quirk 29), so each run of letters is decoded by itself.
function decodeBase64(body: Buffer): Buffer {
  const text = body.toString("latin1");
  const decoded = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4) + 3);
  let length = 0;
  let from = 0;
  while (from < text.length) {
    const padding = text.indexOf("=", from);
    const to = padding < 0 ? text.length : padding;
    length += decoded.write(text.slice(from, to), length, "base64");
    from = to + 1;
  }
  return decoded.subarray(0, length);
}

// RFC 2045 §6.7. An equals sign that begins nothing is kept as it is.
function decodeQuotedPrintable(body: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(body.length);
  let length = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] as number;
    if (byte === EQUALS) {
      const after = softBreakEnd(body, i + 1);
      if (after > 0) {
        i = after - 1;
        continue;
      }
      const octet = 16 * hexDigit(body[i + 1]) + hexDigit(body[i + 2]);
      if (octet >= 0) {
        decoded[length++] = octet;
        i += 2;
        continue;
      }
    }
    decoded[length++] = byte;
  }
  return decoded.subarray(0, length);
}

/** The offset behind a line end that an equals sign takes away; 0 when none follows it. */
function softBreakEnd(body: Buffer, from: number): number {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x09) at++;
  if (body[at] === CR) at++;
  return body[at] === LF ? at + 1 : 0;
}

/** The value of a hexadecimal digit; far below zero for anything else, so that no sum with one is a number of octets. */
function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1_000;
}

// The smallest pieces of JSON (RFC 8259), read from bytes. report-json.ts puts them together.

export type JsonFault = "json-syntax" | "duplicate-key" | "json-depth" | "json-values";

/** Thrown inside the scanner only, and caught at its edge. */
export class Fault extends Error {
  readonly fault: JsonFault;
  readonly offset: number;
  constructor(fault: JsonFault, offset: number, what: string) {
    super(what);
    this.fault = fault;
    this.offset = offset;
  }
}

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const LETTER_E = 0x65;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const WORDS = ["true", "false", "null"];

// RFC 8259 §7: a quote ends a string, a backslash escapes, control characters are not allowed. 1 is one of these.
export const STOPS = new Uint8Array(256).map((_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
);
const ESCAPES = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));

/** What the strings read so far had in them. */
export interface StringNotes {
  /** Some string had a `\u` escape: the only way to write a NUL or half a surrogate pair. */
  unicode: boolean;
}

/** Stands for the byte behind the last one. */
const END = -1;

/** The byte at an offset, or `END`. Reading past the end of a typed array would make V8 run all of this slower for good. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return at < bytes.length ? (bytes[at] as number) : END;
}

/** The offset of the quote that ends a string; `from` is anywhere inside it, before its first escape. */
export function stringEnd(bytes: Uint8Array, from: number, notes: StringNotes): number {
  for (let i = from; ; i++) {
    while (i < bytes.length && STOPS[bytes[i] as number] === 0) i++;
    const byte = byteAt(bytes, i);
    if (byte === QUOTE) return i;
    if (byte !== BACKSLASH) throw unexpected(bytes, i, "the rest of a string");
    const letter = byteAt(bytes, ++i);
    if (letter === LETTER_U) {
      notes.unicode = true;
      for (let digit = 0; digit < 4; digit++) {
        if (!isHex(byteAt(bytes, ++i))) throw unexpected(bytes, i, "a hexadecimal digit");
      }
    } else if (!ESCAPES.has(letter)) {
      throw unexpected(bytes, i, "an escape that JSON knows");
    }
  }
}

/** The offset behind a number, true, false or null. */
export function scalarEnd(bytes: Uint8Array, from: number): number {
  const byte = byteAt(bytes, from);
  if (byte === MINUS || isDigit(byte)) return numberEnd(bytes, from);
  for (const word of WORDS) {
    if (word.charCodeAt(0) === byte) return wordEnd(bytes, from, word);
  }
  throw unexpected(bytes, from, "a value");
}

function wordEnd(bytes: Uint8Array, from: number, word: string): number {
  for (let k = 1; k < word.length; k++) {
    if (byteAt(bytes, from + k) !== word.charCodeAt(k)) throw unexpected(bytes, from + k, `"${word}"`);
  }
  return from + word.length;
}

// RFC 8259 §6: no leading zero, at least one digit before and behind the point and in the exponent.
function numberEnd(bytes: Uint8Array, from: number): number {
  let i = byteAt(bytes, from) === MINUS ? from + 1 : from;
  i = byteAt(bytes, i) === ZERO ? i + 1 : digitsEnd(bytes, i);
  if (byteAt(bytes, i) === POINT) i = digitsEnd(bytes, i + 1);
  if ((byteAt(bytes, i) | 0x20) === LETTER_E) {
    const sign = byteAt(bytes, i + 1);
    i = digitsEnd(bytes, sign === PLUS || sign === MINUS ? i + 2 : i + 1);
  }
  return i;
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let i = from;
  while (isDigit(byteAt(bytes, i))) i++;
  if (i === from) throw unexpected(bytes, i, "a digit");
  return i;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

/** The fault of a byte that cannot stand where it stands, or of a text that ends too early. */
export function unexpected(bytes: Uint8Array, at: number, expected: string): Fault {
  const byte = byteAt(bytes, at);
  if (byte === END) return new Fault("json-syntax", bytes.length, `the text ends where ${expected} should come`);
  return new Fault("json-syntax", at, `${shown(byte)} stands where ${expected} should come`);
}

function shown(byte: number): string {
  if (byte > 0x20 && byte < 0x7f) return byte === QUOTE ? "a quote" : `"${String.fromCharCode(byte)}"`;
  return `byte 0x${byte.toString(16).padStart(2, "0")}`;
}

import { Refused } from "#lib/errors.ts";

/**
 * The text of an uploaded list: UTF-8, the UTF-16 that spreadsheets call "Unicode text", or else Windows-1252.
 * @throws Refused for a spreadsheet file
 */
export function decodeList(bytes: Uint8Array): string {
  // ZIP (.xlsx, .ods) and the older .xls
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    throw new Refused("This is a spreadsheet, not a list. Save it as CSV, and choose that file.", "list");
  }
  if (startsWith(bytes, [0xff, 0xfe])) return new TextDecoder("utf-16le").decode(bytes);
  if (startsWith(bytes, [0xfe, 0xff])) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function startsWith(bytes: Uint8Array, first: readonly number[]): boolean {
  return first.every((octet, index) => bytes[index] === octet);
}

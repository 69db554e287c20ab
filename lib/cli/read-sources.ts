import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { basename } from "node:path";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import type { Arrival } from "#lib/reports/receive.ts";

/** One arrival out of a file, or why there is none; `last` when nothing more comes of the file. */
export type Item = { name: string; last: boolean } & ({ arrival: Arrival } | { reason: string });

const TOO_LARGE = `larger than ${MAX_FILE_BYTES / 1024 / 1024} MB, which no report is.`;
/** mbox (RFC 4155): each mail is behind a line that begins so. */
const FROM_LINE = Buffer.from("From ");

/** Reads files one after the other; of a large mailbox file only ever the mail that is read is in memory. */
export async function* readSources(paths: readonly string[]): AsyncGenerator<Item> {
  for (const path of paths) {
    const name = basename(path);
    try {
      const bytes = beginningOf(path);
      if (bytes.subarray(0, FROM_LINE.length).equals(FROM_LINE)) yield* mailsOf(path, bytes);
      else if (bytes.length > MAX_FILE_BYTES) yield item(path, true, TOO_LARGE);
      else yield item(name, true, bytes);
    } catch (error) {
      yield item(path, true, error instanceof Error ? error.message : String(error));
    }
  }
}

/** The bytes of a file, of one that is larger than any report a little more than it may have. Quicker than asynchronously. */
function beginningOf(path: string): Buffer {
  const descriptor = openSync(path, "r");
  try {
    if (fstatSync(descriptor).size <= MAX_FILE_BYTES) return readFileSync(descriptor);
    const bytes = Buffer.alloc(MAX_FILE_BYTES + 1);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

function item(name: string, last: boolean, read: Buffer | string): Item {
  return {
    name,
    last,
    ...(typeof read === "string" ? { reason: read } : { arrival: { fileName: name, bytes: read } }),
  };
}

async function* mailsOf(path: string, beginning: Buffer): AsyncGenerator<Item> {
  const name = basename(path);
  const isWhole = beginning.length <= MAX_FILE_BYTES;
  let number = 0;
  let waiting: Item | null = null;
  const chunks = isWhole ? [beginning] : createReadStream(path, { highWaterMark: 1024 * 1024 });
  for await (const mail of splitMboxStream(chunks)) {
    if (waiting !== null) yield waiting;
    number += 1;
    waiting = item(`${name} mail ${number}`, false, mail ?? TOO_LARGE);
  }
  // Only now is it known to be the last one.
  yield waiting === null ? item(name, true, "no mail is in it.") : { ...waiting, last: true };
}

const NEXT = Buffer.from("\nFrom ");

/**
 * The mails of an mbox as it is read, each without its `From ` line, which follows an empty line (RFC 4155); null stands for
 * one that is larger than any report. Lines that were quoted with ">" are given back as they were ("mboxrd" as well as "mboxo").
 */
export async function* splitMboxStream(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer | null> {
  let held: Buffer = Buffer.alloc(0);
  let dropping = false;
  const take = (mail: Buffer): Buffer | null => {
    const tooLarge = dropping || mail.length > MAX_FILE_BYTES;
    dropping = false;
    const line = mail.indexOf(0x0a);
    return tooLarge ? null : unquoted(mail.subarray(line < 0 ? mail.length : line + 1));
  };
  for await (const chunk of chunks) {
    let from = Math.max(0, held.length - NEXT.length);
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let at = held.indexOf(NEXT, from); at >= 0; at = held.indexOf(NEXT, from)) {
      if (!isEmptyLineBefore(held, at)) {
        from = at + 1;
        continue;
      }
      yield take(held.subarray(0, at + 1));
      held = held.subarray(at + 1);
      from = 1;
    }
    if (held.length > MAX_FILE_BYTES) {
      dropping = true;
      held = held.subarray(held.length - NEXT.length - 2); // enough to find the next line that begins a mail
    }
  }
  if (held.length > 0) yield take(held);
}

function isEmptyLineBefore(bytes: Buffer, lineFeed: number): boolean {
  const before = bytes[lineFeed - 1];
  return before === 0x0a || (before === 0x0d && bytes[lineFeed - 2] === 0x0a);
}

/** `>From ` at the beginning of a line was `From ` once; each further `>` stands for one that was there. */
function unquoted(mail: Buffer): Buffer {
  if (!mail.includes("\n>")) return mail;
  return Buffer.from(mail.toString("latin1").replace(/(^|\n)>(>*From )/g, "$1$2"), "latin1");
}

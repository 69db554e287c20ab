import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { basename } from "node:path";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { isMbox, nextMail, withoutFromLine } from "#lib/reports/mbox.ts";
import type { Arrival } from "#lib/reports/receive.ts";

/** One arrival out of a file, or why there is none; `last` when nothing more comes of the file. */
export type Item = { name: string; last: boolean } & ({ arrival: Arrival } | { reason: string });

const TOO_LARGE = `larger than ${MAX_FILE_BYTES / 1024 / 1024} MB, which no report is.`;

/** Reads files one after the other; of a large mailbox file only ever the mail that is read is in memory. */
export async function* readSources(paths: readonly string[]): AsyncGenerator<Item> {
  for (const path of paths) {
    const name = basename(path);
    try {
      const bytes = beginningOf(path);
      if (isMbox(bytes)) yield* mailsOf(path, bytes);
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

/**
 * The mails of an mbox as it is read, each without the line that begins it; null stands for one that is larger than any
 * report. Lines that were quoted with ">" are given back as they were ("mboxrd" as well as "mboxo").
 */
export async function* splitMboxStream(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer | null> {
  let held: Buffer = Buffer.alloc(0);
  let from = 0;
  let dropping = false;
  const take = (end: number): Buffer | null => {
    const mail = dropping || end > MAX_FILE_BYTES ? null : unquoted(withoutFromLine(held.subarray(0, end)));
    held = held.subarray(end);
    [from, dropping] = [0, false];
    return mail;
  };
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let next = nextMail(held, from, false);
    for (; next.found; next = nextMail(held, from, false)) yield take(next.at);
    from = next.at;
    if (from > MAX_FILE_BYTES) {
      dropping = true;
      held = held.subarray(from - LOOK_BACK);
      from = LOOK_BACK;
    }
  }
  for (let next = nextMail(held, from, true); next.found; next = nextMail(held, from, true)) yield take(next.at);
  if (held.length > 0) yield take(held.length);
}

/** The end of the line before the one that begins a mail says whether it is empty. */
const LOOK_BACK = 2;

/** `>From ` at the beginning of a line was `From ` once; each further `>` stands for one that was there. */
function unquoted(mail: Buffer): Buffer {
  if (mail[0] !== 0x3e && !mail.includes("\n>")) return mail;
  return Buffer.from(mail.toString("latin1").replace(/(^|\n)>(>*From )/g, "$1$2"), "latin1");
}

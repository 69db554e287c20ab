import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { isMbox, nextMail, withoutFromLine } from "#lib/reports/mbox.ts";
import type { Arrival } from "#lib/reports/receive.ts";
import { fileFault, otherThanFile } from "./file-fault.ts";
import { lastName, pathText, type Source } from "./import-sources.ts";

/** One arrival out of a file, or why there is none; `last` when nothing more comes of the file. */
export type Item = { name: string; last: boolean } & ({ arrival: Arrival } | { reason: string });

const TOO_LARGE = `larger than ${MAX_FILE_BYTES / 1024 / 1024} MB, which no report is.`;

/** Reads files one after the other; of a large mailbox file only ever the mail that is read is in memory. */
export async function* readSources(sources: readonly Source[]): AsyncGenerator<Item> {
  for (const source of sources) {
    const { path } = source;
    try {
      if (source.reason !== undefined) throw new Unread(source.reason);
      const name = pathText(lastName(path));
      const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe would wait for somebody to write
      try {
        const bytes = beginningOf(file);
        if (isMbox(bytes)) yield* mailsOf(name, file, bytes);
        else if (bytes.length > MAX_FILE_BYTES) throw new Unread(TOO_LARGE);
        else yield item(name, true, bytes);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      yield item(pathText(path), true, error instanceof Unread ? error.message : `${fileFault(error)}.`);
    }
  }
}

/** Why nothing comes of a file. */
class Unread extends Error {}

/** The bytes of a file, of one that is larger than any report a little more than it may have. Quicker than asynchronously. */
function beginningOf(file: number): Buffer {
  const stats = fstatSync(file);
  const other = otherThanFile(stats);
  if (other !== null) throw new Unread(`${other}.`);
  if (stats.size <= MAX_FILE_BYTES) return readFileSync(file);
  const bytes = Buffer.alloc(MAX_FILE_BYTES + 1);
  return bytes.subarray(0, readSync(file, bytes, { position: 0 }));
}

function item(name: string, last: boolean, read: Buffer | string): Item {
  return {
    name,
    last,
    ...(typeof read === "string" ? { reason: read } : { arrival: { fileName: name, bytes: read } }),
  };
}

async function* mailsOf(name: string, file: number, beginning: Buffer): AsyncGenerator<Item> {
  const isWhole = beginning.length <= MAX_FILE_BYTES;
  let number = 0;
  let waiting: Item | null = null;
  const chunks = isWhole ? [beginning] : readOn(file);
  for await (const mail of splitMboxStream(chunks)) {
    if (waiting !== null) yield waiting;
    number += 1;
    waiting = item(`${name} mail ${number}`, false, mail ?? TOO_LARGE);
  }
  // Only now is it known to be the last one.
  yield waiting === null ? item(name, true, "no mail is in it.") : { ...waiting, last: true };
}

function* readOn(file: number): Generator<Buffer> {
  for (let position = 0; ; ) {
    const bytes = Buffer.alloc(1024 * 1024);
    const length = readSync(file, bytes, { position });
    if (length === 0) return;
    yield bytes.subarray(0, length);
    position += length;
  }
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

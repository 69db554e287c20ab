import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import type { Arrival } from "#lib/reports/receive.ts";
import { nameOf, type Source } from "./import-sources.ts";

/** One arrival out of a source, or why there is none; `last` when nothing more comes of the source. */
export type Item = { source: Source; name: string; last: boolean } & ({ arrival: Arrival } | { reason: string });

const TOO_LARGE = `larger than ${MAX_FILE_BYTES / 1024 / 1024} MB, which no report is.`;

/** Reads files one after the other; of a mailbox file only ever the mail that is read is in memory. */
export async function* readSources(sources: readonly Source[]): AsyncGenerator<Item> {
  for (const source of sources) {
    try {
      if (source.kind === "mbox") yield* mailsOf(source);
      else if (source.size > MAX_FILE_BYTES) yield item(source, source.path, true, TOO_LARGE);
      else yield item(source, nameOf(source.path), true, await readFile(source.path));
    } catch (error) {
      yield item(source, source.path, true, error instanceof Error ? error.message : String(error));
    }
  }
}

function item(source: Source, name: string, last: boolean, read: Buffer | string): Item {
  const what = typeof read === "string" ? { reason: read } : { arrival: { fileName: name, bytes: read } };
  return { source, name, last, ...what };
}

async function* mailsOf(source: Source): AsyncGenerator<Item> {
  const name = nameOf(source.path);
  let number = 0;
  let waiting: Item | null = null;
  for await (const mail of splitMboxStream(createReadStream(source.path, { highWaterMark: 1024 * 1024 }))) {
    if (waiting !== null) yield waiting;
    number += 1;
    waiting = item(source, `${name} mail ${number}`, false, mail ?? TOO_LARGE);
  }
  // Only now is it known to be the last one.
  yield waiting === null ? item(source, name, true, "no mail is in it.") : { ...waiting, last: true };
}

const NEXT = Buffer.from("\nFrom ");

/**
 * The mails of an mbox as it is read, each without its `From ` line, which follows an empty line (RFC 4155); null stands for
 * one that is larger than any report. Lines that were quoted with ">" are given back as they were ("mboxrd" as well as "mboxo").
 */
export async function* splitMboxStream(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let held: Buffer = Buffer.alloc(0);
  let dropping = false;
  const take = (mail: Buffer): Buffer | null => {
    const tooLarge = dropping || mail.length > MAX_FILE_BYTES;
    dropping = false;
    return tooLarge ? null : unquoted(mail.subarray(mail.indexOf(0x0a) + 1));
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

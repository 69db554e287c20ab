import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join, sep } from "node:path";

/** A file to import. */
export interface Source {
  path: string;
  /** A mailbox file holds any number of mails, and may be larger than any report. */
  kind: "file" | "mbox";
  size: number;
}

/**
 * All files that are named, and those in the folders that are named, by name. Of a Maildir the mails alone: not its `tmp`, and
 * not the mail server's own files beside them.
 * @throws Error with a sentence when one is not there
 */
export function sourcesIn(paths: readonly string[]): Source[] {
  return paths.flatMap((path) => {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there === undefined) throw new Error(`${path} is not there.`);
    return (there.isDirectory() ? filesBelow(path) : [path]).map(sourceOf);
  });
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  const isMaildir = ["cur", "new"].every((name) => names.has(name));
  const below = [...names].toSorted().flatMap((name) => {
    if (isMaildir && name === "tmp") return [];
    return filesBelow(join(folder, name));
  });
  if (isMaildir) return below;
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
  return [...files.toSorted(), ...below];
}

/** mbox (RFC 4155): each mail is behind a line that begins so. */
const FROM_LINE = "From ";

function sourceOf(path: string): Source {
  const head = Buffer.alloc(FROM_LINE.length);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const length = readSync(descriptor, head, 0, head.length, 0);
    const kind = head.subarray(0, length).toString("latin1") === FROM_LINE ? "mbox" : "file";
    return { path, kind, size: statSync(path).size };
  } catch {
    return { path, kind: "file", size: 0 }; // reading it says why it cannot be read
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.split(sep).at(-1) ?? path;
}

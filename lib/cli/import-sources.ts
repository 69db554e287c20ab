import { isUtf8 } from "node:buffer";
import { type Dirent, readdirSync, statSync } from "node:fs";
import { fileFault, otherThanFile } from "./file-fault.ts";

/** A file to read, or something that was found and cannot be read, with the reason. */
export interface Source {
  /** Bytes: the names in an old archive are of any encoding, or of none. */
  path: Buffer;
  reason?: string;
}

/**
 * All files that are named, and those in the folders that are named, by name. Of a Maildir the mails alone: not its `tmp`, and
 * not the mail server's own files beside them. Links are followed, and each folder is read once, however many lead to it.
 * @throws Error with a sentence when one that is named is not there
 */
export function sourcesIn(paths: readonly string[]): Source[] {
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    const bytes = Buffer.from(path);
    const found = look(bytes);
    if (found.kind === "missing") throw new Error(`${path} is not there.`);
    return sourcesOf(bytes, found, seen);
  });
}

/** A path or a name as text; where it is no UTF-8, each byte above ASCII stands there as `\xe9`. */
export function pathText(path: Buffer): string {
  if (isUtf8(path)) return path.toString();
  return path.toString("latin1").replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** The last name in a path. */
export function lastName(path: Buffer): Buffer {
  return path.subarray(path.lastIndexOf(0x2f) + 1);
}

type Found = { kind: "file" } | { kind: "folder"; id: string } | { kind: "missing" | "other"; reason: string };

/** What is there, at the end of all links. */
function look(path: Buffer): Found {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return { kind: "missing", reason: "there is no such file." };
    if (stats.isDirectory()) return { kind: "folder", id: `${stats.dev} ${stats.ino}` };
    const other = otherThanFile(stats);
    return other === null ? { kind: "file" } : { kind: "other", reason: `${other}.` };
  } catch (error) {
    return { kind: "other", reason: `${fileFault(error)}.` };
  }
}

function sourcesOf(path: Buffer, found: Found, seen: Set<string>): Source[] {
  if (found.kind === "file") return [{ path }];
  if (found.kind !== "folder") return [{ path, reason: found.reason }];
  if (seen.has(found.id)) return [];
  seen.add(found.id);
  try {
    return filesBelow(path, seen);
  } catch (error) {
    return [{ path, reason: `${fileFault(error, "folder")}.` }];
  }
}

function filesBelow(folder: Buffer, seen: Set<string>): Source[] {
  const entries = readdirSync(folder, { withFileTypes: true, encoding: "buffer" })
    .toSorted((a, b) => Buffer.compare(a.name, b.name))
    .map((entry) => inside(folder, entry));
  const folders = entries.filter(({ found }) => found.kind === "folder");
  const names = new Set(folders.map(({ name }) => name));
  const isMaildir = names.has("cur") && names.has("new");
  const below = folders
    .filter(({ name }) => !(isMaildir && name === "tmp"))
    .flatMap(({ path, found }) => sourcesOf(path, found, seen));
  if (isMaildir) return below;
  const others = entries.filter(({ found }) => found.kind !== "folder");
  return [...others.flatMap(({ path, found }) => sourcesOf(path, found, seen)), ...below];
}

const SLASH = Buffer.from("/");

function inside(folder: Buffer, entry: Dirent<Buffer>): { name: string; path: Buffer; found: Found } {
  const path = Buffer.concat([folder, folder.at(-1) === 0x2f ? Buffer.alloc(0) : SLASH, entry.name]);
  return { name: entry.name.toString("latin1"), path, found: entry.isFile() ? { kind: "file" } : look(path) };
}

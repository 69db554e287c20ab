import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * All files that are named, and those in the folders that are named, by name. Of a Maildir the mails alone: not its `tmp`, and
 * not the mail server's own files beside them.
 * @throws Error with a sentence when one is not there
 */
export function sourcesIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there === undefined) throw new Error(`${path} is not there.`);
    return there.isDirectory() ? filesBelow(path) : [path];
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

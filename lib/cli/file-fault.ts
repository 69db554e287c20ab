import type { Stats } from "node:fs";

/** Why a file or folder cannot be read, for a sentence. */
export function fileFault(error: unknown, what: "file" | "folder" = "file"): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT" || code === "ENOTDIR") return `there is no such ${what}`;
  if (code === "EACCES" || code === "EPERM") return `we may not read this ${what}`;
  if (code === "ELOOP") return "this link leads back to itself";
  return `this ${what} cannot be read (${String(code ?? "unknown error")})`;
}

type Kind = Pick<Stats, "isFile" | "isDirectory" | "isFIFO" | "isSocket">;

/** What something is that is no file: to read a pipe or a device may wait, or go on, for ever. Null for a file. */
export function otherThanFile(stats: Kind): string | null {
  if (stats.isFile()) return null;
  if (stats.isDirectory()) return "this is a folder";
  if (stats.isFIFO()) return "this is a named pipe, not a file";
  return stats.isSocket() ? "this is a socket, not a file" : "this is a device, not a file";
}

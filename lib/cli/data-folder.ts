import { createHash, randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { SettingError } from "#lib/settings.ts";

const secretsSchema = z.object({
  /** Signs session cookies and derives the keys of other secrets. */
  session: z.string().min(32),
  /** Password of the packaged PostgreSQL. */
  database: z.string().min(16),
});
export type Secrets = z.infer<typeof secretsSchema>;

/**
 * Makes the data folder when it is not there; returns its absolute path.
 * @throws SettingError when it cannot be made
 */
export function openDataFolder(folder: string): string {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    throw new SettingError(`SEALPOST_DATA: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The secrets of this installation, made at the first start and kept with mode 0600.
 * @throws Error with a sentence when the file is there but unreadable: made anew, it would lock everybody out
 */
export function readSecrets(folder: string): Secrets {
  const file = join(folder, "secrets.json");
  if (!existsSync(file)) {
    const fresh: Secrets = {
      session: randomBytes(48).toString("base64url"),
      database: randomBytes(24).toString("hex"),
    };
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file); // whole or not at all, whenever the power fails
  }
  chmodSync(file, 0o600);
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new Error(`${file} is damaged. Put back a copy; without it the database cannot be opened.`);
  }
}

/**
 * A folder for Unix sockets. A socket's path may have at most about 104 characters, so that of a deep data folder moves to
 * the temporary folder, under a name derived from the data folder.
 */
export function socketFolder(folder: string): string {
  const near = join(folder, "run");
  if (near.length <= 80) return near;
  return join(tmpdir(), `sealpost-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`);
}

/**
 * Makes the folder for the sockets of a data folder; returns its path.
 * @throws Error with a sentence when somebody else made it before: in a temporary folder anybody can
 */
export function openSocketFolder(folder: string): string {
  const path = socketFolder(folder);
  mkdirSync(path, { recursive: true, mode: 0o711 });
  if (path.startsWith(folder) || statSync(path).uid === process.getuid?.()) return path;
  throw new Error(
    `${path} belongs to another user. Start Sealpost as that user, or set SEALPOST_DATA to a shorter path.`,
  );
}

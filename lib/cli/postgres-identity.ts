import { spawnSync } from "node:child_process";
import { accessSync, chownSync, constants, lstatSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** `nobody` on every Linux; PostgreSQL needs a user id that has an entry in the passwd file. */
const UNPRIVILEGED = 65_534;

/** How to start PostgreSQL's programs, which refuse to run as root. */
export interface PostgresIdentity {
  /** Owner of the cluster's files. */
  owner: number | null;
  /** Turns a program and its arguments into what is really spawned. */
  command(program: string, args: string[]): { file: string; args: string[]; uid?: number; gid?: number };
}

/**
 * As an ordinary user: PostgreSQL runs as that user. As root: it runs as user 65534, and where that user cannot enter a folder
 * above (as with a clone below /root) it runs in a user namespace in which root's own files belong to 65534.
 * @throws Error with a sentence when neither is possible
 */
export function postgresIdentity(...folders: string[]): PostgresIdentity {
  if (process.getuid?.() !== 0) return { owner: null, command: (file, args) => ({ file, args }) };
  const closed = folders.map(closedFolderAbove).find((folder) => folder !== null);
  if (closed === undefined) {
    return { owner: UNPRIVILEGED, command: (file, args) => ({ file, args, uid: UNPRIVILEGED, gid: UNPRIVILEGED }) };
  }
  const inNamespace = ["--user", `--map-user=${UNPRIVILEGED}`, `--map-group=${UNPRIVILEGED}`, "--"];
  if (spawnSync("unshare", [...inNamespace, "true"]).status !== 0) {
    throw new Error(
      `PostgreSQL does not run as root, and user ${UNPRIVILEGED} cannot enter ${closed}. Start Sealpost as an ordinary user, ` +
        `move it to a folder that others may enter (such as /opt/sealpost), or set DATABASE_URL.`,
    );
  }
  return { owner: 0, command: (file, args) => ({ file: "unshare", args: [...inNamespace, file, ...args] }) };
}

/** Gives a folder and all in it to a user; needed as root only, and only where the owner differs. */
export function giveTo(owner: number | null, folder: string): void {
  if (owner === null || statSync(folder).uid === owner) return;
  const walk = (path: string) => {
    chownSync(path, owner, owner);
    if (lstatSync(path).isDirectory()) for (const entry of readdirSync(path)) walk(join(path, entry));
  };
  walk(folder);
}

function closedFolderAbove(folder: string): string | null {
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    accessSync(path, constants.F_OK);
    const mode = statSync(path);
    const enters = mode.uid === UNPRIVILEGED ? mode.mode & 0o100 : mode.mode & 0o001;
    if (!enters) return path;
  }
  return null;
}

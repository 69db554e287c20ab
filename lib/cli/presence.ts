import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";

/** A process that others in the same folder can see. */
export interface Presence {
  /** Earlier ones sort first. */
  name: string;
  /** Changes what others are told, besides the pid. */
  say(words: string): void;
  leave(): Promise<void>;
}

/** Another process as it was found. */
export interface Other {
  name: string;
  /** Null, with empty words, when it is too busy to answer. */
  pid: number | null;
  words: string;
}

const ANSWER_LIMIT_MS = 2_000;
const ENDING = ".here";

/**
 * Makes this process visible in a folder: by a listening socket, which the system closes with its owner however that ends.
 * Each has a name of its own, so that one left behind can be deleted by anybody without taking another's away.
 */
export async function announce(folder: string, words: string): Promise<Presence> {
  mkdirSync(folder, { recursive: true });
  const name = `${Date.now().toString(36)}${randomBytes(2).toString("hex")}`;
  let told = words;
  const server = createServer((socket) => {
    socket.on("error", () => {}); // whoever asked is gone
    socket.end(`${process.pid} ${told}\n`);
  });
  const draft = join(folder, `${name}.new`);
  const path = join(folder, `${name}${ENDING}`);
  await new Promise<void>((done, failed) => server.once("error", failed).listen(draft, done));
  server.unref();
  renameSync(draft, path); // nobody sees one that does not listen yet
  const clear = () => rmSync(path, { force: true });
  process.once("exit", clear);
  return {
    name,
    say(next) {
      told = next;
    },
    leave: () => {
      process.off("exit", clear);
      clear();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/** All processes that are visible in a folder, but this one; what others left behind is removed. */
export async function others(folder: string, me?: Presence): Promise<Other[]> {
  const names = namesIn(folder).filter((name) => name !== me?.name);
  const found = await Promise.all(names.map((name) => ask(folder, name)));
  return found.filter((other) => other !== null);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((file) => (file.endsWith(ENDING) ? [file.slice(0, -ENDING.length)] : []));
  } catch {
    return []; // no folder, nobody in it
  }
}

/** What one of them answers; null when it is gone. */
async function ask(folder: string, name: string): Promise<Other | null> {
  const path = join(folder, `${name}${ENDING}`);
  const answer = await listenTo(path);
  if (answer === "ECONNREFUSED") rmSync(path, { force: true });
  if (answer === "ECONNREFUSED" || answer === "ENOENT") return null;
  if (answer === "ECONNRESET" || answer === "") return ask(folder, name); // it ended while we asked
  const [, pid = "", words = ""] = /^(\d+) (.*)\n$/.exec(answer) ?? [];
  return { name, pid: Number.parseInt(pid, 10) || null, words };
}

/** All that the other end says, or the code of the error. */
function listenTo(path: string): Promise<string> {
  return new Promise((done) => {
    let said = "";
    const socket = connect(path);
    socket.setTimeout(ANSWER_LIMIT_MS, () => {
      done("late");
      socket.destroy();
    });
    socket.on("data", (bytes) => {
      said += String(bytes);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => done(error.code ?? "unknown"));
    socket.on("close", () => done(said));
  });
}

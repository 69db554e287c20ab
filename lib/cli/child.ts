import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./progress.ts";
import { ROOT } from "./run.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A child that has run this long was healthy; its next fall starts the waiting anew. */
const HEALTHY_MS = 60_000;

/** One of the supervisor's processes: kept running until it is stopped. */
export interface KeptChild {
  /** Resolves when the child says for the first time that it is ready; rejects when it ends before that. */
  ready: Promise<void>;
  pid(): number | undefined;
  /** Asks it to stop (SIGTERM), waits, and ends it after `limit` milliseconds. */
  stop(limit: number): Promise<void>;
}

/**
 * Starts a role of Sealpost as a child process and starts it again, after a growing pause, whenever it dies.
 * The child sees by its IPC channel when this process is gone, and ends itself.
 */
export function keepRunning(role: "web" | "worker", args: string[], env: Record<string, string>): KeptChild {
  let child: ChildProcess | undefined;
  let stopping = false;
  let wait = FIRST_WAIT_MS;
  const first = Promise.withResolvers<void>();
  let everReady = false;

  const start = () => {
    const began = Date.now();
    child = fork(join(ROOT, "lib/cli/main.ts"), [role, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      execArgv: ["--disable-warning=DEP0169", ...(role === "web" ? ["--max-semi-space-size=16"] : [])],
      detached: true, // Ctrl-C in a terminal reaches the supervisor only: the order of stopping is ours
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.on("message", (message) => {
      if (message !== "ready") return;
      if (everReady) say(`The ${role} process is back (pid ${child?.pid}).`);
      everReady = true;
      first.resolve();
    });
    const ended = (how: string) => {
      if (stopping) return;
      if (!everReady) {
        stopping = true;
        first.reject(new Error(`The ${role} process ended ${how} while starting; its message is above.`));
        return;
      }
      if (Date.now() - began > HEALTHY_MS) wait = FIRST_WAIT_MS;
      say(`The ${role} process ended ${how}; it starts again in ${wait / 1000} s.`);
      void sleep(wait).then(() => {
        if (!stopping) start();
      });
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
    child.once("exit", (code, signal) => ended(signal ? `by ${signal}` : `with code ${code}`));
    const { pid } = child;
    child.on("error", (error) => {
      if (pid === undefined) ended(`before it began (${error.message})`); // no process could be made
    });
  };

  start();
  return {
    ready: first.promise,
    pid: () => child?.pid,
    async stop(limit) {
      stopping = true;
      const running = child;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise<void>((done) => running.once("exit", () => done()));
      running.kill("SIGTERM");
      const killer = setTimeout(() => running.kill("SIGKILL"), limit);
      await gone;
      clearTimeout(killer);
    },
  };
}

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The folder of this project. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Ends what `run` has under way, when the operator stops a start half-way. */
export const interruption = new AbortController();

/**
 * Runs a program to its end and keeps what it prints.
 * @throws Error with the program's last lines when it fails
 */
export async function run(file: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    signal: interruption.signal,
  });
  let output = "";
  const keep = (bytes: Buffer) => {
    output += bytes;
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  if (code !== 0)
    throw new Error(`\`${[file, ...args].join(" ")}\` failed:\n${output.trimEnd().split("\n").slice(-40).join("\n")}`);
  return output;
}

/** Path of a program that npm installed for this project. */
export function installedProgram(name: string): string {
  return fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));
}

import { once } from "node:events";
import { open } from "node:fs/promises";
import type { Writable } from "node:stream";
import { decode, tooLarge } from "#lib/reports/decode.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import type { Decoded } from "#lib/reports/place.ts";
import { type Refused, rejected } from "#lib/reports/refusal.ts";
import { fileFault } from "./file-fault.ts";
import { jsonLine, summary, textOf } from "./parse-output.ts";

const USAGE = `Usage: sealpost parse <file>… [--json]

Reads TLS reports (RFC 8460): .json, .json.gz, .zip and .eml, told apart by content; "-" is standard input.
  --json   one JSON object per report and line
Ends with 0 when every file was a report, with 1 when one was none or was rejected, and with 2 when one could not be read
or the command was called wrongly.
`;

/** Where the command reads and writes; a test can stand in. */
export interface ParseStreams {
  stdin: AsyncIterable<Buffer | string>;
  stdout: Writable;
  stderr: Writable;
}

/**
 * `sealpost parse`: reads files one after the other and prints what is in each; one bad file stops no other.
 * @returns the exit code that the usage text tells of
 */
export async function parseCommand(args: string[], streams: ParseStreams = process): Promise<number> {
  const { json, files, wrong } = readArguments(args);
  if (args.includes("--help")) return say(streams.stdout, USAGE, 0);
  if (wrong !== null) return say(streams.stderr, `sealpost parse: ${wrong}\n\n${USAGE}`, 2);
  const output = openOutput(streams.stdout);
  const counts = { report: 0, "not-a-report": 0, rejected: 0 };
  let code = 0;
  for (const file of files) {
    const bytes = file === "-" ? await readAll(streams.stdin) : await readFile(file);
    const results = Buffer.isBuffer(bytes) ? await decode(bytes, file === "-" ? null : file) : [bytes];
    for (const result of results) {
      counts[result.outcome]++;
      code = Math.max(code, codeOf(result));
      // The reader has gone (`… | head`): nobody is left to tell.
      if (!(await output.write(json ? jsonLine(file, result) : textOf(file, result)))) return code;
    }
  }
  if (!json) await output.write(summary(files.length, counts));
  await output.flush();
  return code;
}

function readArguments(args: string[]): { json: boolean; files: string[]; wrong: string | null } {
  const end = args.indexOf("--");
  const options = (end < 0 ? args : args.slice(0, end)).filter((arg) => arg.startsWith("-") && arg !== "-");
  const files = args.filter((arg, i) => i !== end && ((end >= 0 && i > end) || !arg.startsWith("-") || arg === "-"));
  const unknown = options.find((option) => option !== "--json" && option !== "--help");
  if (unknown !== undefined) return { json: false, files, wrong: `there is no option ${unknown}.` };
  return { json: options.includes("--json"), files, wrong: files.length === 0 ? "name at least one file." : null };
}

function codeOf(result: Decoded): number {
  if (result.outcome === "report") return 0;
  return result.code === "unreadable-file" ? 2 : 1;
}

function say(stream: Writable, text: string, code: number): number {
  stream.write(text);
  return code;
}

interface Output {
  /** False when nobody reads any more. */
  write: (text: string) => Promise<boolean>;
  flush: () => Promise<void>;
}

/** Writes no faster than the other side reads, so that thousands of files need no more memory than one. */
function openOutput(stream: Writable): Output {
  let open = true;
  stream.on("error", () => {
    open = false;
  });
  return {
    write: async (text) => {
      if (open && !stream.write(text)) await once(stream, "drain").catch(() => {});
      return open;
    },
    flush: () => new Promise((done) => stream.write("", () => done())),
  };
}

async function readFile(path: string): Promise<Buffer | Refused> {
  try {
    await using file = await open(path);
    const stats = await file.stat();
    if (stats.isDirectory()) return unreadable("this is a folder");
    if (stats.size > MAX_FILE_BYTES) return tooLarge(stats.size);
    // A pipe has no size to go by.
    return stats.isFile() ? await file.readFile() : await readAll(file.createReadStream());
  } catch (error) {
    return unreadable(fileFault(error));
  }
}

/** Reads a stream, up to one byte more than is taken. */
async function readAll(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = MAX_FILE_BYTES + 1;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk).subarray(0, left);
    chunks.push(bytes);
    left -= bytes.length;
    if (left === 0) break;
  }
  return Buffer.concat(chunks);
}

function unreadable(reason: string): Refused {
  return rejected("unreadable-file", reason);
}

import { readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findDomains } from "#lib/db/domains.ts";
import { DatabaseAway } from "#lib/errors.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { type Arrival, type Inbox, type ReceiveOutcome, receive } from "#lib/reports/receive.ts";
import { parseDomainName } from "#lib/standards/domain-name.ts";
import { say } from "./progress.ts";
import { ProgressBar } from "./progress-bar.ts";
import { withDatabase } from "./with-database.ts";

const USAGE = "Usage: sealpost import <file or folder>… [--domain <name>] [--team <slug>]";
/** Stored in one transaction; what an interruption costs, at most, is this many files once more. */
const FILES_AT_ONCE = 200;
const BYTES_AT_ONCE = 16 * 1024 * 1024;

/**
 * `sealpost import`: stores the reports in files and folders. Running it again goes on where it was interrupted: what is
 * stored already is recognised and changes nothing.
 * @returns 0 when every file was taken, 1 when some were not, 2 when the command was called wrongly or could not go on
 */
export async function importCommand(args: string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked === null) return 2;
  const files = filesOf(asked.paths);
  if (files === null) return 2;
  return withDatabase(async () => {
    const inbox = await findInbox(asked.domain, asked.team);
    if (inbox === null) return 2;
    const summary = await importFiles(files, inbox);
    say(summary.text);
    return summary.complete ? 0 : 1;
  });
}

async function importFiles(files: readonly string[], inbox: Inbox): Promise<{ text: string; complete: boolean }> {
  const counts = { stored: 0, revision: 0, duplicate: 0, quarantined: 0, refused: 0 };
  const bar = new ProgressBar(files.length);
  let batch: Arrival[] = [];
  let bytes = 0;
  const store = async () => {
    for (const [index, outcomes] of (await receiveOrExplain(batch, inbox)).entries()) {
      for (const outcome of outcomes) {
        counts[outcome.outcome]++;
        if ("reason" in outcome) bar.note(`${batch[index]?.fileName}: ${outcome.reason}`);
      }
    }
    bar.advance(batch.length);
    batch = [];
    bytes = 0;
  };
  for (const file of files) {
    const read = await readReportFile(file);
    if (typeof read === "string") {
      counts.refused++;
      bar.note(`${file}: ${read}`);
      bar.advance(1);
      continue;
    }
    batch.push({ fileName: file.split(/[/\\]/).at(-1) ?? file, bytes: read });
    bytes += read.length;
    if (batch.length === FILES_AT_ONCE || bytes > BYTES_AT_ONCE) await store();
  }
  if (batch.length > 0) await store();
  bar.end();
  const parts = [
    `${counts.stored + counts.revision} stored`,
    `${counts.duplicate} known already`,
    `${counts.quarantined} in quarantine`,
    `${counts.refused} not taken`,
  ];
  return { text: `${files.length} files: ${parts.join(", ")}.`, complete: counts.quarantined + counts.refused === 0 };
}

async function receiveOrExplain(batch: readonly Arrival[], inbox: Inbox): Promise<ReceiveOutcome[][]> {
  try {
    return await receive(batch, inbox, new Date());
  } catch (error) {
    if (error instanceof DatabaseAway) {
      throw new Error("The database went away. What was counted is stored; run the same command again to go on.");
    }
    throw error;
  }
}

/** The bytes of a file, or why it cannot be a report. */
async function readReportFile(file: string): Promise<Buffer | string> {
  try {
    if (statSync(file).size > MAX_FILE_BYTES)
      return `larger than ${MAX_FILE_BYTES / 1024 / 1024} MB, which no report is.`;
    return await readFile(file);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** All files named and in the folders named, in the order of their names; null after saying what is not there. */
function filesOf(paths: readonly string[]): string[] | null {
  const files: string[] = [];
  for (const path of paths) {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there === undefined) {
      say(`sealpost import: ${path} is not there.`);
      return null;
    }
    if (!there.isDirectory()) files.push(path);
    else {
      const entries = readdirSync(path, { recursive: true, withFileTypes: true });
      const inside = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      files.push(...inside.sort());
    }
  }
  return files;
}

/**
 * The inbox that the files go to. Without --domain each report goes to the registered domain that it names; where only one is
 * registered, that is the inbox. Null after saying what is wrong.
 */
async function findInbox(name: string | null, team: string | null): Promise<Inbox | null> {
  const parsed = name === null ? null : parseDomainName(name);
  const found = parsed?.ok === false ? [] : await findDomains(parsed?.name ?? null, team);
  const where = team === null ? "" : ` in the team ${team}`;
  const [domain] = found;
  if (domain === undefined) {
    say(
      `sealpost import: ${name ?? "no domain"} is ${name === null ? "" : "not "}registered${where}. Add it on the team's page first.`,
    );
    return null;
  }
  if (found.length === 1) return { domain, teamId: domain.teamId, door: "command-line" };
  if (name === null) return { domain: null, teamId: team === null ? null : domain.teamId, door: "command-line" };
  say(
    `sealpost import: ${name} is registered in several teams: ${found.map((other) => other.team).join(", ")}. Name one with --team.`,
  );
  return null;
}

function readArguments(args: string[]): { paths: string[]; domain: string | null; team: string | null } | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { domain: { type: "string" }, team: { type: "string" } },
    });
    if (positionals.length === 0) throw new Error("Name at least one file or folder.");
    return { paths: positionals, domain: values.domain ?? null, team: values.team ?? null };
  } catch (error) {
    say(`sealpost import: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return null;
  }
}

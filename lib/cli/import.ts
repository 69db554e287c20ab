import { parseArgs } from "node:util";
import { findDomains } from "#lib/db/domains.ts";
import { DatabaseAway } from "#lib/errors.ts";
import { type Arrival, type Inbox, receive } from "#lib/reports/receive.ts";
import { parseDomainName } from "#lib/standards/domain-name.ts";
import { visibleText } from "#lib/standards/visible-text.ts";
import { type Source, sourcesIn } from "./import-sources.ts";
import { postAll, type Told } from "./import-to-server.ts";
import { say } from "./progress.ts";
import { ProgressBar } from "./progress-bar.ts";
import { readSources } from "./read-sources.ts";
import { withDatabase } from "./with-database.ts";

const USAGE = `Usage: sealpost import <file or folder>… [--domain <name>] [--team <slug>]
       sealpost import <file or folder>… --to <URL of a domain's inbox>

Of a folder everything below it is read, of a Maildir only the mails. Links are followed, each folder is read once. What
cannot be read (a named pipe, a folder that we may not open) is named, and the rest goes on.
Ends with 0 when every file was taken, with 1 when some were not, and with 2 when the command was called wrongly or could
not go on.`;
/** Stored in one transaction; what an interruption costs, at most, is this many files once more. */
const FILES_AT_ONCE = 500;
const BYTES_AT_ONCE = 16 * 1024 * 1024;
/** While one batch is stored, the next one is read. */
const BATCHES_AT_ONCE = 2;

/**
 * `sealpost import`: stores the reports in files, folders, mbox files and Maildirs, straight to the database or through a
 * Sealpost that runs elsewhere. Running it again goes on where it was interrupted: what is stored already is recognised and
 * changes nothing.
 * @returns 0 when every file was taken, 1 when some were not, 2 when the command was called wrongly or could not go on
 */
export async function importCommand(args: string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked === null) return 2;
  let sources: Source[];
  try {
    sources = sourcesIn(asked.paths);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const { to } = asked;
  if (to !== null) return finish(sources, await importAll(sources, (batch) => postAll(to, batch)));
  return withDatabase(async () => {
    const inbox = await findInbox(asked.domain, asked.team);
    return inbox === null ? 2 : finish(sources, await importAll(sources, (batch) => receiveOrExplain(batch, inbox)));
  });
}

/** File names are strangers' text as much as what is in the files: nothing of either moves a terminal's cursor. */
function complain(sentence: string): void {
  say(`sealpost import: ${visibleText(sentence)}`);
}

type Counts = Record<Told["outcome"], number>;
/** What became of each arrival of a batch. */
type Store = (batch: readonly Arrival[]) => Promise<(Told | readonly Told[])[]>;

function finish(sources: readonly Source[], counts: Counts): number {
  const parts = [
    `${counts.stored + counts.revision} stored`,
    `${counts.duplicate} known already`,
    `${counts.quarantined} in quarantine`,
    `${counts.refused} not taken`,
  ];
  say(`${sources.length} files: ${parts.join(", ")}.`);
  return counts.quarantined + counts.refused === 0 ? 0 : 1;
}

/**
 * Stores all sources in batches.
 * @param progress is told how many arrivals are stored
 */
export async function importAll(
  sources: readonly Source[],
  store: Store,
  progress: (arrivals: number) => void = () => {},
): Promise<Counts> {
  const counts: Counts = { stored: 0, revision: 0, duplicate: 0, quarantined: 0, refused: 0 };
  const bar = new ProgressBar(sources.length);
  const note = (name: string, told: Told) => {
    counts[told.outcome]++;
    if (told.reason !== undefined) bar.note(visibleText(`${name}: ${told.reason}`));
  };
  let arrivals = 0;
  const storeBatch = async (batch: readonly Arrival[], files: number) => {
    for (const [index, told] of (await store(batch)).entries()) {
      for (const one of [told].flat()) note(batch[index]?.fileName ?? "", one);
    }
    arrivals += batch.length;
    progress(arrivals);
    bar.advance(files);
  };
  const underWay: Promise<void>[] = [];
  let batch: Arrival[] = [];
  let bytes = 0;
  let files = 0;
  const send = async () => {
    if (underWay.length === BATCHES_AT_ONCE) await underWay.shift();
    const storing = storeBatch(batch, files);
    storing.catch(() => {}); // told when it is waited for
    underWay.push(storing);
    [batch, bytes, files] = [[], 0, 0];
  };
  for await (const item of readSources(sources)) {
    if (item.last) files += 1;
    if ("reason" in item) note(item.name, { outcome: "refused", reason: item.reason });
    else {
      batch.push(item.arrival);
      bytes += item.arrival.bytes.length;
    }
    if (batch.length === FILES_AT_ONCE || bytes > BYTES_AT_ONCE) await send();
  }
  if (batch.length > 0 || files > 0) await send();
  await Promise.all(underWay);
  bar.end();
  return counts;
}

/** Stores a batch in the database of this process. */
export async function receiveOrExplain(batch: readonly Arrival[], inbox: Inbox): Promise<Told[][]> {
  try {
    return await receive(batch, inbox, new Date());
  } catch (error) {
    if (error instanceof DatabaseAway) {
      throw new Error("The database went away. What was counted is stored; run the same command again to go on.");
    }
    throw error;
  }
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
    complain(
      `${name ?? "no domain"} is ${name === null ? "" : "not "}registered${where}. Add it on the team's page first.`,
    );
    return null;
  }
  if (found.length === 1) return { domain, teamId: domain.teamId, door: "command-line" };
  if (name === null) return { domain: null, teamId: team === null ? null : domain.teamId, door: "command-line" };
  complain(
    `${name} is registered in several teams: ${found.map((other) => other.team).join(", ")}. Name one with --team.`,
  );
  return null;
}

interface Arguments {
  paths: string[];
  domain: string | null;
  team: string | null;
  /** The inbox of a Sealpost that runs elsewhere. */
  to: URL | null;
}

function readArguments(args: string[]): Arguments | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { domain: { type: "string" }, team: { type: "string" }, to: { type: "string" } },
    });
    if (positionals.length === 0) throw new Error("Name at least one file or folder.");
    const { domain = null, team = null, to = null } = values;
    if (to !== null && (domain ?? team) !== null) throw new Error("--to names an inbox, which has its domain already.");
    if (to !== null && !/^https?:\/\/[^/]+\/api\/tls-reports\/[a-z0-9]+$/.test(to)) {
      throw new Error("--to takes the URL of a domain's inbox, as its settings page shows it.");
    }
    return { paths: positionals, domain, team, to: to === null ? null : new URL(to) };
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    say(USAGE);
    return null;
  }
}

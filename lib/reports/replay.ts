import type { Actor } from "#lib/db/audit.ts";
import type { Candidate } from "#lib/db/candidates.ts";
import {
  type KeptFile,
  keptAside,
  keptFiles,
  knownContents,
  type Rows,
  rewriteReports,
  rowsOfFiles,
  rowsOfItem,
} from "#lib/db/replay.ts";
import { storeArrivals } from "#lib/db/store-arrivals.ts";
import type { Fresh, ReportToStore } from "#lib/db/store-reports.ts";
import { type Arrival, type Door, type Inbox, readReports } from "./receive.ts";
import { retryQuarantined } from "./trays.ts";

const BY: Actor = { userId: null, label: "sealpost replay" };
/** Read, compared and written at a time. */
const FILES_AT_ONCE = 100;

/** What came of reading a domain's files again. */
export interface Replayed {
  files: number;
  /** Reports that are read differently now. */
  changed: number;
  /** Reports that were not found in their files before. */
  found: number;
  /** Reports that are stored and can no longer be read: they stay as they are. */
  lost: number;
  /** Files that were in a tray and are reports now. */
  released: number;
}

export interface ReplayOptions {
  /** Only say what would change. */
  dryRun: boolean;
  /** Is told each difference in one line. */
  tell: (line: string) => void;
}

/** Reads the kept bytes of a domain's reports and trays again, after a change of the parser, and writes what it changes. */
export async function replay(domain: Candidate & { teamId: string }, options: ReplayOptions): Promise<Replayed> {
  const sum: Replayed = { files: 0, changed: 0, found: 0, lost: 0, released: 0 };
  let after = "";
  for (;;) {
    const files = await keptFiles(domain.id, after, FILES_AT_ONCE);
    const last = files.at(-1);
    if (last === undefined) break;
    after = last.hash;
    await replayFiles(domain, files, sum, options);
    sum.files += files.length;
  }
  await retryTrays(domain, sum, options);
  return sum;
}

async function replayFiles(
  domain: Candidate & { teamId: string },
  files: readonly KeptFile[],
  sum: Replayed,
  { dryRun, tell }: ReplayOptions,
): Promise<void> {
  const stored = await rowsOfFiles(
    domain.id,
    files.map(({ hash }) => hash),
  );
  const left = new Map(stored.map((rows) => [rows.contentHash, rows]));
  const changed: Fresh[] = [];
  const found: ReportToStore[] = [];
  const ofFile = Map.groupBy(stored, ({ rawHash }) => rawHash);
  for (const { hash, bytes, fileName, receivedAt, door } of files) {
    const inbox = { domain, teamId: domain.teamId, door: door as Door };
    for (const item of await readStored({ bytes, fileName }, inbox, receivedAt, ofFile.get(hash) ?? [])) {
      const before = left.get(item.contentHash);
      if (before === undefined) {
        found.push(item);
        continue;
      }
      left.delete(item.contentHash);
      const differences = compare(before, rowsOfItem(item, before.id));
      if (differences.length === 0) continue;
      changed.push({ item, id: before.id });
      tell(`${label(domain, item)}: ${differences.join(", ")}`);
    }
  }
  const known = await knownContents(
    domain.id,
    found.map(({ contentHash }) => contentHash),
  );
  const fresh = found.filter(({ contentHash }) => !known.has(contentHash));
  for (const item of fresh) tell(`${label(domain, item)}: new, it was not found in its file before`);
  for (const rows of left.values()) tell(`${domain.name}: report ${rows.id} can no longer be read, and stays as it is`);
  if (!dryRun && changed.length > 0) await rewriteReports(domain.id, changed);
  if (!dryRun && fresh.length > 0) await storeArrivals(fresh, []);
  sum.changed += changed.length;
  sum.found += fresh.length;
  sum.lost += left.size;
}

/**
 * The domain's reports in a kept file. What is stored is the domain's, even if it names another one and a person has assigned
 * it; what is not must name it.
 */
async function readStored(
  arrival: Arrival,
  inbox: Inbox & { domain: Candidate },
  receivedAt: Date,
  stored: readonly Rows[],
): Promise<ReportToStore[]> {
  const isOwn = (item: ReportToStore) => item.domainId === inbox.domain.id;
  const own = (await readReports([arrival], inbox, receivedAt)).filter(isOwn);
  const known = new Set(own.map(({ contentHash }) => contentHash));
  const left = new Set(stored.flatMap(({ contentHash }) => (known.has(contentHash) ? [] : [contentHash])));
  if (left.size === 0) return own;
  const assigned = await readReports([arrival], { ...inbox, assigned: true }, receivedAt);
  const others = assigned.filter((item) => isOwn(item) && left.has(item.contentHash));
  return [...own, ...others];
}

function label({ name }: Candidate, { organization, report }: ReportToStore): string {
  return `${name}, ${report.day}, ${organization}`;
}

/** The names of what differs, and for the contents how many rows do. */
function compare(before: Rows, now: Rows): string[] {
  const fields = Object.keys(now.report).filter((name) => !isEqual(before.report[name], now.report[name]));
  const differences = fields.map((name) => `${name.replaceAll("_", " ")}`);
  for (const part of ["policies", "failures"] as const) {
    const [old, fresh] = [before[part], now[part]];
    if (old.length !== fresh.length) {
      differences.push(`${fresh.length} ${part} instead of ${old.length}`);
      continue;
    }
    const rows = fresh.filter((row, index) => !isEqual(old[index], row));
    const columns = new Set(
      fresh.flatMap((row, index) => Object.keys(row).filter((name) => !isEqual(old[index]?.[name], row[name]))),
    );
    if (rows.length > 0) differences.push(`${[...columns].join(" and ")} of ${rows.length} ${part}`);
  }
  return differences;
}

/** Values as JSON has them, whatever the order of their keys. */
function isEqual(first: unknown, second: unknown): boolean {
  const text = (value: unknown) =>
    JSON.stringify(value ?? null, (_, inner) =>
      inner !== null && typeof inner === "object" && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    );
  return text(first) === text(second);
}

async function retryTrays(
  domain: Candidate & { teamId: string },
  sum: Replayed,
  { dryRun, tell }: ReplayOptions,
): Promise<void> {
  for (const { id, fileName, reason } of await keptAside(domain.id)) {
    if (dryRun) continue;
    const outcomes = await retryQuarantined(domain, id, BY);
    if (outcomes.some(({ outcome }) => outcome === "quarantined" || outcome === "refused")) continue;
    sum.released += 1;
    tell(`${domain.name}: ${fileName ?? "a file without a name"} left its tray (${reason})`);
  }
}

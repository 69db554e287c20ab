import { hash } from "node:crypto";
import { domainNames } from "#lib/db/domains.ts";
import type { ToQuarantine } from "#lib/db/quarantine.ts";
import { storeArrivals } from "#lib/db/store-arrivals.ts";
import type { ReportToStore, StoreOutcome } from "#lib/db/store-reports.ts";
import { attribute, type Candidate } from "./attribute.ts";
import { decode } from "./decode.ts";
import { MAX_HELD_CHARACTERS, sizeOf } from "./held-size.ts";
import { identityHash, organizationOf } from "./identity.ts";
import type { DecodedReport } from "./place.ts";

/** Bytes that came through a door. */
export interface Arrival {
  bytes: Buffer;
  /** As sent; only ever shown, never trusted. */
  fileName: string | null;
}

/** Where they came to. */
export interface Inbox {
  /** Null when they came to no inbox: then only what names a registered domain is taken, and nothing is quarantined. */
  domain: Candidate | null;
  /** The team whose domains a report may name; null for all teams, as whoever runs this Sealpost may. */
  teamId: string | null;
  door: "upload" | "https" | "command-line" | "sample";
}

/** What became of one report, or of bytes in which there was none. */
export type ReceiveOutcome =
  | {
      outcome: StoreOutcome["outcome"];
      id: string;
      domain: string;
      organization: string;
      day: string;
      quirks: string[];
    }
  | { outcome: "quarantined"; id: string; code: string; reason: string }
  /** Not kept: there is no inbox to keep it for. */
  | { outcome: "refused"; code: string; reason: string };

/** What one arrival, or a part of it, was read as. */
type Reading = { arrival: number } & (
  | { item: ReportToStore; domain: Candidate }
  | { aside: ToQuarantine }
  | { refused: { code: string; reason: string } }
);

/**
 * Takes what came through a door: reads it, stores the reports and puts the rest into the quarantine with its reason, all in
 * one transaction. When this returns, everything is durable; when it throws, nothing of these arrivals was stored.
 * @returns for each arrival its outcomes, at least one
 * @throws NotFound when the domain was removed meanwhile, DatabaseAway
 */
export async function receive(arrivals: readonly Arrival[], inbox: Inbox, now: Date): Promise<ReceiveOutcome[][]> {
  const readings = await readAll(arrivals, inbox, now);
  const { reports, quarantined } = await storeArrivals(
    readings.flatMap((reading) => ("item" in reading ? [reading.item] : [])),
    readings.flatMap((reading) => ("aside" in reading ? [reading.aside] : [])),
  );
  const outcomes = arrivals.map((): ReceiveOutcome[] => []);
  let report = 0;
  let file = 0;
  for (const reading of readings) {
    const ofArrival = outcomes[reading.arrival];
    if ("item" in reading) {
      const stored = reports[report++];
      if (stored !== undefined) ofArrival?.push({ ...stored, ...about(reading) });
    } else if ("aside" in reading) {
      const { code, reason } = reading.aside;
      ofArrival?.push({ outcome: "quarantined", id: quarantined[file++] ?? "", code, reason });
    } else ofArrival?.push({ outcome: "refused", ...reading.refused });
  }
  return outcomes;
}

/** Reads reports as `receive` does, without storing them; what is no report is left out. */
export async function readReports(arrivals: readonly Arrival[], inbox: Inbox, now: Date): Promise<ReportToStore[]> {
  const readings = await readAll(arrivals, inbox, now);
  return readings.flatMap((reading) => ("item" in reading ? [reading.item] : []));
}

function about({ domain, item: { organization, report } }: { domain: Candidate; item: ReportToStore }) {
  return { domain: domain.name, organization, day: report.day, quirks: report.quirks };
}

async function readAll(arrivals: readonly Arrival[], inbox: Inbox, now: Date): Promise<Reading[]> {
  const candidates = await domainNames(inbox.teamId);
  const readings: Reading[] = [];
  let held = 0;
  for (const [arrival, { bytes, fileName }] of arrivals.entries()) {
    const raw = { hash: hash("sha256", bytes), bytes, fileName };
    // One after the other: a file may inflate to 100 MB, two at once to twice that.
    const reads = (await decode(bytes, fileName)).map((decoded): Reading => {
      if (decoded.outcome !== "report") {
        return { arrival, ...setAside(raw, { code: decoded.code, reason: sentence(decoded.reason) }, inbox, now) };
      }
      const found = attribute(decoded, inbox.domain, candidates);
      if (!found.ok) return { arrival, ...setAside(raw, found, inbox, now) };
      return { arrival, domain: found.domain, item: storable(decoded, found.domain.id, raw, inbox.door, now) };
    });
    const size = reads.reduce((sum, read) => sum + ("item" in read ? sizeOf(read.item.report) : 0), 0);
    if (held > 0 && held + size > MAX_HELD_CHARACTERS) readings.push({ arrival, refused: TOO_MUCH });
    else {
      readings.push(...reads);
      held += size;
    }
  }
  return readings;
}

const TOO_MUCH = {
  code: "too-much-at-once",
  reason: "Together with the files before it, this one holds more than is read at once. Send it again by itself.",
};

/** The quarantine's entry for a file; without an inbox there is none to keep it for. */
function setAside(
  { hash, bytes, fileName }: ReportToStore["raw"],
  { code, reason }: { code: string; reason: string },
  { domain, door }: Inbox,
  receivedAt: Date,
): { aside: ToQuarantine } | { refused: { code: string; reason: string } } {
  if (domain === null) return { refused: { code, reason } };
  return { aside: { domainId: domain.id, hash, bytes, fileName, code, reason, door, receivedAt } };
}

function storable(
  { report, hints, contentHash }: DecodedReport,
  domainId: string,
  raw: ReportToStore["raw"],
  door: string,
  receivedAt: Date,
): ReportToStore {
  const organization = organizationOf(report, hints.submitter);
  const hashes = { identityHash: identityHash(report, contentHash), contentHash };
  return { domainId, report, organization, door, receivedAt, raw, ...hashes };
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

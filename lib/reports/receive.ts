import { hash } from "node:crypto";
import { domainNames } from "#lib/db/domains.ts";
import { quarantine } from "#lib/db/quarantine.ts";
import { type ReportToStore, type StoreOutcome, storeReports } from "#lib/db/store-reports.ts";
import { attribute, type Candidate } from "./attribute.ts";
import { decode } from "./decode.ts";
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
type Reading = { arrival: number } & ({ item: ReportToStore; domain: Candidate } | { code: string; reason: string });

/**
 * Takes what came through a door: reads it, stores the reports in one transaction and puts the rest into the quarantine with
 * its reason. When this returns, everything is durable; when it throws, no report of these arrivals was stored.
 * @returns for each arrival its outcomes, at least one
 * @throws DatabaseAway
 */
export async function receive(arrivals: readonly Arrival[], inbox: Inbox, now: Date): Promise<ReceiveOutcome[][]> {
  const readings = await readAll(arrivals, inbox, now);
  const toStore = readings.flatMap((reading) => ("item" in reading ? [reading.item] : []));
  const stored = await storeReports(toStore);
  const outcomes = arrivals.map((): ReceiveOutcome[] => []);
  let next = 0;
  for (const reading of readings) {
    if ("item" in reading) {
      const outcome = stored[next++];
      const { organization, report } = reading.item;
      const about = { domain: reading.domain.name, organization, day: report.day, quirks: report.quirks };
      if (outcome !== undefined) outcomes[reading.arrival]?.push({ ...outcome, ...about });
    } else {
      const arrival = arrivals[reading.arrival];
      if (arrival !== undefined) outcomes[reading.arrival]?.push(await setAside(arrival, reading, inbox, now));
    }
  }
  return outcomes;
}

async function readAll(arrivals: readonly Arrival[], inbox: Inbox, now: Date): Promise<Reading[]> {
  const candidates = await domainNames(inbox.teamId);
  const readings: Reading[] = [];
  for (const [arrival, { bytes, fileName }] of arrivals.entries()) {
    const raw = { hash: hash("sha256", bytes), bytes, fileName };
    // One after the other: a file may inflate to 100 MB, two at once to twice that.
    for (const decoded of await decode(bytes, fileName)) {
      if (decoded.outcome !== "report") {
        readings.push({ arrival, code: decoded.code, reason: sentence(decoded.reason) });
        continue;
      }
      const found = attribute(decoded, inbox.domain, candidates);
      if (!found.ok) readings.push({ arrival, code: found.code, reason: found.reason });
      else
        readings.push({
          arrival,
          domain: found.domain,
          item: storable(decoded, found.domain.id, raw, inbox.door, now),
        });
    }
  }
  return readings;
}

async function setAside(
  arrival: Arrival,
  { code, reason }: { code: string; reason: string },
  { domain, door }: Inbox,
  receivedAt: Date,
): Promise<ReceiveOutcome> {
  if (domain === null) return { outcome: "refused", code, reason };
  const file = { ...arrival, hash: hash("sha256", arrival.bytes) };
  const id = await quarantine({ ...file, domainId: domain.id, code, reason, door, receivedAt });
  return { outcome: "quarantined", id, code, reason };
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

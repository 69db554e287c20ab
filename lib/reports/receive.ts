import { hash } from "node:crypto";
import { type Candidate, candidatesOf } from "#lib/db/candidates.ts";
import type { ToQuarantine } from "#lib/db/quarantine.ts";
import { type ReportPolicy, reportPolicyOf } from "#lib/db/report-policy.ts";
import { storeArrivals } from "#lib/db/store-arrivals.ts";
import type { ReportToStore, StoreOutcome } from "#lib/db/store-reports.ts";
import { turnstile } from "#lib/db/turnstile.ts";
import type { QuirkCode } from "#lib/standards/report-quirks.ts";
import { attribute, isOnlyAbout } from "./attribute.ts";
import { decode } from "./decode.ts";
import { lookUpKey } from "./dkim-keys.ts";
import { MAX_HELD_CHARACTERS, sizeOf } from "./held-size.ts";
import { identityHash, organizationOf, reporterOf } from "./identity.ts";
import { keyQuota } from "./key-quota.ts";
import { MAX_PROOFS_AT_ONCE } from "./limits.ts";
import type { DecodedReport } from "./place.ts";
import { takingTurns } from "./take-turns.ts";
import { type Verifying, verifySender } from "./verify-sender.ts";

/** Bytes that came through a door. */
export interface Arrival {
  bytes: Buffer;
  /** As sent; only ever shown, never trusted. */
  fileName: string | null;
}

export type Door = "upload" | "https" | "smtp" | "mailbox" | "command-line" | "sample";

/** Where they came to. */
export interface Inbox {
  /** Null when they came to no domain's own inbox: then only what names a registered domain is taken. */
  domain: Candidate | null;
  /** The team whose domains a report may name; null for all teams, as whoever runs this Sealpost may. */
  teamId: string | null;
  door: Door;
  /** Under which domain is kept what cannot be taken: the inbox's own unless said otherwise. Without either nothing is kept. */
  tray?: Candidate;
  /** A person has said that it belongs to the inbox's domain, whatever it names. */
  assigned?: boolean;
  /** The mail comes from a system of the operator's own, whose Authentication-Results may be believed. */
  behindRelay?: boolean;
  /** Where other mail comes too: what is no report at all is refused, and what is a broken one still quarantined. */
  othersStay?: boolean;
}

/** Doors through which strangers' mail comes: a signature says whom it is from. Elsewhere a person vouches, or a token. */
const DOORS_OF_MAIL: readonly Door[] = ["smtp", "mailbox"];

/** What became of one report, or of bytes in which there was none. */
export type ReceiveOutcome =
  | {
      outcome: StoreOutcome["outcome"];
      id: string;
      domain: string;
      organization: string;
      day: string;
      quirks: string[];
      /** Waits for a person, and is not counted until then. */
      held: boolean;
    }
  /** `known` when the same bytes lay there for the same reason already. */
  | { outcome: "quarantined"; id: string; code: string; reason: string; known?: boolean }
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
      const entry = quarantined[file++] ?? { id: "", known: false };
      ofArrival?.push({ outcome: "quarantined", ...entry, code, reason });
    } else ofArrival?.push({ outcome: "refused", ...reading.refused });
  }
  return outcomes;
}

/** Reads reports as `receive` does, without storing them; what is no report is left out. */
export async function readReports(arrivals: readonly Arrival[], inbox: Inbox, now: Date): Promise<ReportToStore[]> {
  const readings = await readAll(arrivals, inbox, now);
  return readings.flatMap((reading) => ("item" in reading ? [reading.item] : []));
}

function about({ domain, item: { organization, report, held } }: { domain: Candidate; item: ReportToStore }) {
  return { domain: domain.name, organization, day: report.day, quirks: report.quirks, held };
}

async function readAll(arrivals: readonly Arrival[], inbox: Inbox, now: Date): Promise<Reading[]> {
  const policy = await policyOf(inbox);
  let others: Promise<Candidate[]> | undefined;
  // Nearly all reports are about the inbox's own domain: then nobody has to know the team's others.
  const candidatesFor = (decoded: DecodedReport) => {
    if (inbox.domain !== null && isOnlyAbout(decoded, inbox.domain)) return [];
    others ??= candidatesOf(inbox.teamId);
    return others;
  };
  const readings: Reading[] = [];
  // Side by side: where nobody answers for a key, the others do not wait for that.
  const proofs: Promise<void>[] = [];
  const keysOfFile = keyQuota(lookUpKey);
  const checking = turnstile(MAX_PROOFS_AT_ONCE);
  const turn = takingTurns();
  let characters = 0;
  for (const [arrival, { bytes, fileName }] of arrivals.entries()) {
    await turn();
    const verifying: Circumstances["verifying"] = { lookUpKey: keysOfFile(), checks: new Map() };
    const raw = { hash: hash("sha256", bytes), bytes, fileName };
    // One after the other: a file may inflate to 100 MB, two at once to twice that.
    const reads: Reading[] = [];
    for (const decoded of await decode(bytes, fileName)) {
      if (decoded.outcome !== "report") {
        const why = { code: decoded.code, reason: sentence(decoded.reason) };
        const isOther = inbox.othersStay === true && decoded.outcome === "not-a-report";
        reads.push({ arrival, ...(isOther ? { refused: why } : setAside(raw, why, inbox, now)) });
        continue;
      }
      const { parts, unclaimed } = attribute(decoded, inbox.domain, await candidatesFor(decoded), inbox.assigned);
      const reporter = reporterOf(decoded.report, decoded.hints);
      for (const { domain, policies } of parts) {
        const item = storable(decoded, reporter, domain.id, policies, raw, inbox.door, now);
        reads.push({ arrival, domain, item });
        if (policy === null && decoded.messages.length === 0) continue; // nothing to prove, and nothing is held
        proofs.push(
          checking(async () => {
            await turn();
            await prove(item, decoded.messages, reporter, { inbox, policy, now, verifying });
          }),
        );
      }
      if (unclaimed !== null) reads.push({ arrival, ...setAside(raw, unclaimed, inbox, now) });
    }
    const size = reads.reduce((sum, read) => sum + ("item" in read ? sizeOf(read.item.report) : 0), 0);
    if (characters > 0 && characters + size > MAX_HELD_CHARACTERS) readings.push({ arrival, refused: TOO_MUCH });
    else {
      readings.push(...reads);
      characters += size;
    }
  }
  await Promise.all(proofs);
  return readings;
}

/** Refused for its size beside others: received by itself it is taken. */
export const TOO_MUCH = {
  code: "too-much-at-once",
  reason: "Together with the files before it, this one holds more than is read at once. Send it again by itself.",
};

/** The quarantine's entry for a file; without an inbox there is none to keep it for. */
function setAside(
  { hash, bytes, fileName }: ReportToStore["raw"],
  { code, reason }: { code: string; reason: string },
  { domain, tray, door }: Inbox,
  receivedAt: Date,
): { aside: ToQuarantine } | { refused: { code: string; reason: string } } {
  const keeper = tray ?? domain;
  if (keeper === null) return { refused: { code, reason } };
  return { aside: { domainId: keeper.id, hash, bytes, fileName, code, reason, door, receivedAt } };
}

async function policyOf({ teamId, door }: Inbox): Promise<ReportPolicy | null> {
  return teamId !== null && DOORS_OF_MAIL.includes(door) ? reportPolicyOf(teamId) : null;
}

interface Circumstances {
  inbox: Inbox;
  /** Null at doors where nothing is held. */
  policy: ReportPolicy | null;
  now: Date;
  verifying: Pick<Verifying, "lookUpKey" | "checks">;
}

function storable(
  { report: whole, contentHash }: DecodedReport,
  reporter: string | null,
  domainId: string,
  policies: ReportToStore["report"]["policies"],
  raw: ReportToStore["raw"],
  door: string,
  receivedAt: Date,
): ReportToStore {
  const report = policies.length === whole.policies.length ? whole : partOf(whole, policies);
  const organization = organizationOf(report, reporter);
  const hashes = { identityHash: identityHash(report, reporter, contentHash), contentHash };
  return { domainId, report, organization, door, receivedAt, raw, ...hashes, sender: null, held: false };
}

const OTHER_DOMAINS: QuirkCode = "other-domains";

/** What of a report is about one domain. */
function partOf(whole: DecodedReport["report"], policies: DecodedReport["report"]["policies"]) {
  return { ...whole, policies, quirks: [...whole.quirks, OTHER_DOMAINS].sort() };
}

/** Writes down whether the mail around a report proves whom it is from, and whether it is held. */
async function prove(
  item: ReportToStore,
  messages: DecodedReport["messages"],
  reporter: string | null,
  { inbox, policy, now, verifying }: Circumstances,
): Promise<void> {
  const authservIds = inbox.behindRelay ? (policy?.authservIds ?? []) : [];
  if (messages.length > 0) item.sender = await verifySender(messages, reporter, { ...verifying, authservIds, now });
  item.held = policy !== null && isHeld(policy, item.organization, item.sender);
}

/** P18: mail reports without a valid signature of the reporter are not counted, unless a person has said so. */
function isHeld(policy: ReportPolicy, organization: string, sender: ReportToStore["sender"]): boolean {
  return policy.holdUnverified && sender?.verdict !== "pass" && !policy.trusted.has(organization);
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

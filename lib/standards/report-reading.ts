import type { QuirkCode } from "./report-quirks.ts";
import type { ResultType } from "./result-types.ts";

/** How much of a report is kept or taken. */
export interface ReportLimits {
  policies: number;
  /** Entries of all `failure-details` together. */
  failures: number;
  /** Entries of one `policy-string` or `mx-host`. */
  entries: number;
  /** UTF-16 units of one text; a longer one is cut. */
  text: number;
}

/** Why a JSON value that was understood is no report, or one that cannot be taken. */
export type ReportFault =
  | "not-a-tls-report"
  | "field-missing"
  | "field-invalid"
  | "date-invalid"
  | "count-invalid"
  | "too-many-policies"
  | "too-many-failures"
  | "too-many-entries";

/** Thrown while a report is read, and caught at the edge of `readReport` only. */
export class Unreadable extends Error {
  readonly fault: ReportFault;
  constructor(fault: ReportFault, reason: string) {
    super(reason);
    this.fault = fault;
  }
}

/** A JSON object whose values nobody has looked at yet. */
export type Fields = Record<string, unknown>;

/** What is known while one report is read: the place, for reasons, and what was met on the way. */
export interface Reading {
  limits: ReportLimits;
  /** False when no text can hold a NUL or half a surrogate pair, since the JSON has no `\u` escape. */
  unicodeEscapes: boolean;
  quirks: Set<QuirkCode>;
  /** Index of the policy and of the failure that are being read. */
  policy: number | null;
  failure: number | null;
  failures: number;
  /** Names in their stored form and known result types that were met lately: failures repeat them. */
  names: Recent;
  resultTypes: Recent;
}

/** What most failures are. */
const USUAL_RESULT_TYPES = [
  "validation-failure",
  "certificate-expired",
  "certificate-host-mismatch",
  "starttls-not-supported",
] as const satisfies ResultType[];

/** The start of reading a report. */
export function startReading(limits: ReportLimits, unicodeEscapes: boolean, quirks: Set<QuirkCode>): Reading {
  return {
    limits,
    unicodeEscapes,
    quirks,
    policy: null,
    failure: null,
    failures: 0,
    names: { texts: ["", "", "", ""], next: 0 },
    resultTypes: { texts: [...USUAL_RESULT_TYPES], next: 0 },
  };
}

/** A few texts that were found to be in order. To compare with four is quicker than to search a set, let alone to judge. */
interface Recent {
  texts: [string, string, string, string];
  next: number;
}

/** The remembered text that is equal to this one: one and the same for all, so that later comparisons are quick. */
export function recall({ texts }: Recent, text: string): string | null {
  if (text === "") return null;
  for (const known of texts) if (text === known) return known;
  return null;
}

/** Remembers a text in the place of the oldest one, and gives it back. */
export function remember(recent: Recent, text: string): string {
  recent.texts[recent.next] = text;
  recent.next = (recent.next + 1) % 4;
  return text;
}

/** The path of a key at the place that is being read, e.g. `policies[0].summary.total-failure-session-count`. */
export function pathTo(reading: Reading, key: string): string {
  const policy = reading.policy === null ? "" : `policies[${reading.policy}]`;
  const failure = reading.failure === null ? "" : `.failure-details[${reading.failure}]`;
  return `${policy}${failure}${policy && key && "."}${key}`;
}

/** True for a JSON object; not for an array, null or a scalar. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Absent values and empty texts say nothing. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** The value of a key, or that of another spelling of it that real senders use (named when it is what we took). */
export function pick(reading: Reading, value: unknown, alias: unknown, quirk: QuirkCode): unknown {
  if (isEmpty(alias) || !isEmpty(value)) return value;
  reading.quirks.add(quirk);
  return alias;
}

/** A value as it is named in a reason: short, and on one line. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (isFields(value)) return "an object";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

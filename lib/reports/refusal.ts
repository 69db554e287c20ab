import type { JsonFault } from "#lib/standards/report-json-token.ts";
import type { ReportFault } from "#lib/standards/report-reading.ts";
import { visibleText } from "#lib/standards/visible-text.ts";

/** What was sent is something else than a TLS report: no fault of anybody. */
export type NotAReportCode =
  | "not-a-tls-report"
  | "empty"
  | "dmarc-report"
  | "other-json"
  | "markup"
  | "text"
  | "binary"
  | "no-report-in-mail"
  | "no-report-in-zip";

/** What was sent claims to be a TLS report, or its container, and cannot be taken. */
export type RejectedCode =
  | Exclude<ReportFault, "not-a-tls-report">
  | JsonFault
  | "too-large"
  | "ratio"
  | "truncated-gzip"
  | "damaged-gzip"
  | "too-many-members"
  | "nested-archive"
  | "truncated-zip"
  | "damaged-zip"
  | "encrypted-zip"
  | "zip-method"
  | "too-many-zip-entries"
  | "mail-depth"
  | "mail-parts"
  | "too-many-mails"
  | "too-many-reports"
  | "unreadable-file"
  | "internal";

/** Stable name of why no report came out. */
export type ReasonCode = NotAReportCode | RejectedCode;

/** Why no report came out of some bytes. `reason` is one sentence without its full stop. */
export interface Refused {
  outcome: "not-a-report" | "rejected";
  code: ReasonCode;
  reason: string;
  /** With `internal`: the error itself, for the log and for nobody else. */
  cause?: unknown;
}

/** Thrown while bytes are read, and made a `Refused` at the edge of `decode` or of a container's part. */
export class Refusal extends Error {
  readonly refused: Refused;
  constructor(refused: Refused) {
    super(refused.reason);
    this.refused = refused;
  }
}

export function notAReport(code: NotAReportCode, reason: string): Refused {
  return { outcome: "not-a-report", code, reason: printable(reason) };
}

export function rejected(code: ReasonCode, reason: string): Refused {
  return { outcome: "rejected", code, reason: printable(reason) };
}

/** The same refusal with words before its reason. */
export function inPlace(refused: Refused, words: string): Refused {
  return { ...refused, reason: printable(`${words} ${refused.reason}`) };
}

/** How large something is and how large it may be, in bytes where megabytes would read the same. */
export function moreThan(size: number, most: number): string {
  const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
  if (mb(size) !== mb(most)) return `${mb(size)} MB, more than ${mb(most)} MB`;
  return `${size} bytes, more than ${most} bytes (${mb(most)} MB)`;
}

// Names and keys in a reason were written by strangers: it stays one line, of a length to read, that a database can keep.
const MAX_REASON = 600;

function printable(reason: string): string {
  return visibleText(reason, MAX_REASON);
}

import type { Failure } from "./report-failure.ts";
import { type DomainHint, domainOfReportId } from "./report-hints.ts";
import { type PolicyResult, readPolicy } from "./report-policy.ts";
import type { QuirkCode } from "./report-quirks.ts";
import {
  type Fields,
  isEmpty,
  isFields,
  type Reading,
  type ReportFault,
  type ReportLimits,
  shown,
  startReading,
  Unreadable,
} from "./report-reading.ts";
import { readExpected } from "./report-text.ts";
import { isMidnight, isOneDay, type ReadTime, readTime } from "./report-time.ts";

export type { Failure, PolicyResult };

/** A TLS report (RFC 8460 §4), in the one form in which Sealpost knows reports. */
export interface TlsReport<F = Failure> {
  organization: string | null;
  reportId: string | null;
  contact: string | null;
  /** UTC with `Z`. */
  begin: string;
  end: string;
  /** The UTC day of `begin`, to which the report belongs (quirk 12). */
  day: string;
  policies: PolicyResult<F>[];
  /** Sorted, each once. */
  quirks: QuirkCode[];
}

export interface ReadOptions {
  limits: ReportLimits;
  unicodeEscapes: boolean;
  /** What was odd already about the bytes or their container. */
  quirks: Iterable<QuirkCode>;
  /** What else names the policy domain, best first (quirk 8). */
  hints: readonly DomainHint[];
}

export type ReadReport = { ok: true; report: TlsReport } | { ok: false; fault: ReportFault; reason: string };

// TLS reports did not exist before (RFC 8460: 2018, first drafts: 2016); a year beyond is a broken clock.
const FIRST_YEAR = 2016;
const LAST_YEAR = 2100;

/**
 * Reads a parsed JSON value as a TLS report: with leniency where real senders leave RFC 8460 §4.4, each quirk named.
 * Demanded are the date range, at least one policy, and each policy's type.
 */
export function readReport(value: unknown, options: ReadOptions): ReadReport {
  const { limits, unicodeEscapes } = options;
  const quirks = new Set(options.quirks);
  try {
    if (!isFields(value) || !claimsToBeReport(value)) {
      throw new Unreadable("not-a-tls-report", "this JSON is no TLS report: it has none of its keys");
    }
    return { ok: true, report: read(value, startReading(limits, unicodeEscapes, quirks), options.hints) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, fault: error.fault, reason: error.message };
  }
}

const OWN_KEYS = ["organization-name", "date-range", "contact-info", "report-id", "policies", "tls-report"];

/** True when the keys show that a TLS report was meant, complete or not. */
export function claimsToBeReport(fields: Fields): boolean {
  const dates = fields["date-range"];
  if (isFields(dates) && ("start-datetime" in dates || "end-datetime" in dates)) return true;
  const policies = fields.policies ?? fields["tls-report"];
  const first: unknown = Array.isArray(policies) ? policies[0] : policies;
  if (isFields(first) && isFields(first.policy) && "policy-type" in first.policy) return true;
  return OWN_KEYS.filter((key) => fields[key] !== undefined).length > 1;
}

function read(fields: Fields, reading: Reading, hints: readonly DomainHint[]): TlsReport {
  const organization = readExpected(reading, fields["organization-name"], "organization-missing");
  const reportId = readExpected(reading, fields["report-id"], "report-id-missing");
  const contactMissing = fields["contact-info"] === null ? "contact-null" : "contact-missing";
  const contact = readExpected(reading, fields["contact-info"], contactMissing);
  const range = readRange(reading, fields["date-range"]);
  const hint = () => hints[0] ?? hintOfReportId(reportId);
  const policies: PolicyResult[] = [];
  for (const entry of readPolicies(reading, fields)) {
    reading.policy = policies.length;
    policies.push(readPolicy(reading, entry, hint));
  }
  const { begin, end, day } = range;
  return { organization, reportId, contact, begin, end, day, policies, quirks: [...reading.quirks].sort() };
}

function hintOfReportId(reportId: string | null): DomainHint | null {
  const domain = reportId === null ? null : domainOfReportId(reportId);
  return domain === null ? null : { domain, from: "report-id" };
}

function readRange(reading: Reading, dates: unknown): { begin: string; end: string; day: string } {
  if (isEmpty(dates)) throw new Unreadable("field-missing", "date-range is missing");
  if (!isFields(dates)) throw new Unreadable("field-invalid", `date-range is ${shown(dates)}, not an object`);
  const begin = readDate(reading, dates, "start-datetime");
  const end = readDate(reading, dates, "end-datetime");
  if (end.time < begin.time) {
    throw new Unreadable("date-invalid", `date-range ends at ${end.text}, before it begins at ${begin.text}`);
  }
  // Quirk 12: mail.ru and Stalwart send the next midnight.
  if (isMidnight(end.time) && end.time > begin.time) reading.quirks.add("end-exclusive");
  if (!isOneDay(begin.time, end.time)) reading.quirks.add("range-not-a-day");
  return { begin: begin.text, end: end.text, day: begin.text.slice(0, 10) };
}

function readDate(reading: Reading, dates: Fields, key: string): ReadTime {
  const sent = dates[key];
  if (isEmpty(sent)) throw new Unreadable("field-missing", `date-range.${key} is missing`);
  const date = typeof sent === "string" ? readTime(sent) : null;
  if (date === null) {
    throw new Unreadable("date-invalid", `date-range.${key} is ${shown(sent)}, not a date and time of RFC 3339`);
  }
  const year = Number(date.text.slice(0, 4));
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) {
    throw new Unreadable("date-invalid", `date-range.${key} is ${shown(sent)}, outside ${FIRST_YEAR} to ${LAST_YEAR}`);
  }
  for (const quirk of date.quirks) reading.quirks.add(quirk);
  return date;
}

function readPolicies(reading: Reading, fields: Fields): unknown[] {
  let sent = fields.policies;
  if (isEmpty(sent) && !isEmpty(fields["tls-report"])) {
    reading.quirks.add("policies-alias");
    sent = fields["tls-report"];
  }
  if (isEmpty(sent)) throw new Unreadable("field-missing", "policies is missing");
  if (isFields(sent)) {
    reading.quirks.add("policies-object");
    return [sent];
  }
  if (!Array.isArray(sent)) throw new Unreadable("field-invalid", `policies is ${shown(sent)}, not an array`);
  if (sent.length === 0) throw new Unreadable("field-missing", "policies is empty: the report says nothing");
  if (sent.length > reading.limits.policies) {
    throw new Unreadable(
      "too-many-policies",
      `policies has ${sent.length} entries, more than ${reading.limits.policies}`,
    );
  }
  return sent;
}

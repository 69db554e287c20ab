import { type Failure, readFailure } from "./report-failure.ts";
import { PlainFailures } from "./report-failures-plain.ts";
import type { DomainHint } from "./report-hints.ts";
import { readName, readPattern } from "./report-name.ts";
import { type Fields, isEmpty, isFields, pathTo, pick, type Reading, shown, Unreadable } from "./report-reading.ts";
import { readCount, readList, readToken } from "./report-text.ts";
import { isPolicyType } from "./result-types.ts";

/** One entry of `policies` (RFC 8460 §4.4). `F` is what is known of each failure. */
export interface PolicyResult<F = Failure> {
  /** Token as sent, in lower case when it is one of the RFC. */
  type: string;
  /** The recipient's domain; for `tlsa` it may be the MX host (quirk 9). */
  domain: string | null;
  /** The policy as the reporter knows it: lines of an STS policy, or TLSA records. */
  strings: string[] | null;
  /** Patterns of an STS policy. */
  mx: string[] | null;
  successes: number;
  failures: number;
  /** May add up to more than `failures`: one session can fail in several ways. */
  details: F[];
}

/** Reads one entry of `policies` (RFC 8460 §4.4). */
export function readPolicy(reading: Reading, entry: unknown, hint: () => DomainHint | null): PolicyResult {
  const fields = demandObject(reading, entry, "");
  const policy = demandObject(reading, fields.policy, "policy");
  const type = readPolicyType(reading, policy["policy-type"]);
  const domain = readPolicyDomain(reading, policy["policy-domain"], hint);
  const strings = readList(reading, policy["policy-string"], "policy.policy-string", {
    string: "policy-string-string",
    json: "policy-string-json",
  });
  const mx = readPatterns(reading, policy);
  const { successes, failures } = readSummary(reading, fields.summary);
  const details = readFailures(reading, fields["failure-details"]);
  return { type, domain, strings, mx, successes, failures, details };
}

function demandObject(reading: Reading, value: unknown, key: string): Fields {
  if (isFields(value)) return value;
  if (isEmpty(value)) throw new Unreadable("field-missing", `${pathTo(reading, key)} is missing`);
  throw new Unreadable("field-invalid", `${pathTo(reading, key)} is ${shown(value)}, not an object`);
}

function readPolicyType(reading: Reading, value: unknown): string {
  const path = () => pathTo(reading, "policy.policy-type");
  if (isEmpty(value)) throw new Unreadable("field-missing", `${path()} is missing`);
  if (typeof value !== "string") throw new Unreadable("field-invalid", `${path()} is ${shown(value)}, not a string`);
  const token = readToken(reading, value, isPolicyType, "policy-type-case", "policy-type-unknown");
  if (token === null) throw new Unreadable("field-missing", `${path()} is blank`);
  return token;
}

// Quirk 8: tlsrpt-reporter leaves policy-domain out for no-policy-found, and so did Google in 2019.
function readPolicyDomain(reading: Reading, value: unknown, hintOf: () => DomainHint | null): string | null {
  const domain = isEmpty(value) ? null : readName(reading, value);
  if (domain !== null) return domain;
  const hint = hintOf();
  reading.quirks.add(hint === null ? "policy-domain-missing" : `policy-domain-from-${hint.from}`);
  return hint?.domain ?? null;
}

function readPatterns(reading: Reading, policy: Fields): string[] | null {
  const sent = pick(reading, policy["mx-host"], policy["mx-host-pattern"], "mx-host-alias");
  const list = readList(reading, sent, "policy.mx-host", { string: "mx-host-string", json: "mx-host-json" });
  return list === null ? null : list.filter((text) => text.trim() !== "").map((text) => readPattern(reading, text));
}

function readSummary(reading: Reading, value: unknown): { successes: number; failures: number } {
  if (isEmpty(value)) reading.quirks.add("summary-missing");
  const summary = isEmpty(value) ? {} : demandObject(reading, value, "summary");
  return {
    successes: readTotal(reading, summary, "total-successful-session-count"),
    failures: readTotal(reading, summary, "total-failure-session-count"),
  };
}

// Quirk 17, and Google in 2019: a total of zero was left out.
function readTotal(reading: Reading, summary: Fields, key: string): number {
  const total = readCount(reading, summary[key], `summary.${key}`);
  if (total === null) reading.quirks.add("total-missing");
  return total ?? 0;
}

// Quirk 6: absent, null or [] when nothing failed.
function readFailures(reading: Reading, value: unknown): Failure[] {
  if (value === undefined) return [];
  if (value instanceof PlainFailures) {
    for (const quirk of value.quirks) reading.quirks.add(quirk);
    countFailures(reading, value.failures);
    return value.failures;
  }
  if (isEmpty(value)) {
    reading.quirks.add(value === null ? "null-optional" : "empty-optional");
    return [];
  }
  if (isFields(value)) reading.quirks.add("failure-details-object");
  const entries = isFields(value) ? [value] : value;
  if (!Array.isArray(entries)) {
    throw new Unreadable("field-invalid", `${pathTo(reading, "failure-details")} is ${shown(value)}, not an array`);
  }
  countFailures(reading, entries);
  const failures = entries.map((entry: unknown, index) => {
    reading.failure = index;
    return readFailure(reading, demandObject(reading, entry, ""));
  });
  reading.failure = null;
  return failures;
}

function countFailures(reading: Reading, entries: readonly unknown[]): void {
  reading.failures += entries.length;
  if (reading.failures > reading.limits.failures) {
    throw new Unreadable("too-many-failures", `the report has more than ${reading.limits.failures} failure-details`);
  }
}

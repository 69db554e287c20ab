/** What a quirk is, and where the numbered list of quirks of real reports (standards.md) tells of it. */
interface Quirk {
  rows: readonly number[];
  meaning: string;
}

/**
 * Each way in which a report that was taken leaves the rules. The codes are stored and printed: they never change their
 * meaning. A report exactly in the form of RFC 8460 §4 has none.
 */
export const QUIRKS = {
  // The text
  bom: { rows: [23], meaning: "A byte order mark stands before the JSON (RFC 8259 §8.1 forbids it)." },
  "utf-16": { rows: [23], meaning: "The text is UTF-16, not UTF-8 (RFC 7493 §2.1)." },
  "invalid-utf8": { rows: [23], meaning: "Some bytes are not UTF-8; each was read as U+FFFD." },
  "trailing-data": { rows: [24], meaning: "Something stands behind the JSON value; it was left out." },
  "nul-removed": { rows: [], meaning: "A text holds a NUL character; it was left out." },
  "lone-surrogate": { rows: [], meaning: "A text holds half a surrogate pair (RFC 7493 §2.1); it was read as U+FFFD." },
  "text-cut": { rows: [20], meaning: "A text is longer than we keep; its end was left out." },
  "wrong-type": { rows: [], meaning: "A text is sent as another JSON type." },
  "null-optional": { rows: [6, 16], meaning: "Null is sent where a key should be absent." },
  "empty-optional": { rows: [7, 15], meaning: "An empty text is sent where a key should be absent." },
  // The container
  "gzip-trailing-data": { rows: [37], meaning: "Bytes stand behind the gzip data; they were left out." },
  "gzip-members": {
    rows: [],
    meaning: "The gzip data has several members (RFC 8460 §5.2 expects one); they were joined.",
  },
  "zip-trailing-data": { rows: [37], meaning: "Bytes stand behind the zip archive; they were left out." },
  // The report
  "organization-missing": { rows: [], meaning: "organization-name is missing." },
  "contact-missing": { rows: [5], meaning: "contact-info is missing." },
  "contact-null": { rows: [5], meaning: "contact-info is null." },
  "report-id-missing": { rows: [21], meaning: "report-id is missing." },
  "date-without-zone": { rows: [11], meaning: "A time has no zone (RFC 3339 §5.6); it was read as UTC." },
  "date-format": { rows: [11], meaning: "A time is not quite in the form of RFC 3339 §5.6." },
  "end-exclusive": { rows: [12], meaning: "The range ends at midnight, not one second before it." },
  "range-not-a-day": { rows: [12], meaning: "The range is not one whole day (RFC 8460 §4.1)." },
  "policies-alias": { rows: [26], meaning: "The policies are sent as tls-report." },
  "policies-object": { rows: [26], meaning: "The policies are sent as one object, not as an array (RFC 8460 §4.4)." },
  "other-domains": {
    rows: [],
    meaning: "Policies of other domains stand in it too; they count there, or wait among the unclaimed reports.",
  },
  // A policy result
  "policy-type-case": { rows: [18], meaning: "policy-type is not in lower case." },
  "policy-type-unknown": { rows: [18], meaning: "policy-type is none of RFC 8460 §4.4." },
  "policy-string-string": { rows: [7], meaning: "policy-string is one string, not an array." },
  "policy-string-json": { rows: [10], meaning: "policy-string holds a JSON array inside a string." },
  "policy-domain-from-header": {
    rows: [8],
    meaning: "policy-domain is missing; TLS-Report-Domain of the mail was taken.",
  },
  "policy-domain-from-subject": { rows: [8], meaning: "policy-domain is missing; the mail's subject was taken." },
  "policy-domain-from-filename": { rows: [8], meaning: "policy-domain is missing; the file's name was taken." },
  "policy-domain-from-report-id": { rows: [8, 21], meaning: "policy-domain is missing; the report-id was taken." },
  "policy-domain-missing": { rows: [8], meaning: "policy-domain is missing, and nothing else names it." },
  "mx-host-string": { rows: [1], meaning: "mx-host is one string, not an array (RFC 8460 erratum 6241)." },
  "mx-host-json": { rows: [1, 10], meaning: "mx-host holds a JSON array inside a string." },
  "mx-host-alias": { rows: [2], meaning: "The patterns are sent as mx-host-pattern." },
  "summary-missing": { rows: [17], meaning: "summary is missing." },
  "total-missing": { rows: [17], meaning: "A total of sessions is missing; it was read as 0." },
  // A failure
  "failure-details-object": { rows: [6], meaning: "failure-details is one object, not an array." },
  "result-type-case": { rows: [19], meaning: "result-type is not in lower case." },
  "result-type-unknown": { rows: [19], meaning: "result-type is none of RFC 8460 §4.3." },
  "result-type-missing": { rows: [19], meaning: "result-type is missing." },
  "count-missing": { rows: [17], meaning: "failed-session-count is missing; it was read as 1." },
  "count-as-string": { rows: [17], meaning: "A count is sent as a string." },
  "receiving-mx-alias": { rows: [3], meaning: "receiving-mx-hostname is sent as receiving-mx-host-name." },
  "additional-alias": { rows: [3], meaning: "additional-information is sent as additional-info-uri." },
  "reason-alias": { rows: [3], meaning: "failure-reason-code is sent as failure-error-code." },
  "additional-not-uri": { rows: [4], meaning: "additional-information is no URI." },
  "ip-invalid": { rows: [15], meaning: "An address is no IP address; it was kept as sent." },
  // Names
  "name-case": { rows: [27], meaning: "A name is not in lower case." },
  "trailing-dot": { rows: [27], meaning: "A name ends with a dot." },
  "name-unicode": { rows: [27], meaning: "A name is not in A-labels (RFC 8460 §4.4)." },
  "name-invalid": { rows: [], meaning: "A name is no name of the DNS; it was kept as sent." },
} as const satisfies Record<string, Quirk>;

/** Name of a quirk. */
export type QuirkCode = keyof typeof QUIRKS;

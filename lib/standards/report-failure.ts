import { readHelo, readName } from "./report-name.ts";
import { type Fields, pick, type Reading, recall, remember } from "./report-reading.ts";
import { readCount, readIp, readText, readToken } from "./report-text.ts";
import { isResultType } from "./result-types.ts";

/** One entry of `failure-details` (RFC 8460 §4.3, §4.4). */
export interface Failure {
  /** Token as sent, in lower case when it is one of the registry. */
  resultType: string | null;
  sendingIp: string | null;
  mx: string | null;
  helo: string | null;
  receivingIp: string | null;
  sessions: number;
  reason: string | null;
  additional: string | null;
  /** Room for what lib/failures infers: with it a report of 100,000 failures is not copied for that. */
  cause?: string | null | undefined;
}

// RFC 3986 §3.1: a scheme, a colon, and no blanks. It is shown as text and never fetched.
const URI = /^[a-z][a-z0-9+.-]*:[^\s]+$/i;

/** Reads one failure. Each key may be absent, null or "" (quirks 14 to 16); a missing count is 1 (quirk 17). */
export function readFailure(reading: Reading, fields: Fields): Failure {
  const resultType = readResultType(reading, fields["result-type"]);
  const mx = pick(reading, fields["receiving-mx-hostname"], fields["receiving-mx-host-name"], "receiving-mx-alias");
  const reason = pick(reading, fields["failure-reason-code"], fields["failure-error-code"], "reason-alias");
  const additional = pick(reading, fields["additional-information"], fields["additional-info-uri"], "additional-alias");
  const sessions = readCount(reading, fields["failed-session-count"], "failed-session-count");
  if (sessions === null) reading.quirks.add("count-missing");
  return {
    resultType,
    cause: undefined,
    sendingIp: readIp(reading, fields["sending-mta-ip"]),
    mx: readName(reading, mx),
    helo: readHelo(reading, fields["receiving-mx-helo"]),
    receivingIp: readIp(reading, fields["receiving-ip"]),
    sessions: sessions ?? 1,
    reason: readText(reading, reason),
    additional: readAdditional(reading, additional),
  };
}

/** Reads a result type (quirk 19). */
export function readResultType(reading: Reading, value: unknown): string | null {
  if (typeof value === "string") {
    const known = recall(reading.resultTypes, value);
    if (known !== null) return known;
    if (isResultType(value)) return remember(reading.resultTypes, value);
  }
  const token = readToken(reading, value, isResultType, "result-type-case", "result-type-unknown");
  if (token === null) reading.quirks.add("result-type-missing");
  return token;
}

/** Quirk 4: the RFC's own example has blanks in it, and tlsrpt-reporter sends a sentence. */
export function readAdditional(reading: Reading, value: unknown): string | null {
  const text = readText(reading, value);
  if (text !== null && !URI.test(text)) reading.quirks.add("additional-not-uri");
  return text;
}

import { isUtf8 } from "node:buffer";
import { type ExplainedFailure, explainFailures } from "#lib/failures/cause.ts";
import { readReport, type TlsReport } from "#lib/standards/report.ts";
import type { DomainHint } from "#lib/standards/report-hints.ts";
import { type JsonScan, scanJson } from "#lib/standards/report-json.ts";
import { parsePlainJson } from "#lib/standards/report-json-plain.ts";
import type { QuirkCode } from "#lib/standards/report-quirks.ts";
import { sizeOf } from "./held-size.ts";
import { JSON_LIMITS, MAX_JSON_REPORTS, REPORT_LIMITS } from "./limits.ts";
import { notAReport, type Refused, rejected } from "./refusal.ts";
import { endOfLetters, firstLetter, hasBom } from "./sniff.ts";

/** A report with the causes of its failures: what `sealpost parse` prints and what is stored. */
export type ReadTlsReport = TlsReport<ExplainedFailure>;

/** A report that was read, or why there is none. */
export type JsonResult =
  | { ok: true; report: ReadTlsReport /** The JSON that was read. */; text: string }
  | { ok: false; refused: Refused };

const OPEN_OBJECT = 0x7b;
/** Four million letters are within the limit of values, and the scanner, which builds nothing, need not come before. */
const PLAIN_BYTES = 2 * JSON_LIMITS.values;
/** Two hundred of these can be kept, whatever is in them. */
const SMALL_TEXT = 64 * 1024;

/**
 * Reads JSON that starts with an object as a TLS report. More reports behind the first are read as well, so that joined
 * files lose nothing; anything else there is left out and named (quirk 24).
 */
export function readJson(sent: Buffer, knownQuirks: readonly QuirkCode[], hints: readonly DomainHint[]): JsonResult[] {
  const quirks = [...knownQuirks];
  if (hasBom(sent)) quirks.push("bom");
  let bytes = sent;
  if (!isUtf8(bytes)) {
    quirks.push("invalid-utf8");
    bytes = Buffer.from(bytes.toString("utf8"));
  }
  let at = firstLetter(bytes);
  const plain = readPlain(bytes, at, quirks, hints);
  if (plain !== null) return [plain];
  const results: JsonResult[] = [];
  do {
    const scan = scanJson(bytes, at, JSON_LIMITS);
    const result = scan.ok ? readScanned(bytes, at, scan, quirks, hints) : refuseScan(bytes, scan);
    const last = results.at(-1);
    if (last?.ok && !result.ok) {
      addQuirk(last.report, "trailing-data");
      return results;
    }
    results.push(result);
    if (!scan.ok || !result.ok) return results;
    at = nextLetter(bytes, scan.end);
    if (at < bytes.length && bytes[at] !== OPEN_OBJECT) addQuirk(result.report, "trailing-data");
  } while (bytes[at] === OPEN_OBJECT && results.length < MAX_JSON_REPORTS);
  if (bytes[at] === OPEN_OBJECT) {
    const reason = `the file has more than ${MAX_JSON_REPORTS} reports; those behind were not read`;
    results.push({ ok: false, refused: rejected("too-many-reports", reason) });
  }
  return results;
}

function nextLetter(bytes: Buffer, end: number): number {
  return end === bytes.length ? end : end + firstLetter(bytes.subarray(end));
}

function addQuirk(report: ReadTlsReport, quirk: QuirkCode): void {
  report.quirks = [...report.quirks, quirk].sort();
}

/** Reads what is one value to its end and gives no cause for a remark, as nearly all reports are; null for all others. */
function readPlain(bytes: Buffer, start: number, quirks: QuirkCode[], hints: readonly DomainHint[]): JsonResult | null {
  if (bytes.length - start > PLAIN_BYTES) return null;
  const text = bytes.toString("utf8", start, endOfLetters(bytes));
  const value = parsePlainJson(text, JSON_LIMITS, REPORT_LIMITS);
  if (value === undefined) return null;
  const result = readValue(value, text, false, quirks, hints);
  // The texts of failures are slices, which keep the whole text in memory as long as the report waits to be stored. Where
  // that is far more than the report counts for, it is read in the other way, which copies.
  const isMostlyWaste = text.length > SMALL_TEXT && result.ok && text.length > 2 * sizeOf(result.report);
  return isMostlyWaste ? null : result;
}

function readScanned(
  bytes: Buffer,
  start: number,
  scan: JsonScan & { ok: true },
  quirks: QuirkCode[],
  hints: readonly DomainHint[],
): JsonResult {
  const text = bytes.toString("utf8", start, scan.end);
  return readValue(JSON.parse(text), text, scan.unicodeEscapes, quirks, hints);
}

function readValue(
  value: unknown,
  text: string,
  unicodeEscapes: boolean,
  quirks: QuirkCode[],
  hints: readonly DomainHint[],
): JsonResult {
  const read = readReport(value, { limits: REPORT_LIMITS, unicodeEscapes, quirks, hints });
  if (read.ok) {
    const report = { ...read.report, policies: read.report.policies.map(explainFailures) };
    return { ok: true, report, text };
  }
  const { fault, reason } = read;
  const refused = fault === "not-a-tls-report" ? notAReport("other-json", reason) : rejected(fault, reason);
  return { ok: false, refused };
}

function refuseScan(bytes: Buffer, scan: JsonScan & { ok: false }): JsonResult {
  const at = placeOf(bytes, scan.offset);
  const inside = scan.path === "" ? "" : ` (at ${scan.path})`;
  const reasons = {
    "json-syntax": () => `the JSON is broken at ${at}${inside}: ${scan.what}`,
    "duplicate-key": () => `the key "${scan.path}" is given twice, the second time at ${at} (RFC 7493 §2.3)`,
    "json-depth": () => `the JSON is nested deeper than ${JSON_LIMITS.depth} levels at ${at}`,
    "json-values": () => `the JSON has more than ${JSON_LIMITS.values} values`,
  };
  return { ok: false, refused: rejected(scan.fault, reasons[scan.fault]()) };
}

/** Line and column, from 1, of an offset; columns are counted in characters. */
function placeOf(bytes: Buffer, offset: number): string {
  const lineStart = offset === 0 ? 0 : bytes.lastIndexOf(0x0a, offset - 1) + 1;
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < lineStart; at = bytes.indexOf(0x0a, at + 1)) line++;
  const before = bytes.toString("utf8", lineStart, offset).replace(/^\ufeff/, "");
  return `line ${line}, column ${before.length + 1}`;
}

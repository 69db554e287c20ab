import { type Field, firstOfEach, isExtensionValue, splitFields } from "./fields.ts";
import { error, note, type Problem, warning } from "./problem.ts";
import {
  type DestinationCode,
  looksLikeDestination,
  type ReportDestination,
  readDestinations,
} from "./report-destination.ts";
import { type ParsedText, type RecordCode, readTxtRecord, type TxtAnswer, type TxtReading } from "./txt-record.ts";

/** The record at `_smtp._tls.<domain>` that tells senders where their TLS reports go. */
export interface TlsRptRecord {
  /** The destinations that senders can use, in order; the first is the only one that some use. */
  rua: ReportDestination[];
  extensions: { name: string; value: string }[];
  /** False when another field stands before `rua`, which one widespread reporter does not read. */
  ruaIsSecondField: boolean;
}

export type TlsRptRecordCode =
  | RecordCode<"tls-rpt-record">
  | "tls-rpt-record-rua-missing"
  | "tls-rpt-record-rua-case"
  | "tls-rpt-record-rua-empty"
  | DestinationCode;

export type TlsRptReading = TxtReading<TlsRptRecord, TlsRptRecordCode> & {
  /** Destinations as they should be written, from all that was sent, right or wrong. */
  suggestedRua: string[];
};

const VERSION = "v=TLSRPTv1";

/**
 * Reads all TXT answers at `_smtp._tls.<domain>` as a conformant sender would (RFC 8460 §3). A destination that cannot be
 * used is a problem of its own (`tls-rpt-destination-…`) and leaves the others in place; all else makes the value null.
 */
export function readTlsRptRecord(answers: readonly TxtAnswer[]): TlsRptReading {
  const reading = readTxtRecord(answers, { kind: "tls-rpt-record", version: VERSION, parse: parseTlsRptText });
  return { ...reading, suggestedRua: suggestRua(reading.text ?? "") };
}

/** RFC 8460 §3 (T5): one list of URIs, whatever stood between them. */
function suggestRua(text: string): string[] {
  const pieces = text.split(";").map((piece) => piece.replace(/^\s*(?:v\s*=\s*\w+[\s,]+)?rua\s*=\s*/i, "rua="));
  const lists = pieces.filter((piece) => piece.startsWith("rua=") || looksLikeDestination(piece.trim()));
  const read = readDestinations(lists.map((piece) => piece.replace(/^rua=/, "")).join(","));
  return [...read.destinations.map(({ uri }) => uri), ...read.problems.flatMap(({ suggestion }) => suggestion ?? [])];
}

/** True for a problem of a destination, not of the record that names it. */
export function isDestinationProblem(problem: Problem): problem is Problem<DestinationCode> {
  return problem.code.startsWith("tls-rpt-destination-");
}

function parseTlsRptText(text: string): ParsedText<TlsRptRecord, TlsRptRecordCode> {
  const { fields, faults } = splitFields(text);
  const { first, repeated } = firstOfEach(fields);
  const problems: Problem<TlsRptRecordCode>[] = faults.map(({ fault, found }) => {
    // RFC 8460 §3 (T5): `;` ends the list of destinations, so a second one behind it is lost.
    if (fault === "field-malformed" && looksLikeDestination(found))
      return error("tls-rpt-destination-semicolon", found);
    return fault === "blank-before-semicolon" || fault === "empty-field" || fault === "outer-blank"
      ? warning(`tls-rpt-record-${fault}`, found)
      : error(`tls-rpt-record-${fault}`, found);
  });
  const rua = first.get("rua");
  const wrongCase = fields.find((field) => field.name !== "rua" && field.name.toLowerCase() === "rua");
  if (rua === undefined && wrongCase === undefined) problems.push(error("tls-rpt-record-rua-missing", ""));
  if (rua === undefined && wrongCase !== undefined) problems.push(error("tls-rpt-record-rua-case", wrongCase.text));
  const isEmpty = rua !== undefined && /^[, \t]*$/.test(rua.value);
  if (isEmpty) problems.push(error("tls-rpt-record-rua-empty", rua.text));

  const extensions: TlsRptRecord["extensions"] = [];
  for (const field of fields) {
    if (field.name === "rua" || (field === wrongCase && rua === undefined)) continue;
    // RFC 8460 §3 (T2, T8): an unknown field is ignored when it is well-formed.
    if (!isExtensionValue(field.value)) problems.push(error("tls-rpt-record-extension-invalid", field.text));
    else if (!repeated.includes(field)) {
      extensions.push({ name: field.name, value: field.value });
      problems.push(note("tls-rpt-record-extension", field.text));
    }
  }
  // RFC 8460 §3 does not say which of two `rua` fields counts; RFC 8461 §3.2 (M8) says: the first.
  for (const field of repeated) {
    const effective = field.name === "v" ? VERSION : (first.get(field.name)?.text ?? "");
    problems.push(warning("tls-rpt-record-repeated-field", field.text, { effective }));
  }
  // RFC 8460 §3 (T1): `rua` is required.
  const structureIsBroken = problems.some((problem) => problem.level === "error" && !isDestinationProblem(problem));
  if (rua === undefined || isEmpty) return { value: null, problems };
  const { destinations, problems: ofDestinations } = readDestinations(rua.value);
  const value = { rua: destinations, extensions, ruaIsSecondField: isSecond(text, rua) };
  return { value: structureIsBroken ? null : value, problems: [...problems, ...ofDestinations] };
}

function isSecond(record: string, rua: Field): boolean {
  return record.split(";")[1]?.trim() === rua.text;
}

/** RFC 8460 §3: a record that has reports sent to these URIs, tried in this order. */
export function writeTlsRptRecord(rua: readonly string[]): string {
  return `v=TLSRPTv1; rua=${rua.join(",")}`;
}

import { firstOfEach, isExtensionValue, splitFields } from "./fields.ts";
import { error, hasErrors, note, type Problem, warning } from "./problem.ts";
import { type ParsedText, type RecordCode, readTxtRecord, type TxtAnswer, type TxtReading } from "./txt-record.ts";

/** The record at `_mta-sts.<domain>` that tells senders that there is a policy, and when it has changed. */
export interface StsRecord {
  /** Names one instance of the policy; says nothing about which is newer (RFC 8461 §3.1, M5). */
  id: string;
  extensions: { name: string; value: string }[];
}

export type StsRecordCode =
  | RecordCode<"sts-record">
  | "sts-record-id-missing"
  | "sts-record-id-case"
  | "sts-record-id-empty"
  | "sts-record-id-too-long"
  | "sts-record-id-characters";

export type StsRecordReading = TxtReading<StsRecord, StsRecordCode> & {
  /** An id made from what was sent, when that was none; null when there is nothing to make it from. */
  suggestedId: string | null;
};

const VERSION = "v=STSv1";

/** Reads all TXT answers at `_mta-sts.<domain>` as a conformant sender would (RFC 8461 §3.1). */
export function readStsRecord(answers: readonly TxtAnswer[]): StsRecordReading {
  const reading = readTxtRecord(answers, { kind: "sts-record", version: VERSION, parse: parseStsText });
  const sentId = /(?:^|[;,\s])id\s*=\s*"?([^;"\s]*)/i.exec(reading.text ?? "")?.[1] ?? "";
  return { ...reading, suggestedId: reading.value?.id ?? (cleanId(sentId) || null) };
}

/** Letters and digits of a text, as many as an id may have. */
function cleanId(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, "").slice(0, 32);
}

function parseStsText(text: string): ParsedText<StsRecord, StsRecordCode> {
  const { fields, faults } = splitFields(text);
  const { first, repeated } = firstOfEach(fields);
  const problems: Problem<StsRecordCode>[] = faults.map(({ fault, found }) =>
    fault === "blank-before-semicolon" || fault === "empty-field" || fault === "outer-blank"
      ? warning(`sts-record-${fault}`, found)
      : error(`sts-record-${fault}`, found),
  );
  const id = first.get("id")?.value;
  const wrongCase = fields.find((field) => field.name !== "id" && field.name.toLowerCase() === "id");
  const idProblem = id === undefined ? missingId(wrongCase?.text) : judgeId(id);
  if (idProblem !== null) problems.push(idProblem);

  const extensions: StsRecord["extensions"] = [];
  for (const field of fields) {
    // RFC 8461 §3.1 (M6): a value outside the grammar makes the whole record invalid (M11).
    if (field === first.get("id") || isExtensionValue(field.value)) continue;
    if (isAsciiText(field.value)) problems.push(error("sts-record-extension-invalid", field.text));
  }
  for (const field of first.values()) {
    if (field.name === "id" || (field === wrongCase && id === undefined) || !isExtensionValue(field.value)) continue;
    // RFC 8461 §3.2 at its end (M7): unknown fields are ignored.
    extensions.push({ name: field.name, value: field.value });
    problems.push(note("sts-record-extension", field.text));
  }
  for (const field of repeated) {
    // RFC 8461 §3.2 at its end (M8): the first of a repeated field wins.
    const effective = field.name === "v" ? VERSION : (first.get(field.name)?.text ?? "");
    problems.push(warning("sts-record-repeated-field", field.text, { effective }));
  }
  return { value: id === undefined || hasErrors(problems) ? null : { id, extensions }, problems };
}

function missingId(wrongCase: string | undefined): Problem<StsRecordCode> {
  return wrongCase === undefined ? error("sts-record-id-missing", "") : error("sts-record-id-case", wrongCase);
}

/** RFC 8461 §3.1, sts-id (M4): 1 to 32 letters and digits. */
function judgeId(id: string): Problem<StsRecordCode> | null {
  if (id === "") return error("sts-record-id-empty", "id=");
  // Told already as a character outside ASCII.
  if (!isAsciiText(id)) return null;
  if (!/^[A-Za-z0-9]+$/.test(id)) return error("sts-record-id-characters", `id=${id}`, { suggestion: cleanId(id) });
  if (id.length > 32) return error("sts-record-id-too-long", `id=${id}`, { suggestion: cleanId(id) });
  return null;
}

/** RFC 8461 §3.1 (M1) */
function isAsciiText(text: string): boolean {
  return /^[\x20-\x7e\t]*$/.test(text);
}

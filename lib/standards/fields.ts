import { isBlank, trimBlanks } from "./blanks.ts";

/** One `name=value` of a record. */
export interface Field {
  /** As sent, without the blanks around it. */
  text: string;
  name: string;
  value: string;
}

/** What can be wrong with the fields of either record, whatever they mean. */
export type FieldFault =
  | "blank-before-semicolon"
  | "empty-field"
  | "outer-blank"
  | "field-malformed"
  | "blank-around-equals"
  | "character";

export interface FieldsOfRecord {
  fields: Field[];
  faults: { fault: FieldFault; found: string }[];
}

// RFC 8461 §3.1, sts-ext-name and sts-ext-value (M6); RFC 8460 §3 has the same (T2).
const EXTENSION_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/;
const EXTENSION_VALUE = /^[\x21-\x3a\x3c\x3e-\x7e]+$/;

/** True for a name that a field may have. */
export function isFieldName(name: string): boolean {
  return EXTENSION_NAME.test(name);
}

/** True for a value that an unknown field may have: printable ASCII without `=`, `;` and blanks. */
export function isExtensionValue(value: string): boolean {
  return EXTENSION_VALUE.test(value);
}

/** The fields after the version of a record that begins with `version`, by the grammar that both RFCs share. */
export function splitFields(record: string): FieldsOfRecord {
  const [version = "", ...parts] = record.split(";");
  const read: FieldsOfRecord = { fields: [], faults: [] };
  // RFC 8461 §3.1, erratum 6285 (M15): the grammar allows the blank, the rule for discarding records does not.
  if (isBlank(version.at(-1))) read.faults.push({ fault: "blank-before-semicolon", found: `${version};` });
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    const text = trimBlanks(part);
    // RFC 8461 §3.1 (M3): one delimiter may end the record; an empty field elsewhere is outside the grammar.
    if (text === "") {
      if (!isLast) read.faults.push({ fault: "empty-field", found: record });
      continue;
    }
    if (isLast && isBlank(part.at(-1))) read.faults.push({ fault: "outer-blank", found: part });
    readField(text, read);
  }
  return read;
}

function readField(text: string, read: FieldsOfRecord): void {
  // RFC 8461 §3.1 (M1): US-ASCII, and nothing in the grammar is a control character.
  if (!/^[\x20-\x7e\t]*$/.test(text)) read.faults.push({ fault: "character", found: text });
  const equals = text.indexOf("=");
  const sentName = equals < 0 ? text : text.slice(0, equals);
  const sentValue = equals < 0 ? "" : text.slice(equals + 1);
  const field = { text, name: trimBlanks(sentName), value: trimBlanks(sentValue) };
  if (equals < 0 || !isFieldName(field.name)) {
    if (/^[\x20-\x7e\t]*$/.test(sentName)) read.faults.push({ fault: "field-malformed", found: text });
    return;
  }
  // RFC 8461 §3.1 (M6): no blanks around `=`. Read on without them, so that one slip is told once.
  if (field.name !== sentName || field.value !== sentValue) {
    read.faults.push({ fault: "blank-around-equals", found: text });
  }
  read.fields.push(field);
}

/** Each name's first field, and the repetitions, which senders ignore (RFC 8461 §3.2 at its end, M8). */
export function firstOfEach(fields: readonly Field[]): { first: Map<string, Field>; repeated: Field[] } {
  const first = new Map<string, Field>();
  const repeated: Field[] = [];
  for (const field of fields) {
    if (field.name === "v" || first.has(field.name)) repeated.push(field);
    else first.set(field.name, field);
  }
  return { first, repeated };
}

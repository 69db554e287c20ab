import type { FieldFault } from "./fields.ts";
import { textOfOctets } from "./octets.ts";
import { error, hasErrors, note, type Problem, warning } from "./problem.ts";
import { type NearMiss, nearMissOf } from "./version-near-miss.ts";

/** One TXT answer as its character-strings, each octet as one char. */
export interface TxtAnswer {
  readonly strings: readonly string[];
}

/** What can be wrong with the choice among the TXT answers at a name. */
export type SelectionFault = "missing" | "several" | "stray-text" | "second-ambiguous" | "joined-without-separator";

/** What can be wrong with, or worth a note in, either record. */
export type RecordFault = SelectionFault | NearMiss | FieldFault | "extension" | "extension-invalid" | "repeated-field";

/** Codes of the faults that MTA-STS and TLS-RPT records share, e.g. `sts-record-version-case`. */
export type RecordCode<Kind extends string> = `${Kind}-${RecordFault}`;

/** One record text, read: what senders use (null: nothing), and what is wrong or remarkable. */
export interface ParsedText<Value, Code extends string> {
  value: Value | null;
  problems: Problem<Code>[];
}

/** The answers at a name, read. */
export interface TxtReading<Value, Code extends string> extends ParsedText<Value, Code> {
  /** The joined text of the record that was read; null when there was none, or more than one. */
  text: string | null;
  /** True when somebody meant to publish such a record here, right or wrong. */
  attempted: boolean;
}

export interface RecordKind<Kind extends string, Value, Code extends string> {
  kind: Kind;
  version: "v=STSv1" | "v=TLSRPTv1";
  parse: (text: string) => ParsedText<Value, Code>;
}

/** Chooses the record among all TXT answers and reads it (RFC 8461 §3.1: M10, M13; RFC 8460 §3: T3, T4). */
export function readTxtRecord<Kind extends string, Value, Code extends string>(
  answers: readonly TxtAnswer[],
  record: RecordKind<Kind, Value, Code>,
): TxtReading<Value, Code | RecordCode<Kind>> {
  const { kind, version } = record;
  const texts = answers.map((answer) => ({ text: joined(answer.strings), strings: answer.strings }));
  const kept = texts.filter(({ text }) => text.startsWith(`${version};`));
  const discarded = texts.filter(({ text }) => !text.startsWith(`${version};`));
  const [only] = kept;

  if (kept.length > 1) {
    const all = kept.map(({ text }) => text).join(" · ");
    return { value: null, text: null, attempted: true, problems: [error(`${kind}-several`, all)] };
  }
  if (only !== undefined) {
    const beside = discarded.map(({ text }) =>
      blankBeforeSemicolon(text, version)
        ? warning(`${kind}-second-ambiguous`, text)
        : note(`${kind}-stray-text`, text),
    );
    const read = parseJoined(only, record);
    return { value: read.value, text: only.text, attempted: true, problems: [...read.problems, ...beside] };
  }
  // M15: discarding is asked for among several answers only, so a single one is read by the grammar.
  const [single] = discarded;
  if (discarded.length === 1 && single !== undefined && blankBeforeSemicolon(single.text, version)) {
    return { ...parseJoined(single, record), text: single.text, attempted: true };
  }
  return explainDiscarded(discarded, record);
}

type Joined = { text: string; strings: readonly string[] };

/** All answers are discarded: says which were meant to be the record, and what else is wrong with them. */
function explainDiscarded<Kind extends string, Value, Code extends string>(
  discarded: Joined[],
  record: RecordKind<Kind, Value, Code>,
): TxtReading<Value, Code | RecordCode<Kind>> {
  const { kind, version } = record;
  const problems: Problem<Code | RecordCode<Kind>>[] = [];
  const meant: string[] = [];
  for (const answer of discarded) {
    const lost = lostSeparator(answer, record);
    const miss = nearMissOf(answer.text, version);
    if (lost !== null) problems.push(error(`${kind}-joined-without-separator`, answer.text, { suggestion: lost }));
    else if (miss !== null) {
      problems.push(error(`${kind}-${miss.kind}`, answer.text));
      if (miss.kind !== "other-record") problems.push(...record.parse(miss.repaired).problems);
    } else {
      problems.push(note(`${kind}-stray-text`, answer.text));
      continue;
    }
    meant.push(answer.text);
  }
  if (meant.length === 0) problems.unshift(error(`${kind}-missing`, ""));
  return { value: null, text: meant[0] ?? null, attempted: meant.length > 0, problems };
}

/** RFC 8461 §3.1 (M13), RFC 8460 §3 (T4): the strings of one record are joined with nothing between them. */
function joined(strings: readonly string[]): string {
  return textOfOctets(strings.join("")).text;
}

function blankBeforeSemicolon(text: string, version: string): boolean {
  return text.startsWith(version) && /^[ \t]+;/.test(text.slice(version.length));
}

function parseJoined<Kind extends string, Value, Code extends string>(
  answer: Joined,
  record: RecordKind<Kind, Value, Code>,
): ParsedText<Value, Code | RecordCode<Kind>> {
  const read = record.parse(answer.text);
  const lost = hasErrors(read.problems) ? lostSeparator(answer, record) : null;
  if (lost === null) return read;
  const problem = error(`${record.kind}-joined-without-separator` as const, answer.text, { suggestion: lost });
  return { value: null, problems: [problem] };
}

/** The text with a separator between its strings, when that alone makes a good record of it. */
function lostSeparator<Kind extends string, Value, Code extends string>(
  answer: Joined,
  record: RecordKind<Kind, Value, Code>,
): string | null {
  if (answer.strings.length < 2) return null;
  for (const separator of [";", ","]) {
    const text = joined([answer.strings.join(separator)]);
    if (text.startsWith(`${record.version};`) && !hasErrors(record.parse(text).problems)) return text;
  }
  return null;
}

import type { Status } from "./verdict.ts";

/**
 * The text of one finding. `{name}` is replaced by a value of the evidence as code in backticks, `{=name}` by one of our
 * own words or numbers as it is.
 */
export interface Words {
  status: Status;
  title: string;
  detail: string;
  fix: string | null;
  /** The fix where a value that `fix` names is not known. */
  otherwise?: string;
  reference: string | null;
}

export type WordTable = Record<string, Words>;

const PLACEHOLDER = /\{(=?)(\w+)\}/g;
const LONGEST_VALUE = 120;
const LONGEST_RECORD = 700;
const MOST_ITEMS = 8;

// Control characters, and those that are invisible or change the direction of the text around them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const INVISIBLE = /[\0-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/gu;

/** Puts values of the evidence into a text. A value that is not there leaves its placeholder, which tests look for. */
export function fill(template: string, evidence: Readonly<Record<string, unknown>>): string {
  return template.replace(PLACEHOLDER, (placeholder, plain: string, name: string) => {
    const value = evidence[name];
    if (value === undefined || value === null) return placeholder;
    if (plain === "=") return clip(visible(String(value)), LONGEST_RECORD);
    return asCode(value, name === "publish" ? LONGEST_RECORD : LONGEST_VALUE);
  });
}

/** True when all values that a text names are there to be filled in. */
export function isFillable(template: string, evidence: Readonly<Record<string, unknown>>): boolean {
  return [...template.matchAll(PLACEHOLDER)].every(([, , name = ""]) => {
    const value = evidence[name];
    return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  });
}

/** Text from the network with each character that cannot be seen written out, and no backtick of its own. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, written).replaceAll("`", "'");
}

/** At most so many characters, with an ellipsis where the rest was left out. */
export function clip(text: string, longest: number): string {
  const characters = [...text.slice(0, 2 * longest + 2)];
  return characters.length > longest ? `${characters.slice(0, longest).join("")}…` : text;
}

function asCode(value: unknown, longest: number): string {
  if (!Array.isArray(value)) return `\`${clip(visible(String(value)), longest)}\``;
  const shown = value.slice(0, MOST_ITEMS).map((item) => asCode(item, longest));
  const left = value.length - shown.length;
  return left > 0 ? `${shown.join(", ")} and ${left} more` : shown.join(", ");
}

function written(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (char === "\t") return "\\t";
  if (char === "\n") return "\\n";
  if (char === "\r") return "\\r";
  return code > 0xff ? `\\u{${code.toString(16)}}` : `\\x${code.toString(16).padStart(2, "0")}`;
}

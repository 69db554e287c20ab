import { decode } from "./decode.ts";
import { splitHeader } from "./mime.ts";

/** What a page shows of one text, and how many policies and header fields; real reports stay far below. */
const MAX_LETTERS = 20_000;
const MAX_POLICIES = 50;
const MAX_FIELDS = 200;
const MAX_FIELD_LETTERS = 2_000;
/** JSON above this is shown as it begins: to print it anew would take seconds. */
const MAX_PRINTED = 4_000_000;

/** A part of a report's JSON, printed for people; `letters` is its whole length when only the beginning is there. */
export interface JsonPart {
  text: string;
  letters: number | null;
}

/** One field of a mail's header, unfolded. */
export interface HeaderField {
  name: string;
  value: string;
}

/** A report as it was sent, from its raw bytes. */
export interface AsSent {
  /** What stands around the policies. */
  report: JsonPart;
  policies: JsonPart[];
  /** Policies that are not shown. */
  more: number;
  /** The headers of the mails around it, the innermost first. */
  mails: { fields: HeaderField[]; more: number }[];
}

/** Finds a report in the bytes that it came in; null when it cannot be found there any more. */
export async function asSent(bytes: Buffer, fileName: string | null, contentHash: string): Promise<AsSent | null> {
  for (const decoded of await decode(bytes, fileName)) {
    if (decoded.outcome !== "report" || decoded.contentHash !== contentHash) continue;
    return { ...printed(decoded.json), mails: decoded.messages.map(headerOf) };
  }
  return null;
}

function printed(json: string): Omit<AsSent, "mails"> {
  if (json.length > MAX_PRINTED) return { report: cut(json), policies: [], more: 0 };
  const { policies, ...rest } = JSON.parse(json) as Record<string, unknown>;
  if (!Array.isArray(policies)) return { report: cut(print(JSON.parse(json))), policies: [], more: 0 };
  return {
    report: cut(print(rest)),
    policies: policies.slice(0, MAX_POLICIES).map((policy) => cut(print(policy))),
    more: Math.max(0, policies.length - MAX_POLICIES),
  };
}

function print(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function cut(text: string): JsonPart {
  if (text.length <= MAX_LETTERS) return { text, letters: null };
  return { text: text.slice(0, MAX_LETTERS), letters: text.length };
}

/** RFC 5322 §2.2.3: a line that begins with a blank goes on with the one before. */
function headerOf(mail: Buffer): { fields: HeaderField[]; more: number } {
  const lines = splitHeader(mail)
    .header.toString("utf8")
    .replace(/\r?\n(?=[ \t])/g, "")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  const fields = lines.slice(0, MAX_FIELDS).map((line) => {
    const colon = line.indexOf(":");
    const value = line.slice(colon + 1).trim();
    const short = value.length > MAX_FIELD_LETTERS ? `${value.slice(0, MAX_FIELD_LETTERS)}…` : value;
    return { name: colon < 0 ? "" : line.slice(0, colon).slice(0, 100), value: short };
  });
  return { fields, more: lines.length - fields.length };
}

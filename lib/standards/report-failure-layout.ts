import { IP_PATTERN } from "./report-ip.ts";
import { isFields } from "./report-reading.ts";

// RFC 8259 §7, without escapes. What is empty is a quirk.
const TEXT = '"([^"\\x00-\\x1f]+)"';
const IP = `"(${IP_PATTERN})"`;

/** Under our names, the keys of an entry, and what their values look like when there is nothing to say about them. */
const VALUES = {
  resultType: { key: "result-type", value: TEXT },
  sendingIp: { key: "sending-mta-ip", value: IP },
  mx: { key: "receiving-mx-hostname", value: TEXT },
  helo: { key: "receiving-mx-helo", value: TEXT },
  receivingIp: { key: "receiving-ip", value: IP },
  // RFC 7493 §2.2: fifteen digits are a safe integer, whatever they are.
  sessions: { key: "failed-session-count", value: "(0|[1-9][0-9]{0,14})" },
  reason: { key: "failure-reason-code", value: TEXT },
  additional: { key: "additional-information", value: TEXT },
} as const;
type Name = keyof typeof VALUES;
const NAMES = Object.keys(VALUES) as Name[];

/** How a sender writes entries of `failure-details`: which keys, and in which order. */
export interface Layout {
  /** Matches one entry where it begins, with the comma behind it or the end of the array. */
  pattern: RegExp;
  /** Which group of the pattern each value is; 0 where it has no such key. */
  groups: Readonly<Record<Name, number>>;
}

/** Those met lately in any report, as it takes up to a millisecond to make one; the last one met comes first. */
const recent: Layout[] = [];
const MAX_RECENT = 16;
/** How many are made for one text: a sender has one or two, and who has more is none. */
export const MAX_NEW_LAYOUTS = 4;
/** An entry that is longer is not looked at: so a text full of open braces is not searched from each to its end. */
const LONGEST = 4_000;

/** The layout that was met last. */
export function latestLayout(): Layout | null {
  return recent[0] ?? null;
}

/**
 * The layout of the entry at an offset of a text without backslashes; null where there may be something to say about it,
 * or where `left` new ones have been made.
 */
export function findLayout(text: string, at: number, left: { layouts: number }): Layout | null {
  const index = recent.findIndex(({ pattern }) => {
    pattern.lastIndex = at;
    return pattern.test(text);
  });
  if (index < 0 && left.layouts-- <= 0) return null;
  const [layout] = index < 0 ? [makeLayout(text, at)] : recent.splice(index, 1);
  if (layout === null || layout === undefined) return null;
  recent.unshift(layout);
  if (recent.length > MAX_RECENT) recent.pop();
  return layout;
}

function makeLayout(text: string, at: number): Layout | null {
  const begin = text.slice(at, at + LONGEST);
  const sent = begin.slice(0, begin.indexOf("}") + 1);
  const entry = parse(sent);
  if (!isFields(entry)) return null;
  const names: Name[] = [];
  for (const key in entry) {
    const name = NAMES.find((one) => VALUES[one].key === key);
    if (name === undefined) return null;
    names.push(name);
  }
  // Their absence is a quirk.
  if (!names.includes("resultType") || !names.includes("sessions")) return null;
  // RFC 8259 §2. Most senders write none, and to look for them takes time.
  const blanks = JSON.stringify(entry).length === sent.length ? "" : "[ \\t\\n\\r]*";
  const fields = names.map((name) => `"${VALUES[name].key}"${blanks}:${blanks}${VALUES[name].value}${blanks}`);
  const groups = Object.fromEntries(NAMES.map((name) => [name, names.indexOf(name) + 1])) as Record<Name, number>;
  const source = `${blanks}\\{${blanks}${fields.join(`,${blanks}`)}\\}${blanks}[,\\]]`;
  // What is odd about the entry is not its layout.
  if (recent.some(({ pattern }) => pattern.source === source)) return null;
  return { pattern: new RegExp(source, "y"), groups };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import { parseDomainName } from "#lib/standards/domain-name.ts";

/** A line of a list that is no domain to add, as it stood there, with the reason. */
export interface RefusedLine {
  /** From 1. */
  line: number;
  text: string;
  sentence: string;
  /** A domain name that was perhaps meant. */
  suggestion: string | null;
}

/** What a list of domains holds. Every line that is neither blank, comment nor heading stands in exactly one of these. */
export interface ParsedList {
  /** Lower-case A-labels, each once, in the order of the list. */
  domains: { line: number; name: string }[];
  refused: RefusedLine[];
  /** Lines that repeat a name. */
  repeated: { line: number; name: string; first: number }[];
  /** Lines of which further columns were left aside. */
  wide: number;
}

/** Domains that one list may hold. */
export const MOST_DOMAINS = 1_000;
/** Chars of a whole list: 1,000 names with a few columns beside each. */
export const LONGEST_LIST = 500_000;
/** Lines of a whole list. */
export const MOST_LINES = 5_000;

/** First cells of a heading in lists that other programs write. */
const HEADINGS = /^(?:domains?|domain[ _-]?names?|names?|hosts?|host[ _-]?names?|fqdn|zones?|sep=.?)$/i;

/**
 * Reads a list of domains: one per line, or the first column of a table whose cells are separated by commas, semicolons or
 * tabs and may be quoted (RFC 4180). A list of a single line has all its domains there. What follows a # at the start or
 * after a blank is a comment.
 */
export function parseList(text: string): ParsedList {
  const list: ParsedList = { domains: [], refused: [], repeated: [], wide: 0 };
  const seen = new Map<string, number>();
  let isTop = true;
  const rows = [...rowsOf(text.replace(/^\ufeff/, "").trimEnd())];
  const [only] = rows;
  const isOneLine = rows.length === 1 && only !== undefined;
  for (const { line, cell } of isOneLine ? only.cells.map((one) => ({ line: 1, cell: one })) : rows.map(firstCell)) {
    const typed = cell.replace(/(?:^|\s)#.*$/s, "").trim();
    if (typed === "") continue;
    if (isTop && HEADINGS.test(typed)) continue;
    isTop = false;
    const parsed = parseDomainName(typed);
    const first = parsed.ok ? seen.get(parsed.name) : undefined;
    if (!parsed.ok) {
      const { sentence, suggestion } = parsed;
      list.refused.push({ line, text: typed, sentence, suggestion });
    } else if (first !== undefined) list.repeated.push({ line, name: parsed.name, first });
    else if (list.domains.length === MOST_DOMAINS) {
      const sentence = `One list may hold ${MOST_DOMAINS.toLocaleString("en")} domains; add this one with the next.`;
      list.refused.push({ line, text: typed, sentence, suggestion: null });
    } else {
      seen.set(parsed.name, line);
      list.domains.push({ line, name: parsed.name });
    }
  }
  if (!isOneLine) list.wide = rows.filter(({ cells }) => cells.slice(1).some((cell) => cell.trim() !== "")).length;
  return list;
}

// A quoted cell; a quote that is never closed, or not before the end of the cell, is a char like any other. No name has a
// line break inside, so that two stray quotes take no lines with them; a remark in another column may have.
const QUOTED_NAME = /"((?:[^"\r\n]|"")*)"[ \t]*(?=[,;\t\r\n]|$)/y;
const QUOTED = /"((?:[^"]|"")*)"[ \t]*(?=[,;\t\r\n]|$)/y;
const PLAIN = /[^,;\t\r\n]*/y;
const BREAK = /\r\n|\r|\n/g;

interface Row {
  /** The line on which it begins. */
  line: number;
  cells: string[];
}

const firstCell = ({ line, cells }: Row) => ({ line, cell: cells[0] ?? "" });

function* rowsOf(text: string): Generator<Row> {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const row: Row = { line, cells: [] };
    for (let isEnd = false; !isEnd; ) {
      const { value, end } = readCell(text, at, row.cells.length === 0 ? QUOTED_NAME : QUOTED);
      row.cells.push(value);
      line += text.slice(at, end).match(BREAK)?.length ?? 0;
      const separator = text.startsWith("\r\n", end) ? "\r\n" : text.charAt(end);
      isEnd = !/[,;\t]/.test(separator);
      if (isEnd && separator !== "") line++;
      at = end + separator.length;
    }
    yield row;
  }
}

function readCell(text: string, at: number, quotation: RegExp): { value: string; end: number } {
  quotation.lastIndex = at;
  const quoted = quotation.exec(text);
  if (quoted) return { value: (quoted[1] ?? "").replaceAll('""', '"'), end: quotation.lastIndex };
  PLAIN.lastIndex = at;
  const value = PLAIN.exec(text)?.[0] ?? "";
  return { value, end: at + value.length };
}

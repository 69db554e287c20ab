/** How a text misses the prefix (`v=STSv1;`) without which senders discard it. */
export type NearMiss =
  | "version-case"
  | "version-preceded"
  | "version-not-first"
  | "version-unterminated"
  | "version-blanks"
  | "version-misspelt"
  | "other-record";

export interface VersionMiss {
  kind: NearMiss;
  /** The text with the version put right, so that the rest of it can be read too. */
  repaired: string;
}

/** A record longer than this was never meant as one; also bounds the work on what strangers publish. */
const LONGEST_MISS = 2000;
const OTHER_RECORDS = ["v=STSv1", "v=TLSRPTv1"];

/**
 * Why a TXT text that does not begin with `version;` was probably meant to; null when it has nothing to do with it.
 * RFC 8461 §3.1 (M2, M10) and RFC 8460 §3 (T1, T3): such a text is discarded without a word, so it needs explaining.
 */
export function nearMissOf(text: string, version: "v=STSv1" | "v=TLSRPTv1"): VersionMiss | null {
  if (text.length > LONGEST_MISS) return null;
  const value = version.slice(2);
  const bare = text.replace(/^[\s"'`“”„«\ufeff\u200b]+/, "");
  if (bare !== text && beginsWith(bare, version)) {
    return { kind: "version-preceded", repaired: version + bare.slice(version.length).replace(/["'`“”»]+$/, "") };
  }
  if (beginsWith(text, version)) {
    const rest = text.slice(version.length);
    const ends = /^[ \t]*;/.test(rest);
    // Read on its own it is within the grammar (M15); among several answers it is discarded.
    if (ends) {
      return {
        kind: text.startsWith(version) ? "version-blanks" : "version-case",
        repaired: version + rest.trimStart(),
      };
    }
    if (!/^[\w.-]/.test(rest)) {
      return { kind: "version-unterminated", repaired: `${version};${rest.replace(/^[\s,:|/]+/, "")}` };
    }
  }
  const spaced = new RegExp(`^v\\s*[=:]\\s*${value}\\s*;?`, "i").exec(text);
  if (spaced !== null && !beginsWith(text, version)) {
    return { kind: "version-blanks", repaired: `${version};${text.slice(spaced[0].length)}` };
  }
  const later = new RegExp(`[;,\\s]\\s*v\\s*=\\s*${value}\\s*(?=;|,|$)`, "i").exec(text);
  if (later !== null) {
    const others = text.slice(0, later.index) + text.slice(later.index + later[0].length);
    return { kind: "version-not-first", repaired: `${version};${others}` };
  }
  const other = OTHER_RECORDS.find((record) => record !== version && text.startsWith(record));
  if (other !== undefined) return { kind: "other-record", repaired: `${version};` };
  const head = /^[^;,\s]*/.exec(text)?.[0] ?? "";
  const [meant, slips] = head.includes("=") ? [version, 2] : [value, 1];
  if (distance(head.toLowerCase(), meant.toLowerCase()) <= slips) {
    return { kind: "version-misspelt", repaired: `${version};${text.slice(head.length).replace(/^[\s;,]+/, "")}` };
  }
  return null;
}

function beginsWith(text: string, version: string): boolean {
  return text.slice(0, version.length).toLowerCase() === version.toLowerCase();
}

/** Insertions, deletions and replacements between two short texts (Levenshtein); two neighbours swapped count as two. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, char] of [...a].entries()) {
    const row = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (above[j] ?? 0) + (char === other ? 0 : 1);
      row.push(Math.min(replaced, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}

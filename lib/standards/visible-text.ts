/** What would move, hide or reorder the letters around it: controls, formats such as U+202E, and line separators. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A stranger's text as it can be shown on one line: what cannot be seen stands there as its code, `\u{202e}`, and what is
 * longer than `most` is cut.
 */
export function visibleText(text: string, most = Number.POSITIVE_INFINITY): string {
  const short = text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, "")}…` : text;
  return short.toWellFormed().replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The text without blanks and tabs (WSP, RFC 5234) at its ends; in linear time, whatever the text. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

/** True for a blank or a tab. */
export function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t";
}

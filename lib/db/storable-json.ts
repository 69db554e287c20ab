/**
 * JSON text that PostgreSQL's jsonb takes: it cannot hold U+0000 nor half a surrogate pair, both of which DNS answers and
 * reports can carry; each becomes U+FFFD.
 */
export function storableJson(value: unknown): string {
  // JSON.stringify writes exactly these two as \u escapes; `\\` is an escaped backslash, and what follows it is plain text.
  return JSON.stringify(value).replace(/\\(?:\\|u(?:d[89a-f][0-9a-f]{2}|0000))/gi, (found) =>
    found === "\\\\" ? found : "\\ufffd",
  );
}

/** Text that PostgreSQL takes: file names and reasons can carry a NUL too, and it becomes the same U+FFFD. */
export function storableText(text: string): string {
  return text.replaceAll("\0", "\ufffd");
}

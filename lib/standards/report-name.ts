import { normaliseHost } from "./domain-name.ts";
import { type Reading, recall, remember } from "./report-reading.ts";
import { readText } from "./report-text.ts";

// A name that is in the stored form already: nearly all of them, and far quicker to see than to make.
const STORED = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_NAME = 253;

/** A host or domain name as it is stored: lower-case A-labels without a trailing dot (quirk 27). */
export function readName(reading: Reading, value: unknown): string | null {
  if (typeof value === "string") {
    const known = recall(reading.names, value);
    if (known !== null) return known;
    if (isStored(value)) return remember(reading.names, value);
  }
  const text = readText(reading, value);
  return text === null ? null : normalise(reading, text.trim());
}

/**
 * The name in an EHLO (RFC 8460 §4.4 `receiving-mx-helo`), which may as well be an address literal or anything else: a
 * name is stored as one, the rest is kept as sent.
 */
export function readHelo(reading: Reading, value: unknown): string | null {
  const text = readText(reading, value);
  if (text === null) return null;
  const name = normaliseHost(text);
  return isStored(name) ? normalise(reading, text.trim()) : text;
}

/** A pattern of a policy (RFC 8461 §4.1): a name, or `*.` and a name. */
export function readPattern(reading: Reading, text: string): string {
  const sent = text.trim();
  return sent.startsWith("*.") ? `*.${normalise(reading, sent.slice(2))}` : normalise(reading, sent);
}

function normalise(reading: Reading, sent: string): string {
  if (isStored(sent)) return sent;
  const name = normaliseHost(sent);
  if (name.length > MAX_NAME || !/^(?:[a-z0-9_-]{1,63}(?:\.(?!$)|$))+$/.test(name)) {
    reading.quirks.add("name-invalid");
    return sent;
  }
  if (sent.endsWith(".")) reading.quirks.add("trailing-dot");
  if (!/^[\0-\x7f]*$/.test(sent)) reading.quirks.add("name-unicode");
  else if (/[A-Z]/.test(sent)) reading.quirks.add("name-case");
  return name;
}

function isStored(text: string): boolean {
  return text.length <= MAX_NAME && STORED.test(text);
}

/** Octets of a name on the wire, root label included (RFC 1035 §2.3.4). */
const MAX_NAME_BYTES = 255;
const MAX_LABEL_BYTES = 63;

/**
 * Pointers in one name. Each has to lead backwards, so a loop is impossible, but 64 KB of pointers to pointers would
 * still cost 32,000 steps for each record.
 */
const MAX_POINTERS = 64;

/** Lower-case and without the trailing dot. */
export function normalName(name: string): string {
  return lowerCase(name.endsWith(".") && !name.endsWith("\\.") ? name.slice(0, -1) : name);
}

// RFC 4343 §3: only the ASCII letters are the same in both cases.
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Whether a normal name can be asked.
 * @returns null when it can, otherwise why not: too long to exist, or octets that no host name has
 */
export function unaskable(name: string): "too-long" | "not-a-name" | null {
  if (name === "") return null;
  const labels = name.split(".");
  // Names with escapes come from odd answers only; what they stand for is no host (RFC 1123 §2.1).
  if (labels.some((label) => label === "" || !/^[!-[\]-~]+$/.test(label))) return "not-a-name";
  if (name.length + 2 > MAX_NAME_BYTES || labels.some((label) => label.length > MAX_LABEL_BYTES)) return "too-long";
  return null;
}

/**
 * Reads a possibly compressed name (RFC 1035 §4.1.4). Dots and backslashes inside a label, and octets that are not
 * printable, come out escaped (RFC 1035 §5.1), so that no label can pass for two.
 * @returns the normal name ("" for the root) and the offset after it; null when it breaks the rules
 */
export function readName(message: Buffer, start: number, end = message.length): { name: string; next: number } | null {
  const labels: string[] = [];
  let offset = start;
  let next = -1;
  let pointers = 0;
  let bytes = 1;
  let limit = end;
  while (true) {
    const length = offset < limit ? message[offset] : undefined;
    if (length === undefined) return null;
    if (length === 0) return { name: labels.join("."), next: next < 0 ? offset + 1 : next };
    if (length >= 0xc0) {
      const low = offset + 1 < limit ? message[offset + 1] : undefined;
      if (low === undefined) return null;
      const target = ((length & 0x3f) << 8) | low;
      pointers += 1;
      if (target >= offset || target < 12 || pointers > MAX_POINTERS) return null;
      if (next < 0) next = offset + 2;
      limit = offset; // only prior data may be pointed at, so the labels end before the pointer
      offset = target;
      continue;
    }
    bytes += length + 1;
    if (length > MAX_LABEL_BYTES || offset + 1 + length > limit || bytes > MAX_NAME_BYTES) return null;
    labels.push(labelText(message.subarray(offset + 1, offset + 1 + length)));
    offset += 1 + length;
  }
}

function labelText(octets: Buffer): string {
  const text = octets.toString("latin1");
  if (/^[a-z0-9_-]+$/.test(text)) return text;
  return lowerCase(text.replace(/[^!-~]|[.\\]/g, escapeOctet));
}

function escapeOctet(char: string): string {
  if (char === "." || char === "\\") return `\\${char}`;
  return `\\${char.charCodeAt(0).toString().padStart(3, "0")}`;
}

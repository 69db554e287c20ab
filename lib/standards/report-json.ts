import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  Fault,
  type JsonFault,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  STOPS,
  type StringNotes,
  scalarEnd,
  stringEnd,
  unexpected,
} from "./report-json-token.ts";

/** How much JSON is read; what goes past it is refused before `JSON.parse` builds anything. */
export interface JsonLimits {
  /** Objects and arrays inside each other. */
  depth: number;
  /** Values of any kind; keys do not count. */
  values: number;
}

/** Where the first JSON value ends, or what is wrong with it and where. */
export type JsonScan =
  | { ok: true; end: number /** Some string has a `\u` escape. */; unicodeEscapes: boolean }
  | {
      ok: false;
      fault: JsonFault;
      offset: number;
      /** E.g. `policies[2].policy`; "" is the top. */
      path: string;
      what: string;
    };

/** The objects and arrays that are open, as columns: one entry of each per level. */
interface Stack extends StringNotes {
  depth: number;
  /** The byte that closes the level. */
  close: number[];
  /** Index of the current element of an array. */
  index: number[];
  /** Where in `keys` an object's keys begin. */
  base: number[];
  /** For each key of the open objects, three numbers: a sign of it, and the offsets of its first letter and its end. */
  keys: number[];
  top: number;
  /** Keys as texts, of objects that have many or one written with escapes; `keys` then holds the last one only. */
  names: Map<number, Set<string>>;
}

/** Up to here keys are compared one by one; an object of a report has at most nine. */
const FEW_KEYS = 16;

/**
 * Finds the end of one JSON value (RFC 8259) that starts at or behind `start`, and judges what `JSON.parse` does not: a
 * key given twice in one object (RFC 7493 §2.3), depth and size. One pass over the bytes, and nothing is built. Whether
 * strings are valid UTF-8 is not judged here.
 */
export function scanJson(bytes: Uint8Array, start: number, limits: JsonLimits): JsonScan {
  const stack: Stack = {
    unicode: false,
    depth: 0,
    close: [],
    index: [],
    base: [],
    keys: [],
    top: 0,
    names: new Map(),
  };
  try {
    return { ok: true, end: valueEnd(bytes, start, limits, stack), unicodeEscapes: stack.unicode };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ok: false, fault: error.fault, offset: error.offset, path: pathOf(bytes, stack), what: error.message };
  }
}

// The loop over all bytes of all reports: written out in one piece, since V8 makes it twice as fast that way, and never
// reading behind the last byte, which would make V8 run it slowly for good. Rarer cases are functions.
function valueEnd(bytes: Uint8Array, start: number, limits: JsonLimits, stack: Stack): number {
  const length = bytes.length;
  const { keys } = stack;
  let i = start;
  let values = 0;
  /** What closes the innermost level; 0 outside of all. */
  let close = 0;
  let base = 0;
  for (;;) {
    // A value.
    while (i < length && isBlank(bytes[i] as number)) i++;
    if (++values > limits.values) throw new Fault("json-values", i, `more than ${limits.values} values`);
    const byte = i < length ? (bytes[i] as number) : -1;
    let wantsKey = false;
    if (byte === QUOTE) {
      i++;
      while (i < length && STOPS[bytes[i] as number] === 0) i++;
      if (i === length || bytes[i] !== QUOTE) i = stringEnd(bytes, i, stack);
      i++;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (stack.depth === limits.depth) throw new Fault("json-depth", i, `more than ${limits.depth} levels`);
      close = byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
      base = enter(stack, close);
      i++;
      while (i < length && isBlank(bytes[i] as number)) i++;
      if (i < length && bytes[i] === close) {
        i++;
        close = leave(stack);
        base = stack.depth === 0 ? 0 : (stack.base[stack.depth - 1] as number);
      } else if (close === CLOSE_OBJECT) {
        wantsKey = true;
      } else {
        continue;
      }
    } else {
      i = scalarEnd(bytes, i);
    }
    // What follows it: the end of a level or of all, or a comma.
    while (!wantsKey) {
      if (close === 0) return i;
      while (i < length && isBlank(bytes[i] as number)) i++;
      const next = i < length ? (bytes[i] as number) : -1;
      if (next === COMMA) {
        i++;
        if (close === CLOSE_ARRAY) {
          stack.index[stack.depth - 1] = (stack.index[stack.depth - 1] as number) + 1;
          break;
        }
        wantsKey = true;
      } else if (next === close) {
        i++;
        close = leave(stack);
        base = stack.depth === 0 ? 0 : (stack.base[stack.depth - 1] as number);
      } else {
        throw unexpected(bytes, i, `"," or "${String.fromCharCode(close)}"`);
      }
    }
    if (!wantsKey) continue;
    // A key, which its object must not have yet.
    while (i < length && isBlank(bytes[i] as number)) i++;
    if (i === length || bytes[i] !== QUOTE) throw unexpected(bytes, i, "a key in quotes");
    const from = ++i;
    while (i < length && STOPS[bytes[i] as number] === 0) i++;
    const isPlain = i < length && bytes[i] === QUOTE;
    if (!isPlain) i = stringEnd(bytes, i, stack);
    // Nearly all keys of a report differ in length or in their last letter.
    const sign = ((i - from) << 8) | (bytes[i - 1] as number);
    let { top } = stack;
    if (!isPlain || top - base >= 3 * FEW_KEYS || stack.names.size > 0) {
      addName(bytes, from, i, stack);
      top = stack.top;
    } else {
      for (let k = base; k < top; k += 3) {
        if (keys[k] === sign && sameBytes(bytes, keys[k + 1] as number, from, i - from)) {
          throw duplicate(bytes, from, i, stack);
        }
      }
    }
    keys[top] = sign;
    keys[top + 1] = from;
    keys[top + 2] = i;
    stack.top = top + 3;
    i++;
    while (i < length && isBlank(bytes[i] as number)) i++;
    if (i === length || bytes[i] !== COLON) throw unexpected(bytes, i, '":"');
    i++;
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function enter(stack: Stack, close: number): number {
  const level = stack.depth++;
  stack.close[level] = close;
  stack.index[level] = 0;
  stack.base[level] = stack.top;
  return stack.top;
}

function leave(stack: Stack): number {
  const level = --stack.depth;
  stack.top = stack.base[level] as number;
  if (stack.names.size > 0) stack.names.delete(level);
  return level === 0 ? 0 : (stack.close[level - 1] as number);
}

function sameBytes(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

function addName(bytes: Uint8Array, from: number, to: number, stack: Stack): void {
  const level = stack.depth - 1;
  const base = stack.base[level] as number;
  let names = stack.names.get(level);
  if (names === undefined) {
    names = new Set();
    for (let k = base; k < stack.top; k += 3) names.add(keyAt(bytes, stack, k));
    stack.names.set(level, names);
  }
  const name = keyText(bytes, from, to);
  if (names.has(name)) throw duplicate(bytes, from, to, stack);
  names.add(name);
  stack.top = base;
}

function keyAt(bytes: Uint8Array, stack: Stack, k: number): string {
  return keyText(bytes, stack.keys[k + 1] as number, stack.keys[k + 2] as number);
}

function keyText(bytes: Uint8Array, from: number, to: number): string {
  const text: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(from - 1, to + 1)));
  return String(text);
}

function duplicate(bytes: Uint8Array, from: number, to: number, stack: Stack): Fault {
  // The path then ends in the key itself.
  stack.keys.splice(stack.top, 3, 0, from, to);
  stack.top += 3;
  return new Fault("duplicate-key", from - 1, keyText(bytes, from, to));
}

function pathOf(bytes: Uint8Array, stack: Stack): string {
  let path = "";
  for (let level = 0; level < stack.depth; level++) {
    const top = level + 1 < stack.depth ? (stack.base[level + 1] as number) : stack.top;
    if (stack.close[level] === CLOSE_ARRAY) path += `[${stack.index[level]}]`;
    else if (top > (stack.base[level] as number)) path += `${path && "."}${keyAt(bytes, stack, top - 3)}`;
  }
  return path;
}

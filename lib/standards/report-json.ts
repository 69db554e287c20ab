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
  type StringNotes,
  scalarEnd,
  skipBlanks,
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
  | { ok: false; fault: JsonFault; offset: number /** E.g. `policies[2].policy`; "" is the top. */; path: string; what: string };

/** The objects and arrays that are open, as columns: one entry of each per level. */
interface Stack extends StringNotes {
  depth: number;
  /** The byte that closes the level. */
  close: number[];
  /** Index of the current element of an array. */
  index: number[];
  /** Where in `keys` an object's keys begin. */
  base: number[];
  /** Offsets of the first letter and of the closing quote of each key of the open objects, by turns. */
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
    escaped: false,
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

function valueEnd(bytes: Uint8Array, start: number, limits: JsonLimits, stack: Stack): number {
  let i = start;
  let values = 0;
  /** What closes the innermost level; 0 outside of all. */
  let close = 0;
  for (;;) {
    i = skipBlanks(bytes, i);
    if (++values > limits.values) throw new Fault("json-values", i, `more than ${limits.values} values`);
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = stringEnd(bytes, i + 1, stack) + 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (stack.depth === limits.depth) throw new Fault("json-depth", i, `more than ${limits.depth} levels`);
      close = byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
      enter(stack, close);
      i = skipBlanks(bytes, i + 1);
      if (bytes[i] !== close) {
        if (close === CLOSE_OBJECT) i = keyEnd(bytes, i, stack);
        continue;
      }
      i++;
      close = leave(stack);
    } else {
      i = scalarEnd(bytes, i);
    }
    for (;;) {
      if (close === 0) return i;
      i = skipBlanks(bytes, i);
      const next = bytes[i];
      if (next === COMMA) break;
      if (next !== close) throw unexpected(bytes, i, `"," or "${String.fromCharCode(close)}"`);
      i++;
      close = leave(stack);
    }
    i++;
    if (close === CLOSE_OBJECT) i = keyEnd(bytes, skipBlanks(bytes, i), stack);
    else stack.index[stack.depth - 1] = (stack.index[stack.depth - 1] as number) + 1;
  }
}

function enter(stack: Stack, close: number): void {
  const level = stack.depth++;
  stack.close[level] = close;
  stack.index[level] = 0;
  stack.base[level] = stack.top;
}

function leave(stack: Stack): number {
  const level = --stack.depth;
  stack.top = stack.base[level] as number;
  if (stack.names.size > 0) stack.names.delete(level);
  return level === 0 ? 0 : (stack.close[level - 1] as number);
}

/** Reads `"key" :` and gives the offset behind it; a key that its object has already is a fault. */
function keyEnd(bytes: Uint8Array, at: number, stack: Stack): number {
  if (bytes[at] !== QUOTE) throw unexpected(bytes, at, "a key in quotes");
  const from = at + 1;
  const to = stringEnd(bytes, from, stack);
  const { keys } = stack;
  const base = stack.base[stack.depth - 1] as number;
  const last = bytes[to - 1];
  if (stack.escaped || stack.top - base >= 2 * FEW_KEYS || stack.names.size > 0) {
    addName(bytes, from, to, stack);
  } else {
    for (let k = base; k < stack.top; k += 2) {
      const end = keys[k + 1] as number;
      // Nearly all keys of a report differ in length or in their last letter already.
      if (end - (keys[k] as number) === to - from && bytes[end - 1] === last && sameBytes(bytes, end, to, to - from)) {
        throw duplicate(bytes, from, to);
      }
    }
  }
  keys[stack.top++] = from;
  keys[stack.top++] = to;
  const colon = bytes[to + 1] === COLON ? to + 1 : skipBlanks(bytes, to + 1);
  if (bytes[colon] !== COLON) throw unexpected(bytes, colon, '":"');
  return colon + 1;
}

function sameBytes(bytes: Uint8Array, aEnd: number, bEnd: number, length: number): boolean {
  for (let i = 1; i <= length; i++) if (bytes[aEnd - i] !== bytes[bEnd - i]) return false;
  return true;
}

function addName(bytes: Uint8Array, from: number, to: number, stack: Stack): void {
  const level = stack.depth - 1;
  const base = stack.base[level] as number;
  let names = stack.names.get(level);
  if (names === undefined) {
    names = new Set();
    for (let k = base; k < stack.top; k += 2) {
      names.add(keyText(bytes, stack.keys[k] as number, stack.keys[k + 1] as number));
    }
    stack.names.set(level, names);
  }
  const name = keyText(bytes, from, to);
  if (names.has(name)) throw duplicate(bytes, from, to);
  names.add(name);
  stack.top = base;
}

function keyText(bytes: Uint8Array, from: number, to: number): string {
  const text: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(from - 1, to + 1)));
  return String(text);
}

function duplicate(bytes: Uint8Array, from: number, to: number): Fault {
  return new Fault("duplicate-key", from - 1, keyText(bytes, from, to));
}

function pathOf(bytes: Uint8Array, stack: Stack): string {
  let path = "";
  for (let level = 0; level < stack.depth; level++) {
    const top = level + 1 < stack.depth ? (stack.base[level + 1] as number) : stack.top;
    if (stack.close[level] === CLOSE_ARRAY) path += `[${stack.index[level]}]`;
    else if (top > (stack.base[level] as number)) {
      path += `${path && "."}${keyText(bytes, stack.keys[top - 2] as number, stack.keys[top - 1] as number)}`;
    }
  }
  return path;
}

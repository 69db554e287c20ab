import { crc32 } from "node:zlib";
import type { QuirkCode } from "#lib/standards/report-quirks.ts";
import { type Budget, inflate, inflateNow, isSmall } from "./inflate.ts";
import { MAX_GZIP_MEMBERS } from "./limits.ts";
import { Refusal, rejected } from "./refusal.ts";

const GZIP = { what: "the gzip data", truncated: "truncated-gzip", damaged: "damaged-gzip" } as const;

// RFC 1952 §2.3.1
const FLAG_CHECKSUM = 0x02;
const FLAG_EXTRA = 0x04;
const FLAG_NAME = 0x08;
const FLAG_COMMENT = 0x10;
const FLAGS_RESERVED = 0xe0;
const FIXED_HEADER = 10;
const TRAILER = 8;

/** What gzip data held, and what was odd about it. */
export interface Gunzipped {
  bytes: Buffer;
  quirks: QuirkCode[];
  /** Why what looks like one more member behind the others is none; null where nothing does. */
  broken: Refusal | null;
}

/**
 * Unpacks gzip data (RFC 1952), at once when it is small. Node's own gunzip refuses what stands behind it (quirk 37: Mimecast
 * sends CR LF there) and cannot be told to check half a file (quirk 38), so header and trailer are read here. Throws a
 * Refusal.
 */
export function gunzip(bytes: Buffer, budget: Budget): Gunzipped | Promise<Gunzipped> {
  return isSmall(bytes) ? gunzipSmall(bytes, budget) : gunzipLarge(bytes, budget);
}

function gunzipSmall(bytes: Buffer, budget: Budget): Gunzipped {
  const members: Buffer[] = [];
  let at = 0;
  try {
    do {
      const from = headerEnd(bytes, at, members.length);
      const member = inflateNow(bytes.subarray(from), sizeHint(bytes), budget, GZIP);
      at = checkTrailer(bytes, from + member.read, member.bytes);
      members.push(member.bytes);
    } while (isMember(bytes, at));
  } catch (error) {
    return join(members, true, breakOf(error, members));
  }
  return join(members, at < bytes.length);
}

async function gunzipLarge(bytes: Buffer, budget: Budget): Promise<Gunzipped> {
  const members: Buffer[] = [];
  let at = 0;
  try {
    do {
      const from = headerEnd(bytes, at, members.length);
      const member = await inflate(bytes.subarray(from), sizeHint(bytes), budget, GZIP);
      at = checkTrailer(bytes, from + member.read, member.bytes);
      members.push(member.bytes);
    } while (isMember(bytes, at));
  } catch (error) {
    return join(members, true, breakOf(error, members));
  }
  return join(members, at < bytes.length);
}

/** The last four bytes are the size, when nothing stands behind them. */
function sizeHint(bytes: Buffer): number {
  return bytes.length < TRAILER ? 0 : bytes.readUInt32LE(bytes.length - 4);
}

/** Behind a whole member anything may stand; what ends the reading altogether is thrown again. */
function breakOf(error: unknown, before: readonly Buffer[]): Refusal {
  const isBroken =
    error instanceof Refusal && (error.refused.code === GZIP.truncated || error.refused.code === GZIP.damaged);
  if (!isBroken || before.length === 0) throw error;
  return error;
}

function join(members: Buffer[], hasRest: boolean, broken: Refusal | null = null): Gunzipped {
  const quirks: QuirkCode[] = [];
  if (members.length > 1) quirks.push("gzip-members");
  if (hasRest) quirks.push("gzip-trailing-data");
  const [first] = members;
  return { bytes: members.length === 1 && first !== undefined ? first : Buffer.concat(members), quirks, broken };
}

function isMember(bytes: Buffer, at: number): boolean {
  return at + 2 < bytes.length && bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
}

/** Where the data of a member begins; `before` is how many members came before it. */
function headerEnd(bytes: Buffer, start: number, before: number): number {
  if (before === MAX_GZIP_MEMBERS) {
    throw new Refusal(rejected("too-many-members", `the gzip data has more than ${MAX_GZIP_MEMBERS} members`));
  }
  if (start + FIXED_HEADER > bytes.length) throw cutOff();
  const method = bytes.readUInt8(start + 2);
  const flags = bytes.readUInt8(start + 3);
  if (method !== 8) throw damaged(`its compression method is ${method}, not 8 (deflate)`);
  if ((flags & FLAGS_RESERVED) !== 0) throw damaged("its header has flags that gzip does not know");
  let at = start + FIXED_HEADER;
  if (flags & FLAG_EXTRA) {
    if (at + 2 > bytes.length) throw cutOff();
    at += 2 + bytes.readUInt16LE(at);
  }
  if (flags & FLAG_NAME) at = textEnd(bytes, at);
  if (flags & FLAG_COMMENT) at = textEnd(bytes, at);
  if (flags & FLAG_CHECKSUM) at += 2;
  if (at > bytes.length) throw cutOff();
  return at;
}

function textEnd(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(0, at);
  if (end < 0) throw cutOff();
  return end + 1;
}

// RFC 1952 §2.3.1: CRC32 and size (modulo 2^32) of what was packed.
function checkTrailer(bytes: Buffer, at: number, unpacked: Buffer): number {
  if (at + TRAILER > bytes.length) throw cutOff();
  if (bytes.readUInt32LE(at) !== crc32(unpacked)) throw damaged("its checksum does not match");
  if (bytes.readUInt32LE(at + 4) !== unpacked.length) throw damaged("its length does not match");
  return at + TRAILER;
}

function cutOff(): Refusal {
  return new Refusal(rejected(GZIP.truncated, `${GZIP.what} is cut off: it ends before its data does`));
}

function damaged(how: string): Refusal {
  return new Refusal(rejected(GZIP.damaged, `${GZIP.what} is damaged: ${how}`));
}

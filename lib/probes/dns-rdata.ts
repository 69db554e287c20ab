import { isIPv6 } from "node:net";
import type { DnsType, MxRecord, TxtRecord } from "./dns-fact.ts";
import { readName } from "./dns-name.ts";

export interface TlsaRecord {
  usage: number;
  selector: number;
  matchingType: number;
  /** Certificate association data in lower-case hexadecimal (RFC 6698 §2.2). */
  data: string;
}

export interface SoaRecord {
  primary: string;
  mailbox: string;
  serial: number;
  /** Seconds that a negative answer may be kept (RFC 2308 §4). */
  minimum: number;
}

export interface CaaRecord {
  critical: boolean;
  tag: string;
  value: string;
}

/** What a record of each type looks like. */
export interface DnsRecords {
  A: string;
  AAAA: string;
  CNAME: string;
  NS: string;
  MX: MxRecord;
  TXT: TxtRecord;
  TLSA: TlsaRecord;
  SOA: SoaRecord;
  CAA: CaaRecord;
}

/** Where the data of one record lies in its message; names in it may point back into the message. */
export interface Rdata {
  message: Buffer;
  start: number;
  end: number;
  ttl: number;
}

/** Numbers of the types (IANA "DNS Parameters"). */
export const TYPE_CODES: Record<DnsType, number> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  TLSA: 52,
  CAA: 257,
};

type Readers = { [T in DnsType]: (data: Rdata) => DnsRecords[T] | null };

const READERS: Readers = {
  A: ({ message, start, end }) => (end - start === 4 ? [...message.subarray(start, end)].join(".") : null),
  AAAA: readAaaa,
  CNAME: readWholeName,
  NS: readWholeName,
  MX: readMx,
  TXT: readTxt,
  TLSA: readTlsa,
  SOA: readSoa,
  CAA: readCaa,
};

/** Reads the data of one record; null when it does not have the form of its type. */
export function readRdata<T extends DnsType>(type: T, data: Rdata): DnsRecords[T] | null {
  return READERS[type](data);
}

function readAaaa({ message, start, end }: Rdata): string | null {
  if (end - start !== 16) return null;
  const groups = message.subarray(start, end).toString("hex").match(/.{4}/g) ?? [];
  // The URL parser writes the short form of RFC 5952 §4.
  const text = new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
  return isIPv6(text) ? text : null;
}

function readWholeName({ message, start, end }: Rdata): string | null {
  const read = readName(message, start, end);
  return read?.next === end ? read.name : null;
}

function readMx(data: Rdata): MxRecord | null {
  if (data.end - data.start < 3) return null;
  const exchange = readWholeName({ ...data, start: data.start + 2 });
  return exchange === null ? null : { preference: data.message.readUInt16BE(data.start), exchange };
}

function readTxt({ message, start, end, ttl }: Rdata): TxtRecord | null {
  // RFC 1035 §3.3.14: one or more character-strings, which fill the data exactly.
  const strings: string[] = [];
  let offset = start;
  while (offset < end) {
    const length = message[offset] ?? 0;
    const next = offset + 1 + length;
    if (next > end) return null;
    strings.push(message.toString("latin1", offset + 1, next));
    offset = next;
  }
  return strings.length > 0 ? { strings, ttl } : null;
}

function readTlsa({ message, start, end }: Rdata): TlsaRecord | null {
  if (end - start < 4) return null;
  const [usage = 0, selector = 0, matchingType = 0] = message.subarray(start, start + 3);
  return { usage, selector, matchingType, data: message.toString("hex", start + 3, end) };
}

function readSoa({ message, start, end }: Rdata): SoaRecord | null {
  const primary = readName(message, start, end);
  const mailbox = primary && readName(message, primary.next, end);
  if (!primary || !mailbox || end - mailbox.next !== 20) return null;
  const serial = message.readUInt32BE(mailbox.next);
  const minimum = message.readUInt32BE(mailbox.next + 16);
  return { primary: primary.name, mailbox: mailbox.name, serial, minimum };
}

function readCaa({ message, start, end }: Rdata): CaaRecord | null {
  const [flags, length] = message.subarray(start, Math.min(start + 2, end));
  // RFC 8659 §4.1: the tag has at least one octet, the value is the rest.
  if (flags === undefined || length === undefined || length === 0 || start + 2 + length > end) return null;
  const tag = message.toString("latin1", start + 2, start + 2 + length).toLowerCase();
  return { critical: (flags & 0x80) !== 0, tag, value: message.toString("latin1", start + 2 + length, end) };
}

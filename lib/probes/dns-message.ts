import { AUTHENTIC_DATA, CHECKING_DISABLED, DNSSEC_OK, encode, RECURSION_DESIRED } from "dns-packet";
import type { DnsType } from "./dns-fact.ts";
import { readName } from "./dns-name.ts";
import { type DnsRecords, type Rdata, readRdata, TYPE_CODES } from "./dns-rdata.ts";
import { EDNS_PAYLOAD_BYTES } from "./limits.ts";

// dns-packet writes the questions. Answers are read here, since they are hostile input and dns-packet is too trusting
// for that: it decodes labels as UTF-8 (so "a.b" in one label looks like two), does not hold a record to its length,
// and follows any number of pointers.

export interface DnsQuestion {
  /** Normal name: lower-case, no trailing dot. */
  name: string;
  type: DnsType;
  /** With the CD bit: an answer even where validation fails (RFC 4035 §3.2.2). */
  unchecked?: boolean;
}

/** How a query uses EDNS: with the DO bit, so that answers bring their signatures (RFC 3225 §3), without it, or not at all. */
export type EdnsUse = "signatures" | "plain" | "none";

/** One record of the answer section; the data is read when it is wanted. */
interface AnswerRecord {
  owner: string;
  code: number;
  data: Rdata;
}

/** A complete, well-formed answer to our question. */
export interface DnsAnswer {
  /** RCODE with the upper bits of EDNS (RFC 6891 §6.1.3). */
  rcode: number;
  truncated: boolean;
  /** AD bit (RFC 4035 §3.2.3). */
  authenticated: boolean;
  records: AnswerRecord[];
  /** The authority section holds a SOA: a negative answer (RFC 2308 §2.2). */
  soa: boolean;
  /** It holds NS records and no SOA, without an answer and not authoritative: a referral, from a server that does not recurse. */
  referral: boolean;
}

export const RCODE = { noError: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5, badVers: 16 } as const;

const CLASS_IN = 1;
const TYPE_OPT = 41;
const HEADER_BYTES = 12;

/** The octets of a query: RD, AD (RFC 6840 §5.7: "tell me whether you validated it") and, unless told otherwise, EDNS0. */
export function encodeQuery({ name, type, unchecked }: DnsQuestion, id: number, edns: EdnsUse): Buffer {
  const signatures = edns === "signatures";
  return encode({
    type: "query",
    id,
    flags: RECURSION_DESIRED | AUTHENTIC_DATA | (unchecked ? CHECKING_DISABLED : 0),
    questions: [{ type, name: name || ".", class: "IN" }],
    additionals:
      edns === "none"
        ? []
        : [
            {
              type: "OPT",
              name: ".",
              udpPayloadSize: EDNS_PAYLOAD_BYTES,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: signatures ? DNSSEC_OK : 0,
              flag_do: signatures,
              options: [],
            },
          ],
  });
}

/** Whether the octets claim to answer this query, judged by the id alone; only then is a broken form the server's own. */
export function hasId(message: Buffer, id: number): boolean {
  return message.length >= 2 && message.readUInt16BE(0) === id;
}

/**
 * Reads a message as the answer to a question.
 * @returns null when it is none: another id or question, no response, or malformed anywhere
 */
export function readAnswer(message: Buffer, question: DnsQuestion, id: number): DnsAnswer | null {
  if (message.length < HEADER_BYTES || !hasId(message, id)) return null;
  const flags = message.readUInt16BE(2);
  const opcode = (flags >> 11) & 0xf;
  if ((flags & 0x8000) === 0 || opcode !== 0) return null;
  const answer: DnsAnswer = {
    rcode: flags & 0xf,
    truncated: (flags & 0x0200) !== 0,
    authenticated: (flags & 0x0020) !== 0,
    records: [],
    soa: false,
    referral: false,
  };
  const questions = message.readUInt16BE(4);
  // RFC 6891 §7: an old server may refuse EDNS with nothing but a header.
  const bare = questions === 0 && (answer.rcode === RCODE.formErr || answer.rcode === RCODE.notImp);
  const start = bare ? HEADER_BYTES : questions === 1 ? afterQuestion(message, question) : null;
  if (start === null) return null;
  // A truncated message may end in the middle of a record; it is only a reason to ask again over TCP.
  return answer.truncated ? answer : readSections(message, start, answer, (flags & 0x0400) !== 0);
}

/** Records of one type at one name, duplicates dropped (RFC 2181 §5); null when one of them is malformed. */
export function recordsOf<T extends DnsType>(
  answer: DnsAnswer,
  owner: string,
  type: T,
): { records: DnsRecords[T][]; ttl: number } | null {
  const found = new Map<string, DnsRecords[T]>();
  let ttl = Number.POSITIVE_INFINITY;
  for (const record of answer.records) {
    if (record.code !== TYPE_CODES[type] || record.owner !== owner) continue;
    const value = readRdata(type, record.data);
    if (value === null) return null;
    ttl = Math.min(ttl, record.data.ttl);
    const { message, start, end } = record.data;
    // TXT carries its TTL, so its octets tell duplicates apart; names may be compressed, so the others go by value.
    const key = type === "TXT" ? message.toString("latin1", start, end) : JSON.stringify(value);
    if (!found.has(key)) found.set(key, value);
  }
  return { records: [...found.values()], ttl };
}

/** The offset after the question when it is ours (name without regard to case, type, class); null otherwise. */
function afterQuestion(message: Buffer, question: DnsQuestion): number | null {
  const read = readName(message, HEADER_BYTES);
  if (!read || read.name !== question.name || read.next + 4 > message.length) return null;
  if (message.readUInt16BE(read.next) !== TYPE_CODES[question.type]) return null;
  return message.readUInt16BE(read.next + 2) === CLASS_IN ? read.next + 4 : null;
}

function readSections(message: Buffer, start: number, answer: DnsAnswer, authoritative: boolean): DnsAnswer | null {
  let offset = start;
  let nameServers = false;
  for (const section of ["answer", "authority", "additional"] as const) {
    const count = message.readUInt16BE(section === "answer" ? 6 : section === "authority" ? 8 : 10);
    for (let i = 0; i < count; i++) {
      const record = readRecord(message, offset);
      if (!record) return null;
      offset = record.data.end;
      if (record.code === TYPE_OPT) {
        if (section === "additional") answer.rcode |= (message[record.ttlAt] ?? 0) << 4;
      } else if (record.class === CLASS_IN && section === "answer") {
        answer.records.push(record);
      } else if (record.class === CLASS_IN && section === "authority") {
        answer.soa ||= record.code === TYPE_CODES.SOA;
        nameServers ||= record.code === TYPE_CODES.NS;
      }
    }
  }
  answer.referral = answer.rcode === 0 && answer.records.length === 0 && nameServers && !answer.soa && !authoritative;
  return answer;
}

function readRecord(message: Buffer, offset: number): (AnswerRecord & { class: number; ttlAt: number }) | null {
  const owner = readName(message, offset);
  if (!owner || owner.next + 10 > message.length) return null;
  const at = owner.next;
  const start = at + 10;
  const end = start + message.readUInt16BE(at + 8);
  if (end > message.length) return null;
  const seconds = message.readUInt32BE(at + 4);
  return {
    owner: owner.name,
    code: message.readUInt16BE(at),
    class: message.readUInt16BE(at + 2),
    ttlAt: at + 4,
    // RFC 2181 §8: a TTL with the top bit set counts as zero.
    data: { message, start, end, ttl: seconds > 0x7fffffff ? 0 : seconds },
  };
}

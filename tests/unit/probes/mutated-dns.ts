import type { DnsType } from "#lib/probes/dns-fact.ts";
import { TYPE_CODES } from "#lib/probes/dns-rdata.ts";
import type { Random } from "./chance.ts";

// Answers as a good server gives them, with compressed names, aliases, denials and signatures; and changes to their octets.

const CLASS_IN = 1;
const TYPE_OPT = 41;
const TYPE_RRSIG = 46;
const QUESTION_AT = 12;

const uint16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
const uint32 = (value: number): number[] => [...uint16(value >>> 16), ...uint16(value)];
const pointer = (at: number): number[] => uint16(0xc000 | at);
const text = (value: string): number[] => [...Buffer.from(value, "latin1")];
const label = (value: string): number[] => [value.length, ...text(value)];
/** A label below the name that stands at an offset. */
const below = (value: string, at: number): number[] => [...label(value), ...pointer(at)];

/** The data of good records of each type; the name asked for is the one at `at`. */
const DATA: Record<DnsType, (name: string, at: number) => number[][]> = {
  A: () => [
    [192, 0, 2, 1],
    [192, 0, 2, 2],
  ],
  AAAA: () => [[0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 1]],
  CNAME: (_, at) => [below("alias", at)],
  NS: (_, at) => [below("ns", at)],
  MX: (_, at) => [
    [...uint16(10), ...below("mx1", at)],
    [...uint16(20), ...label("mx2"), ...below("mail", at)],
  ],
  TXT: (name) => [[...label("noise"), ...label("more")], label(txtFor(name))],
  TLSA: () => [
    [3, 1, 1, ...Array<number>(32).fill(0xab)],
    [2, 0, 1, ...Array<number>(32).fill(0xcd)],
  ],
  SOA: (_, at) => [[...below("ns", at), ...below("hostmaster", at), ...Array<number>(20).fill(1)]],
  CAA: () => [
    [0, ...label("issue"), ...text("ca.example")],
    [128, ...label("issuewild"), ...text(";")],
  ],
};

function txtFor(name: string): string {
  if (name.startsWith("_mta-sts.")) return "v=STSv1; id=20261122T080000;";
  if (name.startsWith("_smtp._tls.")) return "v=TLSRPTv1; rua=mailto:tls@reports.example,https://reports.example/v1";
  return "some text";
}

/**
 * A good answer: records, an alias to records, a denial, or a failure.
 * @param spoil what becomes of the data of each record, with lengths and counts that fit it
 */
export function goodAnswer(
  id: number,
  name: string,
  type: DnsType,
  random: Random,
  spoil: (data: number[]) => number[] = (data) => data,
): Buffer {
  const question = [...name.split(".").flatMap((part) => (part === "" ? [] : label(part))), 0];
  const octets = [...uint16(id), ...Array<number>(10).fill(0), ...question, ...uint16(TYPE_CODES[type])];
  octets.push(...uint16(CLASS_IN));
  const counts = { answer: 0, authority: 0, additional: 0 };
  const add = (section: keyof typeof counts, owner: number[], code: number, good: number[]): void => {
    const data = spoil(good);
    octets.push(...owner, ...uint16(code), ...uint16(CLASS_IN), ...uint32(300), ...uint16(data.length), ...data);
    counts[section] += 1;
  };
  const sign = (owner: number[], code: number) => add("answer", owner, TYPE_RRSIG, signature(code));
  const way = random(10);
  let [owner, at, rcode] = [pointer(QUESTION_AT), QUESTION_AT, 0];
  if (way < 3 && type !== "CNAME") {
    add("answer", owner, TYPE_CODES.CNAME, below("alias", QUESTION_AT));
    at = octets.length - "alias".length - 3;
    sign(owner, TYPE_CODES.CNAME);
    owner = pointer(at);
  }
  if (way < 8) {
    for (const data of DATA[type](name, at)) add("answer", owner, TYPE_CODES[type], data);
    sign(owner, TYPE_CODES[type]);
  } else if (way === 8) {
    add("authority", owner, TYPE_CODES.SOA, DATA.SOA(name, at)[0] ?? []);
    rcode = random(2) === 0 ? 0 : 3;
  } else rcode = random(6);
  octets.push(0, ...uint16(TYPE_OPT), ...uint16(1232), ...uint32(0x8000), ...uint16(0));
  counts.additional += 1;
  const message = Buffer.from(octets);
  message.writeUInt16BE(0x8180 | (random(3) === 0 ? 0 : 0x20) | rcode, 2); // QR, RD, RA, mostly AD
  message.writeUInt16BE(1, 4);
  message.writeUInt16BE(counts.answer, 6);
  message.writeUInt16BE(counts.authority, 8);
  message.writeUInt16BE(counts.additional, 10);
  return message;
}

/** RFC 4034 §3.1 */
function signature(code: number): number[] {
  const now = Math.floor(Date.now() / 1000);
  const times = [...uint32(now + 86_400), ...uint32(now - 86_400)];
  return [...uint16(code), 13, 2, ...uint32(300), ...times, ...uint16(1), 0, ...Array<number>(64).fill(7)];
}

/** Octets that mean something in a message: pointers, lengths, counts, types. */
const PIECES = [
  ...[pointer(QUESTION_AT), pointer(0), pointer(0x3fff), [0xc0], [0], [0, 0], [0xff], [0xff, 0xff], [63], [64], [0x80]],
  ...[...Object.values(TYPE_CODES), TYPE_OPT, TYPE_RRSIG].map((code) => uint16(code)),
  ...[
    uint16(255),
    uint32(0x80000000),
    uint32(0xffffffff),
    [1],
    label("\0"),
    label("a.b"),
    label("\\"),
    label("é`\x1b"),
  ],
  ...[Array<number>(300).fill(0xc0), Array<number>(300).fill(1), [0, 0, 41, 0, 0, 255, 0, 0, 0, 0, 0]],
];

/** An answer with changes to its octets, to the data of its records, or to both; the id stays. */
export function mutatedAnswer(id: number, name: string, type: DnsType, random: Random): Buffer {
  const way = random(3);
  const spoil = (data: number[]) => (way > 0 && random(2) === 0 ? [...mutate(Buffer.from(data), random, 0)] : data);
  const answer = goodAnswer(id, name, type, random, spoil);
  return way === 2 ? answer : mutate(answer, random);
}

/** One to four changes behind the octets up to `from`. */
export function mutate(message: Buffer, random: Random, from = 2): Buffer {
  let octets = message;
  for (let count = 1 + random(4); count > 0; count--) {
    const at = from + random(Math.max(1, octets.length - from + 1));
    const end = at + 1 + random(12);
    const piece = Buffer.from(PIECES[random(PIECES.length)] ?? []);
    const [head, part, tail] = [octets.subarray(0, at), octets.subarray(at, end), octets.subarray(end)];
    const change = random(8);
    if (change === 0) octets = Buffer.concat([head, piece, part, tail]);
    else if (change === 1) octets = Buffer.concat([head, tail]);
    else if (change === 2) octets = Buffer.concat([head, part, part, tail]);
    else if (change === 3) octets = head;
    else if (change < 6) octets = Buffer.concat([head, piece, octets.subarray(at + piece.length)]);
    else octets = Buffer.concat([head, Buffer.from([random(256)]), octets.subarray(at + 1)]);
  }
  return octets;
}

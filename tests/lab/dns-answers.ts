import {
  type Answer,
  AUTHENTIC_DATA,
  AUTHORITATIVE_ANSWER,
  CHECKING_DISABLED,
  type DecodedPacket,
  DNSSEC_OK,
  decode,
  encode,
  type Packet,
  RECURSION_AVAILABLE,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import { type Switches, switchesAt, type Zone, type ZoneRecords, zoneAt } from "./zone.ts";

/** What the DNS server sends back: messages in this order, after a delay; none for silence. */
export interface Reply {
  delay: number;
  messages: Buffer[];
}

const RCODE = { formErr: 1, servFail: 2, nxDomain: 3, refused: 5 } as const;
const PLAIN_UDP_BYTES = 512; // RFC 1035 §4.2.1
const HOUR = 3_600;

/** Answers one query from the zone, as its switches want it. What is no query is not answered. */
export function reply(zone: Zone, query: Buffer, transport: "udp" | "tcp"): Reply {
  const packet = readQuery(query);
  const question = packet?.questions?.[0];
  if (!packet || !question) return { delay: 0, messages: [] };
  const name = question.name === "." ? "" : question.name.toLowerCase();
  const switches = switchesAt(zone, name);
  const edns = packet.additionals?.find((record) => record.type === "OPT");
  const delay = switches.delay ?? 0;
  const send = (...messages: Buffer[]) => ({ delay, messages });

  const about = { id: packet.id ?? 0, questions: packet.questions ?? [] };
  const fault = (switches.faultOf ?? question.type) === question.type ? switches.fault : undefined;
  if (fault === "silent") return send();
  if (switches.withoutEdns && edns) return send(message({ ...about, rcode: RCODE.formErr }));
  const mayBeBogus = ((packet.flags ?? 0) & CHECKING_DISABLED) !== 0;
  const isServFail = fault === "servfail" || (fault === "bogus" && !mayBeBogus);
  if (isServFail) return send(message({ ...about, rcode: RCODE.servFail }));
  if (fault === "refused") return send(message({ ...about, rcode: RCODE.refused }));

  const found = search(zone, name, question.type, switches.aliasOnly ?? false);
  const wantsSignatures = edns !== undefined && (edns.flags & DNSSEC_OK) !== 0;
  const wantsAd = wantsSignatures || ((packet.flags ?? 0) & AUTHENTIC_DATA) !== 0;
  const signatures = switches.authenticated && wantsSignatures ? signaturesOver(found.answers, switches) : [];
  const whole = message({
    ...about,
    ...found,
    answers: [...found.answers, ...signatures],
    flags: switches.authenticated && wantsAd ? AUTHENTIC_DATA : 0,
    edns: edns !== undefined,
  });
  if (fault === "malformed") return send(spoil(whole));
  const payload = edns?.type === "OPT" ? edns.udpPayloadSize : PLAIN_UDP_BYTES;
  const tooLong = transport === "udp" && (switches.truncated || whole.length > Math.max(payload, PLAIN_UDP_BYTES));
  const answer = tooLong ? message({ ...about, flags: TRUNCATED_RESPONSE, edns: edns !== undefined }) : whole;
  if (!switches.forgedFirst || transport === "tcp") return send(answer);
  const forged = { questions: about.questions, answers: [{ type: "A", name, ttl: 60, data: "192.0.2.66" } as const] };
  const wrongId = message({ ...forged, id: (about.id + 1) & 0xffff });
  const wrongName = message({ ...forged, id: about.id, questions: [{ ...question, name: `x.${name}` }] });
  return send(wrongId, wrongName, answer);
}

interface Found {
  answers: Answer[];
  authorities: Answer[];
  rcode: number;
}

/** The records, with the CNAMEs that lead to them (RFC 1034 §4.3.2). */
function search(zone: Zone, name: string, type: string, aliasOnly: boolean): Found {
  const answers: Answer[] = [];
  const seen = new Set<string>();
  let current = name;
  while (!seen.has(current)) {
    seen.add(current);
    const records = zoneAt(zone, current);
    if (!records) return { answers, authorities: [soa()], rcode: RCODE.nxDomain };
    const own = recordsOf(current, records, type);
    if (own.length > 0) return { answers: [...answers, ...own], authorities: [], rcode: 0 };
    if (records.CNAME === undefined) return { answers, authorities: [soa()], rcode: 0 };
    answers.push({ type: "CNAME", name: current, ttl: ttlOf(records), data: records.CNAME });
    if (aliasOnly) return { answers, authorities: [], rcode: 0 };
    current = records.CNAME;
  }
  return { answers, authorities: [], rcode: 0 };
}

function recordsOf(name: string, records: ZoneRecords, type: string): Answer[] {
  const base = { name: name || ".", ttl: ttlOf(records) };
  if (type === "A") return (records.A ?? []).map((data) => ({ ...base, type, data }));
  if (type === "AAAA") return (records.AAAA ?? []).map((data) => ({ ...base, type, data }));
  if (type === "NS") return (records.NS ?? []).map((data) => ({ ...base, type, data }));
  if (type === "CNAME") return records.CNAME === undefined ? [] : [{ ...base, type, data: records.CNAME }];
  if (type === "TLSA") return (records.TLSA ?? []).map((data) => ({ ...base, type, data }));
  if (type === "CAA") return (records.CAA ?? []).map((data) => ({ ...base, type, data }));
  if (type === "SOA") {
    return records.SOA ? [{ ...base, type, data: { ...records.SOA, refresh: 1, retry: 1, expire: 1 } }] : [];
  }
  if (type === "MX") {
    return (records.MX ?? []).map(([preference, exchange]) => ({ ...base, type, data: { preference, exchange } }));
  }
  if (type !== "TXT") return [];
  return (records.TXT ?? []).map((strings) => ({ ...base, type, data: strings.map((s) => Buffer.from(s, "latin1")) }));
}

/** RFC 4035 §3.1.1: one for all records of the same name and type. */
function signaturesOver(answers: readonly Answer[], { signature = { since: 240, left: 480 } }: Switches): Answer[] {
  const now = Math.floor(Date.now() / 1000);
  const sets = new Map(answers.map(({ name, type }) => [`${name} ${type}`, { name, type }]));
  return [...sets.values()].map(({ name, type }) => ({
    ...{ type: "RRSIG", name, ttl: 3600 },
    data: {
      ...{ typeCovered: type, algorithm: 13, labels: name.split(".").length, originalTTL: 3600 },
      ...{ inception: now - signature.since * HOUR, expiration: now + signature.left * HOUR },
      ...{ keyTag: 1, signersName: "test", signature: Buffer.alloc(64) },
    },
  }));
}

function soa(): Answer {
  const data = { mname: "ns.lab.test", rname: "hostmaster.lab.test", serial: 1, refresh: 1, retry: 1, expire: 1 };
  return { type: "SOA", name: "test", ttl: 60, data: { ...data, minimum: 60 } };
}

function ttlOf(records: ZoneRecords): number {
  return records.ttl ?? 3600;
}

interface Message extends Partial<Omit<Found, "rcode">> {
  id: number;
  questions: NonNullable<Packet["questions"]>;
  rcode?: number;
  flags?: number;
  edns?: boolean;
}

function message({
  id,
  questions,
  answers = [],
  authorities = [],
  rcode = 0,
  flags = 0,
  edns = false,
}: Message): Buffer {
  const opt = { type: "OPT", name: ".", udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0 } as const;
  return encode({
    type: "response",
    id,
    flags: AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | flags | rcode,
    questions,
    answers,
    authorities,
    additionals: edns ? [{ ...opt, flag_do: false, options: [] }] : [],
  });
}

/** Claims one more record than there is. */
function spoil(whole: Buffer): Buffer {
  const spoilt = Buffer.from(whole);
  spoilt.writeUInt16BE(spoilt.readUInt16BE(6) + 1, 6);
  return spoilt.subarray(0, -1);
}

function readQuery(query: Buffer): DecodedPacket | null {
  try {
    const packet = decode(query);
    return packet.flag_qr ? null : packet;
  } catch {
    return null;
  }
}

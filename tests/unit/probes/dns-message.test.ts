import { type Answer, AUTHENTIC_DATA, decode, encode, type Packet, TRUNCATED_RESPONSE } from "dns-packet";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DnsType } from "#lib/probes/dns-fact.ts";
import { type DnsQuestion, encodeQuery, readAnswer, recordsOf } from "#lib/probes/dns-message.ts";
import { TYPE_CODES } from "#lib/probes/dns-rdata.ts";

const ID = 0x1234;
const QUESTION: DnsQuestion = { name: "example.test", type: "A" };
const OPT: Answer = {
  ...{ type: "OPT", name: ".", udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0 },
  ...{ flags: 0, flag_do: false, options: [] },
};

/** An answer to the question as a well-behaved server writes it. */
function answer(answers: Answer[], more: Packet = {}): Buffer {
  return encode({
    type: "response",
    id: ID,
    questions: [{ type: "A", name: "example.test", class: "IN" }],
    answers,
    ...more,
  });
}

/** One record of octets, at the name of the question (a pointer to it), after header and question. */
function rawAnswer(
  type: DnsType,
  rdata: number[] | Buffer,
  { length = rdata.length, ttl = 60, count = 1 } = {},
): Buffer {
  const head = Buffer.from(answer([]));
  head.writeUInt16BE(TYPE_CODES[type], head.length - 4);
  head.writeUInt16BE(count, 6);
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc00c, 0);
  fixed.writeUInt16BE(TYPE_CODES[type], 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(ttl, 6);
  fixed.writeUInt16BE(length, 10);
  return Buffer.concat([head, fixed, Buffer.from(rdata)]);
}

/** What comes of such a record: the values, or null where the message is no answer to work with. */
function readRaw(type: DnsType, message: Buffer): unknown {
  const read = readAnswer(message, { name: "example.test", type }, ID);
  return read && (recordsOf(read, "example.test", type)?.records ?? null);
}

describe("a query", () => {
  test("asks for recursion, for the AD bit and for signatures, with EDNS and 1232 octets", () => {
    const query = decode(encodeQuery({ name: "_mta-sts.example.test", type: "TXT" }, ID, "signatures"));
    expect(query).toMatchObject({ id: ID, flag_qr: false, flag_rd: true, flag_ad: true, flag_cd: false });
    expect(query.questions).toMatchObject([{ name: "_mta-sts.example.test", type: "TXT", class: "IN" }]);
    expect(query.additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 1232, flag_do: true, ednsVersion: 0 }]);
  });

  test("asks without signatures where that is wanted", () => {
    const query = decode(encodeQuery(QUESTION, ID, "plain"));
    expect(query.additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 1232, flag_do: false, flags: 0 }]);
  });

  test("asks without EDNS where that is wanted", () => {
    expect(decode(encodeQuery(QUESTION, ID, "none")).additionals).toEqual([]);
  });

  test("can ask for the root", () => {
    expect(decode(encodeQuery({ name: "", type: "NS" }, ID, "none")).questions).toMatchObject([{ name: "." }]);
  });
});

describe("an answer", () => {
  const good = answer([{ type: "A", name: "example.test", ttl: 300, data: "192.0.2.1" }], { additionals: [OPT] });

  test("is read with its records and flags", () => {
    const read = readAnswer(good, QUESTION, ID);
    expect(read).toMatchObject({ rcode: 0, truncated: false, authenticated: false, soa: false, referral: false });
    expect(read && recordsOf(read, "example.test", "A")).toEqual({ records: ["192.0.2.1"], ttl: 300 });
  });

  test("carries the AD bit", () => {
    const signed = answer([], { flags: AUTHENTIC_DATA });
    expect(readAnswer(signed, QUESTION, ID)?.authenticated).toBe(true);
  });

  test("has its question compared without regard to case", () => {
    const shouted = encode({ type: "response", id: ID, questions: [{ type: "A", name: "EXAMPLE.Test", class: "IN" }] });
    expect(readAnswer(shouted, QUESTION, ID)).not.toBeNull();
  });

  test("that is truncated need not be whole", () => {
    const cut = answer([{ type: "A", name: "example.test", ttl: 300, data: "192.0.2.1" }], {
      flags: TRUNCATED_RESPONSE,
    });
    expect(readAnswer(cut.subarray(0, -7), QUESTION, ID)).toMatchObject({ truncated: true, records: [] });
  });

  test("has the upper bits of its RCODE in EDNS", () => {
    const badVersion = answer([], { additionals: [{ ...OPT, extendedRcode: 1 }] });
    expect(readAnswer(badVersion, QUESTION, ID)?.rcode).toBe(16);
  });

  test("to EDNS by an old server may be a header with FORMERR alone", () => {
    const header = encode({ type: "response", id: ID, flags: 1 });
    expect(readAnswer(header, QUESTION, ID)?.rcode).toBe(1);
    expect(readAnswer(encode({ type: "response", id: ID, flags: 0 }), QUESTION, ID)).toBeNull();
  });

  test("with nothing but name servers is a referral", () => {
    const ns: Answer = { type: "NS", name: "test", ttl: 60, data: "ns.test" };
    const soa: Answer = { type: "SOA", name: "test", ttl: 60, data: { mname: "ns.test", rname: "a.test" } };
    expect(readAnswer(answer([], { authorities: [ns] }), QUESTION, ID)?.referral).toBe(true);
    expect(readAnswer(answer([], { authorities: [ns, soa] }), QUESTION, ID)).toMatchObject({
      referral: false,
      soa: true,
    });
  });

  test.each<[string, Buffer]>([
    ["another id", edited(good, (octets) => octets.writeUInt16BE(ID + 1, 0))],
    [
      "another name",
      encode({ type: "response", id: ID, questions: [{ type: "A", name: "examples.test", class: "IN" }] }),
    ],
    [
      "another type",
      encode({ type: "response", id: ID, questions: [{ type: "AAAA", name: "example.test", class: "IN" }] }),
    ],
    [
      "another class",
      encode({ type: "response", id: ID, questions: [{ type: "A", name: "example.test", class: "CH" }] }),
    ],
    ["no question", edited(good, (octets) => octets.writeUInt16BE(0, 4))],
    ["two questions", edited(good, (octets) => octets.writeUInt16BE(2, 4))],
    ["the query bit", edited(good, (octets) => octets.writeUInt16BE(0, 2))],
    ["another opcode", edited(good, (octets) => octets.writeUInt16BE(0xa800, 2))],
    ["65,535 answers", edited(good, (octets) => octets.writeUInt16BE(0xffff, 6))],
    ["65,535 additional records", edited(good, (octets) => octets.writeUInt16BE(0xffff, 10))],
    ["a header only in part", good.subarray(0, 11)],
    ["an end in the question", good.subarray(0, 20)],
    ["an end in a record", good.subarray(0, -20)],
    ["nothing", Buffer.alloc(0)],
  ])("is none with %s", (_, message) => {
    expect(readAnswer(message, QUESTION, ID)).toBeNull();
  });
});

describe("the data of a record", () => {
  const NAME = [2, 0x6d, 0x78, 0xc0, 0x0c]; // "mx" and a pointer to example.test

  test.each<[DnsType, number[], unknown]>([
    ["A", [192, 0, 2, 255], "192.0.2.255"],
    ["AAAA", [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "2001:db8::1"],
    ["AAAA", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1], "::ffff:a00:1"],
    ["CNAME", NAME, "mx.example.test"],
    ["NS", NAME, "mx.example.test"],
    ["MX", [0, 10, ...NAME], { preference: 10, exchange: "mx.example.test" }],
    ["MX", [0, 0, 0], { preference: 0, exchange: "" }],
    ["TXT", [1, 0xe9, 0, 2, 0x61, 0x20], { strings: ["é", "", "a "], ttl: 60 }],
    ["TLSA", [3, 1, 1, 0xab, 0xcd], { usage: 3, selector: 1, matchingType: 1, data: "abcd" }],
    ["CAA", [128, 5, ...Buffer.from("ISSUEca.test")], { critical: true, tag: "issue", value: "ca.test" }],
    [
      "SOA",
      [...NAME, 0, ...[0, 0, 0, 7], ...Array(12).fill(0), 0, 0, 1, 0],
      { primary: "mx.example.test", mailbox: "", serial: 7, minimum: 256 },
    ],
  ])("of type %s is read", (type, rdata, expected) => {
    expect(readRaw(type, rawAnswer(type, rdata))).toEqual([expected]);
  });

  test.each<[DnsType, string, number[], number?]>([
    ["A", "5 octets", [192, 0, 2, 1, 9]],
    ["A", "3 octets", [192, 0, 2]],
    ["A", "more announced than there are", [192, 0, 2, 1], 400],
    ["AAAA", "4 octets", [192, 0, 2, 1]],
    ["CNAME", "no end", [2, 0x6d, 0x78]],
    ["CNAME", "octets after the name", [...NAME, 1]],
    ["CNAME", "a name that leaves the record", [40, 0x6d, 0x78, 0]],
    ["CNAME", "a pointer to itself", [0xc0, 42]],
    ["CNAME", "a pointer forward", [0xc0, 0xff]],
    ["CNAME", "a pointer into the header", [0xc0, 0]],
    ["CNAME", "a label of the type 01", [0x41, 0]],
    ["CNAME", "a label of the type 10", [0x81, 0]],
    ["MX", "no name", [0, 10]],
    ["MX", "nothing", []],
    ["TXT", "no string", []],
    ["TXT", "a string that leaves the record", [5, 0x61]],
    ["TLSA", "no association", [3, 1, 1]],
    ["SOA", "no numbers", [...NAME, ...NAME]],
    ["CAA", "an empty tag", [0, 0]],
    ["CAA", "a tag that leaves the record", [0, 9, 0x61]],
  ])("of type %s with %s is malformed", (type, _, rdata, length) => {
    expect(readRaw(type, rawAnswer(type, rdata, length === undefined ? {} : { length }))).toBeNull();
  });

  test("of another owner, class or type is not taken", () => {
    const records: Answer[] = [
      { type: "A", name: "other.test", ttl: 1, data: "192.0.2.9" },
      { type: "A", name: "example.test", class: "CH", ttl: 1, data: "192.0.2.8" },
      { type: "AAAA", name: "example.test", ttl: 1, data: "2001:db8::1" },
      { type: "A", name: "Example.TEST", ttl: 100, data: "192.0.2.1" },
    ];
    const read = readAnswer(answer(records), QUESTION, ID);
    expect(read && recordsOf(read, "example.test", "A")).toEqual({ records: ["192.0.2.1"], ttl: 100 });
  });

  test("is taken once, with the smallest TTL; a TTL with the top bit counts as zero", () => {
    const record = { type: "A", name: "example.test", data: "192.0.2.1" } as const;
    const both = readAnswer(
      answer([
        { ...record, ttl: 90 },
        { ...record, ttl: 30 },
      ]),
      QUESTION,
      ID,
    );
    expect(both && recordsOf(both, "example.test", "A")).toEqual({ records: ["192.0.2.1"], ttl: 30 });
    const high = readAnswer(rawAnswer("A", [192, 0, 2, 1], { ttl: 0x80000000 }), QUESTION, ID);
    expect(high && recordsOf(high, "example.test", "A")?.ttl).toBe(0);
  });

  test("keeps dots, backslashes and unprintable octets of a label apart from the dots between labels", () => {
    const label = Buffer.concat([Buffer.from([7]), Buffer.from("A.b\\\0 \xff", "latin1"), Buffer.from([0])]);
    expect(readRaw("CNAME", rawAnswer("CNAME", label))).toEqual(["a\\.b\\\\\\000\\032\\255"]);
  });

  test("may hold a name of 255 octets, and no longer one", () => {
    const label = [63, ...Array(63).fill(0x61)];
    const longest = [...label, ...label, ...label, 61, ...Array(61).fill(0x61), 0];
    expect(readRaw("CNAME", rawAnswer("CNAME", longest))).toEqual([expect.stringMatching(/^[a.]{253}$/)]);
    const tooLong = [...label, ...label, ...label, 62, ...Array(62).fill(0x61), 0];
    expect(readRaw("CNAME", rawAnswer("CNAME", tooLong))).toBeNull();
  });

  test.each([
    [63, ["example.test"]],
    [64, null],
    [2000, null],
  ])("behind %i pointers to pointers", (hops, expected) => {
    // A TXT of pointers, each to the one before and the first to the question, then a CNAME with a pointer to the last.
    const pointers = Array.from({ length: hops }, (_, i) => pointerTo(i === 0 ? 12 : 42 + (i - 1) * 2)).flat();
    const cname = rawAnswer("CNAME", pointerTo(42 + (hops - 1) * 2)).subarray(30);
    const message = Buffer.concat([rawAnswer("TXT", pointers, { count: 2 }), cname]);
    message.writeUInt16BE(TYPE_CODES.CNAME, 26);
    expect(readRaw("CNAME", message)).toEqual(expected);
  });
});

describe("hostile octets", () => {
  const name = "example.test";
  const samples: [DnsType, Buffer][] = [
    ["A", answer([{ type: "A", name, ttl: 60, data: "192.0.2.1" }], { additionals: [OPT] })],
    ["MX", rawAnswer("MX", [0, 10, 2, 0x6d, 0x78, 0xc0, 0x0c])],
    ["TXT", rawAnswer("TXT", [3, 0x61, 0x62, 0x63, 1, 0x64])],
    ["SOA", rawAnswer("SOA", [0xc0, 0x0c, 0xc0, 0x0c, ...Array(20).fill(1)])],
    ["CAA", rawAnswer("CAA", [0, 5, ...Buffer.from("issueca.test")])],
    ["TLSA", rawAnswer("TLSA", [3, 1, 1, 1, 2, 3])],
    ["CNAME", rawAnswer("CNAME", [2, 0x6d, 0x78, 0xc0, 0x0c])],
    ["AAAA", rawAnswer("AAAA", Array(16).fill(0x20))],
  ];

  test.each(samples)("never throw in a mutated answer of type %s", (type, sample) => {
    const mutation = fc.tuple(fc.nat(sample.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), fc.nat(sample.length), (mutations, length) => {
        const mutated = edited(sample, (octets) => {
          for (const [at, value] of mutations) octets[at] = value;
        });
        for (const octets of [mutated, mutated.subarray(0, length)]) {
          const read = readAnswer(octets, { name, type }, ID);
          if (!read) continue;
          for (const other of Object.keys(TYPE_CODES) as DnsType[]) recordsOf(read, name, other);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("never throw when they are random, behind a true header and question", () => {
    const head = answer([]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), fc.nat(20), (octets, answers, authorities) => {
        const message = Buffer.concat([head, octets]);
        message.writeUInt16BE(answers, 6);
        message.writeUInt16BE(authorities, 8);
        const read = readAnswer(message, QUESTION, ID);
        if (read) recordsOf(read, name, "A");
      }),
      { numRuns: 3000 },
    );
  });

  test("of 64 KB full of pointers are gone through", () => {
    // 5,000 records, each owned by a name that hops through as many pointers as there are before it.
    const record = [0, 1, 0, 1, 0, 0, 0, 60, 0, 0];
    const records: number[] = [];
    for (let at = 30; at < 65_000; at += 12)
      records.push(...pointerTo(at === 30 ? 12 : Math.min(at - 12, 0x3fff)), ...record);
    const message = Buffer.concat([answer([]), Buffer.from(records)]);
    message.writeUInt16BE(records.length / 12, 6);
    expect(readAnswer(message, QUESTION, ID)).toBeNull();
  });
});

function pointerTo(offset: number): [number, number] {
  return [0xc0 | (offset >> 8), offset & 0xff];
}

function edited(octets: Buffer, edit: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(octets);
  edit(copy);
  return copy;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_REPLY_BYTES, MAX_REPLY_LINE_BYTES, MAX_REPLY_LINES } from "#lib/probes/limits.ts";
import type { SmtpReply } from "#lib/probes/smtp-fact.ts";
import { ReplyReader, type ReplyReading } from "#lib/probes/smtp-lines.ts";

/** All that is read from octets (latin1), until there is no more or a fault. */
function readAll(...parts: string[]): ReplyReading[] {
  const reader = new ReplyReader();
  for (const part of parts) reader.push(Buffer.from(part, "latin1"));
  const readings: ReplyReading[] = [];
  for (;;) {
    const reading = reader.read();
    if (reading.state !== "incomplete") readings.push(reading);
    if (reading.state !== "reply") return readings;
  }
}

describe("a reply is read", () => {
  const good = (text: string, code: number, lines: string[], why: string) => [why, text, { code, lines }] as const;
  test.each([
    good("220 mail.test ESMTP\r\n", 220, ["mail.test ESMTP"], "one line"),
    good("250-mail.test\r\n250-SIZE 1\r\n250 STARTTLS\r\n", 250, ["mail.test", "SIZE 1", "STARTTLS"], "several lines"),
    good("250\r\n", 250, [""], "a code alone: the text may be missing (RFC 5321 §4.2)"),
    good("250 \r\n", 250, [""], "no text after the blank"),
    good("250-\r\n250\r\n", 250, ["", ""], "lines without text"),
    good("220 mail.test\n", 220, ["mail.test"], "a bare LF ends a line too"),
    good("220 a\rb\r\n", 220, ["a\rb"], "a bare CR does not"),
    good("220 a\0\x07\xff\r\n", 220, ["a\0\x07\xff"], "any octets in the text"),
    good("220  two blanks \r\n", 220, [" two blanks "], "text as it came"),
    good("554 no\r\n", 554, ["no"], "a refusal"),
    good("299 x\r\n", 299, ["x"], "a code that nobody knows"),
  ])("%s", (_, text, reply) => {
    expect(readAll(text)).toEqual([{ state: "reply", reply }]);
  });
});

describe("no reply", () => {
  const bad = (text: string, why: string) => [why, text] as const;
  test.each([
    bad("\r\n", "an empty line"),
    bad("22 x\r\n", "two digits"),
    bad("2200 x\r\n", "four digits"),
    bad("120 x\r\n", "1yz is no SMTP (RFC 5321 §4.2.1)"),
    bad("620 x\r\n", "nor is 6yz"),
    bad("220x\r\n", "neither blank nor hyphen"),
    bad("220\tx\r\n", "a tab for the blank"),
    bad(" 220 x\r\n", "a blank before it"),
    bad("HTTP/1.1 200 OK\r\n", "HTTP"),
    bad("SSH-2.0-OpenSSH_9.9\r\n", "SSH"),
    bad("\x16\x03\x01\n", "TLS"),
    bad("250-a\r\n251 b\r\n", "another code on the next line"),
    bad("250-a\r\nb\r\n", "a line without a code"),
  ])("%s", (_, text) => {
    expect(readAll(text)).toEqual([{ state: "malformed", detail: expect.stringMatching(/./) }]);
  });

  test("is shown in part only", () => {
    const [reading] = readAll(`${"x".repeat(1_000)}\r\n`);
    expect(reading).toEqual({ state: "malformed", detail: `"${"x".repeat(60)}…" is no line of an SMTP reply` });
  });
});

describe("limits", () => {
  test("of a line", () => {
    const line = (length: number) => `250 ${"x".repeat(length - 5)}\r\n`; // without CRLF, but with the CR
    expect(readAll(line(MAX_REPLY_LINE_BYTES))[0]?.state).toBe("reply");
    expect(readAll(line(MAX_REPLY_LINE_BYTES + 1))[0]?.state).toBe("malformed");
    expect(readAll("250 ", "x".repeat(MAX_REPLY_LINE_BYTES))[0]?.state).toBe("malformed");
  });

  test("of lines", () => {
    const lines = (count: number) => `${"250-x\r\n".repeat(count - 1)}250 x\r\n`;
    expect(readAll(lines(MAX_REPLY_LINES))[0]).toMatchObject({ reply: { lines: Array(MAX_REPLY_LINES).fill("x") } });
    expect(readAll(lines(MAX_REPLY_LINES + 1))[0]?.state).toBe("malformed");
  });

  test("of all that was not read", () => {
    const reply = `250 ${"x".repeat(1_018)}\r\n`; // 1 KiB
    const reader = new ReplyReader();
    for (let i = 0; i < MAX_REPLY_BYTES / 1_024; i++) expect(reader.push(Buffer.from(reply))).toBe(true);
    expect(reader.unread).toBe(MAX_REPLY_BYTES);
    expect(reader.push(Buffer.from("2"))).toBe(false);
  });

  test("do not add up over replies that were read", () => {
    const reader = new ReplyReader();
    for (let i = 0; i < 100; i++) {
      expect(reader.push(Buffer.from(`250 ${"x".repeat(1_018)}\r\n`))).toBe(true);
      expect(reader.read().state).toBe("reply");
      expect(reader.unread).toBe(0);
    }
  });
});

test("what came before a fault is still a reply", () => {
  expect(readAll("220 mail.test\r\nHello\r\n").map(({ state }) => state)).toEqual(["reply", "malformed"]);
});

test("the beginning of a line counts as not read", () => {
  const reader = new ReplyReader();
  reader.push(Buffer.from("220 Go ahead\r\n2"));
  expect(reader.read().state).toBe("reply");
  expect(reader.unread).toBe(1);
});

const text = fc.string({
  unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const reply: fc.Arbitrary<SmtpReply> = fc.record({
  code: fc.integer({ min: 200, max: 599 }),
  lines: fc.array(text, { minLength: 1, maxLength: 5 }),
});

function written({ code, lines }: SmtpReply): string {
  return lines.map((line, i) => `${code}${i === lines.length - 1 ? " " : "-"}${line}\r\n`).join("");
}

/** A text cut at any places. */
function cut(whole: string, places: readonly number[]): string[] {
  const ends = [...places.map((place) => place % (whole.length + 1)), whole.length].toSorted((a, b) => a - b);
  return ends.map((end, i) => whole.slice(ends[i - 1] ?? 0, end));
}

test("replies come out as they were written, however they are cut", () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 20 }), (replies, places) => {
      const parts = cut(replies.map(written).join(""), places);
      expect(readAll(...parts)).toEqual(replies.map((one) => ({ state: "reply", reply: one })));
    }),
  );
});

test("any octets are read the same, however they are cut, and hold no more than the limit", () => {
  const octets = fc.string({
    unit: fc.constantFrom("2", "5", "0", " ", "-", "\r", "\n", "x", "\0", "\xff"),
    maxLength: 80,
  });
  fc.assert(
    fc.property(octets, fc.array(fc.nat(), { maxLength: 10 }), (whole, places) => {
      const reader = new ReplyReader();
      for (let i = 0; i < 3; i++) reader.push(Buffer.from(whole, "latin1"));
      expect(reader.unread).toBeLessThanOrEqual(MAX_REPLY_BYTES);
      expect(readAll(...cut(whole, places))).toEqual(readAll(whole));
    }),
    { numRuns: 2_000 },
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody, splitHeader, splitParts } from "#lib/reports/mime.ts";
import { comesToAnEnd } from "#tests/unit/comes-to-an-end.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

test("no header is looked for behind so many bytes", () => {
  const mail = Buffer.from("A: b\nC: d\n\nx");
  expect(splitHeader(mail, 9).body).toEqual(Buffer.from("x"));
  expect(splitHeader(mail, 8)).toEqual({ header: mail, body: Buffer.alloc(0) });
});

describe("header and body (RFC 5322 §2.1)", () => {
  function good(mail: string, header: string, body: string, why: string): void {
    test(`${JSON.stringify(mail)}: ${why}`, () => {
      expect(splitHeader(bytes(mail))).toEqual({ header: bytes(header), body: bytes(body) });
    });
  }
  good("A: b\r\n\r\nc", "A: b\r\n", "c", "CRLF");
  good("A: b\n\nc", "A: b\n", "c", "LF");
  good("A: b\r\n\nc", "A: b\r\n", "c", "both");
  good("A: b\n\r\nc", "A: b\n", "c", "both, the other way");
  good(
    "A: b\r\n c\r\n\r\n\r\nd\r\n",
    "A: b\r\n c\r\n",
    "\r\nd\r\n",
    "a folded field, and a body that begins with an empty line",
  );
  good("\r\nc", "", "c", "no header");
  good("\nc", "", "c", "no header, with LF");
  good("A: b\r\n", "A: b\r\n", "", "no body");
  good("A: b", "A: b", "", "no line end");
  good("", "", "", "nothing");
  good("A: b\r\rc\r\n\r\nd", "A: b\r\rc\r\n", "d", "a CR alone ends no line");
});

describe("parts (RFC 2046 §5.1.1)", () => {
  function good(body: string, parts: string[], why: string): void {
    test(`${JSON.stringify(body)}: ${why}`, () => {
      expect(splitParts(bytes(body), "b", 10).map((part) => part.toString("latin1"))).toEqual(parts);
    });
  }
  good("--b\r\none\r\n--b\r\ntwo\r\n--b--\r\n", ["one", "two"], "CRLF");
  good("--b\none\n--b\ntwo\n--b--", ["one", "two"], "LF");
  good("before\r\n--b\r\none\r\n--b--\r\nbehind\r\n--b\r\nno part", ["one"], "what is before and behind is nobody's");
  good("--b\r\none\r\n\r\n--b--", ["one\r\n"], "only the last line end belongs to the delimiter");
  good("--b \t\r\none\r\n--b-- \r\n", ["one"], "blanks behind the delimiter");
  good("--b\r\n--b\r\n--b--", ["", ""], "empty parts");
  good("--b\r\none", ["one"], "no end");
  good("--b", [""], "nothing but a beginning");
  good(
    "--bb\r\nno\r\n--b\r\n--bc\r\nx--b\r\n --b\r\n--b--",
    ["--bc\r\nx--b\r\n --b"],
    "delimiters of others, and text that looks like one",
  );
  good("--b-\r\n--b--x\r\n--b\r\none\r\n--b--", ["one"], "an end that is none");
  good("no parts", [], "no delimiter");
  good("", [], "nothing");

  test("no more are made than one above the limit", () => {
    const body = bytes("--b\r\nx\r\n".repeat(100));
    expect(splitParts(body, "b", 5)).toHaveLength(6);
    expect(splitParts(bytes("--b\r\nx\r\n".repeat(5)), "b", 5)).toHaveLength(5);
  });

  test("what was joined is split again", () => {
    const part = fc.array(fc.constantFrom("a", "\r\n", "-", "--", "--x", " ", "--b2", "\0", "\xff"), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), fc.constantFrom("\r\n", "\n"), (texts, end) => {
        const parts = texts.map((pieces) => pieces.join(""));
        const body = parts.map((text) => `--b${end}${text}${end}`).join("");
        expect(splitParts(bytes(`${body}--b--`), "b", 10).map((piece) => piece.toString("latin1"))).toEqual(parts);
      }),
    );
  });
});

describe("transfer encodings (RFC 2045 §6)", () => {
  function good(encoding: string, body: string, decoded: string, why: string): void {
    test(`${encoding} ${JSON.stringify(body)}: ${why}`, () => {
      expect(decodeBody(bytes(body), encoding).toString("latin1")).toBe(decoded);
    });
  }
  good("base64", "SGVsbG8=", "Hello", "padded");
  good("BASE64", "SGVsbG8", "Hello", "not padded (quirk 29)");
  good(" base64 ; x", "SGVs\r\nbG8=\r\n", "Hello", "in lines");
  good("base64", "SGVsbG8=\r\nSGVsbG8=\r\n", "HelloHello", "padded in each line (quirk 29)");
  good("base64", "SA==\r\nZWxs\r\nbw==", "Hello", "padded anywhere");
  good("base64", "SGV!s bG*8=", "Hello", "with letters that are not of it");
  good("base64", "====", "", "padding alone");
  good("base64", "", "", "nothing");
  good("quoted-printable", "a=3Db=C3=bc", "a=b\xc3\xbc", "octets, in both cases");
  good("Quoted-Printable", "a=\r\nb= \t\r\nc=\nd", "abcd", "soft line ends");
  good("quoted-printable", "a=\r\n=\r\nb\r\n", "ab\r\n", "soft line ends after each other");
  good("quoted-printable", "a=ZZ=4=", "a=ZZ=4=", "what is no octet is kept");
  good("quoted-printable", "=00=FF=", "\0\xff=", "the first octet, the last one and half of one");
  for (const encoding of ["", "7bit", "8bit", "binary", "x-unknown", "base64x"]) {
    good(encoding, "SGVs\r\n=41\0\xff", "SGVs\r\n=41\0\xff", "as it is");
  }

  test("what was encoded is decoded again, in lines of any length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 76 }), (data, length) => {
        const lines = Buffer.from(data)
          .toString("base64")
          .replace(new RegExp(`.{${length}}`, "g"), "$&\r\n");
        expect(decodeBody(bytes(lines), "base64")).toEqual(Buffer.from(data));
        const octets = [...data].map((octet) => `=${octet.toString(16).toUpperCase().padStart(2, "0")}`);
        const quoted = octets.map((octet, i) => (i % length === length - 1 ? `${octet}=\r\n` : octet)).join("");
        expect(decodeBody(bytes(quoted), "quoted-printable")).toEqual(Buffer.from(data));
      }),
    );
  });
});

describe("megabytes of the worst lines are read in proportion to their size", () => {
  function comesThrough(line: string, read: (body: Buffer) => unknown): void {
    const body = Buffer.alloc(3 * 1024 * 1024, line);
    expect(comesToAnEnd(() => read(body))).toBeDefined();
  }
  test.each(["QQ==\r\n", "A=", "\n", "!"])("base64 of %j", (line) => {
    comesThrough(line, (body) => decodeBody(body, "base64"));
  });
  test.each(["=41", "=\r\n", "=", "= "])("quoted-printable of %j", (line) => {
    comesThrough(line, (body) => decodeBody(body, "quoted-printable"));
  });
  test.each(["\n", "--b", "\n--", "\n--bx"])("parts between %j", (line) => {
    comesThrough(line, (body) => splitParts(body, "b", 1_000));
  });
});

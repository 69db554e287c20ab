import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decode } from "#lib/reports/decode.ts";
import { type Kind, sniff } from "#lib/reports/sniff.ts";
import { makeZip } from "./make-zip.ts";

function kind(bytes: Buffer | string, expected: Kind, why: string): void {
  test(`${expected}: ${why}`, () => {
    expect(sniff(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, "latin1"))).toBe(expected);
  });
}

describe("what bytes are", () => {
  kind("", "empty", "nothing");
  kind(" \r\n\t", "empty", "blanks");
  kind("\xef\xbb\xbf", "empty", "a byte order mark alone");
  kind(gzipSync(""), "gzip", "gzip");
  kind("\x1f\x8b", "gzip", "the beginning of gzip");
  kind("\x1f", "binary", "half of it");
  kind(makeZip([{ name: "a", data: "a" }]), "zip", "an archive");
  kind(makeZip([]), "zip", "an empty archive");
  kind("PK\x07\x08", "binary", "another part of an archive");
  kind("{", "json", "an object");
  kind("\xef\xbb\xbf\r\n\t {}", "json", "behind a byte order mark and blanks");
  kind("\xff\xfe{\0}\0", "utf-16", "little-endian");
  kind("\xfe\xff\0{\0}", "utf-16", "big-endian");
  kind("[1]", "other-json", "an array");
  kind('"text"', "other-json", "a string");
  kind('<?xml version="1.0"?>', "markup", "XML");
  kind("\n<html>", "markup", "HTML");
  kind("Return-Path: <a@b.example>\r\nReceived: from c\r\n\r\n", "mail", "a mail");
  kind("Received:from a.example by b.example\n\tfor <c@d.example>\nSubject:x\n", "mail", "no blanks behind the colons");
  kind("X-Odd-First:\r\n value\r\nFrom: a@b.example\r\n", "mail", "a folded field first");
  kind("From a@b.example Tue May  5 10:21:44 2026\nReturn-Path: <a@b.example>\n", "mail", "an mbox");
  kind("Subject: only", "mail", "one field");
  kind("Note: to myself\nbuy milk", "text", "a text with a colon");
  kind("http://example.com/", "text", "an address");
  kind("Hello,\nFrom: nobody\n", "text", "a text with a field in it");
  kind("k\xe4se", "text", "text that is not UTF-8");
  kind("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary", "an image");
  kind("\0\0\0", "binary", "zeros");
});

describe("what is not a report says what it is", () => {
  for (const [bytes, code, reason] of [
    ["", "empty", "there is nothing in it"],
    ["Hello", "text", "this is text, not a TLS report"],
    ["[1,2]", "other-json", "this JSON is no object, as a TLS report is"],
    ["{}", "other-json", "this JSON is no TLS report: it has none of its keys"],
    ['{"name":"sealpost"}', "other-json", "this JSON is no TLS report: it has none of its keys"],
    ["<html></html>", "markup", "this is an XML or HTML document, not a TLS report"],
    ["<feedback></feedback>", "dmarc-report", "this is a DMARC report (XML), not a TLS report"],
    ['<d:feedback xmlns:d="x">', "dmarc-report", "this is a DMARC report (XML), not a TLS report"],
    ["\x89PNG\r\n\x1a\n\0", "binary", "this is a PNG image, not a TLS report"],
    ["%PDF-1.4\n\0", "binary", "this is a PDF document, not a TLS report"],
    ["BZh91AY&SY\0", "binary", "this is a bzip2 archive, not a TLS report"],
    ["\x01\x02\x03", "binary", "this is binary data of an unknown kind, not a TLS report"],
  ] as const) {
    test(`${JSON.stringify(bytes.slice(0, 20))} is ${code}`, async () => {
      expect(await decode(Buffer.from(bytes, "latin1"), null)).toEqual([{ outcome: "not-a-report", code, reason }]);
    });
  }
});

import { expect, test } from "vitest";
import { boundaryOf } from "#lib/reports/boundary.ts";

function good(contentType: string, boundary: string, why: string): void {
  test(`${boundary}: ${why}`, () => expect(boundaryOf(contentType)).toBe(boundary));
}

function bad(contentType: string, why: string): void {
  test(`none: ${why}`, () => expect(boundaryOf(contentType)).toBe(null));
}

good("multipart/mixed; boundary=abc", "abc", "a token");
good('Multipart/Report; report-type=tlsrpt; Boundary = "a b;c"', "a b;c", "a text in quotes");
good('multipart/mixed; boundary="a\\"b\\\\c\\d"', 'a"b\\cd', "quoted pairs (RFC 5322 §3.2.4)");
good("multipart/mixed; boundary*0=ab; boundary*1=cd", "abcd", "in pieces (RFC 2231 §3)");
good('multipart/mixed; boundary*1="c d"; charset=x; boundary*0="a b"', "a bc d", "in pieces, out of order");
good("multipart/mixed; boundary*=us-ascii'en'a%3Db", "a=b", "encoded (RFC 2231 §4)");
good("multipart/mixed; boundary*0*=us-ascii''a%3D; boundary*1=%3D; boundary*2*=%27'", "a=%3D''", "encoded in part");
good("multipart/mixed; boundary*0=ab; boundary=whole", "whole", "for those who know no pieces, and for us");
good("multipart/mixed; boundary*0=ab; boundary*2=ef", "ab", "a piece is missing: those before it");
bad("text/plain; boundary=abc", "one part has none");
bad("multipart/mixed", "it names none");
bad("multipart/mixed; boundary*1=cd", "its first piece is missing");
bad('multipart/mixed; boundary=""', "an empty one");
bad("multipart/mixed; x-boundary=abc", "another parameter");

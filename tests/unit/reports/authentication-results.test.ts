import { describe, expect, it } from "vitest";
import { statedDkim } from "#lib/reports/authentication-results.ts";

const pass = (signer: string | null) => ({ result: "pass", signer });

describe("Authentication-Results (RFC 8601 §2.2)", () => {
  it.each<[string, ReturnType<typeof statedDkim>]>([
    ["mx.test; dkim=pass header.d=google.com", [pass("google.com")]],
    ["mx.test 1; dkim=pass (2048-bit key; secure) header.d=Google.com. header.s=x", [pass("google.com")]],
    ["mx.test;\r\n\tdkim=pass\r\n\theader.i=@google.com", [pass("google.com")]],
    [
      "mx.test; spf=pass smtp.mailfrom=x@evil.example; dkim=fail header.d=a.test",
      [{ result: "fail", signer: "a.test" }],
    ],
    ["mx.test; dkim=pass header.d=a.test; dkim=pass header.d=b.test", [pass("a.test"), pass("b.test")]],
    ['mx.test; dkim=pass reason="; dkim=pass header.d=evil.example" header.d=a.test', [pass("a.test")]],
    ["mx.test; dkim=pass (nested (header.d=evil.example) ) header.d=a.test", [pass("a.test")]],
    ["mx.test; dkim=pass", [pass(null)]],
    ["mx.test; none", []],
    ["MX.test; dkim=pass header.d=a.test", [pass("a.test")]],
    ["other.test; dkim=pass header.d=a.test", null],
    ["mx.test.evil.example; dkim=pass header.d=a.test", null],
    ["(mx.test) evil.example; dkim=pass header.d=a.test", null],
    ["mx.test 2; dkim=pass header.d=a.test", null],
    ["", null],
  ])("%s", (value, results) => {
    expect(statedDkim(value, ["mx.test"])).toEqual(results);
  });
});

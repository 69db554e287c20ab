import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { IP_PATTERN, isIpAddress } from "#lib/standards/report-ip.ts";

const SEEDS = [
  "192.0.2.1",
  "255.255.255.255",
  "0.0.0.0",
  "01.2.3.4",
  "1.2.3",
  "1.2.3.4.5",
  "256.1.1.1",
  "x.x.x.x",
  "2001:db8::1",
  "2001:DB8:abcd:0012:1:2:3:4",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "::",
  "::1",
  "1::",
  "1:2:3::4:5:6:7:8",
  "1:2:3:4:5:6::8",
  "1::2::3",
  "12345::",
  ":1:2:3:4:5:6:7",
  "::ffff:192.0.2.1",
  "fe80::1%eth0",
  "",
];

const PATTERN = new RegExp(`^(?:${IP_PATTERN})$`);

test("it is an address exactly when Node says so, and what the pattern matches is one", () => {
  const check = (text: string) => {
    expect([text, isIpAddress(text)]).toEqual([text, isIP(text) !== 0]);
    if (PATTERN.test(text)) expect([text, isIP(text) !== 0]).toEqual([text, true]);
  };
  for (const text of SEEDS) check(text);
  const change = fc.tuple(fc.nat(40), fc.constantFrom(..."0123456789abcdefF:.%xg", ""), fc.boolean());
  fc.assert(
    fc.property(fc.constantFrom(...SEEDS), fc.array(change, { maxLength: 3 }), (seed, changes) => {
      let text = seed;
      for (const [place, letter, replace] of changes)
        text = text.slice(0, place) + letter + text.slice(place + (replace ? 1 : 0));
      check(text);
    }),
    { numRuns: 20_000 },
  );
});

test("the pattern matches the usual forms", () => {
  const usual = [
    "192.0.2.1",
    "255.249.199.0",
    "10.99.100.9",
    "2001:db8::1",
    "2001:DB8:abcd:12::1:2:3",
    "::1",
    "::",
    "1::",
  ];
  for (const text of [...usual, "2001:DB8:abcd:0012:1:2:3:4"]) expect([text, PATTERN.test(text)]).toEqual([text, true]);
});

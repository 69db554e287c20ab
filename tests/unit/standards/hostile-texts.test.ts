import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStsPolicy } from "#lib/standards/sts-policy.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";
import { readTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";
import { comesToAnEnd } from "#tests/unit/comes-to-an-end.ts";

const octets = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const sample = (...texts: string[]) =>
  fc.array(fc.constantFrom(...texts), { maxLength: 20 }).map((all) => all.join(""));
const recordLike = sample(
  "v",
  "=",
  "STSv1",
  "TLSRPTv1",
  ";",
  " ",
  "id",
  "rua",
  "mailto:",
  "a@b.example",
  ",",
  "\t",
  "x",
  "\xe9",
);
const policyLike = sample(
  "version",
  ":",
  " ",
  "STSv1",
  "\n",
  "\r",
  "mode",
  "enforce",
  "mx",
  "*.",
  "a.example",
  "max_age",
  "1",
  "#",
  "\0",
);

/** Errors and values exclude one another; each code has one level. */
const levels = new Map<string, string>();
function consistent({ value, problems }: { value: unknown; problems: { code: string; level: string }[] }): void {
  for (const { code, level } of problems) {
    expect(levels.get(code) ?? level, code).toBe(level);
    levels.set(code, level);
  }
  const fatal = problems.filter(({ code, level }) => level === "error" && !code.startsWith("tls-rpt-destination-"));
  expect(value === null).toBe(fatal.length > 0);
}

describe("whatever is published, it is read without a throw, and nothing unexplained is refused", () => {
  const answers = fc.array(fc.array(fc.oneof(octets, recordLike), { maxLength: 3 }), { maxLength: 3 });
  const texts = answers.map((all) => all.map((strings) => ({ strings })));

  test("MTA-STS records", () => {
    fc.assert(
      fc.property(texts, (all) => consistent(readStsRecord(all))),
      { numRuns: 3000 },
    );
  });

  test("TLS-RPT records", () => {
    fc.assert(
      fc.property(texts, (all) => consistent(readTlsRptRecord(all))),
      { numRuns: 3000 },
    );
  });

  test("policies", () => {
    const body = fc.oneof(octets, policyLike, fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(body, (text) => consistent(readStsPolicy(text))),
      { numRuns: 3000 },
    );
  });
});

describe("256 KiB chosen to hurt are read in proportion to their size", () => {
  /** Four times the largest policy that is fetched, so that quadratic work is far above what linear work takes. */
  const SIZE = 262_144;
  const runs = [
    " ",
    "\t",
    ";",
    ",",
    "=",
    '"',
    "a",
    ".",
    "@",
    "*",
    "\n",
    "\r",
    "!",
    "1",
    "%",
    "\xfc",
    ": ",
    "a@",
    "id ",
    "; v",
  ];

  test.each(runs)("runs of %j", (run) => {
    const long = run.repeat(SIZE / run.length);
    for (const text of [long, `${long}x`, `v=STSv1; id=${long}x`, `"v=STSv1${long}x`, `v=STSv1;${long}=${long}`]) {
      comesToAnEnd(() => readStsRecord([{ strings: [text] }]));
    }
    for (const rua of [long, `${long}x`, `mailto:${long}@${long}x`, `https://${long}x`, `a${long}!1`, `;a@${long}@`]) {
      comesToAnEnd(() => readTlsRptRecord([{ strings: [`v=TLSRPTv1; rua=${rua}`] }]));
    }
    for (const line of [long, `x${long}x`, `mx: ${long}x`, `mode${long}: x`, `x: a${long}\tb`, `max_age: ${long}`]) {
      comesToAnEnd(() => readStsPolicy(`version: STSv1\n${line}\n`));
    }
  });
});

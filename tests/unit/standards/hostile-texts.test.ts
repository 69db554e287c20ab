import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStsPolicy } from "#lib/standards/sts-policy.ts";
import { readStsRecord } from "#lib/standards/sts-record.ts";
import { readTlsRptRecord } from "#lib/standards/tls-rpt-record.ts";

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

describe("64 KiB chosen to hurt take no time", () => {
  const SIZE = 65_536;
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

  /** Quadratic work takes seconds each time; a busy machine is slow now and then. */
  function quick(read: () => unknown): void {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3 && best > 500; i++) {
      const before = performance.now();
      read();
      best = Math.min(best, performance.now() - before);
    }
    expect(best).toBeLessThan(500);
  }

  test.each(runs)("runs of %j", (run) => {
    const long = run.repeat(SIZE / run.length);
    for (const text of [long, `${long}x`, `v=STSv1; id=${long}x`, `"v=STSv1${long}x`, `v=STSv1;${long}=${long}`]) {
      quick(() => readStsRecord([{ strings: [text] }]));
    }
    for (const rua of [long, `${long}x`, `mailto:${long}@${long}x`, `https://${long}x`, `a${long}!1`, `;a@${long}@`]) {
      quick(() => readTlsRptRecord([{ strings: [`v=TLSRPTv1; rua=${rua}`] }]));
    }
    for (const line of [long, `x${long}x`, `mx: ${long}x`, `mode${long}: x`, `x: a${long}\tb`, `max_age: ${long}`]) {
      quick(() => readStsPolicy(`version: STSv1\n${line}\n`));
    }
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { jsonLine } from "#lib/cli/parse-output.ts";
import { decode } from "#lib/reports/decode.ts";

const FOLDER = new URL("../../fixtures/reports/", import.meta.url);
const EXPECTED = ".expected.json";

/**
 * Each file of tests/fixtures/reports beside what `sealpost parse --json` makes of it, less the file's name. A strange
 * report becomes a test by dropping in both.
 */
describe("golden pairs", () => {
  const names = readdirSync(FOLDER);
  const inputs = names.filter((name) => !name.endsWith(EXPECTED));

  test("each file has its pair", () => {
    expect(names.filter((name) => name.endsWith(EXPECTED)).toSorted()).toEqual(
      inputs.map((name) => name + EXPECTED).toSorted(),
    );
    expect(inputs.length).toBeGreaterThan(30);
  });

  for (const name of inputs) {
    test(name, async () => {
      const expected: unknown = JSON.parse(readFileSync(new URL(`${name}${EXPECTED}`, FOLDER), "utf8"));
      const results = await decode(readFileSync(new URL(name, FOLDER)), name);
      expect(results.map((result) => withoutFile(jsonLine(name, result)))).toEqual(expected);
    });
  }
});

function withoutFile(line: string): unknown {
  const { file, ...rest }: Record<string, unknown> = JSON.parse(line);
  expect(file).toBeTypeOf("string");
  return rest;
}

import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../fixtures/reports/", import.meta.url);

/** Every report, mail and archive of the golden pairs, to be broken. */
export const FIXTURES = readdirSync(FOLDER)
  .filter((name) => !name.endsWith(".expected.json"))
  .map((name) => ({ name, bytes: readFileSync(new URL(name, FOLDER)) }));

/** A generator of numbers that gives the same ones in each run, so that what fails once fails again. */
export function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TOKENS = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  "\\",
  "\\u0000",
  "\\ud800",
  "null",
  "0",
  "-1",
  "1e999",
  "--",
  "\r\n",
  "\0",
  "\xff",
  "PK\x01\x02",
  "\x1f\x8b\x08",
];

/** Bytes with one to three changes of the kinds that break parsers: bits, cuts, doublings, tokens in the wrong place. */
export function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  let mutant = Buffer.from(bytes);
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const at = random(mutant.length + 1);
    const kind = random(6);
    if (kind === 0 && at < mutant.length) mutant[at] = (mutant[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) mutant = Buffer.concat([mutant.subarray(0, at), mutant.subarray(at + 1 + random(20))]);
    else if (kind === 2) mutant = mutant.subarray(0, at);
    else if (kind === 3)
      mutant = Buffer.concat([
        mutant.subarray(0, at),
        Buffer.from(TOKENS[random(TOKENS.length)] ?? "", "latin1"),
        mutant.subarray(at),
      ]);
    else if (kind === 4) mutant = Buffer.concat([mutant.subarray(0, at), mutant.subarray(random(mutant.length + 1))]);
    else if (at < mutant.length) mutant[at] = random(256);
  }
  return mutant;
}

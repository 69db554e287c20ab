import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { sourcesIn } from "#lib/cli/import-sources.ts";
import { readSources, splitMboxStream } from "#lib/cli/read-sources.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { splitMbox } from "#lib/reports/mail.ts";

const folder = mkdtempSync(join(tmpdir(), "sealpost-sources-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string | Buffer>, place: string): string {
  const top = join(folder, place);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(top, name)), { recursive: true });
    writeFileSync(join(top, name), content);
  }
  return top;
}

describe("what is imported", () => {
  it("is every file of a folder, by name, those of its folders after them", () => {
    const top = write({ "b.json": "{}", "a/2.json": "{}", "a.json": "{}", "a/1.json": "{}" }, "plain");
    const paths = sourcesIn([top]).map((path) => relative(top, path));
    expect(paths).toEqual(["a.json", "b.json", "a/1.json", "a/2.json"]);
  });

  it("is the mails of a Maildir and of the folders in it, none that is still being written", () => {
    const maildir = {
      ...{ "new/1": "From: a", "cur/2:2,S": "From: b", "tmp/3": "From: c", "dovecot.index": "x", subscriptions: "y" },
      ...{ ".Reports/cur/4": "From: d", ".Reports/new/.keep": "", ".Reports/tmp/5": "", ".Reports/maildirfolder": "" },
    };
    const top = write(maildir, "maildir");
    const paths = sourcesIn([top]).map((path) => relative(top, path));
    expect(paths).toEqual([".Reports/cur/4", ".Reports/new/.keep", "cur/2:2,S", "new/1"]);
  });

  it("is nothing, said in a sentence, when one is not there", () => {
    expect(() => sourcesIn([join(folder, "missing")])).toThrow(/missing is not there/);
  });
});

const DATED = "From a@b.example Tue May  5 10:21:44 2026\n";

async function mails(chunks: Buffer[]): Promise<(string | null)[]> {
  const all: (string | null)[] = [];
  for await (const mail of splitMboxStream(stream(chunks))) all.push(mail?.toString("latin1") ?? null);
  return all;
}
const unquoted = (text: string) => text.replace(/(^|\n)>(>*From )/g, "$1$2");
async function* stream(chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

describe("the mails of an mbox", () => {
  it.each<[string, string, string[]]>([
    ["one mail", "From a Mon\nS: 1\n\nbody\n", ["S: 1\n\nbody\n"]],
    ["two mails", "From a\nS: 1\n\nbody\n\nFrom b\nS: 2\n\n", ["S: 1\n\nbody\n\n", "S: 2\n\n"]],
    ["CRLF", "From a\r\nS: 1\r\n\r\nFrom b\r\nS: 2\r\n", ["S: 1\r\n\r\n", "S: 2\r\n"]],
    [
      "a line that begins alike, without an empty one before",
      "From a\nS: 1\n\nx\nFrom here\n",
      ["S: 1\n\nx\nFrom here\n"],
    ],
    ["no empty line between them", `${DATED}S: 1\n\nx\n${DATED}S: 2\n`, ["S: 1\n\nx\n", "S: 2\n"]],
    [
      "text behind an empty line",
      `${DATED}S: 1\n\nHi.\n\nFrom here on\nit goes on.\n`,
      ["S: 1\n\nHi.\n\nFrom here on\nit goes on.\n"],
    ],
    ["quoted lines", "From a\n\n>From x\n>>From y\n> z\n", ["\nFrom x\n>From y\n> z\n"]],
  ])("%s", async (_, text, expected) => {
    expect(await mails([Buffer.from(text)])).toEqual(expected);
  });

  it("are the same however the file comes in pieces", async () => {
    const line = fc.constantFrom("From x", DATED.trim(), ">From y", "", "body", "S: 1", "From", "\r");
    const file = fc.array(line, { maxLength: 30 }).map((lines) => `From a\n${lines.join("\n")}`);
    const cuts = fc.array(fc.nat(200), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(file, cuts, async (text, places) => {
        const bytes = Buffer.from(text, "latin1");
        const at = [0, ...places.map((place) => Math.min(place, bytes.length)).toSorted((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(await mails(pieces)).toEqual(await mails([bytes]));
        expect(await mails([bytes])).toEqual(splitMbox(bytes).map((mail) => unquoted(mail.toString("latin1"))));
      }),
    );
  });

  it("of which one has nearly the largest size is whole, however the next one's line comes in pieces", async () => {
    const mail = Buffer.concat([Buffer.from(DATED), Buffer.alloc(MAX_FILE_BYTES - 200, "x"), Buffer.from("\n")]);
    const file = Buffer.concat([mail, Buffer.from(DATED), Buffer.from(`S: 2\n\n${"y".repeat(2_000)}`)]);
    for (const cut of [MAX_FILE_BYTES - 50, MAX_FILE_BYTES + 10]) {
      const found = await mails([file.subarray(0, cut), file.subarray(cut)]);
      expect(found.map((text) => text?.length)).toEqual([MAX_FILE_BYTES - 199, 2_006]);
    }
  });

  it("are read on after one that is larger than any report", async () => {
    const large = Buffer.alloc(MAX_FILE_BYTES + 10, "x");
    const file = [Buffer.from("From a\n\n"), large, Buffer.from("\n\nFrom b\nS: 2\n")];
    expect(await mails(file)).toEqual([null, "S: 2\n"]);
  });

  it("have a number each, and the last one ends the file", async () => {
    const top = write(
      {
        "in.mbox": "From a\nS: 1\n\nFrom b\nS: 2\n",
        "z.json": "{}",
        "no.mbox": "From ",
        big: Buffer.alloc(MAX_FILE_BYTES + 1),
      },
      "items",
    );
    const items: unknown[] = [];
    for await (const { name, last, ...what } of readSources(sourcesIn([top]))) {
      items.push([name.replace(folder, ""), last, "arrival" in what ? what.arrival.bytes.length : what.reason]);
    }
    expect(items).toEqual([
      ["/items/big", true, "larger than 16 MB, which no report is."],
      ["in.mbox mail 1", false, 6],
      ["in.mbox mail 2", true, 5],
      ["no.mbox mail 1", true, 0],
      ["z.json", true, 2],
    ]);
  });
});

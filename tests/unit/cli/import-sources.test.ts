import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { importAll, importCommand } from "#lib/cli/import.ts";
import { pathText, sourcesIn } from "#lib/cli/import-sources.ts";
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
    const paths = sourcesIn([top]).map(({ path }) => relative(top, pathText(path)));
    expect(paths).toEqual(["a.json", "b.json", "a/1.json", "a/2.json"]);
  });

  it("is the mails of a Maildir and of the folders in it, none that is still being written", () => {
    const maildir = {
      ...{ "new/1": "From: a", "cur/2:2,S": "From: b", "tmp/3": "From: c", "dovecot.index": "x", subscriptions: "y" },
      ...{ ".Reports/cur/4": "From: d", ".Reports/new/.keep": "", ".Reports/tmp/5": "", ".Reports/maildirfolder": "" },
    };
    const top = write(maildir, "maildir");
    const paths = sourcesIn([top]).map(({ path }) => relative(top, pathText(path)));
    expect(paths).toEqual([".Reports/cur/4", ".Reports/new/.keep", "cur/2:2,S", "new/1"]);
  });

  it("is nothing, said in a sentence, when one is not there", () => {
    expect(() => sourcesIn([join(folder, "missing")])).toThrow(/missing is not there/);
  });
});

const DATED = "From a@b.example Tue May  5 10:21:44 2026\n";

describe("a folder with more than files in it", () => {
  const told = async (top: string) => {
    const all: string[] = [];
    for await (const item of readSources(sourcesIn([top]))) {
      all.push("arrival" in item ? `${item.name} = ${item.arrival.bytes}` : `${item.name}: ${item.reason}`);
    }
    return all.map((line) => line.replace(`${top}/`, ""));
  };

  it("has names that are no UTF-8, which are told as bytes and hide no other", async () => {
    const top = write({ "a.json": "1", "z/b.json": "2" }, "bytes");
    const latin = Buffer.from([0x2f, 0xe9]);
    const folderPath = Buffer.concat([Buffer.from(top), latin]);
    mkdirSync(folderPath);
    writeFileSync(Buffer.concat([folderPath, latin]), "3");
    writeFileSync(Buffer.concat([Buffer.from(top), latin, Buffer.from(".json")]), "4");
    expect(await told(top)).toEqual(["a.json = 1", "\\xe9.json = 4", "b.json = 2", "\\xe9 = 3"]);
  });

  it("has links, which are followed; each folder is read once", async () => {
    const elsewhere = write({ "d.json": "2", "e.json": "3" }, "links-elsewhere");
    const top = write({ "a/b.json": "1" }, "links");
    symlinkSync(join(elsewhere, "d.json"), join(top, "c.json"));
    symlinkSync(elsewhere, join(top, "folder"));
    symlinkSync(top, join(top, "a/loop"));
    symlinkSync("a", join(top, "again"));
    symlinkSync("nowhere", join(top, "nothing"));
    symlinkSync("self", join(top, "self"));
    expect(await told(top)).toEqual([
      ...["c.json = 2", "nothing: there is no such file.", "self: this link leads back to itself."],
      ...["b.json = 1", "d.json = 2", "e.json = 3"],
    ]);
  });

  it("has pipes, sockets and devices, none of which is read", async () => {
    const top = write({ "z.json": "1" }, "special");
    execFileSync("mkfifo", [join(top, "pipe")]);
    symlinkSync("/dev/zero", join(top, "zero"));
    const server = createServer().listen(join(top, "socket"));
    await once(server, "listening");
    expect(await told(top)).toEqual([
      "pipe: this is a named pipe, not a file.",
      "socket: this is a socket, not a file.",
      "z.json = 1",
      "zero: this is a device, not a file.",
    ]);
    server.close();
    expect(await told(join(top, "pipe"))).toEqual([expect.stringContaining("named pipe")]);
  });

  it("changes while it is read: what has gone, or is a pipe by now, is told, and the rest goes on", async () => {
    const top = write({ "a.json": "1", "b.json": "2", "c.json": "3" }, "changing");
    const sources = sourcesIn([top]);
    rmSync(join(top, "a.json"));
    rmSync(join(top, "b.json"));
    execFileSync("mkfifo", [join(top, "b.json")]);
    const reasons: unknown[] = [];
    for await (const item of readSources(sources)) reasons.push("reason" in item ? item.reason : item.name);
    expect(reasons).toEqual(["there is no such file.", "this is a named pipe, not a file.", "c.json"]);
  });

  it.skipIf(process.getuid?.() === 0)("has folders and files that we may not read", async () => {
    const top = write({ "a.json": "1", "b/c.json": "2", "d.json": "3" }, "closed");
    chmodSync(join(top, "a.json"), 0);
    chmodSync(join(top, "b"), 0);
    const found = await told(top);
    chmodSync(join(top, "b"), 0o700);
    expect(found).toEqual(["a.json: we may not read this file.", "d.json = 3", "b: we may not read this folder."]);
  });
});

describe("an import", () => {
  it("says what was not taken in letters that a terminal only shows", async () => {
    const top = write(
      { "a\u001b]0;pwn\u0007.json": "1", "b\u001b[2J.json": Buffer.alloc(MAX_FILE_BYTES + 1) },
      "escapes",
    );
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const reason = "In \u001b[31m.";
    const counts = await importAll(sourcesIn([top]), async () => [{ outcome: "quarantined", reason }]);
    const said = written.mock.calls.join("");
    written.mockRestore();
    expect(counts).toMatchObject({ quarantined: 1, refused: 1 });
    expect(said).not.toMatch(/\p{Cc}(?<!\n)/u);
    expect(said).toContain("a\\u{1b}]0;pwn\\u{7}.json: In \\u{1b}[31m.\n");
    expect(said).toContain("b\\u{1b}[2J.json: larger than 16 MB");
  });

  it("says so of a name that is not there, and of options that there are not", async () => {
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const codes = [await importCommand(["no\u001b[31msuch"]), await importCommand(["--a\u001b[31mb", "x"])];
    const said = written.mock.calls.join("");
    written.mockRestore();
    expect(codes).toEqual([2, 2]);
    expect(said).not.toMatch(/\p{Cc}(?<!\n)/u);
    expect(said).toContain("no\\u{1b}[31msuch is not there.");
  });
});

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
        expect(await mails([bytes])).toEqual((await splitMbox(bytes)).map((mail) => unquoted(mail.toString("latin1"))));
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

  it("are read from a file that is larger than any report, one after the other", async () => {
    const body = Buffer.alloc(6 * 1024 * 1024, "x\n");
    const file = Buffer.concat([1, 2, 3].flatMap((number) => [Buffer.from(`${DATED}S: ${number}\n\n`), body]));
    const top = write({ "large.mbox": file }, "large");
    const items: unknown[] = [];
    for await (const item of readSources(sourcesIn([top]))) {
      items.push([
        item.name,
        item.last,
        "arrival" in item && [item.arrival.bytes.length, `${item.arrival.bytes.subarray(0, 4)}`],
      ]);
    }
    expect(items).toEqual(
      [1, 2, 3].map((number) => [`large.mbox mail ${number}`, number === 3, [body.length + 6, `S: ${number}`]]),
    );
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

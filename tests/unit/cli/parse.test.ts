import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCommand } from "#lib/cli/parse.ts";
import { MAX_FILE_BYTES } from "#lib/reports/limits.ts";
import { makeMail } from "#tests/unit/reports/make-mail.ts";
import { bytesOf, makeReport, makeReportOf, makeReportWith } from "#tests/unit/reports/sample-report.ts";

const folder = mkdtempSync(join(tmpdir(), "sealpost-parse-"));
const path = (name: string) => join(folder, name);
const GOOD = path("good.json");

beforeAll(() => {
  writeFileSync(GOOD, bytesOf(makeReport()));
  writeFileSync(path("good.json.gz"), gzipSync(bytesOf(makeReport())));
  writeFileSync(path("cut.json.gz"), gzipSync(bytesOf(makeReport())).subarray(0, 99));
  writeFileSync(path("text.txt"), "Hello");
  writeFileSync(path("huge.json"), Buffer.alloc(MAX_FILE_BYTES + 1, 0x20));
  const parts = [1, 2].map((id) => ({ type: "application/json", body: bytesOf(makeReport({ "report-id": id })) }));
  writeFileSync(path("two.eml"), makeMail(["Subject: x"], parts));
  mkdirSync(path("folder.json"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  code: number;
  out: string;
  err: string;
}

async function run(args: string[], input: AsyncIterable<Buffer> = noInput()): Promise<Run> {
  const [stdout, stderr] = [collector(), collector()];
  const code = await parseCommand(args, { stdin: input, stdout: stdout.stream, stderr: stderr.stream });
  return { code, out: stdout.text(), err: stderr.text() };
}

function collector(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      setImmediate(done);
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}

async function* noInput(): AsyncGenerator<Buffer> {}

function lines(out: string): Record<string, unknown>[] {
  expect(out.endsWith("\n")).toBe(true);
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const KEYS = ["organization", "reportId", "contact", "begin", "end", "day", "policies", "quirks"];

describe("--json", () => {
  test("prints one object per report and line, with every key", async () => {
    const { code, out, err } = await run([GOOD, path("good.json.gz"), "--json"]);
    const [plain, gzipped, ...others] = lines(out);
    expect([code, err, others]).toEqual([0, "", []]);
    expect(Object.keys(plain ?? {})).toEqual(["file", "outcome", ...KEYS]);
    expect(plain).toMatchObject({
      file: GOOD,
      outcome: "report",
      organization: "Example Mail",
      day: "2026-05-04",
      quirks: [],
    });
    expect(gzipped).toEqual({ ...plain, file: path("good.json.gz") });
    const [policy] = makeList(plain?.policies);
    expect(Object.keys(policy ?? {})).toEqual(["type", "domain", "strings", "mx", "successes", "failures", "details"]);
    const [detail] = makeList(policy?.details);
    expect(Object.keys(detail ?? {})).toEqual([
      "resultType",
      "cause",
      "sendingIp",
      "mx",
      "helo",
      "receivingIp",
      "sessions",
      "reason",
      "additional",
    ]);
  });

  test("one bad file stops no other, and says why", async () => {
    const { code, out } = await run(["--json", path("cut.json.gz"), path("text.txt"), GOOD]);
    const [cut, text, good] = lines(out);
    expect(code).toBe(1);
    expect(Object.keys(cut ?? {})).toEqual(["file", "outcome", "reason", ...KEYS]);
    expect(cut).toEqual({
      file: path("cut.json.gz"),
      outcome: "rejected",
      reason: "the gzip data is cut off: it ends before its data does",
      organization: null,
      reportId: null,
      contact: null,
      begin: null,
      end: null,
      day: null,
      policies: [],
      quirks: [],
    });
    expect(text).toMatchObject({ outcome: "not-a-report", reason: "this is text, not a TLS report" });
    expect(good).toMatchObject({ outcome: "report" });
  });

  test("a mail with two reports gives two lines", async () => {
    const { code, out } = await run([path("two.eml"), "--json"]);
    expect(code).toBe(0);
    expect(lines(out).map(({ file, reportId }) => [file, reportId])).toEqual([
      [path("two.eml"), "1"],
      [path("two.eml"), "2"],
    ]);
  });

  test("a file that is not there, a folder and a file that is too large are rejected lines, and the others go on", async () => {
    const { code, out } = await run([
      path("none.json"),
      path("folder.json"),
      `${GOOD}/x`,
      path("huge.json"),
      GOOD,
      "--json",
    ]);
    expect(code).toBe(2);
    expect(lines(out).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["rejected", "there is no such file"],
      ["rejected", "this is a folder"],
      ["rejected", "there is no such file"],
      ["rejected", "the file has 16777217 bytes, more than 16777216 bytes (16.0 MB)"],
      ["report", undefined],
    ]);
  });

  test("the file's name is a hint for a missing policy-domain, without its folder", async () => {
    const name = path("reporter.example!by-name.example!1777852800!1777939199.json");
    writeFileSync(name, bytesOf(makeReportOf({ "policy-domain": undefined })));
    const [line] = lines((await run([name, "--json"])).out);
    expect(line).toMatchObject({ policies: [{ domain: "by-name.example" }], quirks: ["policy-domain-from-filename"] });
  });
});

function makeList(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}

describe("standard input", () => {
  test("is read as -", async () => {
    const input = (async function* () {
      for (const byte of gzipSync(bytesOf(makeReport()))) yield Buffer.from([byte]);
    })();
    const { code, out } = await run(["-", "--json"], input);
    expect(code).toBe(0);
    expect(lines(out)).toMatchObject([{ file: "-", outcome: "report" }]);
  });

  test("without an end is only read as far as the limit", async () => {
    let given = 0;
    const input = (async function* () {
      for (; given < 1_000; given++) yield Buffer.alloc(1024 * 1024, 0x20);
    })();
    const { code, out } = await run(["-", "--json"], input);
    expect([code, lines(out)[0]?.outcome]).toEqual([1, "rejected"]);
    expect(given).toBeLessThan(20);
  });
});

describe("text", () => {
  test("tells a person what is in each file, and adds up", async () => {
    const { code, out } = await run([GOOD, path("text.txt"), path("none.json")]);
    expect(code).toBe(2);
    expect(out.replaceAll(`${folder}/`, "")).toBe(
      [
        "good.json: report of Example Mail, 2026-05-04T00:00:00Z to 2026-05-04T23:59:59Z",
        "  sts for example.com: 5,326 sessions successful, 303 failed",
        "    303 × certificate-expired at mx1.example.com: X509_V_ERR_CERT_HAS_EXPIRED",
        "text.txt: not-a-report, this is text, not a TLS report",
        "none.json: rejected, there is no such file",
        "3 files: 1 report, 1 not a report, 1 rejected.",
        "",
      ].join("\n"),
    );
  });

  test("shows the inferred cause beside the result type, and the quirks", async () => {
    const file = path("cause.json");
    writeFileSync(
      file,
      bytesOf(
        makeReportWith({
          "result-type": "validation-failure",
          "receiving-mx-hostname": "MX9.example.com",
          "failure-reason-code": null,
        }),
      ),
    );
    const { out } = await run([file]);
    expect(out).toContain("    303 × mx-not-in-policy (validation-failure) at mx9.example.com\n");
    expect(out).toContain("  quirks: name-case, null-optional\n");
  });

  test("lets no control character of a stranger through to the terminal", async () => {
    const file = path("evil\u001b[2J.json");
    const evil = "\u001b]0;owned\u0007\r\nfake: line \u202egnp.exe\u2028\u200b\u0085";
    writeFileSync(file, bytesOf(makeReport({ "organization-name": evil })));
    const { out } = await run([file]);
    expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(out).toContain(
      "report of \\u{1b}]0;owned\\u{7}\\u{d}\\u{a}fake: line \\u{202e}gnp.exe\\u{2028}\\u{200b}\\u{85},",
    );
    expect(out.split("\n").length).toBe(5);
  });
});

describe("how it is called", () => {
  test("without a file, or with an option that it does not know: 2, and how to call it", async () => {
    for (const args of [[], ["--json"], ["--yaml", GOOD], ["-j", GOOD]]) {
      const { code, out, err } = await run(args);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(/^sealpost parse: .+\.\n\nUsage: sealpost parse <file>…/);
    }
  });

  test("--help says so on standard output", async () => {
    expect(await run(["--help"])).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^Usage/) });
  });

  test("behind -- a name may begin with a hyphen", async () => {
    const { code, out } = await run(["--json", "--", "--json", "-x.json"]);
    expect(code).toBe(2);
    expect(lines(out)).toMatchObject([{ file: "--json" }, { file: "-x.json" }]);
  });
});

describe("as a process", () => {
  const script = `import { parseCommand } from ${JSON.stringify(new URL("../../../lib/cli/parse.ts", import.meta.url).href)};
    process.exitCode = await parseCommand(process.argv.slice(1));
    process.stderr.write(String(process.resourceUsage().maxRSS));`;
  const node = ["--input-type=module", "-e", script, "--"];

  test("the zone of the machine does not matter (quirk 11)", () => {
    const file = path("no-zone.json");
    writeFileSync(
      file,
      bytesOf(
        makeReport({
          "date-range": { "start-datetime": "2023-01-10T00:00:00", "end-datetime": "2023-01-10T23:59:59" },
        }),
      ),
    );
    for (const zone of ["Europe/Berlin", "America/Los_Angeles"]) {
      const out = execFileSync(process.execPath, [...node, file, "--json"], {
        env: { ...process.env, TZ: zone },
        encoding: "utf8",
        stdio: "pipe",
      });
      expect(lines(out)).toMatchObject([{ day: "2023-01-10", begin: "2023-01-10T00:00:00Z" }]);
    }
  });

  test("a reader that goes early (… | head) is no fault", () => {
    const files = Array.from({ length: 500 }, () => GOOD).join(" ");
    const command = `"${process.execPath}" --input-type=module -e "$SCRIPT" -- ${files} --json | head -1`;
    const shell = spawnSync("sh", ["-c", command], { env: { ...process.env, SCRIPT: script }, encoding: "utf8" });
    expect(lines(shell.stdout)).toHaveLength(1);
    expect(shell.stderr).toMatch(/^\d+$/);
  });

  test("thousands of files need no more memory than a few", () => {
    const rss = (count: number) => {
      const args = [...node, ...Array.from({ length: count }, () => path("good.json.gz")), "--json"];
      const child = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 100_000_000 });
      expect(lines(child.stdout)).toHaveLength(count);
      return Number(child.stderr) / 1024;
    };
    expect(rss(2_500) - rss(100)).toBeLessThan(60);
  });
});

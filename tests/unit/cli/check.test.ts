import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHECKS, type Verdict } from "#lib/checks/verdict.ts";
import { ROOT } from "#lib/cli/run.ts";
import { type Lab, startLab } from "#tests/lab/lab.ts";

const folder = mkdtempSync(join(tmpdir(), "sealpost-check-"));
const path = (name: string) => join(folder, name);
let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true });
});

interface Line {
  domain: string;
  checkedAt: string;
  worst: string;
  verdicts: Verdict[];
  facts: object | null;
}

/** The command as a shell runs it, with nothing but the lab's settings. */
function check(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { NODE_ENV: "production" as const, PATH: process.env.PATH, ...lab.env };
  return new Promise((done) => {
    execFile(process.execPath, [join(ROOT, "lib/cli/main.ts"), "check", ...args], { env }, (error, out, err) => {
      done({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const linesOf = (out: string): Line[] =>
  out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
const status = ({ verdicts }: Line, name: string) => verdicts.find((verdict) => verdict.check === name)?.status;

describe.concurrent("sealpost check", () => {
  test("prints one object per domain and line, in the order given, whatever happens to each", async () => {
    const { code, out } = await check("mx-not-covered.test", "no such name", "HEALTHY.test.", "--json");
    const [uncovered, refused, healthy, ...others] = linesOf(out);
    expect(others).toEqual([]);
    expect([uncovered?.domain, refused?.domain, healthy?.domain]).toEqual([
      ...["mx-not-covered.test", "no such name", "healthy.test"],
    ]);
    expect([uncovered?.worst, refused?.worst, healthy?.worst]).toEqual(["fail", "error", "info"]);
    expect([uncovered?.facts, refused?.facts, healthy?.facts].map((facts) => facts !== null)).toEqual([
      true,
      false,
      true,
    ]);
    for (const line of [uncovered, healthy]) {
      expect([...new Set(line?.verdicts.map((verdict) => verdict.check))]).toEqual([...CHECKS]);
    }
    expect(Object.keys(healthy ?? {})).toEqual(["domain", "checkedAt", "worst", "verdicts", "facts"]);
    expect(healthy?.verdicts[0]).toMatchObject({
      check: "outcome",
      evidence: [{ mx: "mx1.healthy.test", mtaSts: "deliver", dane: "deliver", opportunistic: "deliver" }],
    });
    expect(code).toBe(1);
  });

  test.each([
    [["healthy.test"], 0],
    [["mx-by-own-wildcard.test"], 0],
    [["mx-by-own-wildcard.test", "--fail-on", "warn"], 1],
    [["no such name"], 2],
    [["no such name", "mx-not-covered.test"], 1],
    [[], 2],
    [["healthy.test", "--fail-on", "never"], 2],
    [["healthy.test", "--policy", "/nonexistent/mta-sts.txt"], 2],
    [["healthy.test", "--junit", "/nonexistent/report.xml"], 2],
  ])("%j ends with %i", async (args, expected) => {
    const { code, err } = await check(...args);
    expect(code, err).toBe(expected);
  });

  test("judges a policy before it is published, against the live mail hosts", async () => {
    writeFileSync(
      path("good.txt"),
      "version: STSv1\r\nmode: enforce\r\nmx: mx1.mx-not-covered.test\r\nmax_age: 604800\r\n",
    );
    writeFileSync(path("bad.txt"), "version: STSv1\nmode: enforced\nmx: mx1.mx-not-covered.test\nmax_age: 604800\n");
    const judged = async (file: string) => {
      const { code, out } = await check("mx-not-covered.test", "--policy", path(file), "--json");
      const [line] = linesOf(out);
      if (line === undefined) throw new Error("no line");
      return { code, line };
    };
    const good = await judged("good.txt");
    expect(["mta-sts-policy", "mta-sts-mx", "outcome"].map((name) => status(good.line, name))).toEqual([
      ...["pass", "pass", "pass"],
    ]);
    for (const name of ["mta-sts-record", "mta-sts-host", "mta-sts-certificate", "mta-sts-fetch", "mta-sts-id"]) {
      const [verdict] = good.line.verdicts.filter((one) => one.check === name);
      expect(verdict).toMatchObject({ status: "info", code: "policy-proposed" });
    }
    expect(good.code).toBe(0);
    const bad = await judged("bad.txt");
    expect(["mta-sts-policy", "mta-sts-mode"].map((name) => status(bad.line, name))).toEqual(["fail", "fail"]);
    expect(bad.code).toBe(1);
  });

  // RFC 8461 §3.3 (M29): senders stop reading there.
  test.each([
    [65_536, "pass", 0],
    [65_537, "fail", 1],
  ] as const)("a policy of %i octets that is not published yet: %s", async (octets, expected, exit) => {
    // Blanks may stand at the end of a line (M40).
    const text = "version: STSv1\nmode: enforce\nmx: mx1.mx-not-covered.test\nmax_age: 604800";
    writeFileSync(path(`${octets}.txt`), text.padEnd(octets));
    const { code, out } = await check("mx-not-covered.test", "--policy", path(`${octets}.txt`), "--json");
    const [line] = linesOf(out);
    expect(line && status(line, "mta-sts-policy")).toBe(expected);
    if (expected === "fail") {
      expect(line?.verdicts.find((one) => one.check === "mta-sts-policy")?.code).toBe("sts-policy-too-large");
      expect(line && ["mta-sts-max-age", "mta-sts-mx", "outcome"].map((name) => status(line, name))).toEqual([
        ...["skipped", "skipped", "info"],
      ]);
    }
    expect(code).toBe(exit);
  });

  test("writes a JUnit report", async () => {
    const { code } = await check("mx-not-covered.test", "healthy.test", "--junit", path("report.xml"));
    expect(code).toBe(1);
    const xml = readFileSync(path("report.xml"), "utf8");
    expect(xml.match(/<testsuite /g)).toHaveLength(2);
    expect(xml).toContain('<failure type="sts-mx-not-covered"');
  });
});
